//! Fees, memos and notes: what all commands that send have in common.

use {
    crate::{counting::Loses, scene::Scene},
    sluice_cli::Exit,
    sluice_client::{Job, Ledger},
    solana_address::Address,
    solana_signature::Signature,
};

fn funded(s: &Scene, job: &str) -> u64 {
    let address: Address = job.parse().unwrap();
    s.bench.ledger.chain.get::<Job>(&address).unwrap().funded
}

#[test]
fn a_memo_stays_with_the_transaction() {
    let mut s = Scene::new();
    let job = s.open(1);
    let line = format!("job top-up {job} 0.5 --with-memo invoice-7");
    let signature: Signature = s.bench.field("buyer", &line, "signature").parse().unwrap();
    let sent = s
        .bench
        .ledger
        .chain
        .svm()
        .get_transaction(&signature)
        .unwrap();
    let logs = &sent.as_ref().unwrap().logs;
    assert!(
        logs.iter().any(|line| line.contains("invoice-7")),
        "{logs:?}"
    );
}

#[test]
fn a_fee_above_the_limit_is_declined() {
    let mut s = Scene::new();
    let job = s.open(1);
    let before = funded(&s, &job);
    let top_up = format!("job top-up {job} 0.5 --with-compute-unit-price 10000000");
    let submitted = s.bench.ledger.submitted;
    let ran = s.bench.run("buyer", &format!("{top_up} --max-fee 0.00001"));
    assert_eq!(ran.exit, Exit::Declined, "{}", ran.err);
    assert!(ran.err.contains("above --max-fee 0.00001"), "{}", ran.err);
    assert_eq!(
        (funded(&s, &job), s.bench.ledger.submitted),
        (before, submitted)
    );
    s.bench.ok("buyer", &format!("{top_up} --max-fee 0.1"));
    assert_eq!(funded(&s, &job), before + 500_000);
}

#[test]
fn a_run_that_lost_sight_of_its_transaction_is_taken_up_by_the_next() {
    let mut s = Scene::new();
    let job = s.open(1);
    let before = funded(&s, &job);
    let top_up = format!("job top-up {job} 0.5");

    // It landed, and nobody heard.
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    let ran = s.bench.run("buyer", &top_up);
    assert_eq!(ran.exit, Exit::Unknown, "{}", ran.err);
    assert_eq!(funded(&s, &job), before + 500_000);
    let resumed = s.bench.ok("buyer", &top_up).json();
    assert_eq!(resumed["resumed"], true, "{resumed}");
    assert_eq!(resumed["job"], job);
    assert_eq!(funded(&s, &job), before + 500_000, "paid twice");
    // What is told is over: the same words are a new payment.
    let next = s.bench.ok("buyer", &top_up).json();
    assert_eq!(next.get("resumed"), None, "{next}");
    assert_eq!(funded(&s, &job), before + 1_000_000);

    // It never arrived, and its blockhash is gone.
    s.bench.ledger.loses = Some((0, Loses::TheTransaction));
    assert_eq!(s.bench.run("buyer", &top_up).exit, Exit::Unknown);
    assert_eq!(funded(&s, &job), before + 1_000_000);
    s.bench.ledger.chain.advance_slot(1);
    let anew = s.bench.ok("buyer", &top_up).json();
    assert_eq!(anew.get("resumed"), None, "{anew}");
    assert_eq!(funded(&s, &job), before + 1_500_000);

    // It never arrived, and still can: the same transaction goes out again.
    s.bench.ledger.loses = Some((0, Loses::TheTransaction));
    assert_eq!(s.bench.run("buyer", &top_up).exit, Exit::Unknown);
    let late = s.bench.ok("buyer", &top_up).json();
    assert_eq!(late["resumed"], true, "{late}");
    assert_eq!(funded(&s, &job), before + 2_000_000);
}

#[test]
fn another_command_or_key_takes_up_no_note() {
    let mut s = Scene::new();
    let job = s.open(1);
    s.bench.funded("friend");
    let (friend, pay) = (s.bench.key("friend"), s.bench.pay);
    s.bench.give(&friend, &pay, 10_000_000);
    let before = funded(&s, &job);
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    s.bench.run("buyer", &format!("job top-up {job} 0.5"));
    s.bench.ok("friend", &format!("job top-up {job} 0.5"));
    s.bench.ok("buyer", &format!("job top-up {job} 0.25"));
    assert_eq!(funded(&s, &job), before + 1_250_000);
    // Nor does a question, and the note waits.
    s.bench
        .ok("buyer", &format!("job top-up {job} 0.5 --dry-run"));
    let resumed = s
        .bench
        .ok("buyer", &format!("job top-up {job} 0.50"))
        .json();
    assert_eq!(resumed.get("resumed"), None);
    let resumed = s.bench.ok("buyer", &format!("job top-up {job} 0.5")).json();
    assert_eq!(resumed["resumed"], true);
    assert_eq!(funded(&s, &job), before + 1_750_000);
}

#[test]
fn a_torn_note_belongs_to_a_transaction_that_was_not_sent() {
    let mut s = Scene::new();
    let job = s.open(1);
    let before = funded(&s, &job);
    let top_up = format!("job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheTransaction));
    s.bench.run("buyer", &top_up);
    let notes: Vec<_> = std::fs::read_dir(s.bench.path("state")).unwrap().collect();
    let [Ok(note)] = &notes[..] else {
        panic!("{notes:?}");
    };
    let text = std::fs::read(note.path()).unwrap();
    std::fs::write(note.path(), &text[..text.len() / 2]).unwrap();
    s.bench.ok("buyer", &top_up);
    assert_eq!(funded(&s, &job), before + 500_000);
    assert_eq!(std::fs::read_dir(s.bench.path("state")).unwrap().count(), 0);
}

#[test]
fn a_command_of_several_steps_goes_on() {
    let mut s = Scene::new();
    let job = s.open(1);
    s.bench.ok("buyer", &format!("job cancel {job}"));
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    let renew = format!("job renew {job} --id 2 --open-until +1h");
    let ran = s.bench.run("buyer", &renew);
    assert_eq!(ran.exit, Exit::Unknown, "{}", ran.err);
    let done = s.bench.ok("buyer", &renew).json();
    assert_eq!(done["waits_for"], "nothing", "{done}");
    let new = done["job"].as_str().unwrap().to_owned();
    assert_eq!(funded(&s, &new), funded(&s, &job));
}

#[test]
fn a_job_is_shown_in_one_read() {
    let mut s = Scene::new();
    let job = s.active(1);
    let before = s.bench.ledger.all_calls();
    s.bench.ok("buyer", &format!("job show {job}"));
    assert_eq!(s.bench.ledger.all_calls() - before, 1);
}

#[test]
fn a_note_outlives_a_cluster_that_does_not_answer() {
    let mut s = Scene::new();
    let job = s.open(1);
    let before = funded(&s, &job);
    let top_up = format!("job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    s.bench.run("buyer", &top_up);
    // However often it is asked in vain, until the configuration file names another node.
    s.bench.ledger.silent = true;
    for _ in 0..3 {
        assert_eq!(s.bench.run("buyer", &top_up).exit, Exit::Unreachable);
    }
    s.bench.ledger.silent = false;
    s.bench
        .file("config.yml", "---\njson_rpc_url: http://other.invalid\n");
    let resumed = s.bench.ok("buyer", &top_up).json();
    assert_eq!(resumed["resumed"], true, "{resumed}");
    assert_eq!(funded(&s, &job), before + 500_000, "paid twice");
}

#[test]
fn a_note_belongs_to_a_key_and_to_the_contents_of_files() {
    let mut s = Scene::new();
    let job = s.open(1);
    s.bench.funded("friend");
    let (friend, pay) = (s.bench.key("friend"), s.bench.pay);
    s.bench.give(&friend, &pay, 10_000_000);
    let before = funded(&s, &job);
    // The same path holds another key the next time.
    let path = s.bench.path("id.json");
    std::fs::copy(s.bench.path("buyer"), &path).unwrap();
    let top_up = format!("--output json -k {path} job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    assert_eq!(s.bench.raw(&top_up).exit, Exit::Unknown);
    std::fs::copy(s.bench.path("friend"), &path).unwrap();
    let paid = s.bench.raw(&top_up).json();
    assert_eq!(paid.get("resumed"), None, "{paid}");
    assert_eq!(funded(&s, &job), before + 1_000_000);
    // And so for signatures in files.
    let job = s.active(2);
    s.wait(3_600);
    let names = ["worker", "a1", "a2"];
    let first = names.map(|name| s.sign(name, &job, 0, 100, "quorum"));
    let submit = format!("attest submit {job} {}", first.join(" "));
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    assert_eq!(s.bench.run("buyer", &submit).exit, Exit::Unknown);
    s.wait(3_600);
    for (name, path) in names.iter().zip(&first) {
        let second = s.sign(name, &job, 1, 50, "quorum");
        std::fs::rename(second, path).unwrap();
    }
    let proven = s.bench.ok("buyer", &submit).json();
    assert_eq!(
        (&proven["window"], proven.get("resumed")),
        (&1.into(), None)
    );
}

#[test]
fn a_note_from_long_ago_is_told_and_not_taken_for_today() {
    let mut s = Scene::new();
    let job = s.open(1);
    let before = funded(&s, &job);
    let top_up = format!("job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    s.bench.run("buyer", &top_up);
    let state = s.bench.path("state");
    let note = std::fs::read_dir(&state)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut text: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&note).unwrap()).unwrap();
    text["noted_at"] = (text["noted_at"].as_i64().unwrap() - 86_400).into();
    std::fs::write(&note, text.to_string()).unwrap();
    let told = s.bench.run("buyer", &top_up);
    assert_eq!(told.exit, Exit::Declined, "{}", told.out);
    assert!(told.err.contains("nothing was sent now"), "{}", told.err);
    assert_eq!(funded(&s, &job), before + 500_000);
    s.bench.ok("buyer", &top_up);
    assert_eq!(funded(&s, &job), before + 1_000_000);
    // One of another version is not torn, and stays.
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    s.bench.run("buyer", &top_up);
    let note = std::fs::read_dir(&state)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read_to_string(&note).unwrap();
    std::fs::write(&note, text.replace("\"version\":1", "\"version\":2")).unwrap();
    let told = s.bench.run("buyer", &top_up);
    assert_eq!(told.exit, Exit::BadInput, "{}", told.out);
    assert!(
        told.err.contains("another version of sluice"),
        "{}",
        told.err
    );
    assert!(note.exists());
    assert_eq!(funded(&s, &job), before + 1_500_000);
}

#[test]
fn two_runs_of_one_command_do_not_share_a_note() {
    let mut s = Scene::new();
    let job = s.open(1);
    let before = funded(&s, &job);
    let top_up = format!("job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    s.bench.run("buyer", &top_up);
    let note = std::fs::read_dir(s.bench.path("state")).unwrap().next();
    let other = std::fs::File::open(note.unwrap().unwrap().path()).unwrap();
    other.lock().unwrap();
    let ran = s.bench.run("buyer", &top_up);
    assert_eq!(ran.exit, Exit::BadInput, "{}", ran.err);
    assert!(ran.err.contains("by another process"), "{}", ran.err);
    drop(other);
    assert_eq!(s.bench.ok("buyer", &top_up).json()["resumed"], true);
    assert_eq!(funded(&s, &job), before + 500_000);
}

#[test]
fn a_command_stops_after_a_step_whose_status_is_unknown() {
    let mut s = Scene::new();
    let job = s.active(1);
    s.wait(6 * 3_600);
    let crank = format!("crank {job} --create-accounts");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    let submitted = s.bench.ledger.submitted;
    let ran = s.bench.run("guild", &crank);
    assert_eq!(ran.exit, Exit::Unknown, "{}", ran.out);
    assert_eq!(s.bench.ledger.submitted, submitted + 1);
    let done = s.bench.ok("guild", &crank).json();
    assert_eq!(done["failed"], serde_json::json!([]), "{done}");
}

#[test]
fn a_secret_or_a_strangers_text_is_not_repeated() {
    let mut s = Scene::new();
    let job = s.open(1);
    let ran = s.bench.raw(&format!("-k [1,2,3] job top-up {job} 1"));
    assert_eq!(ran.exit, Exit::Key);
    assert!(!ran.err.contains("1,2,3"), "{}", ran.err);
    // A memo that would wipe what stands above it.
    let line = format!(
        "--sign-only --dump-transaction-message job top-up {job} 0.5 --with-memo \u{1b}[2Jnothing"
    );
    let message = s.bench.field("buyer", &line, "message");
    let shown = s.bench.raw(&format!("transaction show {message}"));
    assert!(!shown.out.contains('\u{1b}'), "{:?}", shown.out);
    assert!(shown.out.contains("u{1b}[2Jnothing"), "{}", shown.out);
}
