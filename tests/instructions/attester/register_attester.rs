use {
    sluice_client::{Attester, Ledger, address, instruction as ix},
    sluice_tests::world::{Tamper, Vault, World},
    solana_signer::Signer,
};

#[test]
fn register_attester_writes_its_key_and_owner_and_nothing_else() {
    let mut world = World::new();
    let (payer, owner, key) = (world.party(), world.key(), world.key());
    let register = ix::register_attester(
        &payer.pubkey(),
        &owner.pubkey(),
        &key.pubkey(),
        &world.network,
    );
    world.ok(&[register], &[&payer, &owner, &key]);

    let address = address::attester(&world.network, &key.pubkey());
    let state: Attester = world.chain.get(&address).unwrap();
    assert_eq!(state.network, world.network);
    assert_eq!(state.owner, owner.pubkey());
    assert_eq!(state.key, key.pubkey());
    assert_eq!(state.rent_payer, payer.pubkey());
    assert_eq!(state.opened_slot, world.slot());
    assert_eq!((state.bond, state.live_bits, state.standing), (0, 0, 0));
}

#[test]
fn register_attester_takes_one_key_in_every_part() {
    let mut world = World::new();
    let one = world.party();
    let register =
        ix::register_attester(&one.pubkey(), &one.pubkey(), &one.pubkey(), &world.network);
    world.ok(&[register], &[&one]);
}

#[test]
fn register_attester_needs_payer_owner_and_key_to_sign() {
    let mut world = World::new();
    let (payer, owner, key) = (world.party(), world.key(), world.key());
    let register = ix::register_attester(
        &payer.pubkey(),
        &owner.pubkey(),
        &key.pubkey(),
        &world.network,
    );
    let all = [&payer, &owner, &key];
    for missing in 0..3 {
        let signers: Vec<_> = (0..3).filter(|i| *i != missing).map(|i| all[i]).collect();
        let without = register.unsigned(&all[missing].pubkey());
        world.refused(&[without], &signers, "MissingRequiredSignature");
    }
}

#[test]
fn register_attester_happens_once_for_a_key_whoever_owns_it() {
    let mut world = World::new();
    let attester = world.attester();
    let thief = world.party();
    let payer = world.payer.pubkey();
    let key = &attester.key;
    let again = ix::register_attester(&payer, &thief.pubkey(), &key.pubkey(), &world.network);
    world.refused(&[again], &[&thief, key], "Custom(0)");
}

#[test]
fn register_attester_registers_a_key_in_each_network_apart() {
    let mut world = World::new();
    let attester = world.attester();
    let other = world.other_network();
    let payer = world.payer.pubkey();
    let (owner, key) = (&attester.owner, &attester.key);
    let register = ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), &other);
    world.ok(&[register], &[owner, key]);
    let state: Attester = world
        .chain
        .get(&address::attester(&other, &key.pubkey()))
        .unwrap();
    assert_eq!(state.network, other);
}

#[test]
fn register_attester_refuses_what_is_not_a_network_and_another_address() {
    let mut world = World::new();
    let (owner, key) = (world.key(), world.key());
    let impostor = world.impostor();
    let payer = world.payer.pubkey();
    let network = world.network;
    let register = |network| ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), network);
    let signers = [&owner, &key];
    world.refused(&[register(&impostor)], &signers, "InvalidAccountData");
    let foreign = world.counterfeit(&network);
    world.refused(&[register(&foreign)], &signers, "IllegalOwner");
    let nowhere = owner.pubkey();
    world.refused(&[register(&nowhere)], &signers, "UninitializedAccount");

    let elsewhere = register(&network).with(
        &address::attester(&network, &key.pubkey()),
        &address::attester(&network, &owner.pubkey()),
    );
    world.refused(&[elsewhere], &signers, "InvalidSeeds");
}

#[test]
fn an_attester_s_key_that_nobody_could_sign_statements_with_is_refused() {
    let mut world = World::new();
    world.add_forwarder();
    let (owner, vault) = (world.party(), Vault::new(1));
    let (payer, network) = (world.payer.pubkey(), world.network);
    let register = ix::register_attester(&payer, &owner.pubkey(), &vault.address, &network);
    let call = vault.call(&register);
    world.refused(&[call], &[&owner], "KeyOffCurve");
}
