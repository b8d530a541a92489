//! What a verb is about where that is not told, and what is said where it does not follow.

use {
    crate::scene::{DAY, HOUR, Scene},
    sluice_cli::Exit,
    solana_address::Address,
};

/// Addresses among the words of a command line.
fn addresses(line: &str) -> usize {
    let words = line.split_whitespace();
    words.filter(|word| word.parse::<Address>().is_ok()).count()
}

/// A scene, and a seller that has stake to deposit and a machine.
fn seller() -> Scene {
    let mut s = Scene::new();
    let seller = s.bench.funded("seller");
    let stake = s.bench.stake;
    s.bench.give(&seller, &stake, 600_000_000_000);
    s.bench.key("machine");
    s
}

/// From nothing into the market; the result of the last command is the offer's.
fn into_the_market(s: &mut Scene, register: &str) -> (usize, String) {
    let machine = s.bench.path("machine");
    let lines = [
        register.to_owned(),
        "stake deposit 500".to_owned(),
        format!("node register --worker {machine}"),
        "offer post --price 0.01 --cap 100".to_owned(),
    ];
    let mut offer = String::new();
    for line in &lines {
        let ran = s.bench.ok("seller", line);
        offer = ran.json()["offer"].as_str().unwrap_or_default().to_owned();
    }
    (lines.iter().map(|line| addresses(line)).sum(), offer)
}

#[test]
fn four_commands_and_one_address_lead_into_the_market() {
    let mut s = seller();
    let network = s.network.clone();
    let register = format!("provider register --network {network}");
    let (told, offer) = into_the_market(&mut s, &register);
    assert_eq!(told, 1);
    let market = format!("market --network {network}");
    let listed = s.bench.run("buyer", &market).json();
    let [row] = listed["offers"].as_array().unwrap().as_slice() else {
        panic!("{listed}");
    };
    assert_eq!(row["offer"], offer);
    assert_eq!(row["takeable"], true);
    assert_eq!(row["set"], s.set);
    assert_eq!(row["mint"], s.bench.pay.address.to_string());
    // The buyer needs as few words.
    let line = format!("job take {offer} --length 3h");
    let taken = s.bench.ok("buyer", &line).json();
    assert_eq!(taken["id"], "1");
    let place = format!("job place --network {network} --length 3h --yes");
    let why = s.bench.run("buyer", &place);
    assert_eq!(why.exit, Exit::BadInput, "{}", why.err);
}

#[test]
fn with_a_profile_no_address_is_told() {
    let mut s = seller();
    let network = s.network.clone();
    s.bench.raw(&format!("config set network {network}"));
    let (told, offer) = into_the_market(&mut s, "provider register");
    assert_eq!(told, 0);
    let shown = s.bench.run("buyer", &format!("offer show {offer}")).json();
    assert_eq!(shown["network"], network);
    let next = s
        .bench
        .ok("seller", "offer post --price 0.02 --cap 100")
        .json();
    assert_eq!(next["id"], "2");
}

#[test]
fn a_position_is_the_signers_unless_a_staker_is_named() {
    let mut s = Scene::new();
    let delegator = s.bench.funded("delegator");
    let stake = s.bench.stake;
    s.bench.give(&delegator, &stake, 600_000_000_000);
    let (provider, owner) = (s.provider.clone(), s.owner);
    s.bench
        .ok("delegator", &format!("stake deposit {provider} 7"));
    let show = format!("stake show {provider}");
    let own = s.bench.run("delegator", &show);
    assert_eq!(own.text("staker"), delegator.to_string());
    assert_eq!(own.base("active"), 7_000_000_000);
    let owners = format!("{show} --staker {owner}");
    let owners = s.bench.run("delegator", &owners);
    assert_eq!(owners.base("active"), 500_500_000_000);
    // Where the signer has stake in one pool only, that is meant.
    let same = s.bench.run("delegator", "stake show");
    assert_eq!(same.json(), own.json());
    s.bench.ok("delegator", "stake unstake 2");
    let attester = s.attesters[0].clone();
    s.bench
        .ok("delegator", &format!("stake deposit {attester} 1"));
    for line in ["stake show", "stake unstake 1", "dividends claim"] {
        s.bench.refused_as(
            "delegator",
            line,
            Exit::BadInput,
            "has stake in several pools: give the address of a provider, an attester or a stake pool; they are ",
        );
    }

    let stranger = s.bench.key("stranger");
    let none = s.bench.run("stranger", &show).json();
    assert_eq!(none["position"], serde_json::Value::Null);
    assert_eq!(none["staker"], stranger.to_string());
    let line = format!("-k {} {show}", s.bench.path("stranger"));
    let told = s.bench.raw(&line).out;
    assert!(
        told.contains(&format!(
            "none, the key {stranger} has no stake behind {provider}: another key's is meant with --staker KEY"
        )),
        "{told}"
    );
    // Who has no key at hand still sees the pool.
    let line = format!("-k /nowhere/id.json {show}");
    let told = s.bench.raw(&line);
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    assert!(
        told.out.contains("there is no keypair file"),
        "{}",
        told.out
    );
    for (line, says) in [
        (format!("dividends claim {provider}"), "--staker KEY"),
        (format!("stake unstake {provider} 1"), "has no stake behind"),
    ] {
        s.bench.refused_as("stranger", &line, Exit::Key, says);
    }
    s.bench.refused_as(
        "stranger",
        "stake show",
        Exit::BadInput,
        "has no stake: give the address of a provider",
    );
}

#[test]
fn an_operator_needs_not_name_its_only_node() {
    let mut s = Scene::new();
    let job = s.open(1);
    let pay = s.bench.pay.address;
    let pool = s.bench.field(
        "buyer",
        &format!(
            "rewards create --network {} --set {} --mint {pay} --rate 10 --ceiling 0.05 --node-cap 1000 --end +30d",
            s.network, s.set
        ),
        "pool",
    );
    for (key, line) in [
        ("operator", format!("job accept {job}")),
        ("operator", format!("rewards join {pool}")),
        ("operator", "node update --slots 3".to_owned()),
        ("owner", "node show".to_owned()),
        ("operator", "node show".to_owned()),
        ("owner", format!("rewards leave {pool}")),
    ] {
        let told = s.bench.ok(key, &line).json();
        assert_eq!(told["node"], s.node, "{line}");
    }
    for key in ["owner", "operator"] {
        let shown = s.bench.run(key, "provider show").json();
        assert_eq!(shown["provider"], s.provider);
        let watched = s
            .bench
            .raw(&format!("-k {} watch provider --once", s.bench.path(key)));
        assert!(watched.out.contains(&s.provider), "{}", watched.err);
    }
    let set = s.bench.ok("owner", "provider set-commission 12.5%").json();
    assert_eq!(set["provider"], s.provider);
    assert_eq!(set["pending_commission_bps"], 1_250);
    let told = s.bench.raw(&format!("provider show {}", s.provider)).out;
    for (label, share) in [
        ("commission ", " 100 %"),
        ("pending commission ", " 12.5 %"),
    ] {
        let mut lines = told.lines();
        let is_there = lines.any(|line| line.starts_with(label) && line.ends_with(share));
        assert!(is_there, "{told}");
    }
}

#[test]
fn where_nothing_follows_one_sentence_says_what_to_give() {
    let mut s = seller();
    let network = s.network.clone();
    let machine = s.bench.path("machine");
    let node = format!("node register --worker {machine}");
    for (line, says) in [
        (node.as_str(), "owns no provider: give one with --provider"),
        (
            "provider show",
            "owns or operates no provider: give its address",
        ),
        (
            "provider set-commission 5%",
            "owns no provider: give its address",
        ),
        (
            "stake deposit 1",
            "owns no provider: give the address of a provider",
        ),
        (
            "offer post --price 1 --cap 1",
            "operates no provider: give one with --node",
        ),
        ("node show", "operates no provider: give its address"),
    ] {
        s.bench.refused_as("seller", line, Exit::BadInput, says);
    }
    s.bench
        .ok("seller", &format!("provider register --network {network}"));
    let post = "offer post --price 1 --cap 1";
    s.bench.refused_as(
        "seller",
        post,
        Exit::BadInput,
        "has no node: give one with --node",
    );
    s.bench.ok("seller", &node);
    s.bench.key("another");
    let another = s.bench.path("another");
    s.bench.ok(
        "seller",
        &format!("node register --worker {another} --cosigner-only"),
    );
    s.bench.refused_as(
        "seller",
        post,
        Exit::BadInput,
        "has several nodes: give one with --node; they are ",
    );
    // In another network the same key has another provider.
    let stake = s.bench.stake.address;
    let other = s.bench.field(
        "admin",
        &format!("network create other --stake-mint {stake}"),
        "network",
    );
    s.bench
        .ok("seller", &format!("provider register --network {other}"));
    s.bench.refused_as(
        "seller",
        "stake deposit 1",
        Exit::BadInput,
        "owns several providers: give the address of a provider, an attester or a stake pool; they are ",
    );
    s.bench.raw(&format!("config set network {other}"));
    let shown = s.bench.run("seller", "provider show").json();
    assert_eq!(shown["network"], other);
    // A network without a set has none to choose; one with two does not choose.
    s.bench.key("third");
    let third = s.bench.path("third");
    let alone = s
        .bench
        .ok("seller", &format!("node register --worker {third}"))
        .json();
    assert_eq!(alone["set"], serde_json::Value::Null);
    s.bench.refused_as(
        "seller",
        post,
        Exit::BadInput,
        "no mint follows: give one with --mint",
    );
    let nowhere = format!("-k /nowhere/id.json {post}");
    s.bench.refused(
        &nowhere,
        Exit::Key,
        "or a key: there is no keypair file at /nowhere/id.json",
    );
    let nobody = format!(
        "job open --network {network} --funds 1 --length 3h --price 1 --cap 1 --cosigner {stake}"
    );
    s.bench
        .refused_as("buyer", &nobody, Exit::BadInput, "give one with --mint");
}

#[test]
fn a_pools_shares_are_the_signers_unless_others_are_named() {
    let mut s = Scene::new();
    let pool = crate::rewarding::pool(&mut s, 1);
    let (node, owner) = (s.node.clone(), s.owner);
    s.bench
        .ok("operator", &format!("rewards join {pool} --node {node}"));
    s.wait(DAY);
    s.bench.ok("guild", &format!("rewards report {pool} --all"));
    crate::rewarding::prove(&mut s, &node, 5);
    let reported = s
        .bench
        .ok("owner", &format!("rewards report {pool}"))
        .json();
    assert_eq!(reported["reported"][0]["node"], node);
    s.wait(DAY + HOUR);
    let claimed = s.bench.ok("owner", &format!("rewards claim {pool}")).json();
    assert_eq!(claimed["paid"][0]["to"], owner.to_string());
    let guild = s.bench.key("guild");
    s.bench.refused_as(
        "guild",
        &format!("rewards claim {pool}"),
        Exit::BadInput,
        &format!("the key {guild} is paid for no node in the pool {pool}: give nodes with --node, or --all"),
    );
}
