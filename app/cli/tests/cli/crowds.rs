//! A market of ten thousand offers, and the calls that it takes.

use {
    crate::{bench::Ran, scene::Scene},
    anchor_lang::Discriminator,
    sluice_client::{Ledger, Node, address},
    solana_address::Address,
};

/// Replaces every occurrence of `old` in an account's bytes.
fn replaced(data: &[u8], pairs: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut data = data.to_vec();
    for (old, new) in pairs {
        let places = data.windows(old.len()).enumerate();
        let places: Vec<usize> = places
            .filter(|(_, bytes)| bytes == old)
            .map(|(place, _)| place)
            .collect();
        assert!(!places.is_empty());
        for place in places {
            data[place..place + new.len()].copy_from_slice(new);
        }
    }
    data
}

/// Copies of the scene's offer on nodes of their own, ten nodes to a provider; each is a base unit dearer than the one before.
pub fn crowd(s: &mut Scene, offer: &str, price: u64, count: u64) {
    let [offer, node, provider] = [offer, &s.node, &s.provider].map(|text| text.parse().unwrap());
    let pool = address::stake_pool(&provider);
    let position = address::position(&pool, &s.owner);
    let chain = &mut s.bench.ledger.chain;
    let [
        offer_data,
        node_data,
        provider_data,
        pool_data,
        position_data,
    ] = [offer, node, provider, pool, position]
        .map(|key| chain.account(&key).unwrap().unwrap().data);
    let mut put = |key: &Address, data| chain.put(key, data, &sluice_client::ID).unwrap();
    for number in 1..=count {
        let other = Address::new_unique();
        let of = |parts: u64| {
            let mut bytes = [7; 32];
            bytes[..8].copy_from_slice(&parts.to_le_bytes());
            Address::new_from_array(bytes)
        };
        let its_provider = of(number / 10);
        let its_pool = address::stake_pool(&its_provider);
        if number % 10 == 0 || number == 1 {
            put(&its_provider, provider_data.clone());
            let subject: &[(&[u8], &[u8])] = &[(provider.as_ref(), its_provider.as_ref())];
            put(&its_pool, replaced(&pool_data, subject));
            let of_pool: &[(&[u8], &[u8])] = &[(pool.as_ref(), its_pool.as_ref())];
            let its_position = address::position(&its_pool, &s.owner);
            put(&its_position, replaced(&position_data, of_pool));
        }
        let its_node = Address::new_unique();
        put(&its_node, node_data.clone());
        let dearer = (price + number).to_le_bytes();
        let pairs: &[(&[u8], &[u8])] = &[
            (node.as_ref(), its_node.as_ref()),
            (provider.as_ref(), its_provider.as_ref()),
            (&price.to_le_bytes(), &dearer),
        ];
        put(&other, replaced(&offer_data, pairs));
    }
}

/// Makes the node of every offer full: from then on none can be taken.
fn fill(s: &mut Scene) {
    let chain = &mut s.bench.ledger.chain;
    for (key, mut node) in chain.list::<Node>(&[]).unwrap() {
        node.slots_used = node.slots_total;
        let data = [Node::DISCRIMINATOR, bytemuck::bytes_of(&node)].concat();
        chain.put(&key, data, &sluice_client::ID).unwrap();
    }
}

#[test]
fn a_market_of_ten_thousand_offers_takes_a_hundred_and_forty_calls_and_its_first_page_eight() {
    const MOST: usize = 140;
    let mut s = Scene::new();
    let network = s.network.clone();
    let best = s.post(1, "0.123457");
    crowd(&mut s, &best, 123_457, 9_999);
    let market = format!("market --network {network}");
    let place = format!("job place --network {network} --id 1 --length 3h --yes --dry-run");
    let calls = |s: &mut Scene, run: fn(&mut Scene, &str) -> Ran, line: &str| {
        let before = s.bench.ledger.all_calls();
        let ran = run(s, line);
        (ran, s.bench.ledger.all_calls() - before)
    };
    let (ran, made) = calls(&mut s, |s, line| s.bench.run("nobody", line), &market);
    assert!(made <= MOST, "{made}");
    let listed = ran.json();
    let offers = listed["offers"].as_array().unwrap();
    assert_eq!(offers.len(), 10_000);
    assert_eq!(offers[0]["offer"], best.as_str());
    assert_eq!(offers[0]["reason"], "best price");
    for (offer, price) in offers.iter().zip(123_457u64..) {
        assert_eq!(offer["price"]["amount"], price.to_string());
        assert_eq!(offer["takeable"], true);
    }

    // A page: what every command begins with, the offers, two batches of accounts, one of positions, the mint.
    let (page, made) = calls(&mut s, |s, line| s.bench.seen("nobody", line), &market);
    assert!(made <= 6, "{made}");
    assert!(page.out.contains("1 to 50 of 10000; --page 2 goes on"));
    let (page, made) = calls(
        &mut s,
        |s, line| s.bench.seen("nobody", line),
        &format!("{market} --region 0 --page 3"),
    );
    assert!(made <= 8, "{made}");
    assert!(page.out.contains("101 to 150; --page 4 goes on"));
    let (placed, made) = calls(&mut s, |s, line| s.bench.ok("buyer", line), &place);
    assert!(made <= 8, "{made}");
    assert_eq!(placed.text("offer"), best);

    fill(&mut s);
    let (page, made) = calls(&mut s, |s, line| s.bench.seen("nobody", line), &market);
    assert!(made <= MOST, "{made}");
    assert!(page.out.contains("1 to 50 of 10000; --page 2 goes on"));
    let (ran, made) = calls(&mut s, |s, line| s.bench.run("buyer", line), &place);
    assert!(made <= MOST, "{made}");
    assert!(
        ran.err
            .contains("10000 offers found, and none can be taken"),
        "{}",
        ran.err
    );
}
