use {
    sluice_client::{Ledger, Node, Provider, address, instruction as ix},
    sluice_tests::world::{NODE_ARGS, NodeHandle, ProviderHandle, Site, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// The owner's instruction that closes a node.
fn close_ix(world: &World, provider: &ProviderHandle, node: &NodeHandle) -> Instruction {
    let owner = provider.owner.pubkey();
    ix::close_node(&owner, &node.address, &world.node_state(node))
}

/// A provider's count of nodes.
fn nodes(world: &World, provider: &ProviderHandle) -> u32 {
    let state: Provider = world.chain.get(&provider.address).unwrap();
    state.nodes
}

#[test]
fn the_rent_goes_back_to_its_payer_to_the_lamport() {
    let mut world = World::new();
    let (provider, payer, worker) = (world.provider(), world.party(), world.key());
    let before = world.lamports(&payer.pubkey());
    let register = ix::register_node(
        &payer.pubkey(),
        &provider.owner.pubkey(),
        &worker.pubkey(),
        &world.network,
        &Address::default(),
        NODE_ARGS,
    );
    world.ok(&[register], &[&payer, &provider.owner, &worker]);
    let node = NodeHandle {
        address: address::node(&provider.address, &worker.pubkey()),
        worker,
    };
    let rent = world.lamports(&node.address);
    assert_eq!(world.lamports(&payer.pubkey()) + rent, before);
    assert_eq!(nodes(&world, &provider), 1);
    world.advance(1);
    let close = close_ix(&world, &provider, &node);
    let owner = provider.owner.pubkey();
    let bent = close.with(&payer.pubkey(), &world.treasury.pubkey());
    world.refused(&[bent], &[&provider.owner], "ConstraintAddress");
    world.ok(&[close], &[&provider.owner]);
    assert_eq!(world.lamports(&payer.pubkey()), before);
    assert_eq!(world.lamports(&node.address), 0);
    assert_eq!(nodes(&world, &provider), 0);
    assert_ne!(owner, payer.pubkey());
}

#[test]
fn a_node_does_not_close_in_its_opening_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    let close = close_ix(&world, &provider, &node);
    world.refused(from_ref(&close), &[&provider.owner], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[close], &[&provider.owner]);
}

#[test]
fn a_node_with_a_job_closes_only_when_its_last_job_is_released() {
    let mut site = Site::new();
    let other = site.another(|args| args.length_secs = 20 * 3_600);
    let owner = site.provider.owner.insecure_clone();
    let close = close_ix(&site.world, &site.provider, &site.node);
    site.at(1);
    site.world
        .refused(from_ref(&close), &[&owner], "StillInUse");
    site.settle();
    site.world
        .refused(from_ref(&close), &[&owner], "StillInUse");
    site.release();
    site.world
        .refused(from_ref(&close), &[&owner], "StillInUse");
    site.job = other;
    site.settle();
    site.release();
    site.world.ok(&[close], &[&owner]);
    // What the jobs owe is pulled without the node.
    site.pull_all();
    assert_eq!(site.vault(), 0);
}

#[test]
fn only_the_owner_closes_its_node() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    let node = world.node(&provider, &Address::default());
    world.advance(1);
    let close = close_ix(&world, &provider, &node);
    let owner = provider.owner.pubkey();
    let without = close.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for stranger in [&provider.operator, &node.worker, &other.owner] {
        let bent = close.with(&owner, &stranger.pubkey());
        world.refused(&[bent], &[stranger], "NotOwner");
    }
    let bent = close
        .with(&owner, &other.owner.pubkey())
        .with(&provider.address, &other.address);
    world.refused(&[bent], &[&other.owner], "WrongProvider");
}

#[test]
fn a_node_registered_anew_is_another_registration_with_nothing_done() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1).address;
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    world.edit(&node.address, |state: &mut Node| {
        (
            state.units,
            state.record.windows_proven,
            state.record.jobs_completed,
        ) = (1, 2, 3);
    });
    let first = world.node_state(&node).opened_slot;
    world.advance(1);
    let close = close_ix(&world, &provider, &node);
    world.ok(&[close], &[&provider.owner]);
    world.advance(1);
    world.register(&provider, &node.worker, &set);
    let state = world.node_state(&node);
    assert!(state.opened_slot > first);
    assert_eq!(state.set, set);
    assert_eq!(
        (
            state.units,
            state.record.windows_proven,
            state.record.jobs_completed
        ),
        (0, 0, 0)
    );
    assert_eq!(nodes(&world, &provider), 1);
}

#[test]
fn two_registrations_of_a_node_never_share_a_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    world.advance(1);
    let close = close_ix(&world, &provider, &node);
    let again = ix::register_node(
        &world.payer.pubkey(),
        &provider.owner.pubkey(),
        &node.worker.pubkey(),
        &world.network,
        &Address::default(),
        NODE_ARGS,
    );
    // A registration of a later slot than the first: every share and offer can tell them apart.
    world.ok(
        &[close.clone(), again.clone()],
        &[&provider.owner, &node.worker],
    );
    world.refused(
        &[close, again],
        &[&provider.owner, &node.worker],
        "OpeningSlot",
    );
}

#[test]
fn an_owner_that_paid_the_rent_itself_gets_it_back() {
    let mut world = World::new();
    let (provider, worker) = (world.provider(), world.key());
    let owner = provider.owner.pubkey();
    let none = Address::default();
    let register = ix::register_node(
        &owner,
        &owner,
        &worker.pubkey(),
        &world.network,
        &none,
        NODE_ARGS,
    );
    world.ok(&[register], &[&provider.owner, &worker]);
    let node = NodeHandle {
        address: address::node(&provider.address, &worker.pubkey()),
        worker,
    };
    world.advance(1);
    let close = close_ix(&world, &provider, &node);
    world.ok(&[close], &[&provider.owner]);
}
