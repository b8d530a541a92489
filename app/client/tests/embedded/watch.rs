//! What a subject finds on a chain.

use {
    crate::world::World,
    sluice_client::{
        ClientError, address,
        watch::{Kind, Member, Subject},
    },
    solana_address::Address,
    solana_signer::Signer,
};

/// The kind and the address of everything that belongs to `root`.
fn found(world: &World, kind: Kind, root: Address) -> Vec<(&'static str, Address)> {
    let subject = Subject::of(&world.ledger, kind, root).unwrap();
    let all = subject.read(&world.ledger).unwrap().into_iter();
    let mut found: Vec<_> = all
        .map(|(address, account)| {
            let member = Member::read(&address, &account).unwrap().unwrap();
            (member.kind(), address)
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_subject_finds_what_belongs_to_it_and_nothing_else() {
    let mut world = World::new();
    let (taken, open) = (world.active(1), world.open(2));
    let (provider, network) = (world.provider, world.network);
    let pool = address::stake_pool(&provider);
    assert_eq!(found(&world, Kind::Job, open), [("job", open)]);
    assert_eq!(
        found(&world, Kind::Provider, provider),
        [
            ("job", taken),
            ("node", world.node),
            ("provider", provider),
            ("stake pool", pool)
        ]
    );
    let mut jobs = [taken, open];
    jobs.sort();
    assert_eq!(
        found(&world, Kind::Network, network),
        [
            ("job", jobs[0]),
            ("job", jobs[1]),
            ("network", network),
            ("provider", provider)
        ]
    );
    let position = address::position(&pool, &world.owner.pubkey());
    assert_eq!(
        found(&world, Kind::Pool, pool),
        [("position", position), ("stake pool", pool)]
    );
}

#[test]
fn a_subject_must_be_of_its_kind() {
    let world = World::new();
    let told = Subject::of(&world.ledger, Kind::Job, world.provider).err();
    assert!(matches!(told, Some(ClientError::WrongAccount { .. })));
    let nobody = Address::new_unique();
    let told = Subject::of(&world.ledger, Kind::Pool, nobody).err();
    assert!(matches!(told, Some(ClientError::NoAccount(address)) if address == nobody));
}
