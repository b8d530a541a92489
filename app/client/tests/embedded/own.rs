//! What is a key's own, found on a chain that others use too.

use {
    bytemuck::{Pod, Zeroable, bytes_of},
    sluice_client::{
        Discriminator, Node, Position, Provider, address,
        ledger::{BATCH, Embedded},
        own::{first_ids, free_id, nodes, only, operated, owned, stake},
    },
    solana_address::Address,
    std::collections::BTreeSet,
};

fn chain() -> Embedded {
    Embedded::new(sluice_elf::built()).unwrap()
}

fn put<T: Pod + Discriminator>(chain: &mut Embedded, address: &Address, account: &T) {
    let data = [T::DISCRIMINATOR, bytes_of(account)].concat();
    chain.put(address, data, &sluice_client::ID).unwrap();
}

/// A provider of `owner`, operated by `operator`.
fn register(
    chain: &mut Embedded,
    network: &Address,
    owner: &Address,
    operator: &Address,
) -> Address {
    let address = address::provider(network, owner);
    let provider = Provider {
        network: *network,
        owner: *owner,
        operator: *operator,
        ..Provider::zeroed()
    };
    put(chain, &address, &provider);
    address
}

fn keys<T>(found: Vec<(Address, T)>) -> BTreeSet<[u8; 32]> {
    found.iter().map(|(key, _)| key.to_bytes()).collect()
}

#[test]
fn a_provider_follows_from_owner_and_network() {
    let mut chain = chain();
    let [here, there, elsewhere] = [(); 3].map(|()| Address::new_unique());
    let [owner, stranger] = [(); 2].map(|()| Address::new_unique());
    let own = register(&mut chain, &here, &owner, &owner);
    let also = register(&mut chain, &there, &owner, &owner);
    register(&mut chain, &here, &stranger, &stranger);
    let found = owned(&chain, &owner, Some(&here)).unwrap();
    assert_eq!(only(found).unwrap().0, own);
    assert!(owned(&chain, &owner, Some(&elsewhere)).unwrap().is_empty());
    let all = owned(&chain, &owner, None).unwrap();
    assert_eq!(keys(all), [own, also].map(|key| key.to_bytes()).into());
}

#[test]
fn who_is_named_by_strangers_still_has_one_provider() {
    let mut chain = chain();
    let [network, other] = [(); 2].map(|()| Address::new_unique());
    let [owner, stranger, hot] = [(); 3].map(|()| Address::new_unique());
    let own = register(&mut chain, &network, &owner, &owner);
    let theirs = register(&mut chain, &network, &stranger, &owner);
    let found = operated(&chain, &owner, None).unwrap();
    assert_eq!(only(found).unwrap().0, own);
    // A key that owns none may be meant by each of those who name it.
    let [one, two] = [Address::new_unique(), Address::new_unique()]
        .map(|owner| register(&mut chain, &network, &owner, &hot));
    let three = register(&mut chain, &other, &Address::new_unique(), &hot);
    let here = operated(&chain, &hot, Some(&network)).unwrap();
    assert_eq!(keys(here), [one, two].map(|key| key.to_bytes()).into());
    let there = operated(&chain, &hot, Some(&other)).unwrap();
    assert_eq!(only(there).unwrap().0, three);
    assert_ne!(own, theirs);
}

#[test]
fn the_nodes_of_a_provider_are_told_from_others() {
    let mut chain = chain();
    let [provider, other] = [(); 2].map(|()| Address::new_unique());
    let node = |chain: &mut Embedded, provider: &Address| {
        let address = address::node(provider, &Address::new_unique());
        let node = Node {
            provider: *provider,
            ..Node::zeroed()
        };
        put(chain, &address, &node);
        address
    };
    let [one, _] = [&provider, &other].map(|provider| node(&mut chain, provider));
    assert_eq!(only(nodes(&chain, &provider).unwrap()).unwrap().0, one);
    let [_, two] = [&other, &provider].map(|provider| node(&mut chain, provider));
    let both = nodes(&chain, &provider).unwrap();
    assert_eq!(keys(both), [one, two].map(|key| key.to_bytes()).into());
}

#[test]
fn empty_positions_stand_in_only_where_there_is_no_other() {
    let mut chain = chain();
    let staker = Address::new_unique();
    let hold = |chain: &mut Embedded, shares, tickets| {
        let pool = Address::new_unique();
        let address = address::position(&pool, &staker);
        let position = Position {
            pool,
            staker,
            shares,
            tickets,
            ..Position::zeroed()
        };
        put(chain, &address, &position);
        address
    };
    let empty = hold(&mut chain, 0, 0);
    let held = |chain: &Embedded| only(stake(chain, &staker).unwrap());
    assert_eq!(held(&chain).unwrap().0, empty);
    let thawing = hold(&mut chain, 0, 1);
    assert_eq!(held(&chain).unwrap().0, thawing);
    let staked = hold(&mut chain, 1, 0);
    assert_eq!(held(&chain).err().unwrap().len(), 2);
    assert_ne!(staked, thawing);
}

#[test]
fn the_lowest_number_without_an_account_is_free() {
    let mut chain = chain();
    let [network, buyer] = [(); 2].map(|()| Address::new_unique());
    let derive = |id| address::job(&network, &buyer, id);
    assert_eq!(free_id(&chain, 1, derive).unwrap(), Some(1));
    let ahead: Vec<Address> = first_ids(1, derive).collect();
    assert_eq!(ahead[0], derive(1));
    assert!(ahead.len() < BATCH);
    for id in (1..=200).filter(|id| *id != 170) {
        put(&mut chain, &derive(id), &Node::zeroed());
    }
    // Lamports that somebody sent to an address hold no number.
    chain
        .put(&derive(170), vec![], &Address::default())
        .unwrap();
    assert_eq!(free_id(&chain, 1, derive).unwrap(), Some(170));
    assert_eq!(free_id(&chain, 171, derive).unwrap(), Some(201));
    assert_eq!(free_id(&chain, 0, derive).unwrap(), Some(0));
}
