//! The epochs and accounts that a payment of delegators is given.

use {
    super::streamed,
    sluice_client::{
        address,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    sluice_tests::world::{Stage, Tamper, World},
    solana_address::Address,
};

/// One earner's work at half commission in two pools, whose streams begin; returns the second pool.
fn twins() -> (Stage, Address) {
    let mut stage = Stage::new(&[&[5]], |_| ());
    stage.commission(0, 5_000);
    stage.open_dividends(0);
    let twin = stage.twin();
    stage.enter(1);
    for pool in [stage.pool, twin] {
        stage.at(&pool, |stage| stage.report(0));
    }
    stage.credit(0, 0);
    for pool in [stage.pool, twin] {
        stage.at(&pool, |stage| stage.report(0));
    }
    stage.enter(2);
    stage.world.advance(50);
    (stage, twin)
}

#[test]
fn the_same_second_pays_the_delegators_once() {
    let mut stage = Stage::sharing(5, 5_000);
    stage.world.advance(50);
    let pay = stage.pay_ix(0);
    stage.world.ok(std::slice::from_ref(&pay), &[]);
    stage.refused(&pay, "NothingDue");
    let epoch = address::epoch(&stage.pool, 1);
    let without = pay.with(&epoch, &sluice_client::ID);
    stage.refused(&without, "NothingDue");
    stage.enter(3);
    stage.pay(0);
    // Neither the fold nor a payment without the epoch pays any of it again.
    stage.refused(&without, "NothingDue");
    stage.fold(0, 1);
    stage.refused(&without, "NothingDue");
    stage.refused(&pay, "NothingDue");
}

#[test]
fn an_epoch_counts_once_in_a_payment_of_delegators() {
    let mut stage = Stage::sharing(5, 5_000);
    stage.world.advance(50);
    let good = stage.pay_ix(0);
    let epoch = address::epoch(&stage.pool, 1);
    let mut twice = good.clone();
    assert_eq!(
        (good.accounts[2].pubkey, good.accounts[3].pubkey),
        (epoch, sluice_client::ID)
    );
    twice.accounts[3].pubkey = epoch;
    stage.refused(&twice, "WrongEpoch");
    // In the second place alone it counts like in the first.
    twice.accounts[2].pubkey = sluice_client::ID;
    stage.world.ok(&[twice], &[]);
    assert_eq!(stage.dividends(0), streamed(50) / 2);
}

#[test]
fn delegators_draw_on_epochs_and_shares_of_their_own_pool_only() {
    let (mut stage, twin) = twins();
    let good = stage.pay_ix(0);
    let (own, foreign) = (address::epoch(&stage.pool, 1), address::epoch(&twin, 1));
    stage.refused(&good.with(&own, &foreign), "WrongEpoch");
    let mut as_ended = good.with(&own, &sluice_client::ID);
    as_ended.accounts[3].pubkey = foreign;
    stage.refused(&as_ended, "WrongEpoch");
    let node = stage.earners[0].node.address;
    let share = address::share(&twin, &node);
    stage.refused(&good.with(&stage.share_key(0), &share), "WrongShare");
    stage.refused(&good.with(&stage.pool, &twin), "WrongShare");
    let vault = good.with(&address::vault(&stage.pool), &address::vault(&twin));
    stage.refused(&vault, "ConstraintAddress");
    assert_eq!(stage.pay(0), streamed(50) / 2);
    let both = stage.at(&twin, |stage| stage.pay(0));
    assert_eq!(both, streamed(50) / 2 * 2);
}

#[test]
fn an_epoch_without_work_of_the_share_gives_its_delegators_nothing() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    for earner in 0..2 {
        stage.commission(earner, 0);
        stage.open_dividends(earner);
    }
    stage.work(0, 0);
    stage.enter(3);
    let mut idle = stage.pay_ix(1);
    idle.accounts[2].pubkey = address::epoch(&stage.pool, 1);
    stage.refused(&idle, "NothingDue");
}

#[test]
fn delegators_are_paid_in_the_pool_s_mint_through_its_program() {
    let mut stage = Stage::sharing(5, 5_000);
    stage.world.advance(50);
    let good = stage.pay_ix(0);
    let mint = stage.world.reward_mint.address;
    let other_mint = good.with(&mint, &stage.world.stake_mint.address);
    // The token program's MintMismatch.
    stage.refused(&other_mint, "Custom(3)");
    for other in [TOKEN_2022_PROGRAM, Address::default()] {
        stage.refused(&good.with(&TOKEN_PROGRAM, &other), "WrongTokenProgram");
    }
}

#[test]
fn delegators_are_paid_in_a_token_2022_mint_too() {
    let world = World::in_mints_with(None);
    let mut stage = Stage::on(world, &[&[5]], |_| ()).baselined();
    stage.commission(0, 5_000);
    stage.open_dividends(0);
    stage.work(0, 0);
    stage.enter(2);
    stage.world.advance(50);
    assert_eq!(stage.pay(0), streamed(50) / 2);
}
