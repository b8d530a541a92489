//! Bad input: one line, a documented code, and nothing reaches the ledger.

use {
    crate::{
        bench::{Bench, Ran, assert_one_line},
        scene::Scene,
    },
    sluice_cli::{Exit, Terminal},
    sluice_client::ledger::Rpc,
    std::ffi::OsString,
};

#[test]
fn an_unknown_mint_is_named() {
    let mut s = Scene::new();
    let line = s.open_line(1);
    let (mint, nowhere) = (s.bench.pay.address.to_string(), s.bench.key("nowhere"));
    let unknown = line.replace(&mint, &nowhere.to_string());
    s.bench
        .refused_as("buyer", &unknown, Exit::NotFound, "there is no mint at");
    let network = line.replace(&mint, &s.network.clone());
    s.bench
        .refused_as("buyer", &network, Exit::BadInput, "is not a mint");
    let create = format!("network create other --stake-mint {nowhere}");
    s.bench
        .refused_as("admin", &create, Exit::NotFound, "there is no mint at");
}

#[test]
fn a_cluster_without_the_program_is_refused() {
    let mut s = Scene::new();
    let (open, network) = (s.open_line(1), s.network.clone());
    s.bench.ledger.bare = true;
    s.bench.refused_as(
        "buyer",
        &open,
        Exit::NotDeployed,
        "not deployed on http://embedded.invalid",
    );
    s.bench.refused(
        &format!("network show {network}"),
        Exit::NotDeployed,
        "not deployed",
    );
}

#[test]
fn a_date_in_milliseconds_is_named() {
    let mut s = Scene::new();
    let line = s.open_line(1);
    let soon = (s.bench.ledger.chain.now() + 3_600) * 1_000;
    let far = format!("{line} --open-until {soon}");
    s.bench
        .refused_as("buyer", &far, Exit::BadInput, "milliseconds?");
    let far = format!("{line} --open-until +366d");
    s.bench
        .refused_as("buyer", &far, Exit::BadInput, "more than a year ahead");
    let long = line.replace("--length 3h", "--length 3651d");
    let ran = s.bench.run("buyer", &long);
    assert_eq!(ran.exit, Exit::Refused);
    assert!(ran.err.contains("10 years"), "{}", ran.err);
}

#[test]
fn a_sponsor_gets_the_refunds_of_a_job() {
    let mut s = Scene::new();
    let sponsor = s.bench.key("sponsor");
    let line = format!("{} --refund-to {sponsor}", s.open_line(1));
    let job = s.bench.field("buyer", &line, "job");
    let shown = s.bench.run("nobody", &format!("job show {job}"));
    assert_eq!(shown.text("refund_owner"), sponsor.to_string());
    s.bench.ok("buyer", &format!("job cancel {job}"));
    s.bench.ok("buyer", &format!("job refund {job}"));
    let pay = s.bench.pay;
    assert_eq!(s.bench.held(&sponsor, &pay), 5_000_000);
}

#[test]
fn an_amount_with_too_many_decimals_is_refused() {
    let mut s = Scene::new();
    let line = s.open_line(1);
    for (from, to) in [
        ("--funds 5", "--funds 5.0000001"),
        ("--price 0.01", "--price 0.0000001"),
        ("--bond 20", "--bond 20.0000000001"),
    ] {
        let line = line.replace(from, to);
        s.bench
            .refused_as("buyer", &line, Exit::BadInput, "decimals");
    }
    let (job, provider) = (s.open(2), s.provider.clone());
    s.bench.refused_as(
        "buyer",
        &format!("job top-up {job} 1.0000001"),
        Exit::BadInput,
        "6 decimals",
    );
    s.bench.refused_as(
        "buyer",
        &format!("job top-up {job} 1e3"),
        Exit::BadInput,
        "decimal number",
    );
    s.bench.refused_as(
        "owner",
        &format!("stake deposit {provider} 0.0000000001"),
        Exit::BadInput,
        "9 decimals",
    );
    s.bench.refused_as(
        "owner",
        &format!("stake unstake {provider} 501"),
        Exit::BadInput,
        "is worth 500.5",
    );
}

#[test]
fn a_keypair_that_is_missing_or_malformed_is_refused() {
    let mut s = Scene::new();
    let line = s.open_line(1);
    s.bench.refused(
        &line,
        Exit::Key,
        "there is no keypair file at /nowhere/id.json",
    );
    s.bench.refused(
        &format!("-k usb://ledger {line}"),
        Exit::Key,
        "without hardware wallets",
    );
    for (name, content) in [
        ("empty", ""),
        ("text", "my secret"),
        ("short", "[1,2,3]"),
        (
            "mismatched",
            &serde_json::to_string(&vec![7u8; 64]).unwrap(),
        ),
    ] {
        let path = s.bench.file(name, content);
        s.bench.refused(
            &format!("-k {path} {line}"),
            Exit::Key,
            "is not a keypair file",
        );
    }
    let line = format!("{line} --fee-payer /nowhere/payer.json");
    s.bench
        .refused_as("buyer", &line, Exit::Key, "/nowhere/payer.json");
}

#[test]
fn a_payer_that_cannot_pay_is_refused() {
    let mut s = Scene::new();
    s.bench.key("poor");
    let path = s.bench.path("poor");
    let line = format!("{} --fee-payer {path}", s.open_line(1));
    s.bench
        .refused_as("buyer", &line, Exit::Unfunded, "holds 0 SOL and needs");
    let poor = s.bench.key("poor");
    s.bench.ledger.chain.airdrop(&poor, 5_000_000).unwrap();
    s.bench
        .refused_as("buyer", &line, Exit::Unfunded, "holds 0.005 SOL and needs");
}

#[test]
fn a_depositor_without_the_tokens_is_refused() {
    let mut s = Scene::new();
    let line = s.open_line(1).replace("--funds 5", "--funds 101");
    s.bench
        .refused_as("buyer", &line, Exit::Unfunded, "and needs 101");
    let (job, provider) = (s.open(2), s.provider.clone());
    s.bench.refused_as(
        "guild",
        &format!("job top-up {job} 1"),
        Exit::Unfunded,
        "holds 0 of the mint",
    );
    s.bench.refused_as(
        "owner",
        &format!("stake deposit {provider} 500"),
        Exit::Unfunded,
        "needs 500",
    );
}

#[test]
fn the_wrong_key_is_refused() {
    let mut s = Scene::new();
    let job = s.open(1);
    let (node, provider, set) = (s.node.clone(), s.provider.clone(), s.set.clone());
    let attester = s.attesters[0].clone();
    s.bench.key("other-worker");
    let worker = s.bench.path("other-worker");
    for (line, role) in [
        (format!("job cancel {job}"), "is not the buyer"),
        (
            format!("job accept {job} --node {node}"),
            "is not the provider's operator",
        ),
        (
            format!("node register --provider {provider} --worker {worker}"),
            "is not the provider's owner",
        ),
        (
            format!("attester enter {attester} --set {set}"),
            "is not the attester's owner",
        ),
        (
            format!("attester leave {attester} --set {set}"),
            "is not the attester's owner",
        ),
    ] {
        s.bench.refused_as("admin", &line, Exit::Key, role);
    }
    s.bench.refused_as(
        "admin",
        &format!("stake unstake {provider} all"),
        Exit::Key,
        "has no stake behind",
    );
}

#[test]
fn what_does_not_exist_or_is_something_else_is_refused() {
    let mut s = Scene::new();
    let (network, nowhere) = (s.network.clone(), s.bench.key("nowhere"));
    s.bench.refused(
        &format!("job show {nowhere}"),
        Exit::NotFound,
        "there is no job at",
    );
    s.bench.refused(
        &format!("job show {network}"),
        Exit::BadInput,
        "is not a Sluice Job",
    );
    s.bench.refused_as(
        "owner",
        &format!("stake deposit {network} 1"),
        Exit::BadInput,
        "neither a provider nor an attester",
    );
    let mint = s.bench.stake.address;
    let create = |name: &str| format!("network create {name} --stake-mint {mint}");
    s.bench
        .refused_as("admin", &create("main"), Exit::BadInput, "exists already");
    s.bench.refused_as(
        "admin",
        &create("seventeen-bytes--"),
        Exit::BadInput,
        "1 and 16 bytes",
    );
    let stranger = format!("provider register --network {nowhere}");
    s.bench
        .refused_as("owner", &stranger, Exit::NotFound, "there is no account at");
}

#[test]
fn a_cluster_that_cannot_be_reached_is_refused() {
    let mut bench = Bench::new();
    let nowhere = bench.key("nowhere").to_string();
    let config = bench.path("config.yml");
    let words = [
        "sluice",
        "-C",
        &config,
        "--profile",
        "/dev/null",
        "-u",
        "http://127.0.0.1:1",
        "job",
        "show",
        &nowhere,
    ];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = sluice_cli::run(
        words.map(OsString::from),
        Terminal::default(),
        |cluster, _| {
            Rpc::new(
                cluster.url.clone(),
                cluster.ws_url.clone(),
                cluster.commitment,
            )
        },
        &mut out,
        &mut err,
    );
    let ran = Ran {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    };
    assert_one_line(&ran, Exit::Unreachable, "could not be reached", "job show");
    assert!(!ran.err.contains("AccountNotFound"), "{}", ran.err);
}

#[test]
fn a_malformed_command_line_is_one_line() {
    let mut bench = Bench::new();
    for line in [
        "job show",
        "job show not-an-address",
        "job open --network",
        "job fly",
        "job list --state closed",
        "attest sign --window 0",
        "--output xml job list",
        "--commitment certain job list",
    ] {
        bench.refused(line, Exit::Usage, "see --help");
    }
    bench.refused("-u moon job list", Exit::BadInput, "neither a moniker");
    bench.refused(
        "-C /nowhere/config.yml job list",
        Exit::BadInput,
        "no configuration file",
    );
}

#[test]
fn errors_are_json_when_results_are() {
    let mut s = Scene::new();
    let line = s.open_line(1);
    let (mint, nowhere) = (s.bench.pay.address.to_string(), s.bench.key("nowhere"));
    let job = s.active(2);
    let cases = [
        (line.replace(&mint, &nowhere.to_string()), "NotFound", 5),
        (format!("job cancel {job}"), "WrongSigner", 4),
        (format!("job pay {job}"), "NothingDue", 6),
        ("job fly".to_owned(), "Usage", 2),
    ];
    for (line, name, code) in cases {
        let signer = if name == "WrongSigner" {
            "admin"
        } else {
            "buyer"
        };
        let submitted = s.bench.ledger.submitted;
        let ran = s.bench.run(signer, &line);
        assert_eq!(ran.out, "");
        assert_eq!(ran.err.lines().count(), 1);
        let error: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!(error["error"]["name"], name);
        assert_eq!(error["error"]["code"], code);
        assert_eq!(ran.exit.code(), code);
        assert!(error["error"]["message"].is_string());
        assert_eq!(s.bench.ledger.submitted, submitted);
    }
}

#[test]
fn the_programs_refusal_has_a_name_and_a_remedy() {
    let mut s = Scene::new();
    let job = s.active(1);
    let submitted = s.bench.ledger.submitted;
    s.bench.key("guild");
    let key = s.bench.path("guild");
    let ran = s.bench.raw(&format!("-k {key} job pay {job}"));
    assert_one_line(
        &ran,
        Exit::Refused,
        "(NothingDue); nothing was lost",
        "job pay",
    );
    let ran = s.bench.raw(&format!("-k {key} job release {job}"));
    assert_one_line(&ran, Exit::Refused, "NotSettled", "job release");
    assert_eq!(s.bench.ledger.submitted, submitted);
}
