//! `sluice crank` and `sluice job renew`.

use {
    crate::scene::{DAY, HOUR, Scene},
    serde_json::Value,
    sluice_cli::Exit,
    sluice_client::{Ledger, address, instruction},
};

/// Names of the steps that a crank lists.
pub fn steps(list: &Value) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item["step"].as_str().unwrap().to_owned())
        .collect()
}

/// A job of which the quorum proved the first hour.
fn proven(s: &mut Scene, id: u64) -> String {
    let job = s.active(id);
    s.wait(HOUR);
    let files: Vec<String> = ["worker", "a1", "a2"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    s.bench
        .ok("buyer", &format!("attest submit {job} {}", files.join(" ")));
    job
}

#[test]
fn the_crank_does_what_is_due_and_reports_the_rest() {
    let mut s = Scene::new();
    let job = proven(&mut s, 1);
    let network = s.network.clone();
    s.wait(2 * HOUR);

    // Nobody created the recipients' accounts: only the buyer's exists, and the refund goes through.
    let ran = s.bench.run("guild", &format!("crank --network {network}"));
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        steps(&told["failed"]),
        ["pay", "sweep-treasury", "sweep-attesters"]
    );
    assert_eq!(steps(&told["done"]), ["refund", "credit"]);
    let [refund, credit] = [&told["done"][0], &told["done"][1]];
    assert_eq!(refund["amount"]["decimals"], 6);
    assert_ne!(refund["amount"]["amount"], "0");
    assert!(refund["mint"].is_string());
    assert!(credit["amount"].is_null() && credit["mint"].is_null());
    assert_eq!(steps(&told["due"]), ["release"]);

    let pay = s.bench.pay;
    let line = format!("crank {job} --create-accounts");
    let told = s.bench.run("guild", &line).json();
    assert_eq!(
        steps(&told["done"]),
        ["pay", "sweep-treasury", "sweep-attesters"]
    );
    assert_eq!(s.bench.held(&s.owner, &pay), 985_000);
    s.wait(DAY);
    let told = s.bench.run("guild", &line).json();
    assert_eq!(steps(&told["done"]), ["refund", "release", "close"]);
    let listed = s.bench.run("guild", "job list").json();
    assert_eq!(listed["jobs"].as_array().unwrap().len(), 0);
}

#[test]
fn a_job_is_renewed_step_by_step() {
    let mut s = Scene::new();
    let job = s.active(1);
    let renew = format!("job renew {job} --id 2");
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"][0]["step"], "cancel");
    assert!(told["waits_for"].as_str().unwrap().contains("notice"));
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"].as_array().unwrap().len(), 0);

    s.wait(HOUR / 2);
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"][0]["step"], "refund");
    assert_eq!(told["steps"][1]["step"], "open");
    let next = told["job"].as_str().unwrap().to_owned();
    let opened = s.bench.run("buyer", &format!("job show {next}"));
    assert_eq!(opened.text("state"), "open");
    assert_eq!(opened.base("funded"), 4_500_000);

    s.wait(DAY / 2);
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"][0]["step"], "release");
    assert_eq!(told["waits_for"], "nothing");
}

#[test]
fn the_first_step_of_a_renewal_can_be_signed_apart() {
    let mut s = Scene::new();
    let job = s.active(1);
    let before = s.bench.ledger.submitted;
    let line = format!("--sign-only job renew {job} --id 2");
    let told = s.bench.ok("buyer", &line).json();
    let steps = told["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0]["step"], "cancel");
    assert!(told["waits_for"].as_str().unwrap().contains("notice"));
    assert_eq!(s.bench.ledger.submitted, before);
}

#[test]
fn a_frozen_recipient_does_not_hold_up_the_others() {
    let mut s = Scene::new();
    let pay = s.bench.pay;
    for owner in [s.owner, s.treasury, s.fee_owner] {
        s.bench.give(&owner, &pay, 1);
    }
    let job = proven(&mut s, 1);
    s.wait(2 * HOUR);
    let frozen = address::token_account(&s.owner, &pay.address, &pay.token_program);
    let chain = &mut s.bench.ledger.chain;
    let mut account = chain.account(&frozen).unwrap().unwrap();
    // The state of a token account stands at byte 108; 2 is frozen.
    account.data[108] = 2;
    chain.put(&frozen, account.data, &account.owner).unwrap();
    let ran = s.bench.run("guild", &format!("crank {job}"));
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["failed"][0]["step"], "pay");
    assert_eq!(told["failed"].as_array().unwrap().len(), 1);
    assert_eq!(told["done"].as_array().unwrap().len(), 4);
    assert_eq!(s.bench.held(&s.treasury, &pay), 10_001);
}

#[test]
fn a_recipient_that_gave_its_account_away_is_paid_elsewhere() {
    let mut s = Scene::new();
    let pay = s.bench.pay;
    for owner in [s.owner, s.treasury, s.fee_owner] {
        s.bench.give(&owner, &pay, 1);
    }
    let job = proven(&mut s, 1);
    s.wait(2 * HOUR);
    let given = address::token_account(&s.owner, &pay.address, &pay.token_program);
    let chain = &mut s.bench.ledger.chain;
    let mut account = chain.account(&given).unwrap().unwrap();
    account.data[32..64].copy_from_slice(s.treasury.as_ref());
    chain.put(&given, account.data, &account.owner).unwrap();
    // Not at the payer's expense without its word.
    let ran = s.bench.run("guild", &format!("crank {job}"));
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["failed"][0]["step"], "pay");
    assert_eq!(told["failed"].as_array().unwrap().len(), 1);

    let line = format!("crank {job} --create-accounts");
    let told = s.bench.ok("guild", &line).json();
    assert_eq!(told["done"][0]["step"], "pay");
    let guild = s.bench.key("guild");
    let stand_in = instruction::token::stand_in(&guild, &s.owner, &pay);
    let held = s.bench.ledger.chain.token_balance(&stand_in).unwrap();
    assert_eq!(held, 985_000);
}

#[test]
fn a_faulted_job_is_renewed_without_notice() {
    renews_a_faulted_job(0);
}

#[test]
fn a_faulted_job_is_renewed_where_every_step_takes_its_time() {
    renews_a_faulted_job(2);
}

/// Each transaction takes `secs` seconds to land.
fn renews_a_faulted_job(secs: i64) {
    let mut s = Scene::new();
    let network = s.network.clone();
    let line = s.open_line(1).replace("--length 3h", "--length 12h");
    let job = s.bench.field("buyer", &line, "job");
    let node = s.node.clone();
    s.bench
        .ok("operator", &format!("job accept {job} --node {node}"));
    s.wait(4 * HOUR);
    s.bench.ledger.takes = secs;
    let told = s
        .bench
        .ok("buyer", &format!("job renew {job} --id 2 --funds 1"))
        .json();
    let steps: Vec<&str> = told["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["fault", "refund", "open"]);
    let listed = s
        .bench
        .run(
            "nobody",
            &format!("job list --network {network} --node {node} --state active"),
        )
        .json();
    assert_eq!(
        listed["jobs"][0]["ends_because"],
        "the last windows were all unproven"
    );
}

#[test]
fn the_crank_claims_dividends() {
    let mut s = Scene::new();
    let (network, provider) = (s.network.clone(), s.provider.clone());
    s.bench.ok("buyer", &format!("dividends add {provider} 2"));
    let line = format!("crank --network {network}");
    // While the first period streams, less than a period's worth is due.
    let (now, week) = (s.bench.ledger.chain.now(), 7 * 86_400);
    s.wait((now / week + 1) * week - now + week / 2);
    let told = s.bench.run("guild", &line).json();
    assert_eq!(steps(&told["done"]), Vec::<String>::new());
    s.wait(week / 2);
    let ran = s.bench.run("guild", &line);
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(steps(&told["failed"]), ["claim"]);
    let told = s
        .bench
        .run("guild", &format!("{line} --create-accounts"))
        .json();
    assert_eq!(steps(&told["done"]), ["claim"]);
    // A position is paid whole base units; the fraction is carried on.
    assert_eq!(s.bench.held(&s.owner, &s.bench.pay), 1_999_999);
}
