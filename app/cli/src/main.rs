//! The `sluice` command on a JSON-RPC cluster.

use {
    sluice_client::ledger::Rpc,
    sluice_cli::Cluster,
    std::{
        env,
        io::{stderr, stdout},
        process::ExitCode,
    },
};

fn main() -> ExitCode {
    let connect = |cluster: &Cluster| Rpc::new(cluster.url.clone(), cluster.commitment);
    sluice_cli::run(
        env::args_os(),
        connect,
        &mut stdout().lock(),
        &mut stderr().lock(),
    )
    .into()
}
