//! Amounts, units and counts beyond the end of their type.

use {
    sluice_client::{Epoch, Node, RewardPool, Share, StakePool, address, instruction as ix},
    sluice_tests::world::Stage,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A stage in epoch 3 whose only earner has worked in epoch 1 at half commission; nothing is folded.
fn ended() -> Stage {
    let mut stage = Stage::sharing(5, 5_000);
    stage.enter(3);
    stage
}

/// Changes the pool, and expects `MathOverflow` from this instruction.
#[track_caller]
fn pool_overflows(build: impl FnOnce(&Stage) -> Instruction, change: impl FnOnce(&mut RewardPool)) {
    let mut stage = ended();
    stage.world.edit(&stage.pool.clone(), change);
    let instruction = build(&stage);
    stage.refused(&instruction, "MathOverflow");
}

/// The same with a change of the share.
#[track_caller]
fn share_overflows(build: impl FnOnce(&Stage) -> Instruction, change: impl FnOnce(&mut Share)) {
    let mut stage = ended();
    stage.world.edit(&stage.share_key(0), change);
    let instruction = build(&stage);
    stage.refused(&instruction, "MathOverflow");
}

/// The same with a change of epoch 1.
#[track_caller]
fn epoch_overflows(build: impl FnOnce(&Stage) -> Instruction, change: impl FnOnce(&mut Epoch)) {
    let mut stage = ended();
    let epoch = address::epoch(&stage.pool, 1);
    stage.world.edit(&epoch, change);
    let instruction = build(&stage);
    stage.refused(&instruction, "MathOverflow");
}

#[test]
fn deposits_beyond_a_u64_are_refused() {
    for change in [
        (|pool: &mut RewardPool| pool.funded = u64::MAX) as fn(&mut RewardPool),
        |pool| pool.unallocated = u64::MAX,
    ] {
        let mut stage = ended();
        let (payer, mint) = (stage.world.payer.pubkey(), stage.world.reward_mint);
        stage.world.mint_to(&payer, &mint, 2);
        stage.world.edit(&stage.pool.clone(), change);
        let fund = stage.world.fund_ix(&payer, &stage.pool, 1);
        stage.refused(&fund, "MathOverflow");
        stage
            .world
            .edit(&stage.pool.clone(), |pool: &mut RewardPool| {
                // One epoch is open.
                let free = u64::MAX - 1 - pool.terms.rate;
                (pool.funded, pool.unallocated) = (u64::MAX - 1, free)
            });
        let two = stage.world.fund_ix(&payer, &stage.pool, 2);
        stage.refused(&two, "MathOverflow");
        stage.world.ok(&[fund], &[]);
    }
}

#[test]
fn payments_beyond_a_u64_are_refused() {
    let full = |pool: &mut RewardPool| pool.claimed = u64::MAX;
    pool_overflows(|stage| stage.claim_ix(0), full);
    pool_overflows(|stage| stage.pay_ix(0), full);
    share_overflows(|stage| stage.claim_ix(0), |share| share.earned = u64::MAX);
    share_overflows(
        |stage| stage.pay_ix(0),
        |share| share.delegators_earned = u64::MAX,
    );
}

#[test]
fn folds_that_overflow_a_field_are_refused() {
    let fold = |stage: &Stage| stage.fold_ix(0, 1);
    pool_overflows(fold, |pool| pool.earned = u64::MAX);
    share_overflows(fold, |share| share.earned = u64::MAX);
    share_overflows(fold, |share| share.delegators_earned = u64::MAX);
    epoch_overflows(fold, |epoch| epoch.allocated = u64::MAX);
    epoch_overflows(fold, |epoch| epoch.folded = u32::MAX);
}

#[test]
fn returns_beyond_a_u64_are_refused() {
    let mut stage = ended();
    stage.end();
    let pool = stage.pool;
    stage.world.edit(&pool, |pool: &mut RewardPool| {
        (pool.returned, pool.shares, pool.epochs) = (u64::MAX, 0, 0);
    });
    let back = stage.return_ix();
    stage.refused(&back, "MathOverflow");
    // A count holds nothing back: the pool closes with what it has.
    let close = stage.close_pool_ix();
    stage.world.ok(&[close], &[]);
}

#[test]
fn counts_of_shares_and_epochs_stay_in_their_types() {
    let mut stage = ended();
    let home = stage.pool;
    stage.fold(0, 1);
    let close_epoch = ix::close_epoch(&stage.epoch(1));
    for change in [
        (|pool: &mut RewardPool| pool.epochs = 0) as fn(&mut RewardPool),
        |pool| pool.unallocated = u64::MAX,
        |pool| pool.terms.rate = 1,
    ] {
        let before = stage.pool();
        stage.world.edit(&home, |pool: &mut RewardPool| {
            pool.terms.rate += 1;
            change(pool);
        });
        stage.refused(&close_epoch, "MathOverflow");
        stage
            .world
            .edit(&home, |pool: &mut RewardPool| *pool = before);
    }
    stage.claim(0);
    stage.pay(0);
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let close = stage.close_share_ix(0, &owner.pubkey());
    stage
        .world
        .edit(&home, |pool: &mut RewardPool| pool.shares = 0);
    stage.world.refused(&[close], &[&owner], "MathOverflow");

    let mut stage = Stage::ready(&[&[5]], |_| ());
    let home = stage.pool;
    stage.credit(0, 0);
    let open = stage.open_ix(0, 1);
    stage
        .world
        .edit(&home, |pool: &mut RewardPool| pool.epochs = u64::MAX);
    stage.refused(&open, "MathOverflow");
    let provider = stage.world.provider();
    let node = stage.world.node(&provider, &stage.set.address);
    stage
        .world
        .edit(&home, |pool: &mut RewardPool| pool.shares = u64::MAX);
    let join = stage.world.join_ix(&home, &provider, &node);
    stage
        .world
        .refused(&[join], &[&provider.operator], "MathOverflow");
}

#[test]
fn reports_that_overflow_a_field_are_refused() {
    let mut stage = Stage::ready(&[&[5], &[6]], |_| ());
    stage.work(0, 0);
    stage.credit(1, 0);
    let (report, epoch) = (stage.report_ix(1), address::epoch(&stage.pool, 1));
    stage
        .world
        .edit(&epoch, |epoch: &mut Epoch| epoch.shares = u32::MAX);
    stage.refused(&report, "MathOverflow");
    stage.world.edit(&epoch, |epoch: &mut Epoch| {
        (epoch.shares, epoch.total_units) = (1, u64::MAX - 5)
    });
    stage.refused(&report, "MathOverflow");
    stage
        .world
        .edit(&epoch, |epoch: &mut Epoch| epoch.total_units = u64::MAX - 6);
    stage.world.ok(&[report], &[]);
    // A node never has fewer units than its share has seen.
    let node = stage.earners[1].node.address;
    stage.world.edit(&node, |node: &mut Node| node.units = 5);
    let report = stage.report_ix(1);
    stage.refused(&report, "MathOverflow");
}

#[test]
fn a_stake_pool_at_the_end_of_its_counters_takes_dividends_all_the_same() {
    for change in [
        (|pool: &mut StakePool| pool.dividend_total_in = u64::MAX - 5) as fn(&mut StakePool),
        |pool| pool.dividend_index = [u64::MAX, u64::MAX],
    ] {
        let mut stage = ended();
        let stake = stage.stake_pool(0);
        stage.world.edit(&stake, change);
        let pay = stage.pay_ix(0);
        stage.world.ok(std::slice::from_ref(&pay), &[]);
        assert_eq!(stage.dividends(0), 500_001);
        // Whoever replays it has nothing more to move.
        stage.refused(&pay, "NothingDue");
    }
}
