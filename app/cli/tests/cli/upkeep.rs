//! `sluice crank` and `sluice job renew`.

use {
    crate::scene::{DAY, HOUR, Scene},
    sluice_cli::Exit,
};

/// A job of which the quorum proved the first hour.
fn proven(s: &mut Scene, id: u64) -> String {
    let job = s.active(id);
    s.wait(HOUR);
    let files: Vec<String> = ["worker", "a1", "a2"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    s.bench
        .ok("buyer", &format!("attest submit {job} {}", files.join(" ")));
    job
}

#[test]
fn the_crank_does_what_is_due_and_reports_the_rest() {
    let mut s = Scene::new();
    let job = proven(&mut s, 1);
    let network = s.network.clone();
    s.wait(2 * HOUR);

    // Nobody created the recipients' accounts: only the buyer's exists, and the refund goes through.
    let ran = s.bench.run("guild", &format!("crank --network {network}"));
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let steps = |list: &serde_json::Value| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|item| item["step"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        steps(&told["failed"]),
        ["pay", "sweep-treasury", "sweep-attesters"]
    );
    assert_eq!(steps(&told["done"]), ["refund", "credit"]);
    assert_eq!(steps(&told["due"]), ["release"]);

    let pay = s.bench.pay;
    let line = format!("crank {job} --create-accounts");
    let told = s.bench.run("guild", &line).json();
    assert_eq!(
        steps(&told["done"]),
        ["pay", "sweep-treasury", "sweep-attesters"]
    );
    assert_eq!(s.bench.held(&s.owner, &pay), 985_000);
    s.wait(DAY);
    let told = s.bench.run("guild", &line).json();
    assert_eq!(steps(&told["done"]), ["refund", "release", "close"]);
    let listed = s.bench.run("guild", "job list").json();
    assert_eq!(listed["jobs"].as_array().unwrap().len(), 0);
}

#[test]
fn a_job_is_renewed_step_by_step() {
    let mut s = Scene::new();
    let job = s.active(1);
    let renew = format!("job renew {job} --id 2");
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"][0]["step"], "cancel");
    assert!(told["waits_for"].as_str().unwrap().contains("notice"));
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"].as_array().unwrap().len(), 0);

    s.wait(HOUR / 2);
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"][0]["step"], "refund");
    assert_eq!(told["steps"][1]["step"], "open");
    let next = told["job"].as_str().unwrap().to_owned();
    let opened = s.bench.run("buyer", &format!("job show {next}"));
    assert_eq!(opened.text("state"), "open");
    assert_eq!(opened.base("funded"), 4_500_000);

    s.wait(DAY / 2);
    let told = s.bench.ok("buyer", &renew).json();
    assert_eq!(told["steps"][0]["step"], "release");
    assert_eq!(told["waits_for"], "nothing");
}
