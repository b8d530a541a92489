//! `sluice attester equivocation` and `attester leave`: an attester that signs twice, or that its set removes.

use {
    crate::{
        disputes::{PIECE, TOKEN, proven, refuses},
        scene::{DAY, Scene},
    },
    sluice_cli::Exit,
    sluice_client::{Job, Ledger, address},
};

#[test]
fn two_statements_about_one_window_cost_the_bond() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    let (attester, other) = (s.attesters[0].clone(), s.attesters[1].clone());
    let first = s.sign("a1", &job, 0, 100, "quorum");
    s.forget("a1");
    let second = s.sign("a1", &job, 0, 99, "quorum");
    let elsewhere = s.sign("a1", &job, 1, 99, "quorum");
    let cosigned = s.sign("a1", &job, 0, 99, "cosigned");
    let stranger = s.bench.key("stranger");
    let line =
        |attester: &str, rest: &str| format!("attester equivocation {attester} --job {job} {rest}");
    for (line, exit, says) in [
        (line(&attester, &first), Exit::Usage, "2 values"),
        (
            line(&attester, &format!("{first} {first}")),
            Exit::BadInput,
            "of the same statement",
        ),
        (
            line(&other, &format!("{first} {second}")),
            Exit::BadInput,
            "is not by the attester's key",
        ),
        (
            line(&attester, &format!("{first} {elsewhere}")),
            Exit::BadInput,
            "is not about window 0",
        ),
        (
            line(&attester, &format!("{first} {cosigned}")),
            Exit::BadInput,
            "is not on the quorum path",
        ),
        (
            line(&attester, &format!("{first} {second} --node {stranger}")),
            Exit::BadInput,
            "is not about the job",
        ),
        (
            line(&attester, &format!("{first} {second} --incarnation 9")),
            Exit::BadInput,
            "its incarnation 9",
        ),
        (
            format!("attester equivocation {attester} --job {stranger} {first} {second}"),
            Exit::BadInput,
            "is closed: give --incarnation and --node",
        ),
    ] {
        s.bench.refused_as("buyer", &line, exit, says);
    }
    let set = s.set.clone();
    let leave = |role: &str| format!("attester leave {attester} --set {set} --as {role}");
    s.bench
        .refused_as("buyer", &leave("anyone"), Exit::BadInput, "good standing");
    s.bench.refused_as(
        "buyer",
        &leave("revoker"),
        Exit::Key,
        "is not the set's revoker",
    );
    let shown = s
        .bench
        .run("nobody", &format!("challenge list --job {job}"))
        .json();
    assert_eq!(shown["challenges"].as_array().unwrap().len(), 0);
    let told = s.bench.ok(
        "buyer",
        &line(&attester, &format!("--window 0 {first} {second}")),
    );
    assert_eq!(told.base("slashed"), 50 * TOKEN);
    let fallen = s
        .bench
        .run("nobody", &format!("attester show {attester}"))
        .json();
    assert_eq!(fallen["standing"], "tombstoned");
    refuses(
        &mut s,
        "buyer",
        &line(&attester, &format!("{first} {second}")),
        "AttesterTombstoned",
    );
    s.bench.ok("buyer", &leave("anyone"));
    refuses(
        &mut s,
        "guild",
        &format!("attester close {attester}"),
        "StandingNotGood",
    );
    let burned = s.bench.ok("buyer", &format!("stake pool burn {attester}"));
    assert_eq!(burned.base("burned"), 50 * TOKEN);
}

#[test]
fn equivocation_is_shown_after_the_job_is_closed() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    let (attester, node) = (s.attesters[2].clone(), s.node.clone());
    let files = [7, 8].map(|units| {
        s.forget("a3");
        s.sign("a3", &job, 2, units, "quorum")
    });
    let line = format!(
        "attester equivocation {attester} --job {job} {}",
        files.join(" ")
    );
    let opened = s
        .bench
        .run(
            "challenger",
            &format!(
                "challenge open --job {job} --window 0 --reason 1 --evidence {PIECE} --dry-run"
            ),
        )
        .json();
    let job_key = job.parse().unwrap();
    let account: Job = s.bench.ledger.chain.get(&job_key).unwrap();
    let expected = address::challenge(&job_key, account.incarnation, 0);
    assert_eq!(opened["challenge"], expected.to_string());
    let derived = format!("address challenge {job} {} 0", account.incarnation);
    assert_eq!(
        s.bench.field("nobody", &derived, "address"),
        expected.to_string()
    );

    s.wait(DAY);
    s.bench
        .run("guild", &format!("crank {job} --create-accounts"))
        .json();
    s.bench
        .refused_as("buyer", &line, Exit::BadInput, "give --incarnation and");
    let placed = format!("{line} --incarnation {} --node {node}", account.incarnation);
    let told = s.bench.ok("buyer", &placed);
    assert_eq!(told.base("slashed"), 50 * TOKEN);
}

#[test]
fn the_revoker_removes_a_member() {
    let mut s = Scene::new();
    let (set, attester) = (s.set.clone(), s.attesters[2].clone());
    s.bench.ok(
        "admin",
        &format!("attester leave {attester} --set {set} --as revoker"),
    );
    let shown = s
        .bench
        .run("nobody", &format!("attester show {attester}"))
        .json();
    assert_eq!(shown["live_sets"], 0);
    assert_eq!(shown["standing"], "good");
}
