//! One hash of several slices, by one system call.

use anchor_lang::solana_program::hash::hashv;

/// SHA-256 of the slices, one after the other.
pub fn sha256(slices: &[&[u8]]) -> [u8; 32] {
    hashv(slices).to_bytes()
}
