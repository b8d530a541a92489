//! Dividends over changes of shares, and commissions.

use super::*;

fn add(amount: u64) -> Action {
    Action::AddDividends {
        pool: POOL,
        by: BUYER,
        amount,
    }
}

fn claim(staker: Key) -> Action {
    let pool = POOL;
    Action::ClaimDividends { pool, staker }
}

/// Owner and delegator with 256 shares each.
fn shared() -> World {
    let mut world = World::new();
    let stake = Action::Stake {
        pool: POOL,
        by: OWNER,
        amount: 56,
    };
    world.ok(START, stake);
    world.delegate(POOL, DELEGATOR, 256);
    world
}

/// The second `into` of the period that is `periods` after the one of `START`.
fn second(periods: i64, into: i64) -> i64 {
    let day = i64::from(DAY);
    (START / day + periods) * day + into
}

#[test]
fn a_dividend_streams_through_the_period_after_the_one_it_comes_in() {
    let mut world = shared();
    let half = i64::from(DAY) / 2;
    world.refuse(START, claim(OWNER), "WrongVault");
    world.refuse(START, add(10_001), SHORT);
    // Nothing is enough to open the vault, once.
    let vault = Account::Vault(Holder::DividendVault(POOL));
    assert_eq!(world.ok(START, add(0)).opened, [vault]);
    world.refuse(START, add(0), "AmountTooSmall");
    world.ok(START, add(100));
    world.refuse(second(1, 0) - 1, claim(OWNER), "NothingDue");
    world.refuse(second(1, 0), claim(OWNER), "NothingDue");
    assert_eq!(world.moved(second(1, half), claim(OWNER)), 25);
    // What comes in now waits for the next period and holds nothing up.
    world.ok(second(1, half), add(40));
    assert_eq!(world.moved(second(2, 0), claim(OWNER)), 25);
    assert_eq!(world.moved(second(2, half), claim(OWNER)), 10);
    // The delegator, who did not ask, has as much.
    assert_eq!(world.moved(second(9, 0), claim(DELEGATOR)), 70);
    assert_eq!(world.moved(second(9, 0), claim(OWNER)), 10);
    let left = world.model.balance(Holder::DividendVault(POOL), REWARD);
    assert_eq!(left, 0);
}

#[test]
fn a_dividend_is_for_the_shares_that_are_active_while_it_streams() {
    let mut world = shared();
    let quarter = i64::from(DAY) / 4;
    world.ok(START, add(100));
    let unstake = Action::Unstake {
        pool: POOL,
        by: DELEGATOR,
        shares: 256,
        nonce: 0,
    };
    world.ok(second(1, quarter), unstake);
    assert_eq!(world.moved(second(1, 2 * quarter), claim(OWNER)), 12 + 25);
    let cancel = |by| Action::CancelUnstake {
        pool: POOL,
        staker: DELEGATOR,
        nonce: 0,
        by,
    };
    world.refuse(second(1, 2 * quarter), cancel(OWNER), "NotOwner");
    world.ok(second(1, 3 * quarter), cancel(DELEGATOR));
    world.refuse(second(1, 3 * quarter), cancel(DELEGATOR), MISSING);
    assert_eq!(world.moved(second(3, 0), claim(DELEGATOR)), 12 + 13);
    // Two halves of a base unit are one.
    assert_eq!(world.moved(second(3, 0), claim(OWNER)), 25 + 13);
}

/// Thirds never come out even, and still nothing is lost: what cannot be divided goes with the next.
#[test]
fn what_cannot_be_divided_is_carried_on() {
    let mut world = World::new();
    world.delegate(POOL, DELEGATOR, 100);
    for period in 0..300 {
        world.ok(second(period, 7), add(1));
    }
    assert_eq!(world.moved(second(302, 0), claim(OWNER)), 200);
    assert_eq!(world.moved(second(302, 0), claim(DELEGATOR)), 100);
}

#[test]
fn stake_that_comes_later_shares_in_nothing_from_before() {
    let mut world = World::new();
    world.ok(START, add(100));
    world.delegate_at(second(2, 0), POOL, DELEGATOR, 56);
    world.refuse(second(2, 0), claim(DELEGATOR), "NothingDue");
    world.ok(second(2, 0), add(256));
    assert_eq!(world.moved(second(4, 0), claim(OWNER)), 100 + 200);
    assert_eq!(world.moved(second(4, 0), claim(DELEGATOR)), 56);
}

#[test]
fn a_dividend_waits_until_somebody_has_active_shares() {
    let mut world = World::new();
    let unstake = Action::Unstake {
        pool: POOL,
        by: OWNER,
        shares: 200,
        nonce: 0,
    };
    world.ok(START, unstake);
    world.ok(START, add(99));
    world.ok(second(5, 0), add(1));
    let cancel = Action::CancelUnstake {
        pool: POOL,
        staker: OWNER,
        nonce: 0,
        by: OWNER,
    };
    world.ok(second(7, 3), cancel);
    world.refuse(second(8, 0), claim(OWNER), "NothingDue");
    assert_eq!(world.moved(second(9, 0), claim(OWNER)), 100);
}

#[test]
fn a_commission_waits_for_the_unbonding_time() {
    let mut world = World::new();
    let set = |by, bps| Action::SetCommission {
        provider: PROVIDER,
        by,
        bps,
    };
    world.refuse(START, set(OPERATOR, 1), "NotOwner");
    world.refuse(START, set(OWNER, 10_001), "CommissionTooHigh");
    let stored = |world: &World| {
        let provider = world.model.snapshot().providers[&PROVIDER];
        let pending = provider.pending_commission_bps;
        (provider.commission_bps, pending, provider.commission_at)
    };
    let wait = 10 * i64::from(DAY);
    world.ok(START, set(OWNER, 500));
    assert_eq!(stored(&world), (10_000, 500, START + wait));
    // Replaced before its time, it never was in force.
    world.ok(START + wait - 1, set(OWNER, 700));
    assert_eq!(stored(&world), (10_000, 700, START + 2 * wait - 1));
    world.ok(START + 2 * wait - 1, set(OWNER, 10_000));
    assert_eq!(stored(&world), (700, 10_000, START + 3 * wait - 1));
}
