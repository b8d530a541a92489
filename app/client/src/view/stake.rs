//! What a stake pool and a position come to at one moment, from one read of each account.

use {
    sluice::state::{Attester, Position, StakePool},
    sluice_math::{dividend_stream::DividendStream, shares, wide},
};

/// Decimals of [`PoolView::price`].
pub const PRICE_DECIMALS: u8 = 9;

/// A pool's worth, base units of the stake mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolView {
    /// What the active shares are worth.
    pub active: u64,
    /// What the thawing shares are worth.
    pub thawing: u64,
    /// Base units that a share is worth, in billionths; `None` without shares.
    pub price: Option<u64>,
    /// True when it was slashed so far that it takes no stake until all of its shares are out.
    pub dead: bool,
    /// What it holds back of its dividends.
    pub dividends: DividendsView,
}

/// What a pool holds back of its dividends, base units of the dividend mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DividendsView {
    /// What still streams out until `until`, to whoever has active shares then.
    pub streaming: u64,
    /// End of the period that runs, unix seconds.
    pub until: i64,
    /// What came in since this period began: it streams through the next one.
    pub next: u64,
}

impl DividendsView {
    /// The view of a pool that was settled at `now`.
    fn of(settled: &StakePool, now: i64) -> Option<Self> {
        let secs = i64::from(settled.dividend_secs);
        let DividendStream {
            streaming,
            released,
            next,
            ..
        } = settled.dividend_stream();
        Some(Self {
            streaming: streaming.checked_sub(released)?,
            until: now
                .checked_sub(now.checked_rem_euclid(secs)?)?
                .checked_add(secs)?,
            next,
        })
    }
}

/// `pool` once what has streamed by `now` is divided.
fn settled(pool: &StakePool, now: i64) -> Option<StakePool> {
    let mut pool = *pool;
    pool.settle_dividends(now).ok()?;
    Some(pool)
}

impl PoolView {
    /// The view of `pool` at `now`. `None` when the account's numbers contradict each other.
    pub fn of(pool: &StakePool, now: i64) -> Option<Self> {
        let total = pool.shares().ok()?;
        Some(Self {
            active: pool.worth(pool.active_shares).ok()?,
            thawing: pool.worth(pool.thawing_shares).ok()?,
            price: wide::mul_div_floor(pool.tokens, 10u64.pow(PRICE_DECIMALS.into()), total),
            dead: shares::is_dead(pool.tokens, total),
            dividends: DividendsView::of(&settled(pool, now)?, now)?,
        })
    }
}

/// A position's stake and dividends, base units of the stake mint and of the dividend mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionView {
    /// What the active shares are worth.
    pub active: u64,
    /// What the thawing shares are worth.
    pub thawing: u64,
    /// Held by the bonds of what the pool stands behind: only the owner's stake is.
    pub locked: u64,
    /// Active and not locked: what may begin to thaw.
    pub free: u64,
    /// What a slash can still reach: all of it, until it is withdrawn.
    pub at_risk: u64,
    /// Dividends that a claim would pay now.
    pub dividends_due: u64,
    /// What the period that runs gives it from beginning to end, while no shares change.
    pub dividends_a_period: u64,
}

impl PositionView {
    /// The view of `position` in `pool` at `now`. `None` when the accounts' numbers contradict each other.
    pub fn of(pool: &StakePool, position: &Position, now: i64) -> Option<Self> {
        let (mut pool, mut settled) = (*pool, *position);
        settled.earn(&mut pool, now).ok()?;
        let a_period =
            wide::mul_div_floor(pool.dividend_streaming, position.shares, pool.active_shares);
        let active = pool.worth(position.shares).ok()?;
        let locked = if position.staker == pool.owner {
            pool.locked
        } else {
            0
        };
        Some(Self {
            active,
            thawing: pool.worth(position.thawing).ok()?,
            locked,
            free: active.saturating_sub(locked),
            at_risk: pool
                .worth(position.shares.checked_add(position.thawing)?)
                .ok()?,
            dividends_due: settled.dividend_due,
            // Without active shares nothing streams to anybody.
            dividends_a_period: a_period.unwrap_or(0),
        })
    }
}

/// The shares of `position` that `base` units are worth today, rounded down; `None` when the position has fewer.
pub fn shares_worth(pool: &StakePool, position: &Position, base: u64) -> Option<u64> {
    shares::shares_for(base, pool.tokens, pool.shares().ok()?)
        .filter(|shares| *shares <= position.shares)
}

/// What an offence would cost `attester` now, base units of the stake mint: its bond while it is live, later what its owner has
/// left of it, active and thawing, in `own`. `None` when the accounts' numbers contradict each other.
pub fn reach(attester: &Attester, pool: &StakePool, own: Option<&Position>) -> Option<u64> {
    let bond = attester.bond.min(pool.tokens);
    if attester.live_bits > 0 {
        return Some(bond);
    }
    let own = own.map_or(Some(0), |own| own.shares.checked_add(own.thawing))?;
    Some(bond.min(pool.worth(own).ok()?))
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable, solana_address::Address};

    #[test]
    fn a_position_is_told_from_shares_and_index() {
        let owner = Address::new_unique();
        let mut pool = StakePool {
            owner,
            tokens: 900,
            active_shares: 800,
            thawing_shares: 200,
            locked: 300,
            dividend_secs: 100,
            ..StakePool::zeroed()
        };
        let mut position = Position {
            staker: owner,
            shares: 400,
            thawing: 100,
            ..Position::zeroed()
        };
        pool.add_dividends(2_002, 1_050).unwrap();
        pool.add_dividends(7, 1_100).unwrap();
        // Half of what came in during the period before has streamed, and half of that is the position's.
        let view = PositionView::of(&pool, &position, 1_150).unwrap();
        assert_eq!((view.active, view.thawing, view.at_risk), (360, 90, 450));
        assert_eq!((view.locked, view.free), (300, 60));
        assert_eq!((view.dividends_due, view.dividends_a_period), (500, 1_001));
        position.staker = Address::new_unique();
        let delegated = PositionView::of(&pool, &position, 1_150).unwrap();
        assert_eq!((delegated.locked, delegated.free), (0, 360));
        let whole = PoolView::of(&pool, 1_150).unwrap();
        assert_eq!((whole.active, whole.thawing), (720, 180));
        let DividendsView {
            streaming,
            until,
            next,
        } = whole.dividends;
        assert_eq!((streaming, until, next), (1_001, 1_200, 7));
        assert_eq!((whole.price, whole.dead), (Some(900_000_000), false));
    }

    #[test]
    fn an_offence_costs_the_bond_while_live_and_later_what_the_owner_has_left() {
        let mut attester = Attester {
            bond: 50,
            live_bits: 1,
            ..Attester::zeroed()
        };
        let pool = StakePool {
            tokens: 90,
            active_shares: 60,
            thawing_shares: 40,
            ..StakePool::zeroed()
        };
        let own = Position {
            shares: 10,
            thawing: 20,
            ..Position::zeroed()
        };
        assert_eq!(reach(&attester, &pool, Some(&own)), Some(50));
        attester.live_bits = 0;
        assert_eq!(reach(&attester, &pool, Some(&own)), Some(27));
        assert_eq!(reach(&attester, &pool, None), Some(0));
        attester.bond = 3;
        assert_eq!(reach(&attester, &pool, Some(&own)), Some(3));
    }

    #[test]
    fn shares_are_worth_less_after_a_slash_and_a_position_has_so_many() {
        let mut pool = StakePool {
            tokens: 1_000,
            active_shares: 1_000,
            ..StakePool::zeroed()
        };
        let position = Position {
            shares: 400,
            ..Position::zeroed()
        };
        assert_eq!(shares_worth(&pool, &position, 400), Some(400));
        assert_eq!(shares_worth(&pool, &position, 401), None);
        pool.tokens = 900;
        assert_eq!(shares_worth(&pool, &position, 359), Some(398));
        assert_eq!(shares_worth(&pool, &position, 360), Some(400));
        assert_eq!(shares_worth(&pool, &position, 361), None);
    }

    #[test]
    fn an_empty_pool_has_no_price_and_one_slashed_to_nothing_is_dead() {
        let mut pool = StakePool {
            dividend_secs: 100,
            ..StakePool::zeroed()
        };
        let empty = PoolView::of(&pool, 1_150).unwrap();
        assert_eq!((empty.price, empty.dead), (None, false));
        pool.active_shares = 64;
        let gone = PoolView::of(&pool, 1_150).unwrap();
        assert_eq!((gone.price, gone.dead), (Some(0), true));
        pool.tokens = 1;
        let last = PoolView::of(&pool, 1_150).unwrap();
        assert_eq!((last.price, last.dead), (Some(15_625_000), true));
        pool.tokens = 2;
        assert!(!PoolView::of(&pool, 1_150).unwrap().dead);
    }
}
