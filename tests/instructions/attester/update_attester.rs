use {
    sluice_client::{Attester, Ledger, events::AttesterUpdated, instruction as ix},
    sluice_tests::world::{Tamper, World, logged},
    solana_signer::Signer,
    std::slice::from_ref,
};

/// Where these tests ask for signatures.
const URI: [u8; 64] = *b"https://attester.example/sign-here-please-0123456789-0123456789-";

#[test]
fn the_owner_says_where_the_attester_is_asked() {
    let mut world = World::new();
    let attester = world.attester();
    let (owner, key, network) = (&attester.owner, attester.key.pubkey(), world.network);
    let mut state: Attester = world.chain.get(&attester.address).unwrap();
    assert_eq!(state.uri, [0; 64]);
    for uri in [URI, [0; 64]] {
        let update = ix::update_attester(&owner.pubkey(), &key, &network, uri);
        let receipt = world.ok(&[update], &[owner]);
        state.uri = uri;
        let after: Attester = world.chain.get(&attester.address).unwrap();
        assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&state));
        let attester = attester.address;
        logged(&receipt, &[AttesterUpdated { attester, uri }]);
    }
}

#[test]
fn nobody_but_the_owner_describes_an_attester() {
    let mut world = World::new();
    let (attester, rival) = (world.attester(), world.attester());
    let (owner, network) = (attester.owner.pubkey(), world.network);
    let update = ix::update_attester(&owner, &attester.key.pubkey(), &network, URI);
    let without = update.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for other in [&attester.key, &rival.owner, &world.payer.insecure_clone()] {
        let bent = update.with(&owner, &other.pubkey());
        world.refused(&[bent], &[other], "NotOwner");
    }
    let bent = update.with(&attester.address, &rival.address);
    world.refused(&[bent], &[&attester.owner], "NotOwner");
}

#[test]
fn a_description_is_written_into_an_attester_only() {
    let mut world = World::new();
    let attester = world.attester();
    let owner = &attester.owner;
    let (key, network) = (attester.key.pubkey(), world.network);
    let update = ix::update_attester(&owner.pubkey(), &key, &network, URI);
    let cosplay = update.with(&attester.address, &world.impostor());
    world.refused(&[cosplay], &[owner], "InvalidAccountData");
    let foreign = update.with(&attester.address, &world.counterfeit(&attester.address));
    world.refused(&[foreign], &[owner], "IllegalOwner");
    world.ok(from_ref(&update), &[owner]);
}
