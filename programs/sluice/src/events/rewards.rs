//! What becomes true of a reward pool, its shares and its epochs.

use {crate::state::RewardTerms, anchor_lang::prelude::*};

/// A reward pool was created.
#[event(bytemuck)]
pub struct RewardPoolCreated {
    /// Address of the reward pool.
    pub pool: Address,
    /// Address of the network.
    pub network: Address,
    /// Who created it; part of its address.
    pub creator: Address,
    /// Address of the attester set.
    pub set: Address,
    /// Mint of its rewards.
    pub mint: Address,
    /// Owner of the account that gets back what is left.
    pub refund_owner: Address,
    /// Number among those of whoever opened it; part of its address.
    pub id: u64,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// What it pays.
    pub terms: RewardTerms,
}

/// A reward pool got more funds.
#[event(bytemuck)]
pub struct RewardPoolFunded {
    /// Address of the reward pool.
    pub pool: Address,
    /// Deposited so far, base units.
    pub funded: u64,
    /// Neither reserved by an epoch nor owed to a share, base units.
    pub unallocated: u64,
}

/// A node joined a reward pool.
#[event(bytemuck)]
pub struct ShareJoined {
    /// Address of the reward pool.
    pub pool: Address,
    /// Address of the share.
    pub share: Address,
    /// Address of the node.
    pub node: Address,
    /// Address of the provider.
    pub provider: Address,
    /// Owner of the account that is paid.
    pub payee: Address,
    /// The node's registration.
    pub registration: u64,
}

/// A node's work was counted in an epoch, or a baseline was set.
#[event(bytemuck)]
pub struct WorkReported {
    /// Address of the share.
    pub share: Address,
    /// Index of the epoch.
    pub epoch: u64,
    /// Units counted now; 0 for a baseline.
    pub units: u64,
    /// The epoch's units after it; 0 for a baseline.
    pub total_units: u64,
    /// The node's units that were reported or are history.
    pub seen: u64,
    /// The delegators' part of what the epoch earns the share, basis points; 0 for a baseline.
    pub delegators_bps: u64,
}

/// A share's payee was paid.
#[event(bytemuck)]
pub struct RewardClaimed {
    /// Address of the share.
    pub share: Address,
    /// Base units.
    pub amount: u64,
    /// Claimed so far, base units.
    pub claimed: u64,
}

/// The whole reward of an ended stream was booked.
#[event(bytemuck)]
pub struct RewardFolded {
    /// Address of the share.
    pub share: Address,
    /// Index of the epoch.
    pub epoch: u64,
    /// The whole reward, base units.
    pub amount: u64,
    /// What the share's payee and its provider's delegators earned.
    pub earned: u64,
    /// What its delegators earned, base units.
    pub delegators_earned: u64,
}

/// An epoch closed.
#[event(bytemuck)]
pub struct EpochClosed {
    /// Address of the reward pool.
    pub pool: Address,
    /// Index of the epoch.
    pub epoch: u64,
    /// Folded into shares, base units.
    pub allocated: u64,
    /// What the pool has free after it, base units.
    pub unallocated: u64,
}

/// Delegators got their part of a share.
#[event(bytemuck)]
pub struct DelegatorsPaid {
    /// Address of the share.
    pub share: Address,
    /// Address of the provider.
    pub provider: Address,
    /// Base units.
    pub amount: u64,
    /// Paid to delegators so far, base units.
    pub claimed: u64,
    /// 1 when nobody had stake and the payee got the amount. Otherwise the stake pool's `DividendsAdded` goes before.
    pub to_payee: u64,
}

/// What an ended pool had left went to its refund owner.
#[event(bytemuck)]
pub struct LeftoversReturned {
    /// Address of the reward pool.
    pub pool: Address,
    /// Base units.
    pub amount: u64,
    /// Returned so far, base units.
    pub returned: u64,
}

/// A share closed.
#[event(bytemuck)]
pub struct ShareClosed {
    /// Address of the reward pool.
    pub pool: Address,
    /// Address of the share.
    pub share: Address,
}

/// A reward pool closed; what its vault held, gifts with it, went to its refund owner.
#[event(bytemuck)]
pub struct RewardPoolClosed {
    /// Address of the reward pool.
    pub pool: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// What its vault held, base units.
    pub amount: u64,
}
