use {
    sluice_client::{Node, NodeArgs, instruction as ix},
    sluice_tests::world::{NODE_ARGS, NodeHandle, ProviderHandle, Site, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

const OTHER: NodeArgs = NodeArgs {
    metadata_hash: [1; 32],
    uri: [2; 64],
    slots_total: 7,
    class: 3,
    region: 4,
};

/// The operator's instruction that describes a node anew.
fn update_ix(
    world: &World,
    provider: &ProviderHandle,
    node: &NodeHandle,
    args: NodeArgs,
) -> Instruction {
    let operator = provider.operator.pubkey();
    ix::update_node(&operator, &node.address, &world.node_state(node), args)
}

#[test]
fn the_description_changes_and_nothing_else() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    world.edit(&node.address, |state: &mut Node| {
        (
            state.units,
            state.record.windows_proven,
            state.record.jobs_completed,
        ) = (1, 2, 3);
    });
    let mut before = world.node_state(&node);
    world.advance(10);
    let update = update_ix(&world, &provider, &node, OTHER);
    world.ok(&[update], &[&provider.operator]);
    let after = world.node_state(&node);
    assert_eq!((after.metadata_hash, after.uri), ([1; 32], [2; 64]));
    assert_eq!((after.slots_total, after.class, after.region), (7, 3, 4));
    before.describe(&OTHER).unwrap();
    assert_eq!(bytemuck::bytes_of(&before), bytemuck::bytes_of(&after));
}

#[test]
fn only_the_operator_describes_its_node() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    let node = world.node(&provider, &Address::default());
    let theirs = world.node(&other, &Address::default());
    let update = update_ix(&world, &provider, &node, OTHER);
    let operator = provider.operator.pubkey();
    let without = update.unsigned(&operator);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for stranger in [&provider.owner, &node.worker, &other.operator] {
        let bent = update.with(&operator, &stranger.pubkey());
        world.refused(&[bent], &[stranger], "NotOperator");
    }
    // Nor under a provider of its own, nor another's node.
    let bent = update
        .with(&operator, &other.operator.pubkey())
        .with(&provider.address, &other.address);
    world.refused(&[bent], &[&other.operator], "WrongProvider");
    let bent = update.with(&node.address, &theirs.address);
    world.refused(&[bent], &[&provider.operator], "WrongProvider");
}

#[test]
fn a_node_keeps_at_least_one_slot() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    let slots = |slots_total| NodeArgs {
        slots_total,
        ..NODE_ARGS
    };
    let none = update_ix(&world, &provider, &node, slots(0));
    world.refused(&[none], &[&provider.operator], "NoSlots");
    let one = update_ix(&world, &provider, &node, slots(1));
    world.ok(&[one], &[&provider.operator]);
}

#[test]
fn fewer_slots_than_are_used_end_no_job_but_take_no_other() {
    let mut site = Site::new();
    site.another(|_| ());
    let args = NodeArgs {
        slots_total: 1,
        ..NODE_ARGS
    };
    let operator = site.provider.operator.insecure_clone();
    let update = update_ix(&site.world, &site.provider, &site.node, args);
    site.world.ok(&[update], &[&operator]);
    let node = site.world.node_state(&site.node);
    assert_eq!((node.slots_used, node.slots_total), (2, 1));
    let buyer = site.world.buyer();
    let open = site.world.open_args(1, site.state().terms, &buyer.pubkey());
    let job = site.world.open(&buyer, open);
    let accept = ix::accept_job(
        &operator.pubkey(),
        &site.provider.owner.pubkey(),
        &job,
        &site.world.job(&job),
        &site.node.address,
    );
    site.world.refused(&[accept], &[&operator], "NoFreeSlot");
    site.at(3_600);
    site.prove(0, 100);
    site.wind_up();
    assert_eq!(site.world.node_state(&site.node).slots_used, 1);
}

#[test]
fn an_account_that_is_no_node_is_refused() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &Address::default());
    let update = update_ix(&world, &provider, &node, OTHER);
    world.refuses_look_alikes(&update, &[node.address], &[&provider.operator]);
}
