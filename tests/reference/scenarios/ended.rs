//! The end of a reward pool: leftovers, the last epoch, and shares that leave.

use super::{
    delegated::{
        CLOSE, EPOCH_0, GIVE_BACK, close_epoch, close_share, draw, fold, joined, open_epoch,
        open_vault, step, work,
    },
    replay::{full_claim, full_payment},
    *,
};

/// Of 303, epoch 1 emits its 101, and epoch 3, of 2 units, 14: the first payment finds the 101 that no epoch holds, the second the
/// 87 that epoch 3 gives back.
#[test]
fn leftovers_go_back_in_two_payments_and_the_pool_closes() {
    let mut world = joined(REWARD);
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    step(&mut world, EPOCH_0 + 160, open_vault());
    step(&mut world, EPOCH_0 + 300, fold(1));
    assert_eq!(draw(&mut world, EPOCH_0 + 300), (68, 33));
    step(&mut world, EPOCH_0 + 300, close_epoch(1));
    work(&mut world, 2);
    step(&mut world, EPOCH_0 + 399, open_epoch(3));
    let end = EPOCH_0 + 400;
    world.refuse(end - 1, GIVE_BACK, "PoolNotEnded");
    world.refuse(end - 1, CLOSE, "PoolNotEnded");
    world.refuse(end - 1, close_share(STRANGER), "NotOwner");
    world.refuse(end - 1, close_share(OWNER), "StillOwing");
    assert_eq!(step(&mut world, end, GIVE_BACK).moves[0].amount, 101);
    world.refuse(end, GIVE_BACK, "NothingDue");
    world.refuse(end, close_share(STRANGER), "StillOwing");
    step(&mut world, end + 100, fold(3));
    step(&mut world, end + 100, close_epoch(3));
    assert_eq!(step(&mut world, end + 100, GIVE_BACK).moves[0].amount, 87);
    // 14 at 3,333 bps: 4 and 10.
    let claim = full_claim(&world.model, POOL, NODE);
    assert_eq!(step(&mut world, end + 100, claim).moves[0].amount, 10);
    world.refuse(end + 100, close_share(OWNER), "StillOwing");
    let pay = full_payment(&world.model, POOL, NODE).unwrap();
    assert_eq!(step(&mut world, end + 100, pay).moves[0].amount, 4);
    world.refuse(end + 100, CLOSE, "StillInUse");
    let gift = Action::Transfer {
        from: Holder::Wallet(BUYER),
        to: Holder::RewardVault(POOL),
        mint: REWARD,
        amount: 5,
    };
    step(&mut world, end + 100, gift);
    step(&mut world, end + 100, close_share(STRANGER));
    assert_eq!(step(&mut world, end + 100, CLOSE).moves[0].amount, 5);
    assert_eq!(world.wallet(CREATOR, REWARD), 101 + 87 + 5);
    world.refuse(end + 100, CLOSE, MISSING);
    assert!(world.model.snapshot().reward_pools.is_empty());
}

/// An end within an epoch is the end of that epoch.
#[test]
fn a_pool_ends_with_the_epoch_in_which_its_end_lies() {
    let mut world = joined(REWARD);
    let pool = world.model.reward_pools.get_mut(&POOL).unwrap();
    pool.terms.end_at = EPOCH_0 + 301;
    world.refuse(EPOCH_0 + 399, GIVE_BACK, "PoolNotEnded");
    step(&mut world, EPOCH_0 + 399, open_epoch(3));
    assert_eq!(
        step(&mut world, EPOCH_0 + 400, GIVE_BACK).moves[0].amount,
        202
    );
}

#[test]
fn a_share_leaves_and_comes_back_with_nothing() {
    let mut world = joined(REWARD);
    world.refuse(EPOCH_0 + 110, close_share(STRANGER), "NotOwner");
    step(&mut world, EPOCH_0 + 110, close_share(OWNER));
    let join = Action::JoinRewardPool {
        pool: POOL,
        provider: PROVIDER,
        node: NODE,
        by: OPERATOR,
        incarnation: OPENED,
    };
    step(&mut world, EPOCH_0 + 110, join);
    world.refuse(EPOCH_0 + 110, close_share(OWNER), "OpeningSlot");
    world.refuse(EPOCH_0 + 150, open_epoch(1), "TooEarlyToReport");
    let pool = world.model.snapshot().reward_pools[&POOL];
    assert_eq!(pool.shares, 1);
}
