//! `sluice network`: changes, the admin's handover, pauses.

use {
    crate::{
        bench::assert_one_line,
        scene::{DAY, Scene},
    },
    sluice_cli::Exit,
};

/// The program refuses what the key `name` sends, and says why.
fn refuses(s: &mut Scene, name: &str, line: &str, says: &str) {
    s.bench.key(name);
    let before = s.bench.ledger.submitted;
    let ran = s.bench.raw(&format!("-k {} {line}", s.bench.path(name)));
    assert_one_line(&ran, Exit::Refused, says, line);
    assert_eq!(s.bench.ledger.submitted, before, "{line}");
}

#[test]
fn a_change_is_proposed_shown_and_applied() {
    let mut s = Scene::new();
    let network = s.network.clone();
    let show = format!("network show {network}");
    let before = s.bench.run("nobody", &show).json();
    assert!(before["pending_change"].is_null());

    let propose = format!("network propose {network} --fee-bps 300 --min-stake 7.5");
    let refused = "is not the network's admin";
    s.bench.refused_as("buyer", &propose, Exit::Key, refused);
    let dear = format!("network propose {network} --fee-bps 1001");
    refuses(&mut s, "admin", &dear, "FeeTooHigh");
    let now = s.bench.ledger.chain.now();
    let told = s.bench.ok("admin", &propose).json();
    assert_eq!(told["applicable_from"], now + 7 * DAY);
    assert_eq!(told["lapses_at"], now + 21 * DAY);

    let shown = s.bench.run("nobody", &show).json();
    let change = &shown["pending_change"];
    assert_eq!(change["fee_bps"], 300);
    assert_eq!(change["min_stake"]["amount"], "7500000000");
    // What no option names stays.
    for field in ["guardian", "treasury", "min_bond", "unbonding", "timelock"] {
        assert_eq!(change[field], before[field], "{field}");
    }
    assert_eq!(change["state"], "waits for the timelock");
    assert_eq!(shown["fee_bps"], 100);

    let apply = format!("network apply {network}");
    refuses(&mut s, "buyer", &apply, "ChangeNotDue");
    s.wait(7 * DAY);
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["pending_change"]["state"], "can be applied");
    s.bench.ok("buyer", &apply);
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["fee_bps"], 300);
    assert!(shown["pending_change"].is_null());
    refuses(&mut s, "buyer", &apply, "NoPendingChange");

    // What is in force needs no proposal; to propose it takes back one that waits.
    s.bench
        .refused_as("admin", &propose, Exit::BadInput, "in force already");
    let other = format!("network propose {network} --fee-bps 200");
    let told = s.bench.ok("admin", &other).json();
    assert!(told["dropped_change"].is_null());
    let told = s.bench.ok("admin", &propose).json();
    assert_eq!(told["dropped_change"]["fee_bps"], 200);
    assert_eq!(told["fee_bps"], 300);
    s.wait(21 * DAY);
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["pending_change"]["state"], "lapsed");
    refuses(&mut s, "buyer", &apply, "ChangeExpired");
}

#[test]
fn the_admin_hands_over() {
    let mut s = Scene::new();
    let network = s.network.clone();
    let heir = s.bench.funded("heir");
    let accept = format!("network accept-admin {network}");
    let refused = "is not the candidate for admin";
    s.bench.refused_as("heir", &accept, Exit::Key, refused);
    let name = format!("network name-admin {network} {heir}");
    s.bench
        .refused_as("heir", &name, Exit::Key, "is not the network's admin");
    s.bench
        .ok("admin", &format!("network propose {network} --fee-bps 9"));
    let told = s.bench.ok("admin", &name);
    assert_eq!(told.text("pending_admin"), heir.to_string());
    s.bench
        .ok("admin", &format!("network name-admin {network} --withdraw"));
    s.bench.refused_as("heir", &accept, Exit::Key, refused);
    s.bench.ok("admin", &name);
    let told = s.bench.ok("heir", &accept).json();
    assert_eq!(told["dropped_change"], true);
    let shown = s.bench.run("nobody", &format!("network show {network}"));
    assert_eq!(shown.text("admin"), heir.to_string());
    s.bench
        .refused_as("admin", &name, Exit::Key, "is not the network's admin");
}

#[test]
fn the_guardian_pauses_and_lifts() {
    let mut s = Scene::new();
    let (network, line) = (s.network.clone(), s.open_line(1));
    let show = format!("network show {network}");
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["paused"], false);
    assert!(shown["next_pause_from"].is_null());

    let pause = format!("network pause {network} --for 2d");
    s.bench
        .refused_as("buyer", &pause, Exit::Key, "is not the network's guardian");
    for (words, exit, says) in [
        ("", Exit::Usage, "required"),
        ("--for 2d --lift", Exit::Usage, "cannot be used with"),
        ("--for 0", Exit::BadInput, "at least a second"),
    ] {
        let line = format!("network pause {network} {words}");
        s.bench.refused_as("admin", &line, exit, says);
    }
    for (words, name) in [("--for 8d", "PauseTooLong"), ("--lift", "NotPaused")] {
        let line = format!("network pause {network} {words}");
        refuses(&mut s, "admin", &line, name);
    }
    let now = s.bench.ledger.chain.now();
    let told = s.bench.ok("admin", &pause).json();
    assert_eq!(told["paused_until"], now + 2 * DAY);
    assert_eq!(told["next_pause_from"], now + 4 * DAY);
    refuses(&mut s, "buyer", &line, "exits are open meanwhile");
    refuses(&mut s, "admin", &pause, "PausedTooRecently");

    s.wait(DAY);
    s.bench
        .ok("admin", &format!("network pause {network} --lift"));
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["paused"], false);
    assert_eq!(shown["next_pause_from"], now + 2 * DAY);
    s.bench.ok("buyer", &line);
}
