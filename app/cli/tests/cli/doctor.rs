//! The doctor finds what a newcomer gets wrong, each on its own, and goes on.

use {
    crate::{bench::Ran, counting::Loses, process::SLUICE, scene::Scene},
    flate2::{Compression, write::ZlibEncoder},
    serde_json::Value,
    sluice_cli::Exit,
    sluice_client::interface,
    std::{
        fs,
        io::Write,
        net::TcpListener,
        os::unix::fs::PermissionsExt,
        process::Command,
        time::{Duration, Instant},
    },
};

/// Every check, in its order.
const CHECKS: [&str; 17] = [
    "profile",
    "config",
    "state",
    "notes",
    "keypair",
    "cluster",
    "chain",
    "program",
    "clock",
    "sol",
    "network",
    "mint",
    "set",
    "provider",
    "node",
    "tokens",
    "websocket",
];

/// A network in business whose buyer has all of it in the profile, and a key that nobody else can read.
fn healthy() -> Scene {
    let mut s = Scene::new();
    let pay = s.bench.pay.address.to_string();
    for (key, value) in [
        ("name.USDC", &pay),
        ("network", &s.network),
        ("mint", &pay),
        ("set", &s.set),
        ("provider", &s.provider),
        ("node", &s.node),
    ] {
        s.bench.raw(&format!("config set {key} {value}"));
    }
    hide(&s, "buyer");
    s
}

fn hide(s: &Scene, name: &str) {
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(s.bench.path(name), mode).unwrap();
}

/// The checks that a run came to; each has what it says.
fn checks(ran: &Ran) -> Vec<Value> {
    let told: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    let all = told["checks"].as_array().unwrap().clone();
    for check in &all {
        assert!(!check["said"].as_str().unwrap().is_empty(), "{check}");
        assert_eq!(check["ok"] == false, check["remedy"].is_string(), "{check}");
    }
    all
}

fn examine(s: &mut Scene, options: &str) -> Ran {
    let key = s.bench.path("buyer");
    s.bench
        .raw(&format!("--output json -k {key} {options} doctor"))
}

/// The faults are those of `names`, and every check was made.
#[track_caller]
fn has_faults(ran: &Ran, names: &[&str]) -> Vec<Value> {
    let all = checks(ran);
    let checked: Vec<_> = all.iter().map(|check| check["check"].clone()).collect();
    assert_eq!(checked, CHECKS);
    let faults: Vec<Value> = all.into_iter().filter(|one| one["ok"] == false).collect();
    let found: Vec<_> = faults.iter().map(|one| one["check"].clone()).collect();
    assert_eq!(found, names, "{faults:#?}");
    let exit = if names.is_empty() {
        Exit::Ok
    } else {
        Exit::Incomplete
    };
    assert_eq!((ran.exit, ran.err.as_str()), (exit, ""));
    faults
}

#[test]
fn where_all_is_well_there_is_no_fault_after_few_calls() {
    let mut s = healthy();
    let before = (s.bench.ledger.reads(), s.bench.ledger.all_calls());
    let ran = examine(&mut s, "");
    has_faults(&ran, &[]);
    let reads = s.bench.ledger.reads() - before.0;
    let all = s.bench.ledger.all_calls() - before.1;
    // Version, first block, accounts, and the subscription.
    assert!(reads <= 1 && all <= 4, "{reads} {all}");
    let said = |name: &str| {
        let all = checks(&ran);
        let found = all.into_iter().find(|check| check["check"] == name);
        found.unwrap()["said"].as_str().unwrap().to_owned()
    };
    assert_eq!(said("network"), "main");
    assert_eq!(said("mint"), "USDC, 6 decimals");
    assert_eq!(said("tokens"), "100 USDC");
    assert_eq!(said("sol"), "10 SOL");
    assert!(said("set").starts_with("3 of 3 members are live, 2 must sign"));
    assert!(said("clock").contains("as a local chain may be"));
}

#[test]
fn a_profile_without_accounts_is_no_fault() {
    let mut s = Scene::new();
    hide(&s, "buyer");
    let ran = examine(&mut s, "");
    has_faults(&ran, &[]);
}

#[test]
fn each_fault_is_found_alone_and_says_its_remedy() {
    let mut s = healthy();
    let nobody = s.bench.key("nobody").to_string();
    let node = s.node.clone();
    for (key, value, says) in [
        ("network", &nobody, "there is no network at"),
        ("provider", &node, "is not a Sluice Provider"),
        ("mint", &node, "is not a mint"),
    ] {
        let profile = fs::read_to_string(s.bench.path("profile.toml")).unwrap();
        s.bench.raw(&format!("config set {key} {value}"));
        let ran = examine(&mut s, "");
        let faults: Vec<Value> = checks(&ran)
            .into_iter()
            .filter(|one| one["ok"] == false)
            .collect();
        let own = faults.iter().find(|fault| fault["check"] == key).unwrap();
        assert!(own["said"].as_str().unwrap().contains(says), "{own}");
        let remedy = own["remedy"].as_str().unwrap();
        assert!(
            remedy.contains(&format!("sluice config set {key}")),
            "{own}"
        );
        s.bench.file("profile.toml", &profile);
    }
    has_faults(&examine(&mut s, ""), &[]);

    s.bench.ledger.bare = true;
    has_faults(&examine(&mut s, ""), &["program"]);
    s.bench.ledger.bare = false;

    let mode = fs::Permissions::from_mode(0o644);
    fs::set_permissions(s.bench.path("buyer"), mode).unwrap();
    let faults = has_faults(&examine(&mut s, ""), &["keypair"]);
    let remedy = faults[0]["remedy"].as_str().unwrap();
    assert!(remedy.starts_with("chmod 600 "), "{remedy}");

    s.bench.key("poor");
    hide(&s, "poor");
    let poor = s.bench.path("poor");
    let ran = s.bench.raw(&format!("--output json -k {poor} doctor"));
    let faults = has_faults(&ran, &["sol"]);
    assert!(
        faults[0]["remedy"]
            .as_str()
            .unwrap()
            .contains("sluice airdrop")
    );
}

/// Publishes an IDL as the program's authority does.
fn publish(s: &mut Scene, idl: &str) {
    let mut zlib = ZlibEncoder::new(vec![], Compression::fast());
    zlib.write_all(idl.as_bytes()).unwrap();
    let packed = zlib.finish().unwrap();
    let length = u32::try_from(packed.len()).unwrap().to_le_bytes();
    // Kind, program and authority, flags and seed, form, length and nothing.
    let head = [
        &[2][..],
        &[0; 64],
        &[0; 18],
        &[1, 2, 1, 0],
        &length,
        &[0; 5],
    ]
    .concat();
    let (at, owner) = (interface::address(), interface::METADATA_PROGRAM);
    let data = [head, packed].concat();
    s.bench.ledger.chain.put(&at, data, &owner).unwrap();
}

#[test]
fn a_program_with_another_interface_is_told() {
    let mut s = healthy();
    let idl = include_str!("../../../../idl/sluice.json");
    publish(&mut s, idl);
    let ran = examine(&mut s, "");
    has_faults(&ran, &[]);
    assert!(
        ran.out.contains("with the interface of this command"),
        "{}",
        ran.out
    );
    publish(&mut s, &idl.replace("\"open_job\"", "\"open_work\""));
    let faults = has_faults(&examine(&mut s, ""), &["program"]);
    assert!(
        faults[0]["said"]
            .as_str()
            .unwrap()
            .contains("another interface")
    );
}

#[test]
fn accounts_that_do_not_belong_together_are_told() {
    let mut s = healthy();
    let line = format!("provider register --network {}", s.network);
    s.bench.funded("other");
    let other = s.bench.field("other", &line, "provider");
    s.bench.raw(&format!("config set provider {other}"));
    let faults = has_faults(&examine(&mut s, ""), &["node"]);
    let remedy = faults[0]["remedy"].as_str().unwrap();
    assert!(remedy.contains(&format!("sluice config set provider {}", s.provider)));
}

#[test]
fn files_that_cannot_be_read_stop_nothing() {
    let mut s = healthy();
    let bad = s
        .bench
        .file("bad.toml", "[profiles.main]\nnetwork = \"SeCret\"\n");
    let ran = examine(&mut s, &format!("--profile {bad}"));
    has_faults(&ran, &["profile"]);
    assert!(!ran.out.contains("SeCret"), "{}", ran.out);
    let gone = s.bench.path("gone.toml");
    has_faults(&examine(&mut s, &format!("--profile {gone}")), &["profile"]);

    let config = s.bench.file("bad.yml", "json_rpc_url = SeCret");
    let ran = examine(&mut s, &format!("-C {config}"));
    let all = checks(&ran);
    assert_eq!(ran.exit, Exit::Incomplete);
    assert!(!ran.out.contains("SeCret"), "{}", ran.out);
    let ok = |name: &str| {
        all.iter()
            .find(|check| check["check"] == name)
            .map(|one| &one["ok"])
    };
    assert_eq!(ok("profile"), Some(&Value::Bool(true)));
    assert_eq!(ok("config"), Some(&Value::Bool(false)));
    assert_eq!(ok("cluster"), Some(&Value::Null));

    let missing = s.bench.path("nowhere.json");
    let ran = s.bench.raw(&format!("--output json -k {missing} doctor"));
    has_faults(&ran, &["keypair"]);
    let ran = examine(&mut s, "--state-dir /dev/null/state");
    has_faults(&ran, &["state", "notes"]);
}

#[test]
fn a_transaction_in_doubt_is_told_until_the_command_is_run_again() {
    let mut s = healthy();
    let job = s.open(1);
    let top_up = format!("job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    assert_eq!(s.bench.run("buyer", &top_up).exit, Exit::Unknown);
    let faults = has_faults(&examine(&mut s, ""), &["notes"]);
    let sent = s.bench.ledger.sent.last().unwrap().signatures[0].to_string();
    assert!(
        faults[0]["said"].as_str().unwrap().contains(&sent),
        "{faults:?}"
    );
    assert!(
        faults[0]["remedy"]
            .as_str()
            .unwrap()
            .contains("run the same command again")
    );
    s.bench.ok("buyer", &top_up);
    has_faults(&examine(&mut s, ""), &[]);
}

#[test]
fn a_terminal_shows_a_line_for_each_check_and_for_its_remedy() {
    let mut s = healthy();
    s.bench.ledger.bare = true;
    let seen = s.bench.seen("buyer", "doctor");
    assert!(
        seen.out.lines().all(|line| line.chars().count() <= 80),
        "{}",
        seen.out
    );
    assert!(seen.out.contains("program    FAULT: "), "{}", seen.out);
    assert!(
        seen.out.contains("           -> choose another cluster"),
        "{}",
        seen.out
    );
    assert!(seen.out.contains("network    ok: main"), "{}", seen.out);
    assert!(seen.out.ends_with("in all     1 fault\n"), "{}", seen.out);
}

/// Runs the built command against `url`, with a key in it.
fn apart(url: &str) -> (Duration, Option<i32>, String) {
    let begun = Instant::now();
    let ran = Command::new(SLUICE)
        .env("SLUICE_PROFILE", "/dev/null")
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("NO_DNA")
        .args(["doctor", "--output", "json", "--url", url])
        .output()
        .unwrap();
    let told = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    assert!(!told.contains("SeCret"), "{told}");
    (begun.elapsed(), ran.status.code(), told)
}

#[test]
fn a_cluster_that_cannot_be_reached_or_never_answers_is_a_line() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for url in [
        format!("http://127.0.0.1:{port}/?api-key=SeCret4242"),
        "http://127.0.0.1:1/?api-key=SeCret4242".to_owned(),
    ] {
        let (took, code, told) = apart(&url);
        assert_eq!(code, Some(13), "{told}");
        assert!(took < Duration::from_secs(20), "{took:?}");
        let told: Value = serde_json::from_str(&told).unwrap();
        let all = told["checks"].as_array().unwrap();
        assert_eq!(all.len(), CHECKS.len());
        let of = |name: &str| all.iter().find(|check| check["check"] == name).unwrap();
        assert_eq!(of("cluster")["ok"], false);
        assert_eq!(of("network")["ok"], Value::Null);
    }
}
