//! The `sluice` command on a JSON-RPC cluster.

use {
    sluice_cli::Cluster,
    sluice_client::ledger::Rpc,
    std::{
        env,
        io::{stderr, stdout},
        process::ExitCode,
    },
};

fn main() -> ExitCode {
    let connect = |cluster: &Cluster| {
        Rpc::new(
            cluster.url.clone(),
            cluster.ws_url.clone(),
            cluster.commitment,
        )
    };
    sluice_cli::run(
        env::args_os(),
        connect,
        &mut stdout().lock(),
        &mut stderr().lock(),
    )
    .into()
}
