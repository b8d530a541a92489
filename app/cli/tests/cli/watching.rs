//! `sluice events`, `statement` and `watch` on a ledger that has neither a history nor a WebSocket.

use {crate::scene::Scene, serde_json::Value, sluice_cli::Exit};

#[test]
fn a_look_at_a_job_has_the_figures_of_job_show() {
    let mut s = Scene::new();
    let job = s.active(1);
    let shown = s.bench.run("buyer", &format!("job show {job}")).json();
    let seen = s
        .bench
        .run("buyer", &format!("watch job {job} --once"))
        .json();
    assert_eq!(seen["figures"], shown);
    assert_eq!(
        (&seen["kind"], &seen["what"]),
        (&"job".into(), &"seen".into())
    );
    let line = s.bench.raw(&format!("watch job {job} --once"));
    assert_eq!(line.out.lines().count(), 1);
    assert!(
        line.out
            .contains(&format!("  job {job}  state active, funded 5, ")),
        "{}",
        line.out
    );
}

#[test]
fn a_look_at_more_tells_every_account_once() {
    let mut s = Scene::new();
    s.active(1);
    let (network, provider) = (s.network.clone(), s.provider.clone());
    let pool = s
        .bench
        .field("buyer", &format!("stake show {provider}"), "pool");
    for (of, kinds) in [
        (
            format!("network {network}"),
            vec!["network", "provider", "job"],
        ),
        (
            format!("provider {provider}"),
            vec!["provider", "stake pool", "node", "job"],
        ),
        (format!("pool {pool}"), vec!["stake pool", "position"]),
    ] {
        let ran = s.bench.run("buyer", &format!("watch {of} --once"));
        assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
        let told = ran.out.lines().map(serde_json::from_str::<Value>);
        let told: Vec<Value> = told.map(|line| line.unwrap()["kind"].clone()).collect();
        assert_eq!(told, kinds, "{of}");
    }
}

#[test]
fn a_command_that_needs_past_transactions_or_a_socket_says_so() {
    let mut s = Scene::new();
    let (job, provider, buyer) = (s.open(1), s.provider.clone(), s.buyer);
    let past = "keeps no past transactions";
    for line in [
        "events".to_owned(),
        format!("events {job} --limit 1"),
        format!("statement buyer {buyer}"),
        format!("statement provider {provider}"),
    ] {
        s.bench.refused(&line, Exit::Unreachable, past);
    }
    let unreachable = format!("watch job {job}");
    s.bench
        .refused(&unreachable, Exit::Unreachable, "ws://embedded.invalid:");
    let another = format!("watch job {provider} --once");
    s.bench
        .refused(&another, Exit::BadInput, "is not a Sluice Job");
    let nowhere = format!("watch network {buyer} --once");
    s.bench
        .refused(&nowhere, Exit::BadInput, "is not a Sluice Network");
    let gone = "watch job 11111111111111111111111111111112";
    s.bench.refused(gone, Exit::NotFound, "no account");
    s.bench
        .refused("events --only", Exit::Usage, "required arguments");
    s.bench
        .refused("events --since tomorrow", Exit::Usage, "RFC 3339");
}
