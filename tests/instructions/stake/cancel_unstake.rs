use {
    sluice_client::{Ledger, Unstake, address, events::StakeChanged, instruction as ix},
    sluice_tests::world::{DAY, ProviderHandle, Site, TOKEN, Tamper, World, logged},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A provider and a delegator of 1,000 tokens, 400 of which are in ticket 7, not in its opening slot any more.
fn thawing() -> (World, ProviderHandle, Keypair, Address) {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 1_000 * TOKEN);
    let ticket = world.thaw(&staker, &provider.pool, 400 * TOKEN, 7);
    world.chain.advance_slot(1);
    (world, provider, staker, ticket)
}

#[test]
fn a_cancelled_ticket_s_shares_are_active_again() {
    let (mut world, provider, staker, ticket) = thawing();
    let rent_payer = world.party();
    world.edit(&ticket, |ticket: &mut Unstake| {
        ticket.rent_payer = rent_payer.pubkey()
    });
    let rent = world.lamports(&ticket);
    let before = world.lamports(&rent_payer.pubkey());
    let (mut pool, mut position) = (
        world.stake_pool(&provider.pool),
        world.position(&provider.pool, &staker.pubkey()),
    );
    let cancel = world.cancel_unstake_ix(&ticket);
    let receipt = world.ok(std::slice::from_ref(&cancel), &[&staker]);

    (pool.active_shares, pool.thawing_shares) = (11_000 * TOKEN, 0);
    (position.shares, position.thawing, position.tickets) = (1_000 * TOKEN, 0, 0);
    let after = world.stake_pool(&provider.pool);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&pool));
    let after = world.position(&provider.pool, &staker.pubkey());
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&position));
    assert!(world.is_gone(&ticket));
    assert_eq!(world.lamports(&rent_payer.pubkey()) - before, rent);
    assert_eq!(world.vault(&provider.pool), 11_000 * TOKEN);
    assert_eq!(world.tokens(&staker.pubkey(), &world.stake_mint), 0);
    logged(
        &receipt,
        &[StakeChanged {
            pool: provider.pool,
            staker: staker.pubkey(),
            tokens: 11_000 * TOKEN,
            active_shares: 11_000 * TOKEN,
            thawing_shares: 0,
            position_shares: 1_000 * TOKEN,
            position_thawing: 0,
        }],
    );
    world.refused(&[cancel], &[&staker], "AccountDataTooSmall");
}

#[test]
fn a_ticket_is_not_cancelled_in_its_opening_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let ticket = world.thaw(&provider.owner, &provider.pool, 5, 7);
    let cancel = world.cancel_unstake_ix(&ticket);
    world.advance_within_slot(i64::from(8 * DAY));
    let owner = &provider.owner;
    world.refused(std::slice::from_ref(&cancel), &[owner], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[cancel], &[owner]);
}

#[test]
fn a_ripe_ticket_can_be_cancelled_and_is_not_paid_then() {
    let (mut world, provider, staker, ticket) = thawing();
    world.advance(i64::from(7 * DAY));
    let (cancel, withdraw) = (world.cancel_unstake_ix(&ticket), world.withdraw_ix(&ticket));
    world.ok(&[cancel], &[&staker]);
    world.refused(&[withdraw], &[], "AccountDataTooSmall");
    assert_eq!(world.vault(&provider.pool), 11_000 * TOKEN);
}

#[test]
fn stake_that_was_cancelled_waits_the_whole_time_again() {
    let (mut world, provider, staker, ticket) = thawing();
    world.advance(i64::from(7 * DAY) - 1);
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&staker]);
    let again = world.thaw(&staker, &provider.pool, 400 * TOKEN, 7);
    assert_eq!(again, ticket);
    world.advance(i64::from(7 * DAY) - 1);
    let withdraw = world.withdraw_ix(&ticket);
    world.refused(&[withdraw], &[], "StillUnbonding");
    world.advance(1);
    assert_eq!(world.withdraw(&ticket), 400 * TOKEN);
}

#[test]
fn one_ticket_s_cancellation_leaves_the_others_alone() {
    let (mut world, provider, staker, ticket) = thawing();
    let other = world.thaw(&staker, &provider.pool, 100, 8);
    let before: Unstake = world.chain.get(&other).unwrap();
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&staker]);
    let after: Unstake = world.chain.get(&other).unwrap();
    assert_eq!(bytemuck::bytes_of(&before), bytemuck::bytes_of(&after));
    let position = world.position(&provider.pool, &staker.pubkey());
    assert_eq!(
        (position.shares, position.thawing, position.tickets),
        (1_000 * TOKEN - 100, 100, 1)
    );
}

#[test]
fn only_the_ticket_s_staker_cancels_it() {
    let (mut world, provider, staker, ticket) = thawing();
    let cancel = world.cancel_unstake_ix(&ticket);
    let without = cancel.unsigned(&staker.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    let stranger = world.delegate(&provider.pool, 5);
    for other in [&stranger, &provider.owner, &provider.operator] {
        let as_other = cancel.with(&staker.pubkey(), &other.pubkey());
        world.refused(&[as_other], &[other], "NotOwner");
    }
}

#[test]
fn a_ticket_is_cancelled_into_its_own_position_and_pool() {
    let (mut world, provider, staker, ticket) = thawing();
    let other = world.provider();
    let cancel = world.cancel_unstake_ix(&ticket);
    let other_pool = cancel.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[&staker], "WrongStakePool");
    let own = address::position(&provider.pool, &staker.pubkey());
    let owner_s = address::position(&provider.pool, &provider.owner.pubkey());
    let other_position = cancel.with(&own, &owner_s);
    world.refused(&[other_position], &[&staker], "WrongPosition");
    // The same staker's position in another pool, where its shares may be worth more.
    world.add_stake(&staker, &other.pool, 1);
    let elsewhere = address::position(&other.pool, &staker.pubkey());
    let both = cancel
        .with(&provider.pool, &other.pool)
        .with(&own, &elsewhere);
    world.refused(&[both], &[&staker], "WrongStakePool");
    let foreign = world.thaw(&provider.owner, &provider.pool, 5, 7);
    world.chain.advance_slot(1);
    let stolen = cancel.with(&ticket, &foreign);
    world.refused(&[stolen], &[&staker], "NotOwner");
}

#[test]
fn the_ticket_s_rent_goes_to_whoever_paid_it() {
    let (mut world, _, staker, ticket) = thawing();
    let cancel = world.cancel_unstake_ix(&ticket);
    let payer = world.payer.pubkey();
    for thief in [world.party().pubkey(), staker.pubkey()] {
        let stolen = cancel.with(&payer, &thief);
        world.refused(&[stolen], &[&staker], "ConstraintAddress");
    }
    // Who paid its own rent gets it back.
    world.edit(&ticket, |ticket: &mut Unstake| {
        ticket.rent_payer = staker.pubkey()
    });
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&staker]);
    assert!(world.is_gone(&ticket));
}

#[test]
fn cancel_unstake_refuses_accounts_of_another_type_or_program() {
    let (mut world, provider, staker, ticket) = thawing();
    let cancel = world.cancel_unstake_ix(&ticket);
    let position = address::position(&provider.pool, &staker.pubkey());
    world.refuses_look_alikes(&cancel, &[provider.pool, position, ticket], &[&staker]);
}

#[test]
fn one_account_does_not_stand_in_two_places() {
    let (mut world, provider, staker, ticket) = thawing();
    let cancel = world.cancel_unstake_ix(&ticket);
    let position = address::position(&provider.pool, &staker.pubkey());
    let twice = cancel.with(&position, &provider.pool);
    world.refused(&[twice], &[&staker], "ConstraintDuplicateMutableAccount");
    let closed_into_another = cancel.with(&world.payer.pubkey(), &position);
    world.refused(
        &[closed_into_another],
        &[&staker],
        "ConstraintDuplicateMutableAccount",
    );
}

#[test]
fn what_was_cancelled_covers_bonds_again() {
    let mut site = Site::new();
    let (owner, pool) = (site.provider.owner.insecure_clone(), site.provider.pool);
    // 500 of 10,000 tokens are bonded already; the next job needs as much again.
    let ticket = site.world.thaw(&owner, &pool, 9_000 * TOKEN + 1, 7);
    let buyer = site.world.buyer();
    let args = site.world.open_args(1, site.state().terms, &buyer.pubkey());
    let job = site.world.open(&buyer, args);
    let operator = site.provider.operator.insecure_clone();
    let accept = |site: &Site| {
        let state = site.world.job(&job);
        let (operator, node) = (operator.pubkey(), site.node.address);
        ix::accept_job(&operator, &owner.pubkey(), &job, &state, &node)
    };
    let early = accept(&site);
    site.world.refused(&[early], &[&operator], "StakeTooLow");
    site.world.chain.advance_slot(1);
    let cancel = site.world.cancel_unstake_ix(&ticket);
    site.world.ok(&[cancel], &[&owner]);
    let now = accept(&site);
    site.world.ok(&[now], &[&operator]);
}

#[test]
fn a_ticket_is_cancelled_in_a_pause_and_in_a_dead_pool() {
    let (mut world, provider, staker, ticket) = thawing();
    let pause = ix::pause(&world.payer.pubkey(), &world.network, 60);
    world.ok(&[pause], &[]);
    // Neither a pause nor a dead pool holds it up.
    let all = world.stake_pool(&provider.pool).tokens;
    world.slash(&provider.pool, all);
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&staker]);
}
