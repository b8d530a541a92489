//! Counters of stake pools, positions and tickets.

use {
    super::{count, field},
    crate::reference::{Id, Key, Position, Reference, StakePool, Ticket},
};

/// Fields of a `StakePool`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StakePoolCounters {
    pub tokens: u64,
    pub active_shares: u64,
    pub thawing_shares: u64,
    pub locked: u64,
    pub opened_slot: u64,
    /// Integer part and fraction.
    pub dividend_index: [u64; 2],
    pub dividend_rem: u64,
    pub dividend_total_in: u64,
    /// What is held back of the dividends; all 0 while nothing is.
    pub stream: StreamCounters,
    /// 1 while there is a vault for dividends.
    pub has_dividends: u8,
    pub slashed: u64,
    pub to_burn: u64,
    pub challenge_bonds: u64,
    pub positions: u64,
    pub challenges: u64,
}

/// Those fields of a `StakePool` that say what it holds back of its dividends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamCounters {
    pub period: u64,
    pub streaming: u64,
    pub released: u64,
    pub next: u64,
}

/// Fields of a `Position`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PositionCounters {
    pub shares: u64,
    pub thawing: u64,
    pub tickets: u64,
    pub opened_slot: u64,
    pub dividend_seen: [u64; 2],
    pub dividend_frac: u64,
    pub dividend_due: u64,
    pub dividend_claimed: u64,
}

/// Fields of an `Unstake`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketCounters {
    pub shares: u64,
    pub withdraw_at: i64,
}

impl StakePoolCounters {
    pub(super) fn of(model: &Reference, id: Id, pool: &StakePool) -> Self {
        Self {
            tokens: pool.tokens,
            active_shares: field(model.active_shares(id)),
            thawing_shares: field(model.thawing_shares(id)),
            locked: field(model.locked(id)),
            opened_slot: pool.registration,
            dividend_index: split(pool.index()),
            dividend_rem: field(pool.rest()),
            dividend_total_in: field(pool.dividends_in()),
            stream: stream(pool),
            has_dividends: u8::from(pool.has_dividends),
            slashed: pool.slashes.iter().sum(),
            to_burn: pool.to_burn(),
            challenge_bonds: field(model.challenge_bonds(id)),
            positions: count(model.positions.keys().filter(|(p, _)| *p == id)),
            challenges: count(model.challenges.values().filter(|c| c.pool == id)),
        }
    }
}

impl PositionCounters {
    /// Of `position`, which `staker` has in `pool`.
    pub(super) fn of(model: &Reference, pool: Id, staker: Key, position: &Position) -> Self {
        let own = |((p, s, _), _): &(&(Id, Key, u64), _)| *p == pool && *s == staker;
        let tickets = model.tickets.iter().filter(own);
        Self {
            shares: position.shares,
            thawing: tickets.clone().map(|(_, ticket)| ticket.shares).sum(),
            tickets: count(tickets),
            opened_slot: position.opened_slot,
            dividend_seen: split(position.seen),
            dividend_frac: position.fraction(),
            dividend_due: position.due(),
            dividend_claimed: position.claims.iter().sum(),
        }
    }
}

impl TicketCounters {
    pub(super) const fn of(ticket: &Ticket) -> Self {
        Self {
            shares: ticket.shares,
            withdraw_at: ticket.withdraw_at,
        }
    }
}

/// A number in units of 2^-64 as its integer part and its fraction.
fn split(parts: u128) -> [u64; 2] {
    [field(parts >> 64), parts as u64]
}

/// What a pool holds back, by the period in which somebody last asked.
fn stream(pool: &StakePool) -> StreamCounters {
    if pool.incomes.is_empty() {
        return StreamCounters::default();
    }
    let (before, running) = (pool.income(1), pool.income(0));
    StreamCounters {
        period: pool.asked_in.unsigned_abs(),
        streaming: before.amount,
        released: before.streamed,
        next: running.amount,
    }
}
