//! The `sluice` command on a JSON-RPC cluster.

use {
    sluice_cli::{Cluster, Terminal},
    sluice_client::ledger::{Patience, Rpc},
    std::{
        env,
        ffi::OsString,
        io::{IsTerminal, Write, stderr, stdout},
        process::ExitCode,
    },
};

fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().collect();
    if let Some(exit) = sluice_cli::complete(&args, &mut stderr().lock()) {
        return exit.into();
    }
    let connect = |cluster: &Cluster| {
        let tell: fn(&str) = if stderr().is_terminal() {
            // Without a screen nobody looks on.
            |text| drop(writeln!(stderr(), "{text}"))
        } else {
            |_| {}
        };
        let patience = Patience::default();
        Rpc::patient(
            cluster.url.clone(),
            cluster.ws_url.clone(),
            cluster.commitment,
            Patience {
                call: cluster.patience.unwrap_or(patience.call),
                total: cluster.patience.unwrap_or(patience.total),
                tell,
                ..patience
            },
        )
    };
    sluice_cli::run(
        args,
        Terminal::here(),
        connect,
        &mut stdout().lock(),
        &mut stderr().lock(),
    )
    .into()
}
