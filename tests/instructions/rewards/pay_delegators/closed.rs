//! A provider and a stake pool that are gone, and come back.

use {
    sluice_client::{Ledger, Provider, instruction as ix},
    sluice_tests::world::{DAY, PARAMS, Stage, Tamper},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A stage whose only earner has left its stake, closed its node and its provider while a part of its delegators was due.
fn provider_gone() -> (Stage, Keypair) {
    let mut stage = Stage::sharing(5, 5_000);
    stage.enter(3);
    let owner = stage.close_node(0);
    let pool = stage.stake_pool(0);
    stage.world.leave_pool(&owner, &pool);
    let key = stage.provider(0);
    let provider: Provider = stage.world.chain.get(&key).unwrap();
    let close = ix::close_provider(&key, &provider);
    stage
        .world
        .refused(std::slice::from_ref(&close), &[&owner], "CommissionStands");
    let all = ix::set_commission(&owner.pubkey(), &stage.world.network, 10_000);
    stage.world.ok(&[all], &[&owner]);
    stage
        .world
        .refused(std::slice::from_ref(&close), &[&owner], "CommissionStands");
    stage.world.advance(i64::from(PARAMS.unbonding_secs));
    stage.world.ok(&[close], &[&owner]);
    (stage, owner)
}

/// Closes the stake pool with its dividend vault.
fn close_pool(stage: &mut Stage, owner: &Keypair) {
    let pool = stage.stake_pool(0);
    for _ in 0..2 {
        let close = stage.world.close_pool_ix(&pool);
        stage.world.ok(&[close], &[owner]);
    }
    assert!(stage.world.is_gone(&pool));
}

#[test]
fn what_is_due_outlives_the_provider_and_goes_to_its_owner() {
    let (mut stage, _) = provider_gone();
    let pay = stage.pay_ix(0);
    stage.world.ok(&[pay], &[]);
    assert_eq!((stage.held(0), stage.dividends(0)), (500_001, 0));
    assert_eq!(stage.claim(0), 1_000_003);
    stage.balanced();
}

#[test]
fn what_is_due_outlives_the_stake_pool_too_and_goes_to_its_owner() {
    let (mut stage, owner) = provider_gone();
    let pay = stage.pay_ix(0);
    close_pool(&mut stage, &owner);
    // Its address, and no other, says that it is gone.
    let gone = stage.stake_pool(0);
    let nothing = stage.world.key().pubkey();
    stage.refused(&pay.with(&gone, &nothing), "WrongStakePool");
    let stranger = stage.world.party().pubkey();
    stage.refused(&pay.with(&gone, &stranger), "WrongStakePool");
    stage.world.ok(&[pay], &[]);
    assert_eq!(stage.held(0), 500_001);
    assert_eq!(stage.claim(0), 1_000_003);
    stage.balanced();
    // So its share closes, and with it nothing holds the pool.
    stage.fold(0, 1);
    let share = stage.share(0);
    let close = ix::close_share(&owner.pubkey(), &share);
    stage.world.ok(&[close], &[&owner]);
}

#[test]
fn a_stake_pool_created_anew_gets_the_part_for_who_stakes_there_now() {
    let (mut stage, owner) = provider_gone();
    close_pool(&mut stage, &owner);
    let (payer, network) = (stage.world.payer.pubkey(), stage.world.network);
    let register = ix::register_provider(&payer, &owner.pubkey(), &payer, &network);
    stage.world.ok(&[register], &[&owner]);
    let provider = stage.provider(0);
    let pool = stage.world.stake(&provider, &owner, 5);
    let pay = stage.pay_ix(0);
    stage.refused(&pay, "WrongVault");
    stage.open_dividends(0);
    assert_eq!(stage.pay(0), 500_001);
    stage.world.advance(i64::from(2 * DAY));
    assert_eq!(stage.world.claim_dividends(&pool, &owner.pubkey()), 500_000);
}
