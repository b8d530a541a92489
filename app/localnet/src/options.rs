//! How a local chain is started.

use std::path::{Path, PathBuf};

/// What the caller chooses.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program's ELF.
    pub elf: PathBuf,
    /// The program's IDL, registered with the chain if it is given.
    pub idl: Option<PathBuf>,
    /// Ports of JSON-RPC and WebSocket; 0 takes any free one.
    pub port: u16,
    pub ws_port: u16,
    /// Milliseconds from block to block.
    pub slot_ms: u64,
}

impl Options {
    /// What `cargo xtask build` and `cargo xtask idl` left, on free ports, at the pace of a real cluster.
    pub fn of_workspace() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        Self {
            elf: root.join("target/deploy/sluice.so"),
            idl: Some(root.join("idl/sluice.json")),
            port: 0,
            ws_port: 0,
            slot_ms: 400,
        }
    }
}
