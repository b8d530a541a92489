use {
    sluice_client::{Position, address, instruction as ix},
    sluice_tests::world::{DAY, ProviderHandle, Site, TOKEN, Tamper, World},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A provider and a position of a stranger who took all of its stake out again.
fn empty() -> (World, ProviderHandle, Keypair) {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 1_000);
    let ticket = world.thaw(&staker, &provider.pool, 1_000, 0);
    world.advance(i64::from(7 * DAY));
    world.withdraw(&ticket);
    (world, provider, staker)
}

#[test]
fn an_empty_position_closes_to_its_rent_payer() {
    let (mut world, provider, staker) = empty();
    let key = address::position(&provider.pool, &staker.pubkey());
    let rent_payer = world.party().pubkey();
    world.edit(&key, |position: &mut Position| {
        position.rent_payer = rent_payer
    });
    let (rent, before) = (world.lamports(&key), world.lamports(&rent_payer));
    let mut pool = world.stake_pool(&provider.pool);
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    world.ok(std::slice::from_ref(&close), &[&staker]);

    assert!(world.is_gone(&key));
    assert_eq!(world.lamports(&rent_payer) - before, rent);
    assert_eq!(pool.positions, 2);
    pool.positions = 1;
    let after = world.stake_pool(&provider.pool);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&pool));
    world.refused(&[close], &[&staker], "AccountDataTooSmall");
}

#[test]
fn a_position_closes_with_no_shares_no_ticket_and_nothing_due() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let staker = world.delegate(&pool, 1);
    world.dividends(&pool, 10_001 * TOKEN);
    world.chain.advance_slot(1);
    let close = world.close_position_ix(&pool, &staker.pubkey());
    let refused = |world: &mut World| {
        world.refused(std::slice::from_ref(&close), &[&staker], "StillInUse");
    };
    refused(&mut world);
    let ticket = world.thaw(&staker, &pool, 1, 7);
    refused(&mut world);
    world.advance(i64::from(7 * DAY));
    assert_eq!(world.withdraw(&ticket), 1);
    // One share in 10,000,000,001 earned one base unit.
    assert_eq!(world.position(&pool, &staker.pubkey()).dividend_due, 1);
    refused(&mut world);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 1);
    world.ok(&[close], &[&staker]);
}

#[test]
fn a_position_does_not_close_in_its_opening_slot() {
    let (mut world, provider, staker) = empty();
    let (key, slot) = (
        address::position(&provider.pool, &staker.pubkey()),
        world.slot(),
    );
    // No instruction leaves a position empty in its opening slot.
    world.edit(&key, |position: &mut Position| position.opened_slot = slot);
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    world.refused(std::slice::from_ref(&close), &[&staker], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[close], &[&staker]);
}

#[test]
fn only_its_staker_and_the_pool_s_owner_close_a_position() {
    let (mut world, provider, staker) = empty();
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    let without = close.unsigned(&staker.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    for other in [&world.party(), &provider.operator] {
        let as_other = close.with(&staker.pubkey(), &other.pubkey());
        world.refused(&[as_other], &[other], "NotOwner");
    }
    // An empty position of a stranger must not keep the pool open.
    let as_owner = close.with(&staker.pubkey(), &provider.owner.pubkey());
    world.ok(&[as_owner], &[&provider.owner]);
}

#[test]
fn a_position_s_rent_goes_to_whoever_paid_it() {
    let (mut world, provider, staker) = empty();
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    let payer = world.payer.pubkey();
    for thief in [world.party().pubkey(), staker.pubkey()] {
        let stolen = close.with(&payer, &thief);
        world.refused(&[stolen], &[&staker], "ConstraintAddress");
    }
    let into_the_pool = close.with(&payer, &provider.pool);
    world.refused(
        &[into_the_pool],
        &[&staker],
        "ConstraintDuplicateMutableAccount",
    );
    let key = address::position(&provider.pool, &staker.pubkey());
    world.edit(&key, |position: &mut Position| {
        position.rent_payer = staker.pubkey()
    });
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    world.ok(&[close], &[&staker]);
}

#[test]
fn a_position_is_taken_off_its_own_pool_s_count() {
    let (mut world, provider, staker) = empty();
    let other = world.provider();
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    let other_pool = close.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[&staker], "WrongStakePool");
    let own = address::position(&provider.pool, &staker.pubkey());
    let owner_s = address::position(&provider.pool, &provider.owner.pubkey());
    let other_s = close.with(&own, &owner_s);
    world.refused(&[other_s], &[&staker], "NotOwner");
}

#[test]
fn close_position_refuses_accounts_of_another_type_or_program() {
    let (mut world, provider, staker) = empty();
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    let position = address::position(&provider.pool, &staker.pubkey());
    world.refuses_look_alikes(&close, &[provider.pool, position], &[&staker]);
}

#[test]
fn a_position_opened_anew_has_no_claim_to_earlier_dividends() {
    let (mut world, provider, staker) = empty();
    let pool = provider.pool;
    world.dividends(&pool, 1_000 * TOKEN);
    let close = world.close_position_ix(&pool, &staker.pubkey());
    world.ok(&[close], &[&staker]);
    world.add_stake(&staker, &pool, 1_000 * TOKEN);
    let position = world.position(&pool, &staker.pubkey());
    let state = world.stake_pool(&pool);
    assert_eq!(position.dividend_seen, state.dividend_index);
    assert_eq!(
        (position.opened_slot, position.dividend_due),
        (world.slot(), 0)
    );
    assert_eq!(state.positions, 2);
    let claim = world.claim_dividends_ix(&pool, &staker.pubkey());
    world.refused(&[claim], &[], "NothingDue");
}

#[test]
fn a_position_that_the_pool_s_owner_closed_is_opened_by_the_next_stake_in_one_step() {
    let (mut world, provider, staker) = empty();
    let (pool, owner, mint) = (provider.pool, &provider.owner, world.stake_mint);
    world.mint_to(&staker.pubkey(), &mint, 7);
    let state = world.position(&pool, &staker.pubkey());
    let close = ix::close_position_by(&owner.pubkey(), &state);
    world.ok(std::slice::from_ref(&close), &[owner]);
    let stake = world.stake_ix(&staker.pubkey(), &pool, 7);
    world.ok(&[stake], &[&staker]);
    assert_eq!(world.position(&pool, &staker.pubkey()).shares, 7);
    world.chain.advance_slot(1);
    world.refused(&[close], &[owner], "StillInUse");
}

#[test]
fn the_owner_s_position_does_not_close_under_a_bond() {
    let mut site = Site::new();
    let (owner, pool) = (site.provider.owner.insecure_clone(), site.provider.pool);
    site.world.delegate(&pool, 10_000 * TOKEN);
    let all = site
        .world
        .unstake_ix(&owner.pubkey(), &pool, 10_000 * TOKEN, 7);
    site.world.refused(&[all], &[&owner], "StakeTooLow");
    site.world.chain.advance_slot(1);
    let close = site.world.close_position_ix(&pool, &owner.pubkey());
    site.world.refused(&[close], &[&owner], "StillInUse");
}
