use {
    sluice_client::{Ledger, Node, NodeArgs, Provider, address, instruction as ix},
    sluice_tests::world::{NODE_ARGS, ProviderHandle, Tamper, Vault, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// The instruction that registers `worker` for `provider`, paid for by the world's payer.
fn register(
    world: &World,
    provider: &ProviderHandle,
    worker: &Keypair,
    set: &Address,
    args: NodeArgs,
) -> Instruction {
    let (payer, owner) = (world.payer.pubkey(), provider.owner.pubkey());
    ix::register_node(&payer, &owner, &worker.pubkey(), &world.network, set, args)
}

#[test]
fn register_node_writes_what_the_provider_said_and_counts_it() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let provider = world.provider();
    let (payer, worker) = (world.party(), world.key());
    let args = NodeArgs {
        metadata_hash: [1; 32],
        uri: [2; 64],
        slots_total: u16::MAX,
        class: 3,
        region: 4,
    };
    let register = ix::register_node(
        &payer.pubkey(),
        &provider.owner.pubkey(),
        &worker.pubkey(),
        &world.network,
        &set.address,
        args,
    );
    world.ok(&[register], &[&payer, &provider.owner, &worker]);

    let address = address::node(&provider.address, &worker.pubkey());
    let node: Node = world.chain.get(&address).unwrap();
    assert_eq!(node.network, world.network);
    assert_eq!(node.provider, provider.address);
    assert_eq!(node.worker, worker.pubkey());
    assert_eq!(node.set, set.address);
    assert_eq!((node.metadata_hash, node.uri), ([1; 32], [2; 64]));
    assert_eq!(node.rent_payer, payer.pubkey());
    assert_eq!(node.opened_slot, world.slot());
    assert_eq!((node.units, node.slots_used), (0, 0));
    assert_eq!(
        (node.slots_total, node.class, node.region),
        (u16::MAX, 3, 4)
    );
    let state: Provider = world.chain.get(&provider.address).unwrap();
    assert_eq!(state.nodes, 1);
}

#[test]
fn register_node_without_a_set_leaves_it_zero() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    assert_eq!(world.node_state(&node).set, Address::default());
}

#[test]
fn register_node_needs_at_least_one_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let worker = world.key();
    let slots = |slots_total| NodeArgs {
        slots_total,
        ..NODE_ARGS
    };
    let none = Address::default();
    let without = register(&world, &provider, &worker, &none, slots(0));
    world.refused(&[without], &[&provider.owner, &worker], "NoSlots");
    let with = register(&world, &provider, &worker, &none, slots(1));
    world.ok(&[with], &[&provider.owner, &worker]);
}

#[test]
fn register_node_needs_the_provider_s_owner_and_the_worker_to_sign() {
    let mut world = World::new();
    let provider = world.provider();
    let (payer, worker) = (world.party(), world.key());
    let owner = &provider.owner;
    let register = register(&world, &provider, &worker, &Address::default(), NODE_ARGS)
        .with(&world.payer.pubkey(), &payer.pubkey());
    let without = register.unsigned(&payer.pubkey());
    world.refused(&[without], &[owner, &worker], "MissingRequiredSignature");
    let without = register.unsigned(&owner.pubkey());
    world.refused(&[without], &[&payer, &worker], "MissingRequiredSignature");
    let without = register.unsigned(&worker.pubkey());
    world.refused(&[without], &[&payer, owner], "MissingRequiredSignature");

    for stranger in [&provider.operator, &payer] {
        let as_stranger = register.with(&owner.pubkey(), &stranger.pubkey());
        world.refused(&[as_stranger], &[stranger, &payer, &worker], "NotOwner");
    }
}

#[test]
fn register_node_happens_once_for_a_worker_of_a_provider() {
    let mut world = World::new();
    let provider = world.provider();
    let none = Address::default();
    let node = world.node(&provider, &none);
    let again = register(&world, &provider, &node.worker, &none, NODE_ARGS);
    world.refused(&[again], &[&provider.owner, &node.worker], "Custom(0)");
}

#[test]
fn register_node_refuses_a_set_of_another_network() {
    let mut world = World::new();
    let other = world.other_network();
    let foreign = world.within(&other, |world| world.dormant_set(1, 1).address);
    let provider = world.provider();
    let worker = world.key();
    let mixed = register(&world, &provider, &worker, &foreign, NODE_ARGS);
    world.refused(&[mixed], &[&provider.owner, &worker], "WrongNetwork");
}

#[test]
fn register_node_refuses_accounts_of_another_type_or_program() {
    let mut world = World::new();
    let provider = world.provider();
    let worker = world.key();
    let signers = [&provider.owner, &worker];
    let set = world.dormant_set(1, 1).address;
    let good = register(&world, &provider, &worker, &set, NODE_ARGS);
    let impostor = world.impostor();
    let as_set = good.with(&set, &impostor);
    world.refused(&[as_set], &signers, "InvalidAccountData");
    let as_set = good.with(&set, &world.counterfeit(&set));
    world.refused(&[as_set], &signers, "IllegalOwner");
    let as_provider = good.with(&provider.address, &impostor);
    world.refused(&[as_provider], &signers, "InvalidAccountData");
    let as_provider = good.with(&provider.address, &world.counterfeit(&provider.address));
    world.refused(&[as_provider], &signers, "IllegalOwner");
}

#[test]
fn register_node_refuses_another_provider_s_address() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    let worker = world.key();
    let good = register(&world, &provider, &worker, &Address::default(), NODE_ARGS);
    let squat = good.with(
        &address::node(&provider.address, &worker.pubkey()),
        &address::node(&other.address, &worker.pubkey()),
    );
    world.refused(&[squat], &[&provider.owner, &worker], "InvalidSeeds");
}

#[test]
fn register_node_stops_at_the_last_number_a_provider_can_count() {
    let mut world = World::new();
    let provider = world.provider();
    world.edit(&provider.address, |state: &mut Provider| {
        state.nodes = u32::MAX
    });
    let worker = world.key();
    let one_more = register(&world, &provider, &worker, &Address::default(), NODE_ARGS);
    world.refused(&[one_more], &[&provider.owner, &worker], "MathOverflow");
}

#[test]
fn a_worker_s_key_that_nobody_could_sign_statements_with_is_refused() {
    let mut world = World::new();
    world.add_forwarder();
    let (provider, vault) = (world.provider(), Vault::new(1));
    let (payer, owner) = (world.payer.pubkey(), provider.owner.pubkey());
    let (network, set) = (world.network, Address::default());
    let register = ix::register_node(&payer, &owner, &vault.address, &network, &set, NODE_ARGS);
    let call = vault.call(&register);
    world.refused(&[call], &[&provider.owner], "KeyOffCurve");
}
