//! A manifest that changes after the network stands, as it is printed: what is mended, what waits, and what cannot be mended.

use {super::site::Site, crate::scene::DAY, sluice_cli::Exit};

const PARAMETERS: &str = "0002 roles and parameters";

fn standing() -> Site {
    let mut s = Site::new();
    s.apply();
    s
}

fn one(s: &mut Site, step: &str) -> (String, String) {
    let found = s.step(step);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn parameters_are_proposed_waited_for_and_applied() {
    let mut s = standing();
    assert_eq!(one(&mut s, PARAMETERS).0, "done");
    let guardian = s.bench.key("heir");
    s.change("min_unbonding = '1d'\n", "");
    s.change("dividend_period = '2d'\n", "");
    assert_eq!(
        s.check(),
        Exit::Ok,
        "a default says nothing of what is there"
    );
    s.change("fee = '1%'", "fee = '3%'");
    s.change("min_bond = '50'", "min_bond = '55.5'");
    s.change(
        "[network.roles]",
        &format!("[network.roles]\nguardian = '{guardian}'"),
    );
    let (state, what) = one(&mut s, PARAMETERS);
    assert_eq!(state, "to do");
    for part in [
        "fee_bps 100 -> 300",
        "min_bond 50 -> 55.5",
        "guardian",
        "7d",
    ] {
        assert!(what.contains(part), "{what}");
    }
    let now = s.bench.ledger.chain.now();
    let applied = s.apply();
    assert_eq!(applied["complete"], false);
    assert_eq!(applied["left"][0]["from"], now + 7 * DAY);

    assert_eq!(one(&mut s, PARAMETERS).0, "waits");
    assert_eq!(s.plan()["waits_until"], now + 7 * DAY);
    assert_eq!(s.check(), Exit::Incomplete);
    // Only time helps: another run sends nothing.
    let submitted = s.bench.ledger.submitted;
    s.apply();
    assert_eq!(s.bench.ledger.submitted, submitted);

    s.bench.ledger.chain.advance(7 * DAY);
    assert!(one(&mut s, PARAMETERS).1.starts_with("apply "));
    assert_eq!(s.apply()["complete"], true);
    assert_eq!(one(&mut s, PARAMETERS).0, "done");
    assert_eq!(s.check(), Exit::Ok);
}

#[test]
fn the_admin_is_handed_over_before_anything_is_proposed() {
    let mut s = standing();
    let (admin, heir) = (s.bench.key("admin"), s.bench.key("heir"));
    s.change(
        "[network.roles]",
        &format!("[network.roles]\nadmin = '{heir}'"),
    );
    s.change("fee = '1%'", "fee = '3%'");
    let found = s.step(PARAMETERS);
    assert_eq!(found[0].1, format!("admin {admin} -> {heir}"));
    assert!(found[1].1.starts_with("propose "), "{found:?}");
    let line = s.line("apply");
    let says = "the network's admin to be";
    s.bench.refused_as("admin", &line, Exit::Key, says);
    let line = format!("{line} --key {}", s.bench.path("heir"));
    assert_eq!(s.bench.run("admin", &line).json()["complete"], false);
    assert_eq!(one(&mut s, PARAMETERS).0, "waits");
}

#[test]
fn what_never_changes_is_told_in_one_sentence_and_nothing_is_sent() {
    let mut s = standing();
    s.change("epoch = '1h'", "epoch = '2h'");
    s.change("dividend_period = '2d'", "dividend_period = '3d'");
    let says = "network.dividend_period is 2d and can never be 3d, which the manifest wants; \
                reward pool 1: epoch is 1h and can never be 2h, which the manifest wants";
    for verb in ["plan", "apply"] {
        let line = s.line(verb);
        s.bench.refused_as("admin", &line, Exit::BadInput, says);
    }
}

#[test]
fn what_is_less_than_wanted_is_made_up_in_one_transaction_each() {
    let mut s = standing();
    let submitted = s.bench.ledger.submitted;
    s.change("stake = '60.5'", "stake = '61'");
    s.change("funds = '500'", "funds = '600.25'");
    let (state, what) = one(&mut s, "0008 funds");
    assert_eq!(
        (state.as_str(), what.as_str()),
        ("to do", "deposit 100.25 more, to 600.25")
    );
    assert_eq!(s.apply()["complete"], true);
    assert_eq!(s.bench.ledger.submitted, submitted + 3 + 1);
    assert_eq!(s.check(), Exit::Ok);
}
