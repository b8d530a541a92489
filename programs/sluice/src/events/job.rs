//! What becomes true of a job and its escrow.

use {
    crate::{attestation::Claimed, state::Job},
    anchor_lang::prelude::*,
};

/// A job was opened and funded.
#[event(bytemuck)]
pub struct JobOpened {
    pub job: Address,
    pub incarnation: u64,
    pub buyer: Address,
    pub funded: u64,
    pub mint: Address,
    pub units_funded: u64,
    pub set: Address,
}

/// A job started on a node.
#[event(bytemuck)]
pub struct JobAccepted {
    pub job: Address,
    pub node: Address,
    pub incarnation: u64,
    pub start_at: i64,
    pub end_at: i64,
    pub bond: u64,
}

/// A job got more funds.
#[event(bytemuck)]
pub struct JobToppedUp {
    pub job: Address,
    pub funded: u64,
    pub units_funded: u64,
}

/// A window was proven.
#[event(bytemuck)]
pub struct WindowProven {
    pub job: Address,
    pub incarnation: u64,
    /// What the worker says it did, hashed.
    pub digest: [u8; 32],
    pub accepted: u64,
    pub units_matured: u64,
    pub units_pending: u64,
    pub window: u32,
    /// Members that signed; 0 for a cosigned window.
    pub signers: u32,
}

impl WindowProven {
    /// The job's units after `accepted` of what was claimed were entered.
    pub fn of(job: &Account<Job>, claimed: &Claimed, accepted: u64, signers: u16) -> Self {
        Self {
            job: *job.account().address(),
            incarnation: job.incarnation,
            digest: claimed.digest,
            accepted,
            units_matured: job.units_matured,
            units_pending: job.units_pending,
            window: claimed.window,
            signers: u32::from(signers),
        }
    }
}

/// Proofs became earnings.
#[event(bytemuck)]
pub struct JobMatured {
    pub job: Address,
    pub units_matured: u64,
    pub units_pending: u64,
}

/// Escrow left a job's vault; the totals tell by which door.
#[event(bytemuck)]
pub struct EscrowMoved {
    pub job: Address,
    pub amount: u64,
    pub paid: u64,
    pub swept_treasury: u64,
    pub swept_attesters: u64,
    pub refunded: u64,
}

impl EscrowMoved {
    /// The job's totals after `amount` left.
    pub fn of(job: &Account<Job>, amount: u64) -> Self {
        Self {
            job: *job.account().address(),
            amount,
            paid: job.paid,
            swept_treasury: job.swept_treasury,
            swept_attesters: job.swept_attesters,
            refunded: job.refunded,
        }
    }
}

/// A node was credited with units that a quorum proved.
#[event(bytemuck)]
pub struct NodeCredited {
    pub node: Address,
    pub job: Address,
    pub units: u64,
    pub node_units: u64,
}

/// The end of a job moved earlier.
#[event(bytemuck)]
pub struct JobEndMoved {
    pub job: Address,
    pub end_at: i64,
    /// A [`crate::state::EndCause`].
    pub cause: u64,
}

/// A job's claim on its provider ended.
#[event(bytemuck)]
pub struct JobReleased {
    pub job: Address,
    pub node: Address,
    pub node_units: u64,
    /// What it added to the records.
    pub windows_proven: u64,
    pub windows_missed: u64,
    /// An [`crate::state::EndCause`].
    pub cause: u64,
}

/// A job closed, and its vault with it.
#[event(bytemuck)]
pub struct JobClosed {
    pub job: Address,
    pub incarnation: u64,
    pub funded: u64,
}
