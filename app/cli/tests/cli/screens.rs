//! What is shown of one account on a terminal of eighty columns: nothing wraps, amounts are in tokens, and titles part what is long.

use {
    crate::{
        disputes::{PIECE, proven},
        looking::narrow,
        rewarding::{pool, prove},
        scene::{DAY, HOUR, Scene},
    },
    sluice_cli::Exit,
};

/// What a line shows, none of it base units.
#[track_caller]
fn seen(s: &mut Scene, line: &str) -> String {
    let lines = narrow(&s.bench.seen("nobody", line));
    let shown = lines.join("\n");
    for word in shown.split_whitespace() {
        let is_number = word.chars().all(|letter| letter.is_ascii_digit());
        assert!(!is_number || word.len() < 8, "{line}: {word}\n{shown}");
    }
    assert!(!shown.contains("base units"), "{line}\n{shown}");
    shown
}

/// The same, with these titles in this order.
#[track_caller]
fn in_sections(s: &mut Scene, line: &str, titles: &[&str]) -> String {
    let shown = seen(s, line);
    let mut rest = &*shown;
    for title in titles {
        let found = rest.split_once(&format!("\n\n{title}\n"));
        rest = found
            .unwrap_or_else(|| panic!("{line}: {title}\n{shown}"))
            .1;
    }
    shown
}

/// True where a line says so, whatever stands between its words.
fn says(shown: &str, words: &str) -> bool {
    let words: Vec<&str> = words.split(' ').collect();
    let mut lines = shown.lines();
    lines.any(|line| line.split_whitespace().eq(words.iter().copied()))
}

#[test]
fn a_challenge_is_shown_in_sections_before_and_after_its_ruling() {
    let mut s = Scene::new();
    let job = proven(&mut s);
    let open = format!("challenge open --job {job} --window 0 --reason 3 --evidence {PIECE}");
    let challenge = s.bench.field("challenger", &open, "challenge");
    let show = format!("challenge show {challenge}");
    let shown = in_sections(&mut s, &show, &["Ruling", "Evidence"]);
    assert!(says(&shown, "bond 5"), "{shown}");
    assert!(says(&shown, "signers 2"), "{shown}");
    s.wait(4 * HOUR);
    let rule = format!(
        "challenge rule {challenge} --void --slash 12.5 --signers-lied --reason 4 --evidence {PIECE}"
    );
    s.bench.ok("admin", &rule);
    let shown = in_sections(&mut s, &show, &["Ruling", "Evidence"]);
    assert!(says(&shown, "slashed 12.5"), "{shown}");
    narrow(&s.bench.seen("nobody", "challenge list"));
}

#[test]
fn a_network_s_pending_change_is_shown_beside_what_is_in_force() {
    let mut s = Scene::new();
    let network = s.network.clone();
    let guardian = s.bench.key("guardian");
    let propose = format!(
        "network propose {network} --fee-bps 300 --min-stake 7.5 --guardian {guardian} --timelock 9d"
    );
    s.bench.ok("admin", &propose);
    s.bench
        .ok("admin", &format!("network name-admin {network} {guardian}"));
    s.bench
        .ok("admin", &format!("network pause {network} --for 1d"));
    let show = format!("network show {network}");
    let shown = in_sections(&mut s, &show, &["Roles", "Parameters", "Pause", "Change"]);
    assert!(shown.contains("waits for the timelock"), "{shown}");
    assert!(shown.contains("7.5"), "{shown}");
    assert!(shown.contains("pending admin"), "{shown}");
    assert!(shown.contains("paused until"), "{shown}");
}

#[test]
fn a_reward_pool_and_a_share_are_shown_in_sections() {
    let mut s = Scene::new();
    let (pool, node) = (pool(&mut s, 1), s.node.clone());
    let member = format!("{pool} --node {node}");
    s.bench.ok("operator", &format!("rewards join {member}"));
    s.wait(DAY);
    s.bench.ok("guild", &format!("rewards report {member}"));
    prove(&mut s, &node, 5);
    s.bench.ok("guild", &format!("rewards report {member}"));
    s.wait(DAY + DAY / 2);
    in_sections(
        &mut s,
        &format!("rewards show {pool}"),
        &["Money", "Terms", "Time"],
    );
    let shown = seen(&mut s, &format!("rewards show {member}"));
    for title in ["node\n", "  Rewards\n", "  Stream\n", "  Work\n"] {
        assert!(shown.contains(title), "{title}\n{shown}");
    }
    assert!(shown.contains("claimable"), "{shown}");
    let listed = s.bench.run("nobody", "rewards share list").json();
    let share = listed["shares"][0]["share"].as_str().unwrap();
    in_sections(
        &mut s,
        &format!("rewards share show {share}"),
        &["Rewards", "Stream", "Work"],
    );
}

#[test]
fn stake_is_shown_with_its_tickets_and_dividends() {
    let mut s = Scene::new();
    let provider = s.provider.clone();
    s.bench
        .ok("buyer", &format!("dividends add {provider} 1.5"));
    for amount in ["100.000000001", "50"] {
        s.bench
            .ok("owner", &format!("stake unstake {provider} {amount}"));
    }
    let owner = s.owner;
    let show = format!("stake show {provider} --staker {owner}");
    let shown = in_sections(&mut s, &show, &["Position", "Dividends"]);
    assert!(shown.contains("tickets"), "{shown}");
    assert!(shown.contains("100.000000001"), "{shown}");
    assert!(shown.contains("in 7d"), "{shown}");
    in_sections(
        &mut s,
        &format!("stake pool show {provider}"),
        &["Stake", "Dividends"],
    );
    // A position is found by its own address, as the list tells it.
    let listed = s.bench.run("owner", "stake list --mine").json();
    let position = listed["positions"][0]["position"].as_str().unwrap();
    let of_position = s.bench.run("nobody", &format!("stake show {position}"));
    let of_provider = s.bench.run("nobody", &show);
    assert_eq!(of_position.json(), of_provider.json());
}

#[test]
fn who_sells_and_who_measures_is_shown_in_sections() {
    let mut s = Scene::new();
    let (set, provider, node) = (s.set.clone(), s.provider.clone(), s.node.clone());
    s.bench.ok(
        "owner",
        &format!("provider set-commission {provider} 12.5%"),
    );
    let uri = "https://render.example/machines/of/ours/first/rack/second/slot";
    s.bench.ok(
        "operator",
        &format!("node update {node} --class 7 --region 3 --uri {uri}"),
    );
    let shown = in_sections(
        &mut s,
        &format!("attester-set show {set}"),
        &["Fee", "Jobs that count", "Members"],
    );
    assert!(shown.contains("least bond"), "{shown}");
    in_sections(&mut s, &format!("provider show {provider}"), &["Record"]);
    let shown = in_sections(&mut s, &format!("node show {node}"), &["Machine", "Record"]);
    // It is folded behind its label, and whole.
    let letters: String = shown.split_whitespace().collect();
    assert!(letters.contains(uri), "{shown}");
}

#[test]
fn a_message_is_shown_in_lines_that_fit() {
    let mut s = Scene::new();
    let line = s.open_line(1);
    let buyer = s.buyer;
    let made = s.bench.raw(&format!(
        "--output json --sign-only --dump-transaction-message -k {buyer} --with-memo note {line}"
    ));
    let message = made.text("message");
    let shown = s
        .bench
        .seen("nobody", &format!("transaction show {message}"));
    assert_eq!(shown.exit, Exit::Ok, "{}", shown.err);
    let lines = narrow(&shown);
    let shown = lines.join("\n");
    for told in ["open_job", "note", "price", &buyer.to_string()] {
        assert!(shown.contains(told), "{told}\n{shown}");
    }
}
