//! What is kept for a job, and by which name.

use solana_address::Address;

/// Most bytes of a blob.
pub const MOST: u64 = 64 << 20;

/// SHA-256 of a blob's bytes.
pub type Name = [u8; 32];

/// A job while it lasts: its address may be another's later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId {
    /// Its address.
    pub job: Address,
    /// Which of the jobs at that address.
    pub incarnation: u64,
}
