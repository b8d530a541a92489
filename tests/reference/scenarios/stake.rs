//! Stake, bonds and unbonding.

use super::*;

const UNBONDING: i64 = 10 * 86_400;

fn unstake(shares: u64, nonce: u64) -> Action {
    Action::Unstake {
        pool: POOL,
        by: OWNER,
        shares,
        nonce,
    }
}

fn withdraw(nonce: u64) -> Action {
    Action::Withdraw {
        pool: POOL,
        staker: OWNER,
        nonce,
    }
}

#[test]
fn stake_leaves_after_its_own_date_and_what_bonds_hold_stays() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.refuse(START, unstake(161, 0), "StakeTooLow");
    world.refuse(START, unstake(201, 0), "NotEnoughShares");
    world.refuse(START, unstake(0, 0), "AmountTooSmall");
    world.ok(START, unstake(100, 0));
    world.ok(START + 5, unstake(60, 1));
    world.refuse(START + 5, unstake(1, 1), IN_USE);
    let pool = world.model.snapshot().stake_pools[&POOL];
    assert_eq!((pool.active_shares, pool.thawing_shares), (40, 160));
    assert_eq!((pool.tokens, pool.locked), (200, 40));

    world.refuse(START + UNBONDING - 1, withdraw(0), "StillUnbonding");
    assert_eq!(world.moved(START + UNBONDING, withdraw(0)), 100);
    world.refuse(START + UNBONDING, withdraw(1), "StillUnbonding");
    world.refuse(START + UNBONDING, withdraw(0), MISSING);
    assert_eq!(world.moved(START + UNBONDING + 5, withdraw(1)), 60);
    assert_eq!(world.model.stake_pools[&POOL].tokens, 40);
}

#[test]
fn the_minimum_stake_is_needed_beyond_small_bonds() {
    let mut world = World::new();
    world.ok(0, unstake(101, 0));
    world.open(40, |_| {});
    world.refuse(START, accept(), "StakeTooLow");
    let stake = |amount| Action::Stake {
        pool: POOL,
        by: OWNER,
        amount,
    };
    world.refuse(START, stake(0), "AmountTooSmall");
    world.ok(START, stake(1));
    world.ok(START, accept());
}

#[test]
fn an_attester_locks_its_bond_while_it_is_live() {
    let mut world = World::new();
    assert_eq!(world.model.locked(11), 50);
    let (pool, by) = (11, 111);
    let thaw = |shares| Action::Unstake {
        pool,
        by,
        shares,
        nonce: shares,
    };
    world.refuse(0, thaw(11), "StakeTooLow");
    world.ok(0, thaw(10));
    let args = SetArgs {
        fee_owner: FEE_OWNER,
        revoker: REVOKER,
        fee_bps: 0,
        threshold: 1,
        keys: vec![101],
        quality: QUALITY,
    };
    let network = NETWORK;
    world.ok(
        0,
        Action::CreateSet {
            set: 2,
            network,
            args,
        },
    );
    let enter = |set| Action::EnterSet {
        set,
        attester: 1,
        index: 0,
        by,
    };
    let leave = |set| Action::LeaveSet {
        set,
        attester: 1,
        index: 0,
        by,
    };
    world.refuse(0, enter(1), "AlreadyEntered");
    world.ok(0, enter(2));
    assert_eq!(world.model.snapshot().attesters[&1].live_bits, 2);
    world.ok(0, leave(1));
    world.refuse(0, thaw(50), "StakeTooLow");
    world.ok(0, leave(2));
    assert_eq!(world.model.locked(11), 0);
    world.ok(0, thaw(50));
    world.refuse(0, enter(2), "AlreadyEntered");
}
