use {
    sluice_client::{Ledger, Provider, StakePool, Unstake, address, instruction as ix},
    sluice_tests::world::{DAY, ProviderHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// The owner's instruction that closes a provider.
fn close_ix(world: &World, provider: &Address) -> Instruction {
    let state: Provider = world.chain.get(provider).unwrap();
    ix::close_provider(provider, &state)
}

/// Registers `owner` at the cost of `payer`.
fn register(world: &mut World, payer: &Keypair, owner: &Keypair) -> Address {
    let (network, operator) = (world.network, world.key().pubkey());
    let register = ix::register_provider(&payer.pubkey(), &owner.pubkey(), &operator, &network);
    world.ok(&[register], &[payer, owner]);
    address::provider(&network, &owner.pubkey())
}

/// Closes a node of a provider.
fn close_node(
    world: &mut World,
    provider: &ProviderHandle,
    node: &sluice_tests::world::NodeHandle,
) {
    let state = world.node_state(node);
    let close = ix::close_node(&provider.owner.pubkey(), &node.address, &state);
    world.ok(&[close], &[&provider.owner]);
}

#[test]
fn the_rent_goes_back_to_its_payer_to_the_lamport() {
    let mut world = World::new();
    let (payer, owner) = (world.party(), world.party());
    let before = world.lamports(&payer.pubkey());
    let provider = register(&mut world, &payer, &owner);
    let rent = world.lamports(&provider);
    assert_eq!(world.lamports(&payer.pubkey()) + rent, before);
    world.advance(1);
    let close = close_ix(&world, &provider);
    let bent = close.with(&payer.pubkey(), &world.treasury.pubkey());
    world.refused(&[bent], &[&owner], "ConstraintAddress");
    world.ok(&[close], &[&owner]);
    assert_eq!(world.lamports(&payer.pubkey()), before);
    assert_eq!(world.lamports(&provider), 0);
}

#[test]
fn a_provider_does_not_close_in_its_opening_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let close = close_ix(&world, &provider.address);
    world.refused(from_ref(&close), &[&provider.owner], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[close], &[&provider.owner]);
}

#[test]
fn a_provider_with_a_node_does_not_close() {
    let mut world = World::new();
    let provider = world.provider();
    let nodes = [0, 1].map(|_| world.node(&provider, &Address::default()));
    world.advance(1);
    for node in &nodes {
        let close = close_ix(&world, &provider.address);
        world.refused(&[close], &[&provider.owner], "StillInUse");
        close_node(&mut world, &provider, node);
    }
    let close = close_ix(&world, &provider.address);
    world.ok(&[close], &[&provider.owner]);
}

#[test]
fn only_the_owner_closes_a_provider() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    world.advance(1);
    let close = close_ix(&world, &provider.address);
    let owner = provider.owner.pubkey();
    let without = close.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for stranger in [&provider.operator, &other.owner] {
        let bent = close.with(&owner, &stranger.pubkey());
        world.refused(&[bent], &[stranger], "NotOwner");
    }
}

#[test]
fn the_stake_outlives_the_provider_and_a_new_record_is_empty() {
    let mut world = World::new();
    let provider = world.provider();
    world.edit(&provider.address, |state: &mut Provider| {
        (state.record.jobs_completed, state.record.jobs_resigned) = (5, 6);
    });
    world.advance(1);
    let close = close_ix(&world, &provider.address);
    world.ok(&[close], &[&provider.owner]);
    let stake = world.vault(&provider.pool);
    assert!(stake > 0);
    world.advance(1);
    let payer = world.party();
    let again = register(&mut world, &payer, &provider.owner);
    assert_eq!(again, provider.address);
    let state: Provider = world.chain.get(&again).unwrap();
    assert_eq!(
        (state.record.jobs_completed, state.record.jobs_resigned),
        (0, 0)
    );
    assert_eq!(state.opened_slot, world.slot());
    assert_eq!(world.vault(&provider.pool), stake);
}

#[test]
fn the_stake_behind_a_closed_provider_is_withdrawn_whole() {
    let mut world = World::new();
    let provider = world.provider();
    world.advance(1);
    let close = close_ix(&world, &provider.address);
    world.ok(&[close], &[&provider.owner]);
    let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
    let (network, pool) = (world.network, provider.pool);
    let all = 10_000 * TOKEN;
    let unstake = ix::unstake(&payer, &staker, &network, &pool, all, 7);
    world.ok(&[unstake], &[&provider.owner]);
    world.advance(i64::from(7 * DAY));
    let position = address::position(&pool, &staker);
    let ticket: Unstake = world.chain.get(&address::unstake(&position, 7)).unwrap();
    let state: StakePool = world.chain.get(&pool).unwrap();
    let mint = world.stake_mint;
    let withdraw = ix::withdraw(&state, &ticket, &mint.token_program);
    world.ok(&[withdraw], &[]);
    assert_eq!(world.tokens(&staker, &mint), all);
}

#[test]
fn an_owner_that_paid_the_rent_itself_gets_it_back() {
    let mut world = World::new();
    let owner = world.party();
    let provider = register(&mut world, &owner, &owner);
    world.advance(1);
    let close = close_ix(&world, &provider);
    world.ok(&[close], &[&owner]);
}
