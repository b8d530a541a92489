//! What becomes true of a reward pool, its shares and its epochs.

use {crate::state::RewardTerms, anchor_lang::prelude::*};

/// A reward pool was created.
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

/// A reward pool got more funds.
#[event(bytemuck)]
pub struct RewardPoolFunded {
    pub pool: Address,
    pub funded: u64,
    pub unallocated: u64,
}

/// A node joined a reward pool.
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

/// A node's work was counted in an epoch, or a baseline was set.
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

/// A share's payee was paid.
#[event(bytemuck)]
pub struct RewardClaimed {
    pub share: Address,
    pub amount: u64,
    pub claimed: u64,
}

/// The whole reward of an ended stream was booked.
#[event(bytemuck)]
pub struct RewardFolded {
    pub share: Address,
    pub epoch: u64,
    pub amount: u64,
    /// What the share's payee and its provider's delegators earned.
    pub earned: u64,
    pub delegators_earned: u64,
}

/// An epoch closed.
#[event(bytemuck)]
pub struct EpochClosed {
    pub pool: Address,
    pub epoch: u64,
    pub allocated: u64,
    pub unallocated: u64,
}

/// Delegators got their part of a share.
#[event(bytemuck)]
pub struct DelegatorsPaid {
    pub share: Address,
    pub provider: Address,
    pub amount: u64,
    pub claimed: u64,
    /// 1 when nobody had stake and the payee got the amount. Otherwise the stake pool's `DividendsAdded` goes before.
    pub to_payee: u64,
}

/// What an ended pool had left went to its refund owner.
#[event(bytemuck)]
pub struct LeftoversReturned {
    pub pool: Address,
    pub amount: u64,
    pub returned: u64,
}

/// A share closed.
#[event(bytemuck)]
pub struct ShareClosed {
    pub pool: Address,
    pub share: Address,
}

/// A reward pool closed; what its vault held, gifts with it, went to its refund owner.
#[event(bytemuck)]
pub struct RewardPoolClosed {
    pub pool: Address,
    pub incarnation: u64,
    pub amount: u64,
}
