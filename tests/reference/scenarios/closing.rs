//! Everything that can close closes, and what is left in vaults has an owner.

use super::*;

const WAIT: i64 = 10 * DAY as i64;

fn close_position(pool: Id, staker: Key, by: Key) -> Action {
    Action::ClosePosition { pool, staker, by }
}

fn close_pool(pool: Id, by: Key) -> Action {
    Action::CloseStakePool { pool, by }
}

/// When what came in at the start has streamed.
const STREAMED: i64 = START + 2 * DAY as i64;

fn leave(world: &mut World, pool: Id, by: Key) -> u64 {
    leave_at(world, START, pool, by)
}

/// Thaws all of `by`'s shares and withdraws them `WAIT` later.
fn leave_at(world: &mut World, now: i64, pool: Id, by: Key) -> u64 {
    let shares = world.model.positions[&(pool, by)].shares;
    let unstake = Action::Unstake {
        pool,
        by,
        shares,
        nonce: 0,
    };
    world.ok(now, unstake);
    let withdraw = Action::Withdraw {
        pool,
        staker: by,
        nonce: 0,
    };
    world.moved(now + WAIT, withdraw)
}

#[test]
fn a_position_closes_when_it_holds_nothing_and_is_owed_nothing() {
    let mut world = World::new();
    let stake = Action::Stake {
        pool: POOL,
        by: OWNER,
        amount: 56,
    };
    world.ok(START, stake);
    let slot = world.slot;
    world.delegate(POOL, DELEGATOR, 256);
    let add = Action::AddDividends {
        pool: POOL,
        by: BUYER,
        amount: 7,
    };
    world.ok(START, add);
    let close = close_position(POOL, DELEGATOR, DELEGATOR);
    world.refuse(START, close_position(POOL, DELEGATOR, STRANGER), "NotOwner");
    world.refuse(START, close_position(POOL, DELEGATOR, OWNER), "StillInUse");
    world.refuse(START, close.clone(), "StillInUse");
    leave_at(&mut world, STREAMED, POOL, DELEGATOR);
    world.refuse(STREAMED, close.clone(), "StillInUse");
    let claim = Action::ClaimDividends {
        pool: POOL,
        staker: DELEGATOR,
    };
    assert_eq!(world.moved(STREAMED, claim), 3);
    let now = std::mem::replace(&mut world.slot, slot + 1);
    world.refuse(START, close.clone(), "OpeningSlot");
    world.slot = now;
    world.ok(START, close);
    // The half that it leaves behind is nobody's.
    assert_eq!(world.model.stake_pools[&POOL].forfeited, 1 << 63);
    world.refuse(START, close_pool(POOL, OWNER), "StillInUse");
}

#[test]
fn an_attester_closes_after_its_pool() {
    let mut world = World::new();
    let (attester, pool, by) = (1, 11, 111);
    let close = |by| Action::CloseAttester { attester, by };
    world.refuse(START, close(OWNER), "NotOwner");
    world.refuse(START, close(by), "StillInUse");
    let out = Action::LeaveSet {
        set: SET,
        attester,
        index: 0,
        by,
    };
    world.refuse(START, close_pool(pool, by), "StillInUse");
    world.ok(START, out);
    assert_eq!(leave(&mut world, pool, by), 60);
    world.refuse(START, close_pool(pool, by), "StillInUse");
    world.ok(START, close_position(pool, by, by));
    world.refuse(START, close(by), "StillInUse");
    world.refuse(START, close_pool(pool, OWNER), "NotOwner");
    let gift = Action::Transfer {
        from: Holder::Wallet(OWNER),
        to: Holder::StakeVault(pool),
        mint: STAKE,
        amount: 4,
    };
    world.ok(START, gift);
    assert_eq!(world.moved(START, close_pool(pool, by)), 4);
    world.ok(START, close(by));
    world.refuse(START, close(by), MISSING);
    // Whoever holds the key may begin anew, under another owner.
    let again = Action::RegisterAttester {
        attester,
        network: NETWORK,
        owner: STRANGER,
        key: 101,
    };
    world.ok(START, again);
    assert!(!world.model.stake_pools.contains_key(&pool));
}

#[test]
fn a_pool_closes_its_dividends_first_and_each_by_its_own_call() {
    let mut world = World::new();
    world.delegate(POOL, DELEGATOR, 200);
    let add = |amount| Action::AddDividends {
        pool: POOL,
        by: BUYER,
        amount,
    };
    world.ok(START, add(1));
    for by in [OWNER, DELEGATOR] {
        leave_at(&mut world, STREAMED, POOL, by);
        world.ok(STREAMED + WAIT, close_position(POOL, by, by));
    }
    // Nobody is left to whom it could stream.
    world.ok(STREAMED + WAIT, add(5));
    // The provider still has a node.
    world.refuse(START + WAIT, close_pool(POOL, OWNER), "StillInUse");
    let close_node = Action::CloseNode {
        node: NODE,
        by: OWNER,
    };
    world.ok(START + WAIT, close_node);
    let close_provider = Action::CloseProvider {
        provider: PROVIDER,
        by: OWNER,
    };
    world.ok(START + WAIT, close_provider);
    let close = close_pool(POOL, OWNER);
    // Both halves of a base unit that nobody could claim, and what never streamed.
    let effect = world.ok(STREAMED + WAIT, close.clone());
    assert_eq!(effect.closed, [Account::Vault(Holder::DividendVault(POOL))]);
    assert_eq!(effect.change_of(Holder::Wallet(OWNER), REWARD), 1 + 5);
    // What comes again goes the same way.
    world.ok(STREAMED + WAIT, add(1));
    assert_eq!(world.moved(STREAMED + 2 * WAIT, close.clone()), 1);
    let effect = world.ok(START + WAIT, close.clone());
    let both = [
        Account::Vault(Holder::StakeVault(POOL)),
        Account::StakePool(POOL),
    ];
    assert_eq!(effect.closed, both);
    world.refuse(START + WAIT, close, MISSING);
}

/// Between the two calls the pool lives: it may take stake and dividends again.
#[test]
fn a_pool_whose_dividends_closed_may_go_on() {
    let mut world = World::new();
    let add = |amount| Action::AddDividends {
        pool: POOL,
        by: BUYER,
        amount,
    };
    world.ok(START, add(9));
    leave_at(&mut world, STREAMED, POOL, OWNER);
    let claim = Action::ClaimDividends {
        pool: POOL,
        staker: OWNER,
    };
    assert_eq!(world.moved(STREAMED, claim.clone()), 8);
    world.ok(START, close_position(POOL, OWNER, OWNER));
    let close_node = Action::CloseNode {
        node: NODE,
        by: OWNER,
    };
    world.ok(START, close_node);
    assert_eq!(world.moved(START, close_pool(POOL, OWNER)), 1);
    let by = OWNER;
    let stake = Action::Stake {
        pool: POOL,
        by,
        amount: 3,
    };
    world.ok(START, stake);
    world.ok(STREAMED, add(6));
    assert_eq!(world.moved(STREAMED + WAIT, claim), 6);
}
