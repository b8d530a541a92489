//! Signature files that prove nothing are refused before anything is sent.

use {
    crate::scene::{HOUR, Scene},
    sluice_cli::Exit,
};

#[test]
fn signatures_must_make_a_quorum_for_this_job() {
    let mut s = Scene::new();
    let (job, other) = (s.active(1), s.active(2));
    s.wait(HOUR);
    let worker = s.sign("worker", &job, 0, 100, "quorum");
    let first = s.sign("a1", &job, 0, 100, "quorum");
    let second = s.sign("a2", &job, 0, 100, "quorum");
    s.forget("a2");
    let more = s.sign("a2", &job, 0, 99, "quorum");
    let stranger = s.sign("stranger", &job, 0, 100, "quorum");
    let elsewhere = s.sign("worker", &other, 0, 7, "quorum");
    let submit = |files: &[&str]| format!("attest submit {job} {}", files.join(" "));
    for (files, says) in [
        (vec![&*first, &*second], "worker"),
        (
            vec![&*worker, &*first],
            "needs 2 live members' signatures and 1",
        ),
        (
            vec![&*worker, &*first, &*first],
            "needs 2 live members' signatures and 1",
        ),
        (vec![&*worker, &*first, &*more], "another statement"),
        (vec![&*worker, &*first, &*stranger], "not a member"),
        (vec![&*elsewhere], "not about the job"),
        (vec!["/nowhere.json"], "no signature file"),
    ] {
        s.bench
            .refused_as("buyer", &submit(&files), Exit::BadInput, says);
    }
    s.bench.ok("buyer", &submit(&[&worker, &first, &second]));
    let ran = s.bench.run("buyer", &submit(&[&worker, &first, &second]));
    assert_eq!(ran.exit, Exit::Refused);
    assert!(ran.err.contains("WindowAlreadyProven"), "{}", ran.err);
}

#[test]
fn a_signature_is_verified_before_it_is_sent() {
    let mut s = Scene::new();
    let job = s.active(1);
    let worker = s.sign("worker", &job, 0, 10, "cosigned");
    let text = std::fs::read_to_string(&worker).unwrap();
    let forged = text.replace("\"units\": \"10\"", "\"units\": \"11\"");
    assert_ne!(forged, text);
    let forged = s.bench.file("forged.json", &forged);
    let line = format!("attest submit {job} {forged}");
    s.bench.refused_as("buyer", &line, Exit::BadInput, "is not");
    let junk = s.bench.file("junk.json", "{}");
    let line = format!("attest submit {job} {junk}");
    s.bench
        .refused_as("buyer", &line, Exit::BadInput, "not a signature file");
    let cosigner = s.sign("a1", &job, 0, 10, "cosigned");
    let line = format!("attest submit {job} {worker} {cosigner}");
    s.bench
        .refused_as("buyer", &line, Exit::BadInput, "signature of the cosigner");
}

#[test]
fn signing_for_a_job_needs_one_of_its_keys() {
    let mut s = Scene::new();
    let (job, open) = (s.active(1), s.open(2));
    let digest = "ab".repeat(32);
    let line =
        |job: &str| format!("attest sign --job {job} --window 0 --units 1 --digest {digest}");
    s.bench
        .refused_as("stranger", &line(&job), Exit::Key, "neither the worker nor");
    s.bench
        .refused_as("worker", &line(&open), Exit::BadInput, "not accepted yet");
    let by_job = s.bench.ok("worker", &line(&job)).out;
    let file = s.sign("worker", &job, 0, 1, "quorum");
    assert_eq!(by_job, std::fs::read_to_string(file).unwrap());
}

#[test]
fn signing_with_a_context_asks_no_cluster() {
    let mut s = Scene::new();
    s.bench.ledger.bare = true;
    let bytes = "cd".repeat(32);
    s.bench.key("worker");
    let key = s.bench.path("worker");
    let ran = s.bench.raw(&format!(
        "-k {key} attest sign --context {bytes} --window 4 --units 1 --digest {bytes}"
    ));
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 1);
    let written: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(written["window"], 4);
    assert_eq!(written["path"], "quorum");
}
