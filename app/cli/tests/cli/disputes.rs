//! `sluice challenge`, and what the crank does of it.

use {
    crate::{
        bench::assert_one_line,
        scene::{DAY, HOUR, Scene},
        upkeep::steps,
    },
    serde_json::Value,
    sluice_cli::Exit,
};

/// A hash.
pub const PIECE: &str = "efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef";
/// One whole token of the stake mint.
pub const TOKEN: u64 = 1_000_000_000;

/// A job with four hours of ruling time, of which the quorum proved the first hour, and a challenger with ten tokens.
pub fn proven(s: &mut Scene) -> String {
    let challenger = s.bench.funded("challenger");
    let stake = s.bench.stake;
    s.bench.give(&challenger, &stake, 10 * TOKEN);
    let line = s.open_line(1).replace(
        "--challenge-time 1h",
        "--challenge-time 1h --ruling-time 4h --challenge-bond 5",
    );
    let job = s.bench.field("buyer", &line, "job");
    let node = s.node.clone();
    s.bench
        .ok("operator", &format!("job accept {job} --node {node}"));
    s.wait(HOUR);
    let files: Vec<String> = ["worker", "a1", "a2"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    s.bench
        .ok("buyer", &format!("attest submit {job} {}", files.join(" ")));
    job
}

/// Challenges the first hour of `job`.
fn challenge(s: &mut Scene, job: &str) -> String {
    let line = format!("challenge open --job {job} --window 0 --reason 3 --evidence {PIECE}");
    s.bench.field("challenger", &line, "challenge")
}

/// The program refuses what the key `name` sends, and says why.
pub fn refuses(s: &mut Scene, name: &str, line: &str, says: &str) {
    s.bench.key(name);
    let before = s.bench.ledger.submitted;
    let ran = s.bench.raw(&format!("-k {} {line}", s.bench.path(name)));
    assert_one_line(&ran, Exit::Refused, says, line);
    assert_eq!(s.bench.ledger.submitted, before, "{line}");
}

#[test]
fn a_window_is_challenged_and_ruled_void() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    let stake = s.bench.stake;
    let file = s.bench.file("evidence.txt", "the frames are not there");
    let open = format!("challenge open --job {job} --window 0 --reason 3 --evidence");
    let start = s.bench.run("nobody", &format!("job show {job}")).json()["start_at"]
        .as_i64()
        .unwrap();
    for (name, line, exit, says) in [
        (
            "challenger",
            format!("{open} /nowhere"),
            Exit::BadInput,
            "neither a hash nor a file",
        ),
        (
            "admin",
            format!("{open} {file}"),
            Exit::Unfunded,
            "and needs 5",
        ),
    ] {
        s.bench.refused_as(name, &line, exit, says);
    }
    let late = open.replace("--window 0", "--window 1");
    refuses(
        &mut s,
        "challenger",
        &format!("{late} {file}"),
        "NotChallengeable",
    );
    let told = s.bench.ok("challenger", &format!("{open} {file}")).json();
    assert_eq!(told["units_held"], "100");
    assert_eq!(told["rule_from"], start + 5 * HOUR);
    assert_eq!(told["rule_until"], start + 7 * HOUR);
    let challenge = told["challenge"].as_str().unwrap().to_owned();
    s.bench.refused_as(
        "challenger",
        &format!("{open} {file}"),
        Exit::BadInput,
        "exists already",
    );
    let held = s.bench.run("nobody", &format!("job show {job}"));
    assert_eq!(held.base("challenged"), 985_000);
    assert_eq!(held.json()["challenged_until"], start + 7 * HOUR);
    assert_eq!(held.json()["units_challenged"], "100");

    let show = format!("challenge show {challenge}");
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["verdict"], "open");
    assert_eq!(shown["pieces"], 1);
    assert_eq!(shown["bond"]["amount"], (5 * TOKEN).to_string());
    assert_eq!(shown["signers"].as_array().unwrap().len(), 2);
    let told = s
        .bench
        .ok("owner", &format!("challenge evidence {challenge} {PIECE}"))
        .json();
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["pieces"], 2);
    assert_eq!(shown["evidence"], told["evidence"]);

    let rule = format!("challenge rule {challenge}");
    let void = format!("{rule} --void --slash 12.5 --signers-lied --reason 4 --evidence {file}");
    for (name, line, exit, says) in [
        ("admin", rule.clone(), Exit::Usage, "required"),
        (
            "admin",
            format!("{rule} --void --slash 1"),
            Exit::Usage,
            "required",
        ),
        (
            "admin",
            format!("{rule} --uphold --slash 1"),
            Exit::Usage,
            "--void",
        ),
        (
            "admin",
            format!("{rule} --uphold"),
            Exit::BadInput,
            "needs --reason",
        ),
        (
            "admin",
            void.replace("12.5", "0.0000000001"),
            Exit::BadInput,
            "9 decimals",
        ),
        (
            "buyer",
            void.clone(),
            Exit::Key,
            "is not the job's resolver",
        ),
    ] {
        s.bench.refused_as(name, &line, exit, says);
    }
    refuses(&mut s, "admin", &void, "RulingTooEarly");
    let settle = format!("challenge settle {challenge}");
    s.bench
        .refused_as("buyer", &settle, Exit::BadInput, "is not ruled yet");
    s.wait(start + 5 * HOUR - s.bench.ledger.chain.now());
    refuses(
        &mut s,
        "admin",
        &void.replace("12.5", "20.000000001"),
        "SlashAboveBond",
    );
    s.bench.ok("admin", &void);
    refuses(&mut s, "admin", &void, "AlreadyRuled");
    refuses(
        &mut s,
        "owner",
        &format!("challenge evidence {challenge} {PIECE}"),
        "AlreadyRuled",
    );

    let provider = s.provider.clone();
    let behind = s.bench.run("nobody", &format!("stake show {provider}"));
    assert_eq!(behind.base("slashed"), 12_500_000_000);
    assert_eq!(behind.base("tokens"), 488_000_000_000);
    assert_eq!(behind.text("price_per_share"), "0.975024975");
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["verdict"], "void");
    assert_eq!(shown["slashed"]["amount"], "12500000000");
    assert_eq!(
        shown["settles_at_latest"].as_i64().unwrap(),
        shown["ruled_at"].as_i64().unwrap() + 7 * DAY
    );
    refuses(&mut s, "buyer", &settle, "SignersNotSlashed");

    let left = shown["signers"].as_array().unwrap().clone();
    let index = left[0]["index"].as_u64().unwrap();
    let slash = format!("challenge slash-signer {challenge} {index}");
    let told = s.bench.ok("buyer", &slash);
    assert_eq!(told.base("slashed"), 50 * TOKEN);
    s.bench
        .refused_as("buyer", &slash, Exit::BadInput, "no signer to be slashed");
    let attester = left[0]["attester"].as_str().unwrap().to_owned();
    let fallen = s
        .bench
        .run("nobody", &format!("attester show {attester}"))
        .json();
    assert_eq!(fallen["standing"], "slashed");
    assert_eq!(fallen["bond_locked"], false);
    assert_eq!(fallen["sets"][0]["set"], s.set.as_str());
    let set = s.set.clone();
    s.bench.ok(
        "buyer",
        &format!("attester leave {attester} --set {set} --as anyone"),
    );

    // The crank slashes the other, pays the challenger and burns.
    let network = s.network.clone();
    let told = s.bench.run("buyer", &format!("crank --network {network}"));
    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(
        steps(&told["done"]),
        [
            "slash-signer",
            "settle",
            "refund",
            "release",
            "close",
            "burn",
            "burn",
            "burn"
        ]
    );
    assert_eq!(steps(&told["failed"]), Vec::<String>::new());
    let challenger = s.bench.key("challenger");
    assert_eq!(s.bench.held(&challenger, &stake), 10 * TOKEN);
    let owner = s.owner;
    assert_eq!(s.bench.held(&owner, &stake), 499_500_000_000);
    assert_eq!(s.bench.held(&s.buyer, &s.bench.pay), 100_000_000);
    let record = s
        .bench
        .run("nobody", &format!("provider show {provider}"))
        .json();
    assert_eq!(record["slashes"], "1");
    s.bench
        .refused_as("buyer", &settle, Exit::NotFound, "there is no account at");
    let burned = s
        .bench
        .run("nobody", &format!("stake pool show {provider}"));
    assert_eq!(burned.base("to_burn"), 0);
    refuses(
        &mut s,
        "buyer",
        &format!("stake pool burn {provider}"),
        "NothingDue",
    );
}

#[test]
fn silence_upholds_a_challenged_window() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    let challenge = challenge(&mut s, &job);
    let listed = s
        .bench
        .run("nobody", &format!("challenge list --job {job}"))
        .json();
    assert_eq!(listed["challenges"][0]["challenge"], challenge.as_str());
    let line = format!("crank {job} --create-accounts");
    let told = s.bench.run("guild", &line).json();
    assert_eq!(steps(&told["done"]), ["refund"]);
    assert_eq!(steps(&told["due"]), ["uphold"]);
    assert_eq!(
        s.bench.run("guild", &format!("job show {job}")).json()["settles_at"],
        Value::Null
    );

    s.wait(6 * HOUR);
    let file = s.bench.file("late.txt", "late");
    let void = format!("challenge rule {challenge} --void --reason 1 --evidence {file}");
    refuses(&mut s, "admin", &void, "MustUphold");
    let evidence = format!("challenge evidence {challenge} {PIECE}");
    refuses(&mut s, "owner", &evidence, "EvidenceClosed");
    let told = s.bench.run("guild", &line).json();
    assert_eq!(
        steps(&told["done"]),
        [
            "uphold",
            "settle",
            "pay",
            "sweep-treasury",
            "sweep-attesters",
            "refund",
            "release",
            "close"
        ]
    );
    let stake = s.bench.stake;
    // Nobody found the objection wrong: its bond is back.
    let challenger = s.bench.key("challenger");
    assert_eq!(s.bench.held(&challenger, &stake), 10 * TOKEN);
    assert_eq!(s.bench.held(&s.owner, &stake), 499_500_000_000);
    assert_eq!(s.bench.held(&s.owner, &s.bench.pay), 985_000);
}

#[test]
fn anyone_upholds_by_hand_when_the_ruling_time_is_over() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    let challenge = challenge(&mut s, &job);
    s.wait(6 * HOUR);
    s.bench
        .ok("guild", &format!("challenge rule {challenge} --uphold"));
    let told = s
        .bench
        .ok("guild", &format!("challenge settle {challenge}"))
        .json();
    assert_eq!(told["verdict"], "lapsed");
    let challenger = s.bench.key("challenger");
    assert_eq!(told["winner"], challenger.to_string());
}

#[test]
fn a_challenged_job_is_renewed_and_released_after_the_ruling() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    challenge(&mut s, &job);
    s.wait(2 * HOUR);
    let renew = format!("job renew {job} --id 2 --funds 1");
    let told = s.bench.ok("buyer", &renew).json();
    let waits = told["waits_for"].as_str().unwrap();
    assert!(waits.starts_with("the ruling on a challenged"), "{waits}");
}
