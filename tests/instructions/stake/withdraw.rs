use {
    sluice_client::{
        Ledger, Position, StakePool, Unstake, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
    },
    sluice_tests::world::{DAY, PARAMS, ProviderHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_interface::instruction::{AuthorityType, set_authority},
};

/// Unstakes `shares` of a provider into ticket `nonce` and returns the instruction that withdraws it.
fn thaw(world: &mut World, provider: &ProviderHandle, shares: u64, nonce: u64) -> Instruction {
    let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
    let unstake = ix::unstake(
        &payer,
        &staker,
        &world.network,
        &provider.pool,
        shares,
        nonce,
    );
    world.ok(&[unstake], &[&provider.owner]);
    let position = address::position(&provider.pool, &staker);
    let ticket: Unstake = world
        .chain
        .get(&address::unstake(&position, nonce))
        .unwrap();
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    ix::withdraw(&pool, &ticket, &world.stake_mint.token_program)
}

/// A world, a provider and the withdrawal of 123 base units, ripe.
fn ripe() -> (World, ProviderHandle, Instruction) {
    let mut world = World::new();
    let provider = world.provider();
    let withdraw = thaw(&mut world, &provider, 123, 7);
    world.advance(i64::from(7 * DAY));
    (world, provider, withdraw)
}

/// Base units of stake in the hands of a provider's owner.
fn held(world: &World, provider: &ProviderHandle) -> u64 {
    world.tokens(&provider.owner.pubkey(), &world.stake_mint)
}

fn ticket_of(provider: &ProviderHandle, nonce: u64) -> Address {
    address::unstake(
        &address::position(&provider.pool, &provider.owner.pubkey()),
        nonce,
    )
}

#[test]
fn a_ticket_is_paid_from_its_date_on_to_the_second() {
    let mut world = World::new();
    let provider = world.provider();
    let withdraw = thaw(&mut world, &provider, 123, 7);
    world.advance(1);
    world.refused(std::slice::from_ref(&withdraw), &[], "StillUnbonding");
    world.advance(i64::from(7 * DAY) - 2);
    world.refused(std::slice::from_ref(&withdraw), &[], "StillUnbonding");
    world.advance(1);
    world.ok(&[withdraw], &[]);
    assert_eq!(held(&world, &provider), 123);

    let late = thaw(&mut world, &provider, 77, 8);
    world.advance(i64::from(7 * DAY) + 1);
    world.ok(&[late], &[]);
    assert_eq!(held(&world, &provider), 200);
}

#[test]
fn withdrawing_burns_the_shares_and_closes_the_ticket_to_its_rent_payer() {
    let (mut world, provider, withdraw) = ripe();
    let ticket = ticket_of(&provider, 7);
    let rent = world.chain.account(&ticket).unwrap().unwrap().lamports;
    let rent_payer = world.party();
    world.edit(&ticket, |ticket: &mut Unstake| {
        ticket.rent_payer = rent_payer.pubkey()
    });
    let withdraw = withdraw.with(&world.payer.pubkey(), &rent_payer.pubkey());
    let before = world
        .chain
        .account(&rent_payer.pubkey())
        .unwrap()
        .unwrap()
        .lamports;
    world.ok(std::slice::from_ref(&withdraw), &[]);
    let after = world
        .chain
        .account(&rent_payer.pubkey())
        .unwrap()
        .unwrap()
        .lamports;
    assert_eq!(after - before, rent);
    assert!(world.chain.account(&ticket).unwrap().is_none());

    let left = 10_000 * TOKEN - 123;
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(
        (pool.tokens, pool.active_shares, pool.thawing_shares),
        (left, left, 0)
    );
    let key = address::position(&provider.pool, &provider.owner.pubkey());
    let position: Position = world.chain.get(&key).unwrap();
    assert_eq!(
        (position.shares, position.thawing, position.tickets),
        (left, 0, 0)
    );
    assert_eq!(world.vault(&provider.pool), left);
    assert_eq!(held(&world, &provider), 123);
    world.refused(&[withdraw], &[], "AccountDataTooSmall");
}

#[test]
fn each_ticket_has_its_own_date_and_amount() {
    let mut world = World::new();
    let provider = world.provider();
    let first = thaw(&mut world, &provider, 1, 7);
    world.advance(10);
    let second = thaw(&mut world, &provider, 10_000 * TOKEN - 1, 8);
    world.advance(i64::from(7 * DAY) - 10);
    world.refused(std::slice::from_ref(&second), &[], "StillUnbonding");
    world.ok(&[first], &[]);
    assert_eq!(held(&world, &provider), 1);
    world.advance(10);
    world.ok(&[second], &[]);
    assert_eq!(held(&world, &provider), 10_000 * TOKEN);
    assert_eq!(world.vault(&provider.pool), 0);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(
        (pool.tokens, pool.active_shares, pool.thawing_shares),
        (0, 0, 0)
    );
}

#[test]
fn a_ticket_does_not_close_in_its_opening_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let withdraw = thaw(&mut world, &provider, 123, 7);
    world.advance_within_slot(i64::from(7 * DAY));
    world.refused(std::slice::from_ref(&withdraw), &[], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[withdraw], &[]);
}

#[test]
fn a_nonce_is_free_again_after_its_ticket_was_paid() {
    let (mut world, provider, withdraw) = ripe();
    world.ok(&[withdraw], &[]);
    let again = thaw(&mut world, &provider, 5, 7);
    world.refused(std::slice::from_ref(&again), &[], "StillUnbonding");
    world.advance(i64::from(7 * DAY));
    world.ok(&[again], &[]);
    assert_eq!(held(&world, &provider), 128);
}

#[test]
fn a_withdrawal_goes_to_the_staker_s_associated_account_only() {
    let (mut world, provider, withdraw) = ripe();
    let (owner, mint) = (provider.owner.pubkey(), world.stake_mint);
    let own = address::token_account(&owner, &mint.address, &mint.token_program);

    // Another account of the staker itself.
    let second = world.key().pubkey();
    let mut data = world.chain.account(&own).unwrap().unwrap().data;
    data[64..72].fill(0);
    world.chain.put(&second, data, &TOKEN_PROGRAM).unwrap();
    let stranger = world.party().pubkey();
    world.open_account(&stranger, &mint);
    let strangers = address::token_account(&stranger, &mint.address, &mint.token_program);
    let other_mint = address::token_account(&owner, &world.pay_mint.address, &TOKEN_PROGRAM);
    for destination in [second, strangers, other_mint, owner] {
        let wrong = withdraw.with(&own, &destination);
        world.refused(&[wrong], &[], "NotAssociatedAccount");
    }
    let in_a_circle = withdraw.with(&own, &address::vault(&provider.pool));
    world.refused(&[in_a_circle], &[], "ConstraintDuplicateMutableAccount");
}

#[test]
fn a_withdrawal_waits_for_an_associated_account_that_is_still_the_staker_s() {
    let (mut world, provider, withdraw) = ripe();
    let (owner, mint) = (provider.owner.pubkey(), world.stake_mint);
    let account = address::token_account(&owner, &mint.address, &mint.token_program);
    let buyer = world.party();
    world.give_away(&provider.owner, &mint, &buyer.pubkey());
    world.refused(
        std::slice::from_ref(&withdraw),
        &[],
        "RecipientChangedOwner",
    );
    let kind = AuthorityType::AccountOwner;
    let back = set_authority(
        &TOKEN_PROGRAM,
        &account,
        Some(&owner),
        kind,
        &buyer.pubkey(),
        &[],
    );
    world.ok(&[back.unwrap()], &[&buyer]);
    world.ok(&[withdraw], &[]);
    assert_eq!(held(&world, &provider), 123);
}

#[test]
fn a_withdrawal_waits_for_an_associated_account_to_exist() {
    let (mut world, provider, withdraw) = ripe();
    let mint = world.stake_mint;
    world.close_account(&provider.owner, &mint);
    world.refused(
        std::slice::from_ref(&withdraw),
        &[],
        "RecipientChangedOwner",
    );
    world.open_account(&provider.owner.pubkey(), &mint);
    world.ok(&[withdraw], &[]);
    assert_eq!(held(&world, &provider), 123);
}

#[test]
fn pool_position_ticket_and_vault_belong_together() {
    let (mut world, provider, withdraw) = ripe();
    let other = world.provider();
    thaw(&mut world, &other, 5_000 * TOKEN, 7);
    let position = |p: &ProviderHandle| address::position(&p.pool, &p.owner.pubkey());
    let other_pool = withdraw.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[], "WrongStakePool");
    let other_position = withdraw
        .with(&provider.pool, &other.pool)
        .with(&position(&provider), &position(&other));
    world.refused(&[other_position], &[], "WrongPosition");
    let own = withdraw.with(&position(&provider), &position(&other));
    world.refused(&[own], &[], "WrongPosition");
    let unripe = withdraw.with(&ticket_of(&provider, 7), &ticket_of(&other, 7));
    world.refused(&[unripe], &[], "WrongPosition");
    let vault = address::vault(&provider.pool);
    let other_vault = withdraw.with(&vault, &address::vault(&other.pool));
    world.refused(&[other_vault], &[], "WrongVault");
    let other_mint = withdraw.with(&world.stake_mint.address, &world.pay_mint.address);
    world.refused(&[other_mint], &[], "NotAssociatedAccount");
    let thief = world.party().pubkey();
    let rent_stolen = withdraw.with(&world.payer.pubkey(), &thief);
    world.refused(&[rent_stolen], &[], "ConstraintAddress");
}

#[test]
fn withdraw_refuses_accounts_of_another_type_or_program() {
    let (mut world, provider, withdraw) = ripe();
    let position = address::position(&provider.pool, &provider.owner.pubkey());
    world.refuses_look_alikes(
        &withdraw,
        &[provider.pool, position, ticket_of(&provider, 7)],
        &[],
    );
    let no_token_program = withdraw.with(&TOKEN_PROGRAM, &sluice_client::ID);
    world.refused(&[no_token_program], &[], "IncorrectProgramId");
}

#[test]
fn a_network_that_unbonds_in_a_second_pays_after_a_second() {
    let mut world = World::bare();
    let mut args = world.network_args(PARAMS);
    (args.min_unbonding_secs, args.params.unbonding_secs) = (1, 1);
    let payer = world.payer.pubkey();
    let (stake, dividend) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &payer, &stake, &dividend, args);
    world.ok(&[create], &[]);
    let provider = world.provider();
    let withdraw = thaw(&mut world, &provider, 123, 7);
    world.chain.advance_slot(1);
    world.refused(std::slice::from_ref(&withdraw), &[], "StillUnbonding");
    world.advance(1);
    world.ok(&[withdraw], &[]);
}

#[test]
fn a_donation_to_the_vault_is_nobody_s_withdrawal() {
    let (mut world, provider, withdraw) = ripe();
    let mint = world.stake_mint;
    world.mint_into(&address::vault(&provider.pool), &mint, 999);
    world.ok(&[withdraw], &[]);
    assert_eq!(held(&world, &provider), 123);
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN - 123 + 999);
}
