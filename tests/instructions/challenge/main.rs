//! Challenges, from the objection to its settlement: one file per instruction, the fields written and every named error.
mod add_evidence;
mod challenge;
mod mint_extensions;
mod network;
mod profit;
mod rule_challenge;
mod settle_challenge;
mod slash_signer;

use {sha2::Digest, solana_address::Address};

const HOUR: i64 = 3_600;
/// The ruling time of the world's terms.
const RULING: i64 = 24 * HOUR;
/// The bond of its network's attesters.
const BOND: u64 = sluice_tests::world::PARAMS.min_bond;

/// The chain of evidence after one more piece.
fn chain(evidence: [u8; 32], author: &Address, piece: [u8; 32]) -> [u8; 32] {
    let bytes = [evidence, author.to_bytes(), piece].concat();
    sha2::Sha256::digest(bytes).into()
}
