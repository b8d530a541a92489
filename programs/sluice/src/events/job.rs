//! What becomes true of a job and its escrow.

use {
    crate::{attestation::Claimed, state::Job},
    anchor_lang::prelude::*,
};

/// A job was opened and funded.
#[event(bytemuck)]
pub struct JobOpened {
    /// Address of the job.
    pub job: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// The key that opened it.
    pub buyer: Address,
    /// Deposited so far, base units.
    pub funded: u64,
    /// Mint of the payment.
    pub mint: Address,
    /// Units that the deposits cover.
    pub units_funded: u64,
    /// Address of the attester set; zero for none.
    pub set: Address,
}

/// A job started on a node.
#[event(bytemuck)]
pub struct JobAccepted {
    /// Address of the job.
    pub job: Address,
    /// Address of the node.
    pub node: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// When its first window starts, unix seconds.
    pub start_at: i64,
    /// When it ends, unix seconds.
    pub end_at: i64,
    /// Locked behind it, base units of the stake mint.
    pub bond: u64,
}

/// A job got more funds.
#[event(bytemuck)]
pub struct JobToppedUp {
    /// Address of the job.
    pub job: Address,
    /// Deposited so far, base units.
    pub funded: u64,
    /// Units that the deposits cover.
    pub units_funded: u64,
}

/// A window was proven.
#[event(bytemuck)]
pub struct WindowProven {
    /// Address of the job.
    pub job: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// What the worker says it did, hashed.
    pub digest: [u8; 32],
    /// Units that were counted.
    pub accepted: u64,
    /// Units that are earned.
    pub units_matured: u64,
    /// Units that are proven and can be challenged still.
    pub units_pending: u64,
    /// Number of the window, from 0 on.
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
    /// Address of the job.
    pub job: Address,
    /// Units that are earned.
    pub units_matured: u64,
    /// Units that are proven and can be challenged still.
    pub units_pending: u64,
}

/// Escrow left a job's vault; the totals tell by which door.
#[event(bytemuck)]
pub struct EscrowMoved {
    /// Address of the job.
    pub job: Address,
    /// What left now, base units.
    pub amount: u64,
    /// Paid to the provider so far, base units.
    pub paid: u64,
    /// Swept to the network's treasury so far, base units.
    pub swept_treasury: u64,
    /// Swept to the set's fee owner so far, base units.
    pub swept_attesters: u64,
    /// Refunded so far, base units.
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
    /// Address of the node.
    pub node: Address,
    /// Address of the job.
    pub job: Address,
    /// Units credited now.
    pub units: u64,
    /// The node's units after it.
    pub node_units: u64,
}

/// The end of a job moved earlier.
#[event(bytemuck)]
pub struct JobEndMoved {
    /// Address of the job.
    pub job: Address,
    /// When it ends, unix seconds.
    pub end_at: i64,
    /// A [`crate::state::EndCause`].
    pub cause: u64,
}

/// A job's claim on its provider ended.
#[event(bytemuck)]
pub struct JobReleased {
    /// Address of the job.
    pub job: Address,
    /// Address of the node.
    pub node: Address,
    /// The node's units after it.
    pub node_units: u64,
    /// What it added to the records.
    pub windows_proven: u64,
    /// Missed windows that it added to the records.
    pub windows_missed: u64,
    /// An [`crate::state::EndCause`].
    pub cause: u64,
}

/// A job closed, and its vault with it.
#[event(bytemuck)]
pub struct JobClosed {
    /// Address of the job.
    pub job: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Deposited so far, base units.
    pub funded: u64,
}
