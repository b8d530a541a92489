//! A manifest that changes after the network stands: what is mended, what waits, and what cannot be mended.

use {
    super::site::Site,
    crate::scene::DAY,
    sluice_cli::Exit,
    sluice_client::{Attester, Ledger, StakePool, Standing, address},
    solana_address::Address,
};

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
        "7days",
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
fn a_proposal_that_lapsed_or_is_another_is_made_anew() {
    let mut s = standing();
    let network = s.plan()["network"].as_str().unwrap().to_owned();
    s.change("fee = '1%'", "fee = '3%'");
    s.apply();
    s.bench.ledger.chain.advance(21 * DAY);
    assert!(one(&mut s, PARAMETERS).1.starts_with("propose "));
    s.apply();
    assert_eq!(one(&mut s, PARAMETERS).0, "waits");

    let other = format!("network propose {network} --fee-bps 7");
    s.bench.ok("admin", &other);
    let (state, what) = one(&mut s, PARAMETERS);
    assert_eq!(state, "to do");
    assert!(
        what.contains("in place of the change that is pending"),
        "{what}"
    );

    s.change("fee = '3%'", "fee = '1%'");
    let (state, what) = one(&mut s, PARAMETERS);
    assert_eq!(
        (state.as_str(), what.as_str()),
        ("done", "in force; another change is pending")
    );
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
fn more_stake_funds_attesters_and_sets_are_added() {
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
    // Another threshold is another set, and the pool's set never changes.
    s.change("threshold = 2", "threshold = 3");
    refuse(&mut s, "reward pool 1: set is ");
    let (text, pool) = s.manifest.split_once("[[reward_pool]]").unwrap();
    let (text, pool) = (text.to_owned(), pool.to_owned());
    s.manifest = text.clone();
    assert_eq!(one(&mut s, "0005 attester sets").0, "to do");
    assert_eq!(s.apply()["complete"], true);
    assert_eq!(s.bench.ledger.submitted, submitted + 3 + 1 + 1 + 3);
    // Less than there is is enough.
    s.manifest = format!("{text}[[reward_pool]]{pool}");
    s.change("threshold = 3", "threshold = 2");
    s.change("stake = '61'", "stake = '1'");
    s.change("funds = '600.25'", "funds = '1'");
    assert_eq!(s.check(), Exit::Ok);
}

/// Both plan and apply refuse with one sentence that says `says`, and nothing is sent.
fn refuse(s: &mut Site, says: &str) {
    for verb in ["plan", "apply"] {
        let line = s.line(verb);
        s.bench.refused_as("admin", &line, Exit::BadInput, says);
    }
}

#[test]
fn what_never_changes_is_named_with_what_is_wanted_and_found() {
    let mut s = standing();
    let (stake, pay, guild) = (
        s.bench.stake.address,
        s.bench.pay.address,
        s.bench.key("guild"),
    );
    let heir = s.bench.key("heir");
    let sentence = |field: &str, found: &dyn ToString, wanted: &dyn ToString| {
        let (found, wanted) = (found.to_string(), wanted.to_string());
        format!("{field} is {found} and can never be {wanted}, which the manifest wants")
    };
    let table: [(String, String, String); 9] = [
        (
            format!("stake_mint = '{stake}'"),
            format!("stake_mint = '{pay}'"),
            sentence("network.stake_mint", &stake, &pay),
        ),
        (
            format!("dividend_mint = '{pay}'"),
            format!("dividend_mint = '{stake}'"),
            sentence("network.dividend_mint", &pay, &stake),
        ),
        (
            "min_unbonding = '1d'".into(),
            "min_unbonding = '2d'".into(),
            sentence("network.min_unbonding", &"1day", &"2days"),
        ),
        (
            "dividend_period = '2d'".into(),
            "dividend_period = '30d'".into(),
            sentence("network.dividend_period", &"2days", &"30days"),
        ),
        (
            format!("owner = '{guild}'"),
            format!("owner = '{heir}'"),
            format!(" is {guild} and can never be {heir}"),
        ),
        (
            "rate = '10'".into(),
            "rate = '10.5'".into(),
            sentence("reward pool 1: rate", &"10", &"10.5"),
        ),
        (
            "end = '2026-03-01T00:00:00Z'".into(),
            "end = '2026-03-02T00:00:00Z'".into(),
            sentence(
                "reward pool 1: end",
                &"2026-03-01T00:00:00Z",
                &"2026-03-02T00:00:00Z",
            ),
        ),
        (
            "epoch = '1h'".into(),
            "epoch = '2h'\nrefund_owner = '".to_owned() + &heir.to_string() + "'",
            "; reward pool 1: epoch is 1h and can never be 2h".into(),
        ),
        (
            "node_cap = 10000".into(),
            "node_cap = 9".into(),
            sentence("reward pool 1: node_cap", &10_000, &9),
        ),
    ];
    for (old, new, says) in table {
        let before = s.manifest.clone();
        s.change(&old, &new);
        refuse(&mut s, &says);
        s.manifest = before;
    }
    assert_eq!(s.check(), Exit::Ok);
    s.change("min_unbonding = '1d'", "");
    s.change("unbonding = '7d'", "unbonding = '1h'");
    refuse(
        &mut s,
        "network.parameters.unbonding can never be 1h, which the manifest wants: at least 1day",
    );
}

#[test]
fn an_ended_pool_takes_no_funds_and_is_not_created() {
    let mut s = standing();
    s.bench.ledger.chain.advance(90 * DAY);
    assert_eq!(s.check(), Exit::Ok);
    s.change("funds = '500'", "funds = '501'");
    refuse(
        &mut s,
        "funds are 500 and can never be 501, which the manifest wants, for the pool has ended",
    );
    s.change("id = 1", "id = 2");
    refuse(
        &mut s,
        "reward pool 2: its end, 2026-03-01T00:00:00Z, lies in the past",
    );
}

#[test]
fn an_attester_that_left_or_lied_cannot_be_live_again() {
    let mut s = standing();
    let attester = account(&mut s, "0003 attesters");
    let set = account(&mut s, "0005 attester sets");
    s.bench
        .ok("guild", &format!("attester leave {attester} --set {set}"));
    refuse(&mut s, "left the set");

    // As `show_equivocation` leaves it; a new set would take it in.
    let address: Address = attester.parse().unwrap();
    let chain = &mut s.bench.ledger.chain;
    let mut account = chain.account(&address).unwrap().unwrap();
    account.data[8 + std::mem::offset_of!(Attester, standing)] = Standing::Tombstoned.byte();
    chain.put(&address, account.data, &account.owner).unwrap();
    let text = s.manifest.clone();
    s.manifest = text.split("[[reward_pool]]").next().unwrap().to_owned();
    s.change("threshold = 2", "threshold = 1");
    refuse(&mut s, "is tombstoned and can never enter a set again");
}

#[test]
fn stake_that_was_slashed_is_made_up_once() {
    let mut s = standing();
    let pool = address::stake_pool(&account(&mut s, "0004 stake").parse().unwrap());
    let chain = &mut s.bench.ledger.chain;
    let mut found = chain.account(&pool).unwrap().unwrap();
    // A price at which shares and their worth are both rounded.
    let at = 8 + std::mem::offset_of!(StakePool, tokens);
    let left = 40_333_333_331u64;
    found.data[at..at + 8].copy_from_slice(&left.to_le_bytes());
    chain.put(&pool, found.data, &found.owner).unwrap();
    let staked = s.step("0004 stake");
    assert_eq!(staked[0].1, "stake 20.166666669 more, to 60.5");
    assert_eq!(s.apply()["complete"], true);
    assert_eq!(s.check(), Exit::Ok);
}

/// The account of the first item of a step.
fn account(s: &mut Site, step: &str) -> String {
    let plan = s.plan();
    let mut rows = plan["steps"].as_array().unwrap().iter();
    let row = rows.find(|row| row["step"] == step).unwrap();
    row["account"].as_str().unwrap().to_owned()
}
