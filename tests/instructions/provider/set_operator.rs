use {
    sluice_client::{Ledger, Provider, instruction as ix},
    sluice_tests::world::{NODE_ARGS, Site, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// The owner's instruction that names `operator`.
fn set_ix(world: &World, provider: &Address, operator: &Address) -> Instruction {
    let state: Provider = world.chain.get(provider).unwrap();
    ix::set_operator(provider, &state, operator)
}

#[test]
fn only_the_operator_changes() {
    let mut world = World::new();
    let (provider, next) = (world.provider(), world.key().pubkey());
    let mut before: Provider = world.chain.get(&provider.address).unwrap();
    let change = set_ix(&world, &provider.address, &next);
    world.ok(&[change], &[&provider.owner]);
    let after: Provider = world.chain.get(&provider.address).unwrap();
    assert_eq!(after.operator, next);
    before.operator = next;
    assert_eq!(bytemuck::bytes_of(&before), bytemuck::bytes_of(&after));
}

#[test]
fn only_the_owner_names_an_operator() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    let next = world.key().pubkey();
    let change = set_ix(&world, &provider.address, &next);
    let owner = provider.owner.pubkey();
    let without = change.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for stranger in [&provider.operator, &other.owner, &other.operator] {
        let bent = change.with(&owner, &stranger.pubkey());
        world.refused(&[bent], &[stranger], "NotOwner");
    }
}

#[test]
fn the_old_operator_is_refused_from_then_on_and_the_new_one_acts() {
    let mut site = Site::new();
    let (old, new) = (site.provider.operator.insecure_clone(), site.world.party());
    let owner = site.provider.owner.insecure_clone();
    let node = site.world.node_state(&site.node);
    let by = |operator: &Address, site: &Site| {
        [
            ix::update_node(operator, &site.node.address, &node, NODE_ARGS),
            ix::resign_job(operator, &site.job.address, &site.state()),
        ]
    };
    let change = set_ix(&site.world, &site.provider.address, &new.pubkey());
    for early in by(&new.pubkey(), &site) {
        site.world.refused(&[early], &[&new], "NotOperator");
    }
    site.world.ok(&[change], &[&owner]);
    for late in by(&old.pubkey(), &site) {
        site.world.refused(&[late], &[&old], "NotOperator");
    }
    for now in by(&new.pubkey(), &site) {
        site.world.ok(&[now], &[&new]);
    }
    // Who accepted earlier takes no further job.
    let buyer = site.world.buyer();
    let args = site.world.open_args(1, site.state().terms, &new.pubkey());
    let job = site.world.open(&buyer, args);
    let accept = |operator: &Address, site: &Site| {
        let state = site.world.job(&job);
        ix::accept_job(operator, &owner.pubkey(), &job, &state, &site.node.address)
    };
    let (late, now) = (accept(&old.pubkey(), &site), accept(&new.pubkey(), &site));
    site.world.refused(&[late], &[&old], "NotOperator");
    site.world.ok(&[now], &[&new]);
}

#[test]
fn an_account_that_is_no_provider_is_refused() {
    let mut world = World::new();
    let provider = world.provider();
    let change = set_ix(&world, &provider.address, &provider.pool);
    world.refuses_look_alikes(&change, &[provider.address], &[&provider.owner]);
}
