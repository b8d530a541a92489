//! What becomes true of a challenge and its ruling.

use anchor_lang::prelude::*;

/// A window was challenged.
#[event(bytemuck)]
pub struct ChallengeOpened {
    /// Address of the job.
    pub job: Address,
    /// Address of the challenge.
    pub challenge: Address,
    /// Who objects.
    pub challenger: Address,
    /// The chain of evidence, with its first piece.
    pub evidence: [u8; 32],
    /// Units held until the ruling.
    pub units: u64,
    /// The resolver rules from this time on, unix seconds.
    pub rule_from: i64,
    /// And before this time, unix seconds.
    pub rule_until: i64,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Why: a code of the network's meter.
    pub reason: u32,
}

/// A piece of evidence joined a challenge.
#[event(bytemuck)]
pub struct EvidenceAdded {
    /// Address of the challenge.
    pub challenge: Address,
    /// Who added it.
    pub author: Address,
    /// Hash of the piece.
    pub piece: [u8; 32],
    /// The chain after it.
    pub evidence: [u8; 32],
}

/// A challenge was ruled, or lapsed.
#[event(bytemuck)]
pub struct ChallengeRuled {
    /// Address of the challenge.
    pub challenge: Address,
    /// Address of the job.
    pub job: Address,
    /// The chain of evidence after it.
    pub evidence: [u8; 32],
    /// Units that were held.
    pub units: u64,
    /// Taken from the provider's stake, base units.
    pub slashed: u64,
    /// A [`crate::state::Verdict`].
    pub verdict: u64,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// The members still to be slashed.
    pub signers: u16,
    /// Why it was ruled so: a code of the network's meter.
    pub reason: u16,
}

/// A challenge closed, and its bond went to the winner.
#[event(bytemuck)]
pub struct ChallengeSettled {
    /// Address of the challenge.
    pub challenge: Address,
    /// Who got the bond.
    pub winner: Address,
    /// Base units of the stake mint.
    pub bond: u64,
}
