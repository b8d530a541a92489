//! A staker or an owner that gave its associated account away is paid in any other account that it holds alone.
use {
    sluice_client::address,
    sluice_tests::world::{DAY, TOKEN, Tamper, World},
    solana_signer::Signer,
    std::slice::from_ref,
};

/// As many base units of dividends divide evenly among the shares of these tests.
const UNIT: u64 = 10_000 * TOKEN;

#[test]
fn a_withdrawal_and_dividends_reach_a_staker_whose_accounts_changed_hands() {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 10_000 * TOKEN);
    world.dividends(&provider.pool, 2 * UNIT);
    let ticket = world.thaw(&staker, &provider.pool, 77, 7);
    world.advance(i64::from(7 * DAY));
    let pulls = [
        (world.stake_mint, world.withdraw_ix(&ticket), 77),
        (
            world.reward_mint,
            world.claim_dividends_ix(&provider.pool, &staker.pubkey()),
            UNIT,
        ),
    ];
    for (mint, pull, due) in pulls {
        let taker = world.party().pubkey();
        world.open_account(&staker.pubkey(), &mint);
        let other = world.second_account(&staker.pubkey(), &mint);
        let elsewhere = world.elsewhere(&pull, &staker.pubkey(), &mint, &other);
        // Not while the associated account is the staker's own.
        world.refused(from_ref(&elsewhere), &[], "NotAssociatedAccount");
        world.give_away(&staker, &mint, &taker);
        world.refused(&[pull], &[], "RecipientChangedOwner");
        let theirs = world.second_account(&taker, &mint);
        let steered = elsewhere.with(&other, &theirs);
        world.refused(&[steered], &[], "NotOwnedAlone");
        world.ok(&[elsewhere], &[]);
        assert_eq!(world.balance_of(&other), due);
    }
}

#[test]
fn what_is_left_in_the_vaults_reaches_an_owner_whose_accounts_changed_hands() {
    let mut world = World::new();
    let provider = world.provider();
    world.dividends(&provider.pool, UNIT);
    world.leave_pool(&provider.owner, &provider.pool);
    let (owner, pool) = (&provider.owner, provider.pool);
    for (mint, vault) in [
        (world.reward_mint, address::dividends(&pool)),
        (world.stake_mint, address::vault(&pool)),
    ] {
        world.mint_into(&vault, &mint, 33);
        let taker = world.party().pubkey();
        world.give_away(owner, &mint, &taker);
        let close = world.close_pool_ix(&pool);
        world.refused(from_ref(&close), &[owner], "RecipientChangedOwner");
        let other = world.second_account(&owner.pubkey(), &mint);
        let elsewhere = world.elsewhere(&close, &owner.pubkey(), &mint, &other);
        world.ok(&[elsewhere], &[owner]);
        assert_eq!(world.balance_of(&other), 33);
    }
    assert!(world.is_gone(&pool));
}

#[test]
fn a_pool_whose_rent_payer_became_a_program_closes() {
    let mut world = World::new();
    let provider = world.provider();
    world.dividends(&provider.pool, UNIT);
    world.leave_pool(&provider.owner, &provider.pool);
    let (owner, pool) = (&provider.owner, provider.pool);
    let rent_payer = world.party().pubkey();
    world.edit(&pool, |state: &mut sluice_client::StakePool| {
        state.rent_payer = rent_payer;
    });
    world.deploy_at(&rent_payer);
    let (stakes, dividends) = (address::vault(&pool), address::dividends(&pool));
    let before = world.lamports(&rent_payer);
    let rent = world.lamports(&dividends);
    // Something is left in either: a transfer comes before the close.
    world.mint_into(&dividends, &world.reward_mint.clone(), 1);
    world.mint_into(&stakes, &world.stake_mint.clone(), 1);
    let close = world.close_pool_ix(&pool);
    world.ok(&[close], &[owner]);
    assert_eq!(world.lamports(&rent_payer), before + rent);
    let rents = world.lamports(&pool) + world.lamports(&stakes);
    let close = world.close_pool_ix(&pool);
    world.ok(&[close], &[owner]);
    assert_eq!(world.lamports(&rent_payer), before + rent + rents);
}

#[test]
fn a_ticket_whose_rent_payer_became_a_program_is_paid() {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 100);
    let ticket = world.thaw(&staker, &provider.pool, 77, 7);
    let rent_payer = world.party().pubkey();
    world.edit(&ticket, |state: &mut sluice_client::Unstake| {
        state.rent_payer = rent_payer;
    });
    world.deploy_at(&rent_payer);
    world.advance(i64::from(7 * DAY));
    let (before, rent) = (world.lamports(&rent_payer), world.lamports(&ticket));
    let withdraw = world.withdraw_ix(&ticket);
    world.ok(&[withdraw], &[]);
    assert_eq!(world.lamports(&rent_payer), before + rent);
    assert_eq!(world.tokens(&staker.pubkey(), &world.stake_mint), 77);
}
