//! How many calls a verb makes before it sends: over a network each of them is a wait.

use {
    crate::{
        bench::Ran,
        rewarding::{pool, prove},
        scene::{DAY, HOUR, Scene},
    },
    anchor_lang::Discriminator,
    sluice_client::{Ledger, Node, address},
    solana_address::Address,
};

/// Of each command its name, its reads, and all its calls: the reads, the simulation with the blockhash, and the genesis hash that the
/// note of a transaction is filed under.
#[derive(Default)]
struct Table(Vec<(&'static str, usize, usize)>);

impl Table {
    /// Asserts that no command made more calls than stand here. Each number is one that was counted: what is more is a loss.
    fn is_within(&self, most: &[(&str, usize, usize)]) {
        assert_eq!(self.0.len(), most.len(), "{:?}", self.0);
        for (made, most) in self.0.iter().zip(most) {
            assert_eq!(made.0, most.0);
            assert!(made.1 <= most.1 && made.2 <= most.2, "{made:?} {most:?}");
        }
    }

    /// Runs a command, which must succeed, and notes its reads and all its calls, but those that send.
    fn note(&mut self, s: &mut Scene, name: &'static str, key: &str, line: &str) {
        self.noted(s, name, key, line);
    }

    /// The same; the named field of the result.
    fn field(
        &mut self,
        s: &mut Scene,
        name: &'static str,
        (key, line): (&str, &str),
        field: &str,
    ) -> String {
        self.noted(s, name, key, line).text(field)
    }

    fn noted(&mut self, s: &mut Scene, name: &'static str, key: &str, line: &str) -> Ran {
        let before = (s.bench.ledger.reads(), s.bench.ledger.all_calls());
        let ran = s.bench.ok(key, line);
        let reads = s.bench.ledger.reads() - before.0;
        self.0
            .push((name, reads, s.bench.ledger.all_calls() - before.1));
        ran
    }
}

#[test]
fn a_verb_that_sends_makes_few_calls_before() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let (network, node, provider) = (s.network.clone(), s.node.clone(), s.provider.clone());
    let mint = s.bench.pay.address;

    let line = s.open_line(1);
    let job = t.field(&mut s, "job open", ("buyer", &line), "job");
    let line = format!("job accept {job} --node {node}");
    t.note(&mut s, "job accept", "operator", &line);
    t.note(
        &mut s,
        "job top-up",
        "buyer",
        &format!("job top-up {job} 0.5"),
    );
    s.wait(HOUR);
    let files: Vec<String> = ["worker", "a1", "a2"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    let line = format!("attest submit {job} {}", files.join(" "));
    t.note(&mut s, "attest submit", "buyer", &line);
    s.wait(2 * HOUR);
    for (name, verb) in [
        ("job pay", "pay"),
        ("job sweep", "sweep"),
        ("job refund", "refund"),
        ("job credit", "credit"),
    ] {
        t.note(&mut s, name, "guild", &format!("job {verb} {job}"));
    }

    let line = format!(
        "offer post --node {node} --id 1 --mint {mint} --price 0.01 --cap 100 --window 1h --grace 1h \
         --challenge-time 1h --notice 1h --bond 20 --slots 2 --expires +1d"
    );
    let offer = t.field(&mut s, "offer post", ("operator", &line), "offer");
    let line = format!("job take {offer} --id 2 --length 3h");
    let taken = t.field(&mut s, "job take", ("buyer", &line), "job");
    t.note(
        &mut s,
        "job cancel",
        "buyer",
        &format!("job cancel {taken}"),
    );
    s.wait(DAY / 2);
    t.note(
        &mut s,
        "job release",
        "guild",
        &format!("job release {job}"),
    );
    let line = format!("job place --network {network} --id 3 --length 3h --yes");
    t.note(&mut s, "job place", "buyer", &line);

    let line = format!("stake deposit {provider} 10");
    t.note(&mut s, "stake deposit", "owner", &line);
    t.note(
        &mut s,
        "stake unstake",
        "owner",
        &format!("stake unstake {provider} 1"),
    );
    t.note(
        &mut s,
        "dividends add",
        "buyer",
        &format!("dividends add {provider} 1"),
    );
    t.is_within(&[
        ("job open", 2, 4),
        ("job accept", 3, 5),
        ("job top-up", 2, 4),
        ("attest submit", 2, 4),
        ("job pay", 2, 4),
        ("job sweep", 3, 5),
        ("job refund", 2, 4),
        ("job credit", 2, 4),
        ("offer post", 3, 5),
        ("job take", 2, 4),
        ("job cancel", 2, 4),
        ("job release", 2, 4),
        ("job place", 5, 7),
        ("stake deposit", 3, 5),
        ("stake unstake", 3, 5),
        ("dividends add", 4, 6),
    ]);
}

#[test]
fn rewards_are_moved_after_few_calls() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let (node, owner, pool) = (s.node.clone(), s.owner, pool(&mut s, 1));
    let line = format!("rewards join {pool} --node {node}");
    t.note(&mut s, "rewards join", "operator", &line);
    s.wait(DAY);
    let line = format!("rewards report {pool} --node {node}");
    t.note(&mut s, "rewards report", "guild", &line);
    prove(&mut s, &node, 5);
    s.bench.ok("guild", &line);
    s.wait(DAY + DAY / 2);
    let line = format!("rewards claim {pool} --node {node}");
    t.note(&mut s, "rewards claim", "guild", &line);
    s.wait(HOUR);
    let line = format!("rewards claim --all --owner {owner}");
    t.note(&mut s, "rewards claim --all", "guild", &line);
    t.is_within(&[
        ("rewards join", 2, 4),
        ("rewards report", 3, 5),
        ("rewards claim", 4, 6),
        ("rewards claim --all", 5, 7),
    ]);
}

#[test]
fn what_is_shown_takes_few_calls() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let job = s.active(1);
    let offer = s.post(1, "0.01");
    let pool = pool(&mut s, 1);
    let join = format!("rewards join {pool} --node {}", s.node);
    s.bench.ok("operator", &join);
    let (network, set, node, provider) = (
        s.network.clone(),
        s.set.clone(),
        s.node.clone(),
        s.provider.clone(),
    );
    let attester = s.attesters[0].clone();
    for (name, line) in [
        ("job show", format!("job show {job}")),
        ("job list", format!("job list --network {network}")),
        ("offer show", format!("offer show {offer}")),
        ("market", format!("market --network {network}")),
        ("network show", format!("network show {network}")),
        ("provider show", format!("provider show {provider}")),
        ("node show", format!("node show {node}")),
        ("attester show", format!("attester show {attester}")),
        ("attester-set show", format!("attester-set show {set}")),
        ("stake show", format!("stake show {provider}")),
        ("stake pool show", format!("stake pool show {provider}")),
        ("rewards show", format!("rewards show {pool} --node {node}")),
        ("crank", format!("crank --network {network}")),
    ] {
        t.note(&mut s, name, "guild", &line);
    }
    t.is_within(&[
        ("job show", 1, 1),
        ("job list", 2, 2),
        ("offer show", 2, 2),
        ("market", 5, 5),
        ("network show", 2, 2),
        ("provider show", 2, 2),
        ("node show", 1, 1),
        ("attester show", 4, 4),
        ("attester-set show", 3, 3),
        ("stake show", 5, 5),
        ("stake pool show", 4, 4),
        ("rewards show", 2, 2),
        ("crank", 20, 22),
    ]);
}

#[test]
fn a_list_takes_one_call_and_at_most_one_batch() {
    let mut s = Scene::new();
    let mut t = Table::default();
    s.active(1);
    s.post(1, "0.01");
    pool(&mut s, 1);
    for name in [
        "network list",
        "provider list",
        "node list",
        "attester list",
        "attester-set list",
        "offer list",
        "stake list",
        "stake pool list",
        "rewards list",
        "challenge list",
    ] {
        t.note(&mut s, name, "guild", name);
    }
    // The first call is the one that every command begins with.
    t.is_within(&[
        ("network list", 3, 3),
        ("provider list", 2, 2),
        ("node list", 2, 2),
        ("attester list", 3, 3),
        ("attester-set list", 3, 3),
        ("offer list", 3, 3),
        ("stake list", 3, 3),
        ("stake pool list", 3, 3),
        ("rewards list", 2, 2),
        ("challenge list", 2, 2),
    ]);
}

#[test]
fn what_is_not_told_costs_a_call_at_most() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let operator = s.bench.key("operator");
    let (network, provider, job) = (s.network.clone(), s.provider.clone(), s.open(1));
    let pool = pool(&mut s, 1);
    let post = "offer post --price 0.01 --cap 100 --window 1h --grace 1h --challenge-time 1h --notice 1h --expires +1d";
    let mint = s.bench.pay.address;
    // Whoever owns the provider operates it; the network is in no word and no profile.
    let line = format!("provider set-operator {} {}", s.provider, s.owner);
    s.bench.ok("owner", &line);
    t.note(&mut s, "stake deposit", "owner", "stake deposit 10");
    t.note(&mut s, "stake unstake", "owner", "stake unstake 1");
    t.note(&mut s, "stake show", "owner", "stake show");
    t.note(
        &mut s,
        "dividends add",
        "buyer",
        &format!("dividends add {provider} 1"),
    );
    t.note(&mut s, "job accept", "owner", &format!("job accept {job}"));
    t.note(
        &mut s,
        "rewards join",
        "owner",
        &format!("rewards join {pool}"),
    );
    let line = format!("{post} --mint {mint}");
    t.note(&mut s, "offer post", "owner", &line);
    t.note(&mut s, "provider show", "owner", "provider show");
    let line = format!("job place --network {network} --length 3h --yes");
    t.note(&mut s, "job place", "buyer", &line);
    s.bench.key("second");
    let line = format!(
        "node register --worker {} --set {}",
        s.bench.path("second"),
        s.set
    );
    t.note(&mut s, "node register", "owner", &line);
    t.is_within(&[
        ("stake deposit", 4, 6),
        ("stake unstake", 4, 6),
        ("stake show", 6, 6),
        ("dividends add", 4, 6),
        ("job accept", 4, 6),
        ("rewards join", 3, 5),
        ("offer post", 4, 6),
        ("provider show", 3, 3),
        ("job place", 5, 7),
        ("node register", 3, 5),
    ]);
    // An operator that owns no provider is looked for: a profile saves it three calls.
    let mut t = Table::default();
    let line = format!("provider set-operator {provider} {operator}");
    s.bench.ok("owner", &line);
    let line = format!("job accept {}", s.open(2));
    t.note(&mut s, "job accept", "operator", &line);
    t.is_within(&[("job accept", 6, 8)]);
}

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
    assert!(ran.err.contains("none of the 10000 offers"), "{}", ran.err);
}
