//! What becomes true of a challenge and its ruling.

use anchor_lang::prelude::*;

/// A window was challenged.
#[event(bytemuck)]
pub struct ChallengeOpened {
    pub job: Address,
    pub challenge: Address,
    pub challenger: Address,
    pub evidence: [u8; 32],
    pub units: u64,
    pub rule_from: i64,
    pub rule_until: i64,
    pub window: u32,
    pub reason: u32,
}

/// A piece of evidence joined a challenge.
#[event(bytemuck)]
pub struct EvidenceAdded {
    pub challenge: Address,
    pub author: Address,
    pub piece: [u8; 32],
    /// The chain after it.
    pub evidence: [u8; 32],
}

/// A challenge was ruled, or lapsed.
#[event(bytemuck)]
pub struct ChallengeRuled {
    pub challenge: Address,
    pub job: Address,
    pub evidence: [u8; 32],
    pub units: u64,
    pub slashed: u64,
    pub verdict: u64,
    pub window: u32,
    /// The members still to be slashed.
    pub signers: u16,
    pub reason: u16,
}

/// A challenge closed, and its bond went to the winner.
#[event(bytemuck)]
pub struct ChallengeSettled {
    pub challenge: Address,
    pub winner: Address,
    pub bond: u64,
}
