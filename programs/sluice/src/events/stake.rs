//! What becomes true of a stake pool, its positions and its dividends.

use {
    crate::state::{Position, StakePool},
    anchor_lang::prelude::*,
};

/// The stake pool of a provider or an attester was created.
#[event(bytemuck)]
pub struct StakePoolCreated {
    /// Address of the provider or attester that the stake is behind.
    pub subject: Address,
    /// Address of the stake pool.
    pub pool: Address,
    /// Owner of the subject.
    pub owner: Address,
}

/// Stake was added, began to thaw or was withdrawn.
#[event(bytemuck)]
pub struct StakeChanged {
    /// Address of the stake pool.
    pub pool: Address,
    /// Whose stake it is.
    pub staker: Address,
    /// The pool's tokens and shares after it.
    pub tokens: u64,
    /// The pool's active shares.
    pub active_shares: u64,
    /// The pool's shares in unstake tickets.
    pub thawing_shares: u64,
    /// The position's shares after it.
    pub position_shares: u64,
    /// The position's shares in unstake tickets after it.
    pub position_thawing: u64,
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

/// Dividends came in. They stream through the period after the one they came in.
#[event(bytemuck)]
pub struct DividendsAdded {
    /// Address of the stake pool.
    pub pool: Address,
    /// Dividends per active share: integer part and 64-bit fraction.
    pub index: [u64; 2],
    /// Added so far, base units, modulo 2^64.
    pub total_in: u64,
    /// The pool's active shares.
    pub active_shares: u64,
    /// The period in which they came in.
    pub period: u64,
    /// What streams in that period, base units, and what has streamed of it.
    pub streaming: u64,
    /// What has streamed of it, base units.
    pub released: u64,
    /// All that came in since it began, base units.
    pub next: u64,
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

/// A staker's dividends were paid.
#[event(bytemuck)]
pub struct DividendsClaimed {
    /// Address of the stake pool.
    pub pool: Address,
    /// Whose stake it is.
    pub staker: Address,
    /// Claimed so far, base units, modulo 2^64.
    pub claimed: u64,
}

/// What was slashed was burned.
#[event(bytemuck)]
pub struct SlashBurned {
    /// Address of the stake pool.
    pub pool: Address,
    /// Burned now, base units.
    pub amount: u64,
    /// Slashed so far, base units.
    pub slashed: u64,
}
