//! Tests of the local chain: by the client, by the command, and of its clock.

mod addresses;
mod by_hand;
mod cable;
mod client;
mod command;
mod faults;
mod first_hour;
mod history;
mod kernel;
mod kill;
mod life;
mod migrating;
mod newcomer;
mod proxy;

mod shell;
mod speed;
mod statement;
mod subscription;
mod terminal;
mod time;
mod watch;
mod work;

use {
    sluice_localnet::{Options, SLOT_MS},
    std::path::Path,
};

/// A chain with the workspace's program and IDL, on free ports, at the pace of a real cluster.
fn of_workspace() -> Options {
    Options {
        elf: sluice_elf::built().to_owned(),
        idl: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../idl/sluice.json")),
        port: 0,
        ws_port: 0,
        slot_ms: SLOT_MS,
    }
}
