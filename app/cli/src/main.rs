//! The `sluice` command on a JSON-RPC cluster.

use {
    sluice_cli::{Cluster, Terminal},
    sluice_client::ledger::{Patience, Rpc},
    std::{
        env,
        ffi::OsString,
        io::{stderr, stdout},
        process::ExitCode,
    },
};

fn main() -> ExitCode {
    // Kernels run in this program started anew, before anything else is read.
    if env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == sluice_work::sandbox::EXEC)
    {
        return sluice_work::sandbox::exec();
    }
    let args: Vec<OsString> = env::args_os().collect();
    if let Some(exit) = sluice_cli::complete(&args, &mut stderr().lock()) {
        return exit.into();
    }
    let connect = |cluster: &Cluster, onlooker| {
        let patience = Patience::default();
        Rpc::patient(
            cluster.url.clone(),
            cluster.ws_url.clone(),
            cluster.commitment,
            Patience {
                call: cluster.patience.unwrap_or(patience.call),
                total: cluster.patience.unwrap_or(patience.total),
                onlooker,
                ..patience
            },
        )
    };
    sluice_cli::run(
        args,
        Terminal::here(),
        connect,
        &mut stdout().lock(),
        // Not locked: the thread writes to it that draws what is waited for.
        &mut stderr(),
    )
    .into()
}
