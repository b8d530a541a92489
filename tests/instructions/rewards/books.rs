//! A pool whose totals contradict each other pays nobody: only an account that no instruction wrote is like that.

use {sluice_client::RewardPool, sluice_tests::world::Stage, solana_instruction::Instruction};

/// A stage in whose second epoch the first streams, with something for everybody to move.
fn stage() -> Stage {
    let mut stage = Stage::ready(&[&[5, 6], &[7]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(2);
    stage.world.advance(40);
    stage
}

#[test]
fn a_pool_out_of_balance_moves_nothing() {
    let bends: [fn(&mut RewardPool); 7] = [
        |pool| pool.funded += 1,
        |pool| pool.funded -= 1,
        |pool| pool.unallocated += 1,
        |pool| pool.returned += 1,
        |pool| pool.settled += 1,
        |pool| pool.epochs += 1,
        |pool| pool.claimed = pool.terms.rate,
    ];
    for bend in bends {
        let mut stage = stage();
        let key = stage.pool;
        stage.world.edit(&key, bend);
        let claim: Instruction = stage.claim_ix(0);
        stage.refused(&claim, "PoolOutOfBalance");
    }
}

#[test]
fn every_instruction_that_changes_a_total_checks_the_balance() {
    let mut stage = stage();
    stage.credit(0, 1);
    let key = stage.pool;
    let payer = stage.world.payer.insecure_clone();
    let good = stage.pool();
    stage
        .world
        .edit(&key, |pool: &mut RewardPool| pool.settled += 1);
    let open = stage.open_ix(0, 2);
    stage.refused(&open, "PoolOutOfBalance");
    let mint = stage.world.reward_mint;
    use solana_signer::Signer;
    stage.world.mint_to(&payer.pubkey(), &mint, 9);
    let fund = stage.world.fund_ix(&payer.pubkey(), &key, 9);
    stage.refused(&fund, "PoolOutOfBalance");

    // To the end, with the right totals until the last step of each kind.
    stage.world.edit(&key, |pool: &mut RewardPool| *pool = good);
    stage.enter(3);
    stage.fold(0, 1);
    stage.fold(1, 1);
    stage
        .world
        .edit(&key, |pool: &mut RewardPool| pool.settled += 1);
    let close = sluice_client::instruction::close_epoch(&stage.epoch(1));
    stage.refused(&close, "PoolOutOfBalance");
    stage
        .world
        .edit(&key, |pool: &mut RewardPool| pool.settled -= 1);
    stage.close_epoch(1);
    stage.end();
    stage
        .world
        .edit(&key, |pool: &mut RewardPool| pool.settled += 1);
    let back = stage.return_ix();
    stage.refused(&back, "PoolOutOfBalance");
    stage
        .world
        .edit(&key, |pool: &mut RewardPool| pool.settled -= 1);
    stage.world.ok(&[back], &[]);
    stage.balanced();
}
