//! What people see on a terminal of eighty columns.

use {
    crate::{bench::Ran, scene::Scene},
    sluice_cli::Exit,
};

/// The lines that a run printed, none of them wider than the terminal.
#[track_caller]
pub fn narrow(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    let lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
    for line in &lines {
        assert!(line.chars().count() <= 80, "{line}");
    }
    lines
}

#[test]
fn a_job_is_shown_in_one_screen_with_its_bond_in_tokens() {
    let mut s = Scene::new();
    let job = s.active(1);
    let lines = narrow(&s.bench.seen("buyer", &format!("job show {job}")));
    assert!(lines.len() <= 36, "{}", lines.join("\n"));
    let shown = lines.join("\n");
    assert!(shown.contains("\nMoney\n  funded "), "{shown}");
    assert!(shown.contains("(in 3h"), "{shown}");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("bond ") || line.starts_with("  bond ")),
        "{shown}"
    );
    assert!(!shown.contains("20000000000"), "{shown}");
    // Who can have the escrow paid out stands there; who rules, which the network says, is for those who ask.
    assert!(shown.contains("cosigner"), "{shown}");
    assert!(!shown.contains("resolver"), "{shown}");
    let all = s.bench.seen("buyer", &format!("--wide job show {job}")).out;
    assert!(all.contains("resolver"), "{all}");
}

#[test]
fn a_job_that_is_over_says_so() {
    let mut s = Scene::new();
    let job = s.active(1);
    s.wait(8 * 86_400);
    let shown = s.bench.seen("buyer", &format!("job show {job}")).out;
    assert!(shown.contains("active, "), "{shown}");
    assert!(shown.contains("7d 21h ago"), "{shown}");
}

#[test]
fn jobs_are_a_table_in_pages_that_can_be_sorted_and_filtered() {
    let mut s = Scene::new();
    let first = s.active(1);
    for id in 2..5 {
        s.open(id);
    }
    let lines = narrow(&s.bench.seen("buyer", "job list --rows 3"));
    assert_eq!(lines.len(), 7, "{}", lines.join("\n"));
    assert!(
        lines
            .last()
            .unwrap()
            .contains("1 to 3 of 4; --page 2 goes on")
    );
    let lines = narrow(&s.bench.seen("buyer", "job list --rows 3 --page 2"));
    assert!(lines.last().unwrap().contains("4 to 4 of 4"));
    let active = s.bench.run("buyer", "job list --where state=active").json();
    assert_eq!(active["jobs"].as_array().unwrap().len(), 1);
    assert_eq!(active["jobs"][0]["job"], first);
    let sorted = s
        .bench
        .run("buyer", "job list --sort state --reverse")
        .json();
    assert_eq!(sorted["jobs"][3]["job"], first);
    s.bench.refused_as(
        "buyer",
        "job list --sort colour",
        Exit::BadInput,
        "there is no column 'colour'",
    );
    s.bench.refused_as(
        "buyer",
        "job list --where colour",
        Exit::Usage,
        "expected COLUMN=VALUE",
    );
}

#[test]
fn mine_are_those_that_i_buy_own_or_operate() {
    let mut s = Scene::new();
    s.active(1);
    s.open(2);
    let mut count = |name: &str| {
        let shown = s.bench.run(name, "job list --mine").json();
        shown["jobs"].as_array().unwrap().len()
    };
    assert_eq!(count("buyer"), 2);
    assert_eq!(count("owner"), 1);
    assert_eq!(count("operator"), 1);
    assert_eq!(count("guild"), 0);
}

#[test]
fn every_noun_has_a_list_that_fits_and_knows_mine() {
    let mut s = Scene::new();
    let offer = s.post(1, "0.01");
    let pool = crate::rewarding::pool(&mut s, 1);
    let network = s.network.clone();
    for (list, rows, first, whose) in [
        ("network list", "networks", Some(s.network.clone()), "admin"),
        (
            "provider list",
            "providers",
            Some(s.provider.clone()),
            "operator",
        ),
        ("node list", "nodes", Some(s.node.clone()), "owner"),
        ("attester list", "attesters", None, "guild"),
        ("attester-set list", "sets", Some(s.set.clone()), "a1"),
        ("offer list", "offers", Some(offer), "operator"),
        ("stake list", "positions", None, "guild"),
        ("stake pool list", "pools", None, "owner"),
        ("rewards list", "pools", Some(pool), "buyer"),
        ("challenge list", "challenges", None, "buyer"),
    ] {
        narrow(&s.bench.seen("nobody", list));
        let of_network = match list {
            "network list" => list.to_owned(),
            _ => format!("{list} --network {network}"),
        };
        let all = s.bench.run("nobody", &of_network).json();
        let all = all[rows].as_array().unwrap();
        assert_eq!(all.is_empty(), rows == "challenges", "{list}");
        let noun = list.split(' ').rev().nth(1).unwrap();
        if let Some(first) = first {
            let column = match noun {
                "attester-set" => "set",
                "rewards" => "pool",
                noun => noun,
            };
            assert_eq!(all[0][column], first, "{list}");
        }
        let mut mine = |key: &str| {
            let mine = s.bench.run(key, &format!("{list} --mine")).json();
            mine[rows].as_array().unwrap().len()
        };
        assert_eq!(mine("nobody"), 0, "{list}");
        assert_eq!(mine(whose) > 0, rows != "challenges", "{list}");
    }
}

#[test]
fn what_is_shown_fits_one_screen_without_zeros_and_base_units() {
    let mut s = Scene::new();
    let offer = s.post(1, "0.01");
    let pool = crate::rewarding::pool(&mut s, 1);
    let join = format!("rewards join {pool} --node {}", s.node);
    s.bench.ok("operator", &join);
    let attester = s.attesters[0].clone();
    for line in [
        format!("provider show {}", s.provider),
        format!("node show {}", s.node),
        format!("offer show {offer}"),
        format!("attester show {attester}"),
        format!("attester-set show {}", s.set),
        format!("network show {}", s.network),
        format!("stake show {}", s.provider),
        format!("stake pool show {}", s.provider),
        format!("rewards show {pool}"),
    ] {
        let lines = narrow(&s.bench.seen("nobody", &line));
        let shown = lines.join("\n");
        assert!(lines.len() <= 40, "{line}: {}\n{shown}", lines.len());
        for nothing in ["base units", "slashes  ", "voided", "slashed", "schema"] {
            assert!(!shown.contains(nothing), "{line}: {nothing}\n{shown}");
        }
    }
    let shown = s.bench.seen("nobody", &format!("offer show {offer}")).out;
    assert!(
        shown
            .lines()
            .any(|line| line.trim_start().starts_with("bond ")),
        "{shown}"
    );
    let shown = s
        .bench
        .seen("nobody", &format!("network show {}", s.network));
    assert!(shown.out.contains("\nRoles\n"), "{}", shown.out);
}

#[test]
fn what_is_not_there_points_to_its_history() {
    let mut s = Scene::new();
    let nowhere = s.bench.key("nowhere");
    for (verb, what) in [
        ("job show", "job"),
        ("provider show", "provider"),
        ("node show", "node"),
        ("offer show", "offer"),
        ("attester show", "attester"),
        ("attester-set show", "attester set"),
        ("network show", "network"),
        ("stake show", "provider, attester or stake pool"),
        ("stake pool show", "provider, attester or stake pool"),
        ("rewards show", "reward pool"),
        ("challenge show", "challenge"),
    ] {
        let says = format!(
            "there is no {what} at {nowhere}: it never was, or it is closed, and `sluice events {nowhere}` tells its history"
        );
        s.bench
            .refused(&format!("{verb} {nowhere}"), Exit::NotFound, &says);
    }
}

#[test]
fn the_options_of_every_command_are_listed_once() {
    let mut s = Scene::new();
    for line in ["--help", "job --help", "job pay --help", "job"] {
        let ran = s.bench.raw(line);
        assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
        let is_top = line == "--help";
        assert_eq!(ran.out.contains("--fee-payer"), is_top, "{}", ran.out);
        assert_eq!(ran.out.contains("`sluice --help`"), !is_top, "{}", ran.out);
    }
    let given = s.bench.raw("job pay --fee-payer nowhere --help");
    assert_eq!(given.exit, Exit::Ok, "{}", given.err);
}

#[test]
fn a_deposit_says_for_how_long_it_pays() {
    let mut s = Scene::new();
    let shown = |s: &mut Scene, funds: &str| {
        let line = s.open_line(7).replace("--funds 5", funds);
        s.bench.seen("buyer", &format!("--dry-run {line}")).out
    };
    let short = shown(&mut s, "--funds 2");
    assert!(short.contains("pays for"), "{short}");
    assert!(
        short.contains("2h of 3h; `sluice job top-up` adds"),
        "{short}"
    );
    let whole = shown(&mut s, "--funds 5");
    assert!(whole.contains("all of 3h"), "{whole}");
}

#[test]
fn json_on_a_terminal_has_every_row() {
    let mut s = Scene::new();
    let (buyer, pay) = (s.buyer, s.bench.pay);
    s.bench.give(&buyer, &pay, 200_000_000);
    for id in 1..=52 {
        s.open(id);
    }
    let ran = s.bench.seen("buyer", "--output json job list");
    assert_eq!(ran.json()["jobs"].as_array().unwrap().len(), 52);
    let people = s.bench.seen("buyer", "job list").out;
    assert!(
        people.contains("1 to 50 of 52; --page 2 goes on"),
        "{people}"
    );
}
