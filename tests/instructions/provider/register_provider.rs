use {
    sluice_client::{Ledger, Provider, address, instruction as ix},
    sluice_tests::world::{Tamper, World},
    solana_signer::Signer,
};

#[test]
fn register_provider_writes_owner_and_operator_and_an_empty_record() {
    let mut world = World::new();
    let (payer, owner, operator) = (world.party(), world.key(), world.key().pubkey());
    let register =
        ix::register_provider(&payer.pubkey(), &owner.pubkey(), &operator, &world.network);
    world.ok(&[register], &[&payer, &owner]);

    let address = address::provider(&world.network, &owner.pubkey());
    let state: Provider = world.chain.get(&address).unwrap();
    assert_eq!(state.network, world.network);
    assert_eq!(state.owner, owner.pubkey());
    assert_eq!(state.operator, operator);
    assert_eq!(state.rent_payer, payer.pubkey());
    assert_eq!(state.opened_slot, world.slot());
    assert_eq!(
        (
            state.record.windows_proven,
            state.record.jobs_completed,
            state.record.slashes
        ),
        (0, 0, 0)
    );
    // The owner keeps all of the rewards until it says otherwise.
    assert_eq!(
        (state.commission_bps, state.pending_commission_bps),
        (10_000, 0)
    );
    assert_eq!((state.commission_at, state.nodes), (0, 0));
}

#[test]
fn register_provider_needs_payer_and_owner_to_sign_but_not_the_operator() {
    let mut world = World::new();
    let (payer, owner, operator) = (world.party(), world.key(), world.key().pubkey());
    let register =
        ix::register_provider(&payer.pubkey(), &owner.pubkey(), &operator, &world.network);
    let without = register.unsigned(&owner.pubkey());
    world.refused(&[without], &[&payer], "MissingRequiredSignature");
    let without = register.unsigned(&payer.pubkey());
    world.refused(&[without], &[&owner], "MissingRequiredSignature");
    world.ok(&[register], &[&payer, &owner]);
}

#[test]
fn register_provider_happens_once_for_an_owner_in_a_network() {
    let mut world = World::new();
    let provider = world.provider();
    let (payer, owner) = (world.payer.pubkey(), &provider.owner);
    let again = ix::register_provider(&payer, &owner.pubkey(), &payer, &world.network);
    world.refused(&[again], &[owner], "Custom(0)");

    let other = world.other_network();
    let elsewhere = ix::register_provider(&payer, &owner.pubkey(), &payer, &other);
    world.ok(&[elsewhere], &[owner]);
}

#[test]
fn register_provider_refuses_what_is_not_a_network_and_another_address() {
    let mut world = World::new();
    let owner = world.key();
    let impostor = world.impostor();
    let payer = world.payer.pubkey();
    let network = world.network;
    let register = |network| ix::register_provider(&payer, &owner.pubkey(), &payer, network);
    world.refused(&[register(&impostor)], &[&owner], "InvalidAccountData");
    let foreign = world.counterfeit(&network);
    world.refused(&[register(&foreign)], &[&owner], "IllegalOwner");

    let squat = register(&network).with(
        &address::provider(&network, &owner.pubkey()),
        &address::provider(&network, &payer),
    );
    world.refused(&[squat], &[&owner], "InvalidSeeds");
}
