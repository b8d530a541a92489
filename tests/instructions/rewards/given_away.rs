//! A payee or a refund owner that gave its associated account away is paid in any other account that it holds alone.
use {
    sluice_client::RewardPool,
    sluice_tests::world::{Stage, Tamper},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// Pays `pull` to an account that stands in for the one `owner` gave away, and nowhere else; returns what arrived.
fn paid_elsewhere(stage: &mut Stage, owner: &Keypair, pull: &Instruction) -> u64 {
    let mint = stage.world.reward_mint;
    let key = owner.pubkey();
    let other = stage.world.second_account(&key, &mint);
    let elsewhere = stage.world.elsewhere(pull, &key, &mint, &other);
    stage.refused(&elsewhere, "NotAssociatedAccount");
    let taker = stage.world.party().pubkey();
    stage.world.give_away(owner, &mint, &taker);
    stage.refused(pull, "RecipientChangedOwner");
    let theirs = stage.world.second_account(&taker, &mint);
    stage.refused(&elsewhere.with(&other, &theirs), "NotOwnedAlone");
    stage.world.ok(from_ref(&elsewhere), &[]);
    stage.world.balance_of(&other)
}

#[test]
fn a_claim_reaches_a_payee_whose_account_changed_hands() {
    let mut stage = Stage::streaming(&[5], |_| ());
    stage.end();
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let claim = stage.claim_ix(0);
    assert_eq!(paid_elsewhere(&mut stage, &owner, &claim), 1_000_003);
    stage.balanced();
}

#[test]
fn the_delegators_part_of_a_pool_without_stake_reaches_a_payee_whose_account_changed_hands() {
    let mut stage = Stage::sharing(5, 6_999);
    stage.enter(3);
    stage.withdraw_stake(0);
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let pay = stage.pay_ix(0);
    assert_eq!(paid_elsewhere(&mut stage, &owner, &pay), 300_100);
}

#[test]
fn leftovers_of_an_ended_pool_reach_a_refund_owner_whose_account_changed_hands() {
    for closing in [false, true] {
        let mut stage = Stage::new(&[], |_| ());
        let owner = stage.world.party();
        let (pool, mint) = (stage.pool, stage.world.reward_mint);
        stage.world.open_account(&owner.pubkey(), &mint);
        stage.world.edit(&pool, |state: &mut RewardPool| {
            state.refund_owner = owner.pubkey();
        });
        stage.end();
        let pull = match closing {
            true => stage.close_pool_ix(),
            false => stage.return_ix(),
        };
        assert_eq!(paid_elsewhere(&mut stage, &owner, &pull), 10 * 1_000_003);
    }
}

#[test]
fn a_pool_whose_rent_payer_became_a_program_closes() {
    let mut stage = Stage::new(&[], |_| ());
    let (pool, rent_payer): (Address, Address) = (stage.pool, stage.world.party().pubkey());
    stage.world.edit(&pool, |state: &mut RewardPool| {
        state.rent_payer = rent_payer;
    });
    stage.end();
    stage.world.deploy_at(&rent_payer);
    let vault = sluice_client::address::vault(&pool);
    let rents = stage.world.lamports(&pool) + stage.world.lamports(&vault);
    let before = stage.world.lamports(&rent_payer);
    let close = stage.close_pool_ix();
    stage.world.ok(&[close], &[]);
    assert_eq!(stage.world.lamports(&rent_payer), before + rents);
}
