//! `sluice migrate`: from nothing to a network, again and again, interrupted anywhere, and what differs.

mod bad;
mod drift;
mod site;

use {
    crate::{bench::assert_one_line, counting::Loses},
    site::{STEPS, Site},
    sluice_cli::Exit,
    std::collections::BTreeSet,
};

#[test]
fn a_network_comes_from_nothing_and_then_nothing_is_to_do() {
    let mut s = Site::new();
    let plan = s.plan();
    assert_eq!(plan["to_do"], STEPS);
    let steps = plan["steps"].as_array().unwrap();
    let names: BTreeSet<_> = steps.iter().map(|row| row["step"].to_string()).collect();
    assert_eq!(names.len(), 7, "all but roles and parameters: {names:?}");
    let sorted = steps.is_sorted_by_key(|row| row["step"].to_string());
    assert!(sorted, "in the order of the numbers");
    assert_eq!(s.check(), Exit::Incomplete);
    assert_eq!(s.bench.ledger.submitted, 0);

    // The same, and in the form for people.
    let line = s.line("apply");
    let dry = s.bench.run("admin", &format!("{line} --dry-run")).json();
    assert_eq!(dry["steps"], plan["steps"]);
    let shown = s.bench.raw(&s.line("plan"));
    assert!(shown.out.contains("0004 stake"), "{}", shown.out);
    assert_eq!(s.bench.ledger.submitted, 0);

    let applied = s.apply();
    assert_eq!(applied["complete"], true);
    let done = applied["done"].as_array().unwrap();
    assert_eq!((done.len(), s.bench.ledger.submitted), (STEPS, STEPS));
    for (done, planned) in done.iter().zip(steps) {
        assert_eq!(
            (&done["step"], &done["account"], &done["what"]),
            (&planned["step"], &planned["account"], &planned["what"]),
            "it does exactly what the plan shows"
        );
    }

    let plan = s.plan();
    assert_eq!(plan["to_do"], 0);
    assert!(plan["waits_until"].is_null());
    let readme = include_str!("../../../../../migrations/README.md");
    for row in plan["steps"].as_array().unwrap() {
        let step = format!("| `{}` |", row["step"].as_str().unwrap());
        assert!(readme.contains(&step), "migrations/README.md lacks {step}");
    }
    assert_eq!(s.check(), Exit::Ok);
    let before = s.bytes();
    assert_eq!(before.len(), 1 + 3 + 3 * 2 + 1 + 1);
    assert_eq!(s.apply()["complete"], true);
    assert_eq!(s.bench.ledger.submitted, STEPS);
    assert_eq!(s.bytes(), before, "no byte and no lamport moves");

    // What stands there is what the commands of every day see.
    let set = plan["steps"].as_array().unwrap().iter();
    let set = set.clone().find(|row| row["step"] == "0005 attester sets");
    let set = set.unwrap()["account"].as_str().unwrap().to_owned();
    let shown = s.bench.run("nobody", &format!("attester-set show {set}"));
    assert_eq!(shown.json()["live"], 3);
    assert_eq!(shown.json()["quorum"], true);
}

#[test]
fn an_interrupted_migration_is_completed_by_the_next_run() {
    for sent in 0..STEPS {
        for loses in [Loses::TheTransaction, Loses::TheAnswer] {
            let mut s = Site::new();
            let ran = s.apply_interrupted(sent, loses);
            assert_eq!(ran.exit, Exit::Unknown, "{sent} {loses:?}: {}", ran.err);
            let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
            assert_eq!(told["done"].as_array().unwrap().len(), sent);
            let why = told["failed"]["why"].as_str().unwrap();
            assert!(why.contains("the test cut the wire"), "{why}");
            assert!(told["failed"]["step"].is_string());

            let landed = sent + usize::from(loses == Loses::TheAnswer);
            assert_eq!(s.bench.ledger.submitted, landed);
            assert_eq!(s.plan()["to_do"], STEPS - landed, "{sent} {loses:?}");
            s.apply();
            assert_eq!(s.plan()["to_do"], 0, "{sent} {loses:?}");
            assert_eq!(s.bench.ledger.submitted, STEPS, "no step was done twice");
            let (guild, funder) = (s.bench.key("guild"), s.bench.key("funder"));
            let (stake, pay) = (s.bench.stake, s.bench.pay);
            assert_eq!(s.bench.held(&guild, &stake), 818_500_000_000);
            assert_eq!(s.bench.held(&funder, &pay), 400_000_000);
        }
    }
}

#[test]
fn nothing_is_sent_before_every_key_is_there() {
    let mut s = Site::new();
    let funder = s.bench.key("funder");
    let line = s.line("apply");
    let key = format!(" --key {}", s.bench.path("funder"));
    let line = line.replace(&key, "");
    let says = format!("the reward pool's creator, {funder}, has to sign");
    s.bench.refused_as("admin", &line, Exit::Key, &says);
    // Every one that is missing is named, once.
    let both = line.replace(&format!(" --key {}", s.bench.path("guild")), "");
    let guild = s.bench.key("guild");
    let ran = s.bench.run("admin", &both);
    assert_eq!(ran.exit, Exit::Key);
    assert_eq!(
        ran.err.matches(&guild.to_string()).count(),
        1,
        "{}",
        ran.err
    );
    assert_eq!(
        ran.err.matches(&funder.to_string()).count(),
        1,
        "{}",
        ran.err
    );
    // A plan needs none.
    let ran = s.bench.raw(&s.line("plan"));
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
}

#[test]
fn a_step_that_the_program_refuses_stops_the_rest() {
    let mut s = Site::new();
    // The first attester's stake falls short of the bond, which the manifest cannot know to be wrong.
    s.manifest = s.manifest.replacen("stake = '60.5'", "stake = '1'", 1);
    let line = s.line("apply");
    let ran = s.bench.run("admin", &line);
    assert_eq!(ran.exit, Exit::Partly);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["failed"]["step"], "0006 members");
    let why = told["failed"]["why"].as_str().unwrap();
    assert!(why.contains("StakeTooLow"), "{why}");
    // Nor whether there is any, where it names none.
    let mut other = Site::new();
    other.manifest = other.manifest.replace("stake = '60.5'", "");
    let line = other.line("apply");
    let ran = other.bench.run("admin", &line);
    assert!(ran.out.contains("has no stake"), "{}", ran.out);
    s.change("stake = '1'", "stake = '50'");
    assert_eq!(s.apply()["complete"], true);
}

#[test]
fn a_cluster_without_the_program_is_told() {
    let mut s = Site::new();
    s.bench.ledger.bare = true;
    let line = s.line("plan");
    let ran = s.bench.raw(&line);
    assert_one_line(&ran, Exit::NotDeployed, "is not deployed", &line);
}
