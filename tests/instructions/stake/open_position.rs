use {
    sluice_client::{Ledger, Position, StakePool, address, instruction as ix},
    sluice_tests::world::{ProviderHandle, Tamper, World},
    solana_signer::Signer,
};

/// A provider with a stake pool but no position in it.
fn provider_without_position(world: &mut World) -> ProviderHandle {
    let (owner, operator) = (world.party(), world.party());
    let (payer, network, mint) = (world.payer.pubkey(), world.network, world.stake_mint);
    let address = address::provider(&network, &owner.pubkey());
    let register = ix::register_provider(&payer, &owner.pubkey(), &operator.pubkey(), &network);
    let program = &mint.token_program;
    let pool = ix::create_stake_pool(&payer, &network, &address, &mint.address, program);
    world.ok(&[register, pool], &[&owner]);
    ProviderHandle {
        owner,
        operator,
        address,
        pool: address::stake_pool(&address),
    }
}

#[test]
fn a_position_opens_empty_for_the_pool_s_owner() {
    let mut world = World::new();
    let provider = provider_without_position(&mut world);
    let payer = world.party();
    let staker = provider.owner.pubkey();
    let open = ix::open_position(&payer.pubkey(), &staker, &provider.pool);
    world.ok(&[open], &[&payer, &provider.owner]);

    let key = address::position(&provider.pool, &staker);
    let position: Position = world.chain.get(&key).unwrap();
    assert_eq!((position.pool, position.staker), (provider.pool, staker));
    assert_eq!(position.rent_payer, payer.pubkey());
    assert_eq!(position.opened_slot, world.slot());
    assert_eq!(
        (position.shares, position.thawing, position.tickets),
        (0, 0, 0)
    );
    assert_eq!(
        (position.dividend_seen, position.dividend_frac),
        ([0, 0], 0)
    );
    assert_eq!(position.dividend_due, 0);
}

#[test]
fn anybody_may_open_a_position() {
    let mut world = World::new();
    let provider = world.provider();
    let payer = world.payer.pubkey();
    let delegator = world.party();
    for staker in [&delegator, &provider.operator] {
        let open = ix::open_position(&payer, &staker.pubkey(), &provider.pool);
        world.ok(&[open], &[staker]);
    }
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(pool.positions, 3);
}

#[test]
fn a_position_needs_payer_and_staker_to_sign() {
    let mut world = World::new();
    let provider = provider_without_position(&mut world);
    let payer = world.party();
    let staker = &provider.owner;
    let open = ix::open_position(&payer.pubkey(), &staker.pubkey(), &provider.pool);
    let without = open.unsigned(&payer.pubkey());
    world.refused(&[without], &[staker], "MissingRequiredSignature");
    let without = open.unsigned(&staker.pubkey());
    world.refused(&[without], &[&payer], "MissingRequiredSignature");
}

#[test]
fn a_position_opens_once_at_its_own_address_in_a_real_pool() {
    let mut world = World::new();
    let provider = world.provider();
    let staker = &provider.owner;
    let payer = world.payer.pubkey();
    let open = ix::open_position(&payer, &staker.pubkey(), &provider.pool);
    world.refused(std::slice::from_ref(&open), &[staker], "Custom(0)");

    let position = address::position(&provider.pool, &staker.pubkey());
    let elsewhere = open.with(&position, &world.key().pubkey());
    world.refused(&[elsewhere], &[staker], "InvalidSeeds");
    let impostor = world.impostor();
    let cosplay = open.with(&provider.pool, &impostor);
    world.refused(&[cosplay], &[staker], "InvalidAccountData");
    let foreign = open.with(&provider.pool, &world.counterfeit(&provider.pool));
    world.refused(&[foreign], &[staker], "IllegalOwner");
}
