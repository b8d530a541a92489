//! What became true, with enough to rebuild the account. Totals are cumulative.

mod log;

pub use log::emit;

use {
    crate::{
        attestation::Claimed,
        state::{Attester, AttesterSet, Job, NetworkChange, Position, RewardTerms, StakePool},
    },
    anchor_lang::prelude::*,
};

#[event(bytemuck)]
pub struct NetworkCreated {
    pub network: Address,
    pub creator: Address,
    pub stake_mint: Address,
    pub dividend_mint: Address,
}

#[event(bytemuck)]
pub struct AttesterRegistered {
    pub network: Address,
    pub attester: Address,
    pub owner: Address,
    pub key: Address,
}

/// An attester's owner says anew where it is asked for signatures.
#[event(bytemuck)]
pub struct AttesterUpdated {
    pub attester: Address,
    pub uri: [u8; 64],
}

#[event(bytemuck)]
pub struct AttesterSetCreated {
    pub network: Address,
    pub set: Address,
    pub digest: [u8; 32],
}

/// An attester entered or left a set.
#[event(bytemuck)]
pub struct SetMembershipChanged {
    pub set: Address,
    pub attester: Address,
    /// The live mask after it.
    pub live: u16,
    /// The mask of all that ever entered.
    pub entered: u16,
}

#[event(bytemuck)]
pub struct ProviderRegistered {
    pub network: Address,
    pub provider: Address,
    pub owner: Address,
    pub operator: Address,
}

#[event(bytemuck)]
pub struct NodeRegistered {
    pub network: Address,
    pub provider: Address,
    pub node: Address,
    pub worker: Address,
    /// Zero when it works for cosigners only.
    pub set: Address,
}

#[event(bytemuck)]
pub struct StakePoolCreated {
    pub subject: Address,
    pub pool: Address,
    pub owner: Address,
}

/// Stake was added, began to thaw or was withdrawn.
#[event(bytemuck)]
pub struct StakeChanged {
    pub pool: Address,
    pub staker: Address,
    /// The pool's tokens and shares after it.
    pub tokens: u64,
    pub active_shares: u64,
    pub thawing_shares: u64,
    /// The position's shares after it.
    pub position_shares: u64,
    pub position_thawing: u64,
}

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

#[event(bytemuck)]
pub struct JobAccepted {
    pub job: Address,
    pub node: Address,
    pub incarnation: u64,
    pub start_at: i64,
    pub end_at: i64,
    pub bond: u64,
}

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

#[event(bytemuck)]
pub struct JobEndMoved {
    pub job: Address,
    pub end_at: i64,
    /// A [`crate::state::EndCause`].
    pub cause: u64,
}

#[event(bytemuck)]
pub struct OfferPosted {
    pub offer: Address,
    pub node: Address,
    pub incarnation: u64,
    pub price: u64,
    pub per: u64,
    pub expires_at: i64,
}

#[event(bytemuck)]
pub struct OfferTaken {
    pub offer: Address,
    pub job: Address,
    pub incarnation: u64,
    pub slots_left: u64,
}

#[event(bytemuck)]
pub struct OfferClosed {
    pub offer: Address,
    pub incarnation: u64,
    pub slots_left: u64,
}

#[event(bytemuck)]
pub struct OperatorChanged {
    pub provider: Address,
    pub operator: Address,
}

#[event(bytemuck)]
pub struct ProviderClosed {
    pub provider: Address,
}

#[event(bytemuck)]
pub struct NodeUpdated {
    pub node: Address,
    pub slots_total: u16,
    pub class: u16,
    pub region: u16,
}

#[event(bytemuck)]
pub struct NodeClosed {
    pub node: Address,
    pub units: u64,
}

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

#[event(bytemuck)]
pub struct JobClosed {
    pub job: Address,
    pub incarnation: u64,
    pub funded: u64,
}

#[event(bytemuck)]
pub struct NodeCredited {
    pub node: Address,
    pub job: Address,
    pub units: u64,
    pub node_units: u64,
}

#[event(bytemuck)]
pub struct RewardPoolCreated {
    pub pool: Address,
    pub network: Address,
    pub creator: Address,
    pub set: Address,
    pub mint: Address,
    pub refund_owner: Address,
    pub id: u64,
    pub incarnation: u64,
    pub terms: RewardTerms,
}

#[event(bytemuck)]
pub struct RewardPoolFunded {
    pub pool: Address,
    pub funded: u64,
    pub unallocated: u64,
}

#[event(bytemuck)]
pub struct ShareJoined {
    pub pool: Address,
    pub share: Address,
    pub node: Address,
    pub provider: Address,
    pub payee: Address,
    /// The node's registration.
    pub registration: u64,
}

#[event(bytemuck)]
pub struct ShareClosed {
    pub pool: Address,
    pub share: Address,
}

#[event(bytemuck)]
pub struct WorkReported {
    pub share: Address,
    pub epoch: u64,
    pub units: u64,
    /// The epoch's units after it; 0 for a baseline.
    pub total_units: u64,
    pub seen: u64,
    /// The delegators' part of what the epoch earns the share, basis points; 0 for a baseline.
    pub delegators_bps: u64,
}

#[event(bytemuck)]
pub struct RewardClaimed {
    pub share: Address,
    pub amount: u64,
    pub claimed: u64,
}

#[event(bytemuck)]
pub struct RewardFolded {
    pub share: Address,
    pub epoch: u64,
    pub amount: u64,
    /// What the share's payee and its provider's delegators earned.
    pub earned: u64,
    pub delegators_earned: u64,
}

/// Delegators got their part of a share.
#[event(bytemuck)]
pub struct DelegatorsPaid {
    pub share: Address,
    pub provider: Address,
    pub amount: u64,
    pub claimed: u64,
    /// 1 when nobody had stake and the payee got it; otherwise the stake pool's `DividendsAdded` goes before.
    pub to_payee: u64,
}

/// What an ended pool had left went to its refund owner.
#[event(bytemuck)]
pub struct LeftoversReturned {
    pub pool: Address,
    pub amount: u64,
    pub returned: u64,
}

/// A reward pool closed; what its vault held, gifts with it, went to its refund owner.
#[event(bytemuck)]
pub struct RewardPoolClosed {
    pub pool: Address,
    pub incarnation: u64,
    pub amount: u64,
}

#[event(bytemuck)]
pub struct EpochClosed {
    pub pool: Address,
    pub epoch: u64,
    pub allocated: u64,
    pub unallocated: u64,
}

/// A staker's dividends were paid.
#[event(bytemuck)]
pub struct DividendsClaimed {
    pub pool: Address,
    pub staker: Address,
    pub claimed: u64,
}

/// Dividends came in: they stream through the period after the one they came in.
#[event(bytemuck)]
pub struct DividendsAdded {
    pub pool: Address,
    pub index: [u64; 2],
    pub total_in: u64,
    pub active_shares: u64,
    /// The period they came in.
    pub period: u64,
    /// What streams in it, base units, and what has streamed of it.
    pub streaming: u64,
    pub released: u64,
    /// All that came in since it began, base units.
    pub next: u64,
}

#[event(bytemuck)]
pub struct SlashBurned {
    pub pool: Address,
    pub amount: u64,
    pub slashed: u64,
}

#[event(bytemuck)]
pub struct CommissionChanged {
    pub provider: Address,
    /// When `pending_bps` takes effect.
    pub at: i64,
    pub in_force_bps: u32,
    pub pending_bps: u32,
}

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

#[event(bytemuck)]
pub struct EvidenceAdded {
    pub challenge: Address,
    pub author: Address,
    pub piece: [u8; 32],
    /// The chain after it.
    pub evidence: [u8; 32],
}

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

#[event(bytemuck)]
pub struct ChallengeSettled {
    pub challenge: Address,
    pub winner: Address,
    pub bond: u64,
}

#[event(bytemuck)]
pub struct AttesterSlashed {
    pub attester: Address,
    pub pool: Address,
    pub taken: u64,
    pub standing: u64,
}

impl SetMembershipChanged {
    /// The set as it is after `attester` entered or left.
    pub fn of(set: &Account<AttesterSet>, attester: &Account<Attester>) -> Self {
        Self {
            set: *set.account().address(),
            attester: *attester.account().address(),
            live: set.live,
            entered: set.entered,
        }
    }
}

#[event(bytemuck)]
pub struct ChangeProposed {
    pub network: Address,
    /// When it can be applied.
    pub change_at: i64,
    pub change: NetworkChange,
}

/// The change that was proposed last is in force.
#[event(bytemuck)]
pub struct ChangeApplied {
    pub network: Address,
}

#[event(bytemuck)]
pub struct AdminNamed {
    pub network: Address,
    /// Zero when the candidate was withdrawn.
    pub candidate: Address,
}

/// The candidate is the admin, and no change is pending.
#[event(bytemuck)]
pub struct AdminChanged {
    pub network: Address,
    pub admin: Address,
}

/// A pause began or was lifted.
#[event(bytemuck)]
pub struct PauseChanged {
    pub network: Address,
    pub paused_at: i64,
    pub paused_until: i64,
}

impl StakeChanged {
    /// The pool and the position as they are now.
    pub fn of(pool: &Account<StakePool>, position: &Position) -> Self {
        Self {
            pool: *pool.account().address(),
            staker: position.staker,
            tokens: pool.tokens,
            active_shares: pool.active_shares,
            thawing_shares: pool.thawing_shares,
            position_shares: position.shares,
            position_thawing: position.thawing,
        }
    }
}

impl DividendsAdded {
    /// The dividends of the pool at `key` as they are now.
    pub const fn of(key: Address, pool: &StakePool) -> Self {
        Self {
            pool: key,
            index: pool.dividend_index,
            total_in: pool.dividend_total_in,
            active_shares: pool.active_shares,
            period: pool.dividend_period,
            streaming: pool.dividend_streaming,
            released: pool.dividend_released,
            next: pool.dividend_next,
        }
    }
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
