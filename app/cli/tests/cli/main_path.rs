//! From a network to paid work and streamed rewards, by the command alone.

use {
    crate::scene::{DAY, HOUR, Scene},
    sluice_client::address,
};

#[test]
fn a_job_is_opened_proven_paid_and_closed() {
    let mut s = Scene::new();
    let pay = s.bench.pay;
    let job = s.active(7);
    assert_eq!(s.bench.held(&s.buyer, &pay), 95_000_000);
    let topped = s.bench.ok("buyer", &format!("job top-up {job} 1"));
    assert_eq!(topped.base("funded"), 6_000_000);

    let shown = s.bench.run("buyer", &format!("job show {job}"));
    assert_eq!(shown.text("state"), "active");
    assert_eq!(shown.base("refundable"), 3_000_000);
    assert_eq!(shown.base("at_risk"), 3_000_000);
    assert_eq!(shown.base("earned"), 0);
    let start = shown.json()["start_at"].as_i64().unwrap();
    assert_eq!(shown.json()["paid_until"], start + 3 * HOUR);

    s.wait(HOUR);
    let quorum: Vec<String> = ["a3", "worker", "a1"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    s.bench.ok(
        "buyer",
        &format!("attest submit {job} {}", quorum.join(" ")),
    );
    let shown = s.bench.run("buyer", &format!("job show {job}"));
    assert_eq!(shown.base("pending"), 985_000);
    assert_eq!(shown.json()["pending_until"], start + 3 * HOUR);
    assert_eq!(shown.base("owed"), 0);

    s.wait(HOUR);
    let cosigned: Vec<String> = ["worker", "cosigner"]
        .iter()
        .map(|name| s.sign(name, &job, 1, 50, "cosigned"))
        .collect();
    s.bench.ok(
        "guild",
        &format!("attest submit {job} {}", cosigned.join(" ")),
    );
    let shown = s.bench.run("buyer", &format!("job show {job}"));
    assert_eq!(shown.base("owed"), 495_000);

    s.wait(HOUR);
    s.bench.ok("guild", &format!("job mature {job}"));
    let paid = s.bench.ok("guild", &format!("job pay {job}"));
    assert_eq!(paid.base("paid"), 1_480_000);
    assert_eq!(s.bench.held(&s.owner, &pay), 1_480_000);
    s.bench.ok("guild", &format!("job sweep {job}"));
    assert_eq!(s.bench.held(&s.treasury, &pay), 15_000);
    assert_eq!(s.bench.held(&s.fee_owner, &pay), 5_000);
    let credited = s.bench.ok("guild", &format!("job credit {job}"));
    assert_eq!(credited.json()["credited"], "100");

    s.wait(HOUR);
    s.bench.ok("guild", &format!("job refund {job}"));
    assert_eq!(s.bench.held(&s.buyer, &pay), 98_500_000);
    let (network, provider) = (s.network.clone(), s.provider.clone());
    let list = format!("job list --network {network} --provider {provider} --state active");
    let listed = s.bench.run("guild", &list).json();
    assert_eq!(listed["jobs"][0]["job"], job.as_str());
    s.bench.ok("guild", &format!("job release {job}"));
    s.bench.ok("guild", &format!("job close {job}"));
    let listed = s.bench.run("guild", &list).json();
    assert_eq!(listed["jobs"].as_array().unwrap().len(), 0);

    let record = s
        .bench
        .run("guild", &format!("provider show {provider}"))
        .json();
    // Of three windows one is a quorum's, one a cosigner's, and one nobody's.
    assert_eq!(record["jobs_accepted"], "1");
    assert_eq!(record["windows_proven"], "1");
    assert_eq!(record["windows_missed"], "1");
    assert_eq!(record["jobs_completed"], "0");
    let node = s.node.clone();
    let machine = s.bench.run("guild", &format!("node show {node}")).json();
    assert_eq!(machine["units"], "100");
    assert_eq!(machine["slots_used"], 0);
}

#[test]
fn proven_work_streams_rewards() {
    let mut s = Scene::new();
    let pay = s.bench.pay;
    let (network, set, node) = (s.network.clone(), s.set.clone(), s.node.clone());
    let pool = s.bench.field(
        "buyer",
        &format!(
            "rewards create --network {network} --id 1 --set {set} --mint {} --rate 10 --ceiling 0.05 \
             --node-cap 1000 --epoch 1d --start +0 --end +30d",
            pay.address
        ),
        "pool",
    );
    s.bench.ok("buyer", &format!("rewards fund {pool} 20"));
    // Half of the rate is emitted, and the rest is back too late for a third epoch.
    let plan = format!("rewards plan {pool} --work 100");
    let planned = s.bench.run("guild", &plan).json();
    assert_eq!(planned["epoch_emits"]["amount"], "5000000");
    assert_eq!(planned["unit_earns"]["amount"], "50000");
    assert_eq!(
        (&planned["epochs_paid"], &planned["dry"]),
        (&"2".into(), &true.into())
    );
    // Who joins now is paid from epoch 1 on.
    assert_eq!(
        (&planned["first_epoch"], &planned["last_epoch"]),
        (&"1".into(), &"2".into())
    );
    assert_eq!(planned["left"]["amount"], "10000000");
    let to_be = format!(
        "rewards plan --work 1000 --funds 35 --mint {} --rate 10 --ceiling 0.05 --end +3d",
        pay.address
    );
    let planned = s.bench.run("guild", &to_be).json();
    assert_eq!(planned["epoch_emits"]["amount"], "10000000");
    assert_eq!(
        (&planned["epochs_paid"], &planned["dry"]),
        (&"3".into(), &false.into())
    );
    assert_eq!(
        (&planned["first_epoch"], &planned["last_epoch"]),
        (&"0".into(), &"2".into())
    );
    s.bench
        .ok("operator", &format!("rewards join {pool} --node {node}"));
    s.wait(DAY);
    let report = format!("rewards report {pool} --node {node}");
    let told = s.bench.ok("guild", &report).json();
    assert_eq!(told["reported"][0]["baseline"], true);

    let job = s.active(1);
    s.wait(HOUR);
    let files: Vec<String> = ["worker", "a1", "a2"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    s.bench
        .ok("guild", &format!("attest submit {job} {}", files.join(" ")));
    s.wait(3 * HOUR);
    s.bench.ok("guild", &format!("job credit {job}"));
    let reported = s.bench.ok("guild", &report).json();
    let row = &reported["reported"][0];
    assert_eq!((&row["epoch"], &row["units"]), (&"1".into(), &"100".into()));

    s.wait(DAY + DAY / 2 - 4 * HOUR);
    let show = format!("rewards show {pool} --node {node}");
    let shown = s.bench.run("guild", &show).json();
    assert_eq!(shown["node"]["claimable"]["amount"], "2500000");
    assert_eq!(shown["node"]["streaming"]["amount"], "2500000");
    // 5 tokens a day.
    assert_eq!(shown["node"]["streams_per_second"]["amount"], "57870");
    assert_eq!(shown["node"]["streams_per_second"]["decimals"], 9);
    let claim = format!("rewards claim {pool} --node {node}");
    let told = s.bench.ok("guild", &claim).json();
    assert_eq!(told["totals"][0]["amount"]["amount"], "2500000");
    s.wait(DAY);
    s.bench
        .ok("guild", &format!("rewards fold {pool} --node {node}"));
    let told = s.bench.ok("guild", &claim).json();
    assert_eq!(told["paid"][0]["amount"]["amount"], "2500000");
    s.bench
        .ok("guild", &format!("rewards close-epoch {pool} 1"));
    assert_eq!(s.bench.held(&s.owner, &pay), 5_000_000);
    let listed = s
        .bench
        .run("guild", &format!("rewards list --set {set}"))
        .json();
    assert_eq!(listed["pools"][0]["unallocated"]["amount"], "15000000");
}

#[test]
fn a_cancelled_job_comes_back_whole() {
    let mut s = Scene::new();
    let pay = s.bench.pay;
    let job = s.open(3);
    assert_eq!(s.bench.held(&s.buyer, &pay), 95_000_000);
    s.bench.ok("buyer", &format!("job cancel {job}"));
    assert_eq!(
        s.bench
            .ok("guild", &format!("job refund {job}"))
            .base("refunded"),
        5_000_000
    );
    s.bench.ok("guild", &format!("job close {job}"));
    assert_eq!(s.bench.held(&s.buyer, &pay), 100_000_000);
}

#[test]
fn stake_is_withdrawn_after_the_unbonding_time() {
    let mut s = Scene::new();
    let stake = s.bench.stake;
    let provider = s.provider.clone();
    let ticket = s
        .bench
        .field("owner", &format!("stake unstake {provider} 0.5"), "ticket");
    let shown = s.bench.run("owner", &format!("stake show {provider}"));
    assert_eq!(shown.base("active"), 500_000_000_000);
    assert_eq!(shown.json()["tickets"][0]["ticket"], ticket.as_str());
    s.bench
        .ok("owner", &format!("stake unstake {provider} all"));
    s.wait(7 * DAY);
    s.bench.ok("guild", &format!("stake withdraw {ticket}"));
    assert_eq!(s.bench.held(&s.owner, &stake), 500_000_000_000);
}

#[test]
fn an_attester_leaves_its_set() {
    let mut s = Scene::new();
    let (set, attester) = (s.set.clone(), s.attesters[0].clone());
    let live = s.bench.run("guild", &format!("attester show {attester}"));
    assert_eq!(live.base("bond"), 50_000_000_000);
    assert_eq!(live.json()["sets"][0]["set"], set.as_str());
    s.bench
        .ok("guild", &format!("attester leave {attester} --set {set}"));
    let shown = s
        .bench
        .run("guild", &format!("attester-set show {set}"))
        .json();
    assert_eq!(
        (&shown["live"], &shown["quorum"]),
        (&2.into(), &true.into())
    );
    let asked = &shown["counts_if"];
    assert_eq!(asked["least_price"]["amount"], "1000");
    assert_eq!(asked["least_bond"]["amount"], "20000000000");
    assert_eq!(asked["most_challenge_bond"]["amount"], "20000000000");
    let gone = s.bench.run("guild", &format!("attester show {attester}"));
    // No longer locked, and slashable until it is withdrawn.
    assert_eq!(gone.base("bond"), 50_000_000_000);
    assert_eq!(gone.json()["bond_locked"], false);
    assert_eq!(gone.json()["live_sets"], 0);
}

#[test]
fn addresses_are_those_of_the_accounts() {
    let mut s = Scene::new();
    let (owner, network, provider) = (s.owner, s.network.clone(), s.provider.clone());
    let worker = s.bench.key("worker");
    let derived = s.bench.field(
        "nobody",
        &format!("address provider {network} {owner}"),
        "address",
    );
    assert_eq!(derived, provider);
    let node = s.bench.field(
        "nobody",
        &format!("address node {provider} {worker}"),
        "address",
    );
    assert_eq!(node, s.node);
    let shown = s.bench.run("nobody", &format!("network show {network}"));
    assert_eq!(shown.base("min_stake"), 100_000_000_000);
    assert_eq!(shown.json()["fee_bps"], 100);
    let job = s.open(9);
    let expected = address::job(&network.parse().unwrap(), &s.buyer, 9);
    assert_eq!(job, expected.to_string());
}

#[test]
fn another_key_can_pay() {
    let mut s = Scene::new();
    let sponsor = s.bench.funded("sponsor");
    let path = s.bench.path("sponsor");
    let before = s.bench.ledger.chain.svm().get_balance(&s.buyer);
    let line = s.open_line(1);
    s.bench.ok(
        "buyer",
        &format!("{line} --fee-payer {path} --with-compute-unit-price 1000"),
    );
    assert_eq!(s.bench.ledger.chain.svm().get_balance(&s.buyer), before);
    let left = s.bench.ledger.chain.svm().get_balance(&sponsor).unwrap();
    assert!(left < 10_000_000_000);
}

#[test]
fn a_dry_run_tells_the_cost_and_sends_nothing() {
    let mut s = Scene::new();
    let submitted = s.bench.ledger.submitted;
    let line = s.open_line(1);
    let told = s.bench.ok("buyer", &format!("{line} --dry-run")).json();
    assert_eq!(told["dry_run"], true);
    let used = told["compute_units"].as_u64().unwrap();
    let limit = told["compute_unit_limit"].as_u64().unwrap();
    assert!(used > 1_000 && limit == used + used.div_ceil(10), "{told}");
    assert_eq!(told["fee"]["amount"], "5000");
    assert_eq!(s.bench.ledger.submitted, submitted);
}

#[test]
fn people_see_labels_and_token_units() {
    let mut s = Scene::new();
    let job = s.active(1);
    let ran = s.bench.raw(&format!("job show {job}"));
    assert!(
        ran.out.contains("\n  funded                    5\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("\n  paid until                2026-01-01T03:00:0"),
        "{}",
        ran.out
    );
}
