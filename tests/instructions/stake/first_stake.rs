//! The stake that opens its position: what it writes, who pays, and that a refused one opens nothing.

use {
    sluice_client::{Ledger, Position, StakePool, address, instruction as ix},
    sluice_tests::world::{DAY, ProviderHandle, TOKEN, Tamper, World},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A provider with stake, a stranger with 1,000 tokens to stake and another one that pays rents.
fn newcomer() -> (World, ProviderHandle, Keypair, Keypair) {
    let mut world = World::new();
    let provider = world.provider();
    let (staker, payer, mint) = (world.party(), world.party(), world.stake_mint);
    world.mint_to(&staker.pubkey(), &mint, 1_000 * TOKEN);
    (world, provider, staker, payer)
}

/// The stake of `amount` whose position `payer` pays for.
fn first(
    world: &World,
    (payer, staker): (&Keypair, &Keypair),
    provider: &ProviderHandle,
    amount: u64,
) -> Instruction {
    let stake = world.stake_ix(&staker.pubkey(), &provider.pool, amount);
    stake.with(&world.payer.pubkey(), &payer.pubkey())
}

#[test]
fn the_first_stake_opens_the_position() {
    let (mut world, provider, staker, payer) = newcomer();
    world.dividends(&provider.pool, 500 * TOKEN);
    let key = address::position(&provider.pool, &staker.pubkey());
    let before = world.lamports(&payer.pubkey());
    let stake = first(&world, (&payer, &staker), &provider, 700);
    world.ok(&[stake], &[&payer, &staker]);

    let position: Position = world.chain.get(&key).unwrap();
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    let whose = (position.pool, position.staker, position.rent_payer);
    assert_eq!(whose, (provider.pool, staker.pubkey(), payer.pubkey()));
    assert_eq!(position.opened_slot, world.slot());
    let shares = (position.shares, position.thawing, position.tickets);
    assert_eq!(shares, (700, 0, 0));
    assert_eq!(position.dividend_seen, pool.dividend_index);
    assert_eq!((position.dividend_due, position.dividend_frac), (0, 0));
    assert_eq!(pool.positions, 2);
    assert_eq!(
        before - world.lamports(&payer.pubkey()),
        world.lamports(&key)
    );
    let (_, bump) = Position::address(&provider.pool, &staker.pubkey());
    assert_eq!(position.bump, bump);
}

#[test]
fn a_later_stake_opens_nothing_and_costs_no_rent() {
    let (mut world, provider, staker, payer) = newcomer();
    let stake = first(&world, (&payer, &staker), &provider, 700);
    world.ok(&[stake], &[&payer, &staker]);
    let key = address::position(&provider.pool, &staker.pubkey());
    let opened: Position = world.chain.get(&key).unwrap();
    world.chain.advance_slot(1);
    let (other, lamports) = (world.party(), world.lamports(&key));
    let before = world.lamports(&other.pubkey());
    let more = first(&world, (&other, &staker), &provider, 1);
    world.ok(&[more], &[&other, &staker]);
    let position: Position = world.chain.get(&key).unwrap();
    assert_eq!(position.shares, 701);
    assert_eq!(
        (position.opened_slot, position.rent_payer),
        (opened.opened_slot, payer.pubkey())
    );
    assert_eq!(world.stake_pool(&provider.pool).positions, 2);
    assert_eq!(world.lamports(&other.pubkey()), before);
    assert_eq!(world.lamports(&key), lamports);
}

#[test]
fn payer_and_staker_sign() {
    let (mut world, provider, staker, payer) = newcomer();
    let stake = first(&world, (&payer, &staker), &provider, 5);
    let without = stake.unsigned(&payer.pubkey());
    world.refused(&[without], &[&staker], "MissingRequiredSignature");
    let without = stake.unsigned(&staker.pubkey());
    world.refused(&[without], &[&payer], "MissingRequiredSignature");
}

#[test]
fn a_position_opens_at_its_own_address_only() {
    let (mut world, provider, staker, payer) = newcomer();
    let (stranger, other) = (world.party(), world.provider());
    let stake = first(&world, (&payer, &staker), &provider, 5);
    let own = address::position(&provider.pool, &staker.pubkey());
    for wrong in [
        world.key().pubkey(),
        address::position(&provider.pool, &stranger.pubkey()),
        address::position(&other.pool, &staker.pubkey()),
        address::position(&provider.pool, &provider.owner.pubkey()),
    ] {
        let bent = stake.with(&own, &wrong);
        world.refused(&[bent], &[&payer, &staker], "WrongPosition");
    }
    let elsewhere = stake
        .with(&own, &address::position(&other.pool, &staker.pubkey()))
        .with(&provider.pool, &other.pool);
    world.refused(&[elsewhere], &[&payer, &staker], "ConstraintAddress");
}

#[test]
fn lamports_sent_ahead_hold_up_no_stake() {
    for lamports in [1, 10_000_000_000] {
        let (mut world, provider, staker, payer) = newcomer();
        let key = address::position(&provider.pool, &staker.pubkey());
        let gift = solana_account::Account {
            lamports,
            ..Default::default()
        };
        world.chain.svm().set_account(key, gift).unwrap();
        let stake = first(&world, (&payer, &staker), &provider, 5);
        world.ok(&[stake], &[&payer, &staker]);
        assert_eq!(world.position(&provider.pool, &staker.pubkey()).shares, 5);
    }
}

#[test]
fn a_refused_stake_opens_no_position() {
    let (mut world, provider, staker, payer) = newcomer();
    let key = address::position(&provider.pool, &staker.pubkey());
    let signers = [&payer, &staker];
    let none = first(&world, (&payer, &staker), &provider, 0);
    world.refused(&[none], &signers, "AmountTooSmall");
    let more = first(&world, (&payer, &staker), &provider, 1_000 * TOKEN + 1);
    world.refused(&[more], &signers, "Custom(1)");
    let pause = ix::pause(&world.payer.pubkey(), &world.network, 60);
    world.ok(&[pause], &[]);
    let good = first(&world, (&payer, &staker), &provider, 5);
    world.refused(std::slice::from_ref(&good), &signers, "Paused");
    world.advance(60);
    let all = world.stake_pool(&provider.pool).tokens;
    world.slash(&provider.pool, all);
    world.refused(&[good], &signers, "StakePoolDead");
    assert!(world.is_gone(&key));
    assert_eq!(world.stake_pool(&provider.pool).positions, 1);
}

#[test]
fn a_position_that_was_left_and_closed_is_opened_again_in_the_same_transaction() {
    let (mut world, provider, staker, payer) = newcomer();
    let stake = first(&world, (&payer, &staker), &provider, 5);
    world.ok(std::slice::from_ref(&stake), &[&payer, &staker]);
    let ticket = world.thaw(&staker, &provider.pool, 5, 0);
    world.advance(i64::from(7 * DAY));
    let (withdraw, close) = (
        world.withdraw_ix(&ticket),
        world.close_position_ix(&provider.pool, &staker.pubkey()),
    );
    world.ok(&[withdraw, close, stake], &[&payer, &staker]);
    let position = world.position(&provider.pool, &staker.pubkey());
    assert_eq!((position.shares, position.opened_slot), (5, world.slot()));
    assert_eq!(world.stake_pool(&provider.pool).positions, 2);
}
