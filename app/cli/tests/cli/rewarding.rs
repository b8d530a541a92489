//! `sluice rewards` over many shares, with delegators, and to the end of a pool.

use {
    crate::scene::{DAY, Scene},
    sluice_cli::Exit,
    sluice_client::{ID, Ledger, Node, Provider, address},
    solana_address::Address,
};

/// Rewrites an account of the program: how work was proven is no matter here.
pub fn edit<T: bytemuck::Pod>(s: &mut Scene, address: &str, change: impl FnOnce(&mut T)) {
    let address: Address = address.parse().unwrap();
    let chain = &mut s.bench.ledger.chain;
    let mut data = chain.account(&address).unwrap().unwrap().data;
    let mut state: T = bytemuck::pod_read_unaligned(&data[8..]);
    change(&mut state);
    data[8..].copy_from_slice(bytemuck::bytes_of(&state));
    chain.put(&address, data, &ID).unwrap();
}

pub fn prove(s: &mut Scene, node: &str, units: u64) {
    edit::<Node>(s, node, |node| node.units += units);
}

/// A pool of ten epochs of a day that emits 10 tokens in each, funded for five.
pub fn pool(s: &mut Scene, id: u64) -> String {
    let (network, set, mint) = (s.network.clone(), s.set.clone(), s.bench.pay.address);
    let pool = s.bench.field(
        "buyer",
        &format!(
            "rewards create --network {network} --id {id} --set {set} --mint {mint} --rate 10 --ceiling 10 \
             --node-cap 1000 --epoch 1d --start +0 --end +10d"
        ),
        "pool",
    );
    s.bench.ok("buyer", &format!("rewards fund {pool} 45"));
    pool
}

/// More nodes of the provider, `count` in all.
fn nodes(s: &mut Scene, count: usize) -> Vec<String> {
    let mut nodes = vec![s.node.clone()];
    for number in 1..count {
        let name = format!("worker-{number}");
        s.bench.key(&name);
        let (path, provider, set) = (s.bench.path(&name), s.provider.clone(), s.set.clone());
        let line =
            format!("node register --provider {provider} --worker {path} --set {set} --slots 1");
        nodes.push(s.bench.field("owner", &line, "node"));
    }
    nodes
}

fn amount(value: &serde_json::Value) -> u64 {
    value["amount"].as_str().unwrap().parse().unwrap()
}

#[test]
fn one_command_reports_claims_and_folds_every_node_of_an_owner() {
    let mut s = Scene::new();
    let pools = [pool(&mut s, 1), pool(&mut s, 2)];
    let nodes = nodes(&mut s, 20);
    for pool in &pools {
        for node in &nodes {
            let join = format!("rewards join {pool} --node {node}");
            s.bench.ok("operator", &join);
        }
    }
    let owner = s.owner;
    let report = format!("rewards report --all --owner {owner}");
    // In the epoch of its join a share has nothing to report.
    let early = s.bench.run("guild", &report);
    assert_eq!(early.exit, Exit::BadInput, "{}", early.err);
    s.wait(DAY);
    let told = s.bench.ok("guild", &report).json();
    assert_eq!(told["reported"].as_array().unwrap().len(), 40);
    assert_eq!(
        told["sent"].as_array().unwrap().len() as u64,
        told["transactions"]
    );
    // Eleven nodes' reports fit a transaction.
    assert_eq!(told["transactions"], 4);

    for node in &nodes {
        prove(&mut s, node, 5);
    }
    let told = s.bench.ok("guild", &report).json();
    assert_eq!(told["reported"].as_array().unwrap().len(), 40);
    assert_eq!(told["reported"][39]["units"], "5");
    let show = format!("rewards show {} --node {}", pools[0], nodes[7]);
    let shown = s.bench.run("guild", &show).json();
    assert_eq!(shown["node"]["reported_this_epoch"], "5");
    assert_eq!(amount(&shown["node"]["next_epoch_streams"]), 500_000);
    assert_eq!(amount(&shown["node"]["streams_per_second"]), 0);
    assert!(shown["node"]["streams_until"].is_null());

    s.wait(DAY + DAY / 2);
    let claim = format!("rewards claim --all --owner {owner}");
    let held = s.bench.held(&owner, &s.bench.pay);
    let preview = s.bench.run("guild", &format!("--dry-run {claim}")).json();
    assert_eq!(preview["dry_run"], true);
    assert_eq!(preview["paid"].as_array().unwrap().len(), 40);
    assert_eq!(amount(&preview["totals"][0]["amount"]), 10_000_000);
    assert_eq!(s.bench.held(&owner, &s.bench.pay), held);
    let told = s.bench.ok("guild", &claim).json();
    assert_eq!(told["paid"], preview["paid"]);
    assert_eq!(told["transactions"], preview["transactions"]);
    assert_eq!(s.bench.held(&owner, &s.bench.pay), held + 10_000_000);
    let again = s.bench.run("guild", &claim);
    assert_eq!(again.exit, Exit::BadInput);
    assert!(again.err.contains("nothing has streamed"), "{}", again.err);

    s.wait(DAY);
    // The owner need not be named by the owner itself.
    let told = s.bench.ok("owner", "rewards fold --all").json();
    assert_eq!(told["folded"].as_array().unwrap().len(), 40);
    // One pool's shares, named one by one.
    let three: String = nodes
        .iter()
        .take(3)
        .map(|node| format!(" --node {node}"))
        .collect();
    let line = format!("rewards claim {}{three}", pools[1]);
    let told = s.bench.ok("guild", &line).json();
    assert_eq!(amount(&told["totals"][0]["amount"]), 750_000);
    assert!(told["signature"].is_string());
}

#[test]
fn a_transaction_that_is_refused_does_not_hold_up_the_others() {
    let mut s = Scene::new();
    let pools = [pool(&mut s, 1), pool(&mut s, 2)];
    let nodes = nodes(&mut s, 20);
    for pool in &pools {
        for node in &nodes {
            let join = format!("rewards join {pool} --node {node}");
            s.bench.ok("operator", &join);
        }
    }
    let (owner, pay) = (s.owner, s.bench.pay);
    let report = format!("rewards report --all --owner {owner}");
    s.wait(DAY);
    s.bench.ok("guild", &report);
    for node in &nodes {
        prove(&mut s, node, 5);
    }
    s.bench.ok("guild", &report);
    s.wait(DAY + DAY / 2);
    s.bench.give(&owner, &pay, 1);
    // The second pool's vault is empty, whatever the pool says.
    let vault = address::vault(&pools[1].parse().unwrap());
    let chain = &mut s.bench.ledger.chain;
    let mut account = chain.account(&vault).unwrap().unwrap();
    account.data[64..72].fill(0);
    chain.put(&vault, account.data, &account.owner).unwrap();
    let line = format!("rewards claim --all --owner {owner}");
    let ran = s.bench.run("guild", &line);
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let (paid, undone) = (
        told["paid"].as_array().unwrap(),
        told["undone"].as_array().unwrap(),
    );
    assert_eq!(paid.len() + undone.len(), 40);
    assert!(!paid.is_empty());
    assert!(paid.iter().all(|row| row["pool"] == pools[0]));
    let failed = told["failed"].as_str().unwrap();
    assert!(undone.iter().all(|row| row["why"] == failed), "{told}");
    let of_second = undone.iter().filter(|row| row["pool"] == pools[1]);
    assert_eq!(of_second.count(), 20);
    let sum: u64 = paid.iter().map(|row| amount(&row["amount"])).sum();
    assert_eq!(amount(&told["totals"][0]["amount"]), sum);
    assert_eq!(s.bench.held(&owner, &pay), sum + 1);
}

#[test]
fn delegators_get_their_part_and_the_preview_says_so() {
    let mut s = Scene::new();
    let (pool, node, provider) = (pool(&mut s, 1), s.node.clone(), s.provider.clone());
    let (owner, pay) = (s.owner, s.bench.pay);
    edit::<Provider>(&mut s, &provider, |provider| {
        provider.commission_bps = 2_500
    });
    s.bench
        .ok("operator", &format!("rewards join {pool} --node {node}"));
    s.wait(DAY);
    let member = format!("{pool} --node {node}");
    s.bench.ok("guild", &format!("rewards report {member}"));
    prove(&mut s, &node, 3);
    s.bench.ok("guild", &format!("rewards report {member}"));
    s.wait(DAY + DAY / 4);
    let shown = s
        .bench
        .run("guild", &format!("rewards show {member}"))
        .json();
    assert_eq!(shown["delegated"], true);
    assert_eq!(amount(&shown["node"]["claimable"]), 625_000);
    assert_eq!(amount(&shown["node"]["delegators_due"]), 1_875_000);

    let pull = format!("rewards pay-delegators {member}");
    let told = s.bench.ok("guild", &pull).json();
    assert_eq!(amount(&told["totals"][0]["amount"]), 1_875_000);
    // Only the owner has stake there: the dividend is its, by its own claim.
    let before = s.bench.held(&owner, &pay);
    let again = s.bench.run("guild", &pull);
    assert_eq!(again.exit, Exit::BadInput, "{}", again.out);
    s.wait(DAY);
    let told = s.bench.ok("guild", &pull).json();
    assert_eq!(amount(&told["totals"][0]["amount"]), 5_625_000);
    s.wait(14 * DAY);
    s.bench.ok("owner", &format!("dividends claim {provider}"));
    // A dividend is rounded down; what is short is carried on.
    assert_eq!(s.bench.held(&owner, &pay), before + 7_499_999);
}

#[test]
fn an_ended_pool_is_emptied_and_closed_by_the_crank() {
    let mut s = Scene::new();
    let (pool, node) = (pool(&mut s, 1), s.node.clone());
    let (network, buyer, owner, pay) = (s.network.clone(), s.buyer, s.owner, s.bench.pay);
    s.bench
        .ok("operator", &format!("rewards join {pool} --node {node}"));
    let line = format!("crank --network {network} --create-accounts");
    let crank = |s: &mut Scene| -> Vec<String> {
        let told = s.bench.ok("guild", &line).json();
        let done = told["done"].as_array().unwrap().iter();
        done.map(|item| item["step"].as_str().unwrap().to_owned())
            .collect()
    };
    s.wait(DAY);
    assert_eq!(crank(&mut s), ["report"]);
    prove(&mut s, &node, 3);
    assert_eq!(crank(&mut s), ["report"]);
    let early = s.bench.run("guild", &format!("rewards return {pool}"));
    assert_eq!(early.exit, Exit::Refused);
    assert!(early.err.contains("PoolNotEnded"), "{}", early.err);
    let stranger = s
        .bench
        .run("guild", &format!("rewards leave {pool} --node {node}"));
    assert_eq!(stranger.exit, Exit::Key);
    s.wait(2 * DAY);
    assert_eq!(crank(&mut s), ["fold", "claim", "close-epoch"]);
    assert_eq!(s.bench.held(&owner, &pay), 10_000_000);
    let held = s.bench.held(&buyer, &pay);
    s.wait(7 * DAY);
    let told = s.bench.ok("guild", &format!("rewards return {pool}"));
    assert_eq!(told.base("returned"), 35_000_000);
    assert_eq!(s.bench.held(&buyer, &pay), held + 35_000_000);
    assert_eq!(crank(&mut s), ["close-share", "close"]);
    let gone = s.bench.run("guild", &format!("rewards show {pool}"));
    assert_eq!(gone.exit, Exit::NotFound);
}

/// The words that create a pool with these dates.
fn create(s: &Scene, id: u64, dates: &str) -> String {
    format!(
        "rewards create --network {} --id {id} --set {} --mint {} --rate 10 --ceiling 10 --node-cap 1000 --epoch 1d {dates}",
        s.network, s.set, s.bench.pay.address
    )
}

#[test]
fn a_pool_of_one_epoch_pays_and_the_crank_sets_baselines_before_it() {
    let mut s = Scene::new();
    let (network, node, owner, pay) = (s.network.clone(), s.node.clone(), s.owner, s.bench.pay);
    let line = create(&s, 1, "--start +1d --end +2d");
    let pool = s.bench.field("buyer", &line, "pool");
    s.bench.ok("buyer", &format!("rewards fund {pool} 10"));
    let plan = format!("rewards plan {pool} --work 5");
    let planned = s.bench.run("guild", &plan).json();
    assert_eq!(
        (
            &planned["epochs_paid"],
            &planned["first_epoch"],
            &planned["last_epoch"]
        ),
        (&"1".into(), &"0".into(), &"0".into())
    );
    s.bench
        .ok("operator", &format!("rewards join {pool} --node {node}"));
    let report = format!("rewards report {pool} --node {node}");
    let nothing = s.bench.run("guild", &report);
    assert_eq!(nothing.exit, Exit::BadInput, "{}", nothing.err);
    // Held back until now, and history once anybody turns the crank before the start.
    prove(&mut s, &node, 700);
    let line = format!("crank --network {network} --create-accounts");
    let told = s.bench.ok("guild", &line).json();
    assert_eq!(told["done"][0]["step"], "report");
    s.wait(DAY);
    let nothing = s.bench.run("guild", &report);
    assert_eq!(nothing.exit, Exit::BadInput, "{}", nothing.err);
    prove(&mut s, &node, 5);
    let told = s.bench.ok("guild", &report).json();
    let row = &told["reported"][0];
    assert_eq!((&row["epoch"], &row["units"]), (&"0".into(), &"5".into()));
    s.wait(2 * DAY);
    s.bench.ok("guild", &line);
    assert_eq!(s.bench.held(&owner, &pay), 10_000_000);
}

#[test]
fn a_pool_in_which_nobody_could_be_paid_or_whose_dates_are_off_is_not_created() {
    let mut s = Scene::new();
    let cases = [
        ("--start +0 --end +1d", "nobody could be paid"),
        ("--start +1d --end 1790800000000", "is it in milliseconds?"),
        ("--start +4000d --end +4001d", "more than 10 years ahead"),
    ];
    for (dates, why) in cases {
        let line = create(&s, 1, dates);
        let ran = s.bench.run("buyer", &line);
        assert_eq!(ran.exit, Exit::BadInput, "{dates}");
        assert!(ran.err.contains(why), "{dates}: {}", ran.err);
    }
    let plan = format!(
        "rewards plan --work 5 --funds 10 --mint {} --rate 10 --ceiling 10 --start +0 --end +1d",
        s.bench.pay.address
    );
    let planned = s.bench.run("guild", &plan).json();
    assert_eq!(planned["epochs_paid"], "0");
    assert!(planned["first_epoch"].is_null());
}

#[test]
fn a_job_says_whether_it_counts_and_why_not() {
    let mut s = Scene::new();
    let good = s.open(1);
    let shown = s.bench.run("nobody", &format!("job show {good}")).json();
    assert_eq!(shown["counts"], true);
    assert!(shown["counts_not_because"].is_null());
    for (id, from, to, why) in [
        (2, "--bond 20", "--bond 19", "bond is smaller"),
        (
            3,
            "--challenge-time 1h",
            "--challenge-time 30m",
            "shorter time",
        ),
        (4, "--price 0.01", "--price 0.0009", "pays less for a unit"),
    ] {
        let line = s.open_line(id).replace(from, to);
        let told = s.bench.ok("buyer", &line).json();
        assert_eq!(told["counts"], false);
        let job = told["job"].as_str().unwrap().to_owned();
        let shown = s.bench.run("nobody", &format!("job show {job}")).json();
        let said = shown["counts_not_because"].as_str().unwrap();
        assert!(said.contains(why), "{said}");
    }
}
