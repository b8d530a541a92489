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

#[test]
fn a_dividend_is_for_the_shares_that_are_active_when_it_comes() {
    let mut world = shared();
    world.refuse(START, claim(OWNER), "WrongVault");
    world.refuse(START, add(10_001), SHORT);
    // Nothing is enough to open the vault, once.
    let vault = Account::Vault(Holder::DividendVault(POOL));
    assert_eq!(world.ok(START, add(0)).opened, [vault]);
    world.refuse(START, add(0), "AmountTooSmall");
    world.ok(START, add(1));
    // Half a base unit each waits for the other half.
    world.refuse(START, claim(OWNER), "NothingDue");
    world.ok(START, add(1));
    assert_eq!(world.moved(START, claim(DELEGATOR)), 1);
    let unstake = Action::Unstake {
        pool: POOL,
        by: DELEGATOR,
        shares: 128,
        nonce: 0,
    };
    world.ok(START, unstake);
    world.ok(START, add(3));
    assert_eq!(world.moved(START, claim(DELEGATOR)), 1);
    let cancel = |by| Action::CancelUnstake {
        pool: POOL,
        staker: DELEGATOR,
        nonce: 0,
        by,
    };
    world.refuse(START, cancel(OWNER), "NotOwner");
    world.ok(START, cancel(DELEGATOR));
    world.refuse(START, cancel(DELEGATOR), MISSING);
    world.ok(START, add(5));
    assert_eq!(world.moved(START, claim(OWNER)), 1 + 2 + 2);
    assert_eq!(world.moved(START, claim(DELEGATOR)), 2);
    world.ok(START, add(1));
    assert_eq!(world.moved(START, claim(OWNER)), 1);
    assert_eq!(world.moved(START, claim(DELEGATOR)), 1);
    let left = world.model.balance(Holder::DividendVault(POOL), REWARD);
    assert_eq!(left, 0);
}

/// Thirds never come out even, and still nothing is lost: what cannot be divided goes with the next.
#[test]
fn what_cannot_be_divided_is_carried_on() {
    let mut world = World::new();
    world.delegate(POOL, DELEGATOR, 100);
    for _ in 0..300 {
        world.ok(START, add(1));
    }
    assert_eq!(world.moved(START, claim(OWNER)), 200);
    assert_eq!(world.moved(START, claim(DELEGATOR)), 100);
}

#[test]
fn stake_that_comes_later_shares_in_nothing_from_before() {
    let mut world = World::new();
    world.ok(START, add(100));
    world.delegate(POOL, DELEGATOR, 56);
    world.refuse(START, claim(DELEGATOR), "NothingDue");
    world.ok(START, add(256));
    assert_eq!(world.moved(START, claim(OWNER)), 100 + 200);
    assert_eq!(world.moved(START, claim(DELEGATOR)), 56);
}

#[test]
fn a_pool_without_active_shares_takes_no_dividend() {
    let mut world = World::new();
    let unstake = Action::Unstake {
        pool: POOL,
        by: OWNER,
        shares: 200,
        nonce: 0,
    };
    world.ok(START, unstake);
    world.refuse(START, add(1), "NoActiveStake");
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
