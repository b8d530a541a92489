//! How a local chain is started.

use std::path::PathBuf;

/// Milliseconds from block to block on a real cluster.
pub const SLOT_MS: u64 = 400;

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
