//! What every list does with its options, and which lists there are.

use {
    crate::{
        looking::narrow,
        rewarding::{pool, prove},
        scene::{DAY, Scene},
    },
    serde_json::Value,
    sluice_cli::Exit,
};

/// Rows of a list in JSON.
fn rows(s: &mut Scene, line: &str, name: &str) -> Vec<Value> {
    let told = s.bench.run("buyer", line).json();
    told[name].as_array().unwrap().clone()
}

#[test]
fn the_column_that_a_list_is_sorted_by_is_seen_on_a_terminal() {
    let mut s = Scene::new();
    for id in 1..4 {
        s.open(id);
    }
    let plain = narrow(&s.bench.seen("buyer", "job list"));
    assert!(plain.iter().all(|line| !line.contains("ends because")));
    assert!(plain.last().unwrap().contains("more columns with --wide"));
    for column in ["ends-because", "ends because", "ends_because", "provider"] {
        // Words of the bench stand between blanks.
        let line = format!("job list --sort={}", column.replace(' ', "_"));
        let lines = narrow(&s.bench.seen("buyer", &line));
        let heading = column.replace(['_', '-'], " ");
        let head = lines.iter().find(|line| line.starts_with("job "));
        assert!(head.unwrap().contains(&heading), "{}", lines.join("\n"));
    }
    // The row is still named by its own address, whole.
    let lines = narrow(&s.bench.seen("buyer", "job list --sort buyer"));
    let first = rows(&mut s, "job list --sort buyer", "jobs")[0]["job"].clone();
    assert!(lines.join("\n").contains(first.as_str().unwrap()));
}

#[test]
fn rows_are_chosen_by_what_a_cell_shows_and_by_what_programs_have() {
    let mut s = Scene::new();
    s.active(1);
    s.open(2);
    let (buyer, mint) = (s.buyer.to_string(), s.bench.pay.address.to_string());
    let ends = |address: &str, between: &str| {
        let (first, last) = (&address[..4], &address[address.len() - 4..]);
        format!("{first}{between}{last}")
    };
    s.bench.raw(&format!("config set name.USDC {mint}"));
    for (condition, count) in [
        (format!("buyer={buyer}"), 2),
        (format!("buyer={}", ends(&buyer, "\u{2026}")), 2),
        (format!("buyer={}", ends(&buyer, "...")), 2),
        (format!("buyer={}", ends(&mint, "...")), 0),
        ("mint=USDC".to_owned(), 2),
        (format!("mint={mint}"), 2),
        ("mint=EURC".to_owned(), 0),
        ("funded=5".to_owned(), 2),
        ("funded=6".to_owned(), 0),
        ("state=open".to_owned(), 1),
        ("state=OPEN".to_owned(), 0),
    ] {
        let line = format!("job list --where {condition}");
        assert_eq!(rows(&mut s, &line, "jobs").len(), count, "{condition}");
        let lines = narrow(&s.bench.seen("buyer", &line));
        let said = match count {
            0 => "jobs  none".to_owned(),
            count => format!("jobs  {count}"),
        };
        assert_eq!(lines[0], said, "{condition}");
    }
    let quorum = |s: &mut Scene, value: &str| {
        let line = format!("attester-set list --where quorum={value}");
        rows(s, &line, "sets").len()
    };
    assert_eq!([quorum(&mut s, "yes"), quorum(&mut s, "true")], [1, 1]);
    // A column that is not there is told, though another condition left no row.
    s.bench.refused_as(
        "buyer",
        "job list --where state=lost --sort colour",
        Exit::BadInput,
        "there is no column 'colour'",
    );
}

#[test]
fn a_page_that_is_not_there_says_how_many_there_are() {
    let mut s = Scene::new();
    for id in 1..4 {
        s.open(id);
    }
    let beyond = "job list --rows 2 --page 9";
    let lines = narrow(&s.bench.seen("buyer", beyond));
    assert_eq!(
        lines,
        ["jobs  none", "rows  none on page 9: 3 rows on 2 pages"]
    );
    assert!(rows(&mut s, beyond, "jobs").is_empty());
    // Where a list has no pages it is one.
    assert!(rows(&mut s, "job list --page 2", "jobs").is_empty());
    let told = s.bench.raw("job list --page 2").out;
    assert_eq!(told, "jobs  none\nrows  none on page 2: 3 rows on 1 page\n");
    let lines = narrow(&s.bench.seen("buyer", "job list --rows 3 --page 1"));
    assert_eq!(lines[0], "jobs  3");
    assert!(!lines.join("\n").contains("goes on"));
    s.bench.refused_as(
        "buyer",
        "job list --rows 0",
        Exit::Usage,
        "0 is not in 1..=4294967295",
    );
    s.bench
        .refused_as("buyer", "job list --page 0", Exit::Usage, "is not in 1..=");
}

#[test]
fn a_list_without_rows_says_none() {
    let mut s = Scene::new();
    let network = s.network.clone();
    for (line, name) in [
        ("job list".to_owned(), "jobs"),
        ("job list --sort colour".to_owned(), "jobs"),
        ("job list --page 3".to_owned(), "jobs"),
        ("offer list".to_owned(), "offers"),
        (format!("market --network {network}"), "offers"),
        (format!("market --network {network} --sort price"), "offers"),
        ("challenge list".to_owned(), "challenges"),
        ("stake ticket list".to_owned(), "tickets"),
        ("rewards list".to_owned(), "pools"),
        ("rewards share list".to_owned(), "shares"),
        ("rewards epoch list".to_owned(), "epochs"),
    ] {
        let lines = narrow(&s.bench.seen("buyer", &line));
        assert_eq!(lines, [format!("{name}  none")], "{line}");
        assert!(rows(&mut s, &line, name).is_empty(), "{line}");
    }
}

#[test]
fn a_list_is_csv_for_spreadsheets_and_what_has_no_rows_is_refused() {
    let mut s = Scene::new();
    let job = s.active(1);
    s.open(2);
    let ran = s.bench.raw("--output csv job list");
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    let lines: Vec<&str> = ran.out.split_terminator("\r\n").collect();
    assert!(
        lines[0].starts_with("job,state,owed,end_at,funded,"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with(&format!("{job},active,0,20")),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 3);
    // On a terminal too everything is there.
    assert_eq!(s.bench.seen("buyer", "--output csv job list").out, ran.out);
    let one = s.bench.raw("--output csv job list --where state=open");
    assert_eq!(one.out.lines().count(), 2);
    // What a stranger wrote is no formula.
    let node = s.node.clone();
    s.bench
        .ok("operator", &format!("node update {node} --uri ==1+1,2"));
    let ran = s.bench.raw("--output csv node list");
    assert!(ran.out.contains(",\"'==1+1,2\","), "{}", ran.out);
    let none = s.bench.raw("--output csv challenge list");
    assert_eq!((none.exit, &*none.out), (Exit::Ok, ""));
    let network = s.network.clone();
    let market = s
        .bench
        .raw(&format!("--output csv market --network {network}"));
    assert_eq!(market.exit, Exit::Ok, "{}", market.err);
    for line in [
        format!("job show {job}"),
        format!("job pay {job}"),
        "config get".to_owned(),
    ] {
        let line = format!("--output csv {line}");
        s.bench.refused_as(
            "buyer",
            &line,
            Exit::Usage,
            "is for lists, the market and statements",
        );
    }
}

/// Every account type has a list, and a verb that shows the first of it.
#[test]
fn every_account_is_listed_and_shown_by_the_address_that_the_list_tells() {
    let mut s = Scene::new();
    let (network, node, provider) = (s.network.clone(), s.node.clone(), s.provider.clone());
    s.post(1, "0.01");
    let pool = pool(&mut s, 1);
    let member = format!("{pool} --node {node}");
    s.bench.ok("operator", &format!("rewards join {member}"));
    s.bench
        .ok("owner", &format!("stake unstake {provider} 100.5"));
    s.wait(DAY);
    s.bench.ok("guild", &format!("rewards report {member}"));
    prove(&mut s, &node, 5);
    s.bench.ok("guild", &format!("rewards report {member}"));
    let job = crate::disputes::proven(&mut s);
    let piece = crate::disputes::PIECE;
    s.bench.ok(
        "challenger",
        &format!("challenge open --job {job} --window 0 --reason 3 --evidence {piece}"),
    );
    let said = s.sign("worker", &job, 0, 100, "quorum");
    let batch = s.build("batch.json", &[said]);
    let signed = s.endorse("a1", &batch);
    s.bench
        .ok("guild", &format!("attest batch post {batch} {signed}"));
    let accounts = [
        ("Batch", "attest batch", "batches", "batch", "guild"),
        ("Network", "network", "networks", "network", "admin"),
        ("Provider", "provider", "providers", "provider", "operator"),
        ("Node", "node", "nodes", "node", "worker"),
        ("Attester", "attester", "attesters", "attester", "a1"),
        ("AttesterSet", "attester-set", "sets", "set", "a2"),
        ("Offer", "offer", "offers", "offer", "owner"),
        ("Job", "job", "jobs", "job", "cosigner"),
        ("Challenge", "challenge", "challenges", "challenge", "owner"),
        ("StakePool", "stake pool", "pools", "pool", "owner"),
        ("Position", "stake", "positions", "position", "guild"),
        ("Unstake", "stake ticket", "tickets", "ticket", "owner"),
        ("RewardPool", "rewards", "pools", "pool", "buyer"),
        ("Share", "rewards share", "shares", "share", "operator"),
        ("Epoch", "rewards epoch", "epochs", "epoch", ""),
    ];
    let idl: Value = serde_json::from_str(include_str!("../../../../idl/sluice.json")).unwrap();
    assert_eq!(accounts.len(), idl["accounts"].as_array().unwrap().len());
    for account in idl["accounts"].as_array().unwrap() {
        let name = account["name"].as_str().unwrap();
        assert!(accounts.iter().any(|(known, ..)| *known == name), "{name}");
    }
    let other = s.bench.key("other-network");
    for (name, verb, list, column, whose) in accounts {
        let found = rows(&mut s, &format!("{verb} list"), list);
        let address = found[0][column].as_str().unwrap().to_owned();
        let shown = s
            .bench
            .ok("nobody", &format!("{verb} show {address}"))
            .json();
        assert_eq!(shown[column], address, "{name}");
        narrow(&s.bench.seen("nobody", &format!("{verb} list")));
        narrow(&s.bench.seen("nobody", &format!("{verb} show {address}")));
        if verb != "network" {
            let within = |network: &str| format!("{verb} list --network {network}");
            assert_eq!(rows(&mut s, &within(&network), list), found, "{name}");
            let none = rows(&mut s, &within(&other.to_string()), list);
            assert!(none.is_empty(), "{name}");
        }
        let mine = format!("{verb} list --mine");
        let told = s.bench.run("nobody", &mine).json();
        assert!(told[list].as_array().unwrap().is_empty(), "{name}");
        if !whose.is_empty() {
            let told = s.bench.run(whose, &mine).json();
            assert!(!told[list].as_array().unwrap().is_empty(), "{name}");
        }
    }
}

#[test]
fn a_ticket_a_share_and_an_epoch_are_told_in_figures() {
    let mut s = Scene::new();
    let (node, provider) = (s.node.clone(), s.provider.clone());
    let pool = pool(&mut s, 1);
    let member = format!("{pool} --node {node}");
    s.bench.ok("operator", &format!("rewards join {member}"));
    let unstake = format!("stake unstake {provider} 100.5");
    let ticket = s.bench.field("owner", &unstake, "ticket");
    s.wait(DAY);
    s.bench.ok("guild", &format!("rewards report {member}"));
    prove(&mut s, &node, 5);
    s.bench.ok("guild", &format!("rewards report {member}"));
    let shown = s
        .bench
        .run("nobody", &format!("stake ticket show {ticket}"));
    assert_eq!(shown.base("worth"), 100_500_000_000);
    assert_eq!(shown.json()["ripe"], false);
    let listed = rows(
        &mut s,
        &format!("rewards epoch list --pool {pool}"),
        "epochs",
    );
    assert_eq!(listed[0]["number"], "1");
    assert_eq!(listed[0]["units"], "5");
    assert_eq!(
        (&listed[0]["shares"], &listed[0]["folded"]),
        (&1.into(), &0.into())
    );
    s.wait(DAY + DAY / 2);
    let listed = rows(
        &mut s,
        &format!("rewards share list --pool {pool}"),
        "shares",
    );
    // Half of the epoch's ten has streamed.
    assert_eq!(listed[0]["claimable"]["amount"], "5000000");
    let share = listed[0]["share"].as_str().unwrap();
    let shown = s
        .bench
        .run("nobody", &format!("rewards share show {share}"));
    assert_eq!(shown.base("claimable"), 5_000_000);
    assert_eq!(shown.text("node"), node);
}
