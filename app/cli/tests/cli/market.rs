//! Offers, the market and the ways a job ends, by the command alone.

use {
    crate::scene::{DAY, HOUR, Scene},
    sluice_cli::Exit,
};

impl Scene {
    /// Posts offer `id` at `price` and returns its address.
    pub fn post(&mut self, id: u64, price: &str) -> String {
        self.bench.funded("sponsor");
        let sponsor = self.bench.path("sponsor");
        let line = format!(
            "--fee-payer {sponsor} offer post --node {} --id {id} --mint {} --price {price} --cap 100 --window 1h --grace 1h \
             --challenge-time 1h --notice 1h --bond 20 --slots 1 --expires +1d",
            self.node, self.bench.pay.address
        );
        self.bench.field("operator", &line, "offer")
    }
}

#[test]
fn the_best_offer_is_placed() {
    let mut s = Scene::new();
    let network = s.network.clone();
    let (dear, cheap) = (s.post(1, "0.02"), s.post(2, "0.01"));
    let market = format!("market --network {network}");
    let listed = s.bench.run("nobody", &market).json();
    assert_eq!(listed["offers"][0]["offer"], cheap.as_str());
    assert_eq!(listed["offers"][0]["reason"], "best price");
    assert_eq!(listed["offers"][1]["offer"], dear.as_str());
    assert_eq!(listed["offers"][1]["reason"], "higher price");
    assert_eq!(listed["offers"][1]["quorum_margin"], 1);
    let table = s.bench.raw(&market).out;
    assert_eq!(table.lines().count(), 4, "{table}");
    for (option, count) in [("--region 7", 0), ("--units 100", 2), ("--units 101", 0)] {
        let listed = s.bench.run("nobody", &format!("{market} {option}")).json();
        assert_eq!(
            listed["offers"].as_array().unwrap().len(),
            count,
            "{option}"
        );
    }
    let mint = s.bench.pay.address;
    let listed = s
        .bench
        .run(
            "nobody",
            &format!("{market} --mint {mint} --max-price 0.01"),
        )
        .json();
    assert_eq!(listed["offers"].as_array().unwrap().len(), 1);

    let place = format!("job place --network {network} --length 3h --yes");
    let placed = s.bench.ok("buyer", &format!("{place} --id 1"));
    assert_eq!(placed.text("offer"), cheap);
    assert_eq!(placed.base("price"), 10_000);
    assert_eq!(placed.base("funded"), 2_000_000);
    let job = placed.text("job");
    let shown = s.bench.run("nobody", &format!("job show {job}"));
    assert_eq!(shown.text("state"), "active");
    s.bench.refused_as(
        "buyer",
        &format!("job take {dear} --id 2 --length 3h --funds 1"),
        Exit::BadInput,
        "is too little",
    );
    let second = s.bench.ok("buyer", &format!("{place} --id 2"));
    assert_eq!(second.text("offer"), dear);
    s.bench.refused_as(
        "buyer",
        &format!("{place} --id 3"),
        Exit::BadInput,
        "no live offer",
    );

    s.bench.ok("nobody-funded", &format!("offer show {cheap}"));
    s.bench.ok("guild", &format!("offer clear {cheap}"));
    s.bench.ok("operator", &format!("offer withdraw {dear}"));
}

#[test]
fn an_offer_whose_set_lost_its_quorum_is_listed_last() {
    let mut s = Scene::new();
    let (network, set) = (s.network.clone(), s.set.clone());
    s.post(1, "0.01");
    for attester in s.attesters.clone().iter().take(2) {
        s.bench
            .ok("guild", &format!("attester leave {attester} --set {set}"));
    }
    let listed = s
        .bench
        .run("nobody", &format!("market --network {network}"))
        .json();
    assert_eq!(listed["offers"][0]["takeable"], false);
    assert_eq!(
        listed["offers"][0]["reason"],
        "untakeable: its attester set has lost its quorum"
    );
    s.bench.refused_as(
        "buyer",
        &format!("job place --network {network} --id 1 --length 1h --yes"),
        Exit::BadInput,
        "can be taken",
    );
}

#[test]
fn a_taken_job_is_resigned_or_faulted() {
    let mut s = Scene::new();
    let (first, second) = (s.post(1, "0.01"), s.post(2, "0.01"));
    let take = |offer: &str, id: u64| format!("job take {offer} --id {id} --length 10h");
    let job = s.bench.field("buyer", &take(&first, 1), "job");
    let now = s.bench.ledger.chain.now();
    let resigned = s.bench.ok("operator", &format!("job resign {job}"));
    assert_eq!(resigned.text("cause"), "the provider resigned");
    assert_eq!(resigned.json()["end_at"], now + HOUR, "after the notice");
    let job = s.bench.field("buyer", &take(&second, 2), "job");
    s.bench.refused_as(
        "admin",
        &format!("job fault {job}"),
        Exit::Key,
        "is neither",
    );
    let early = s.bench.run("buyer", &format!("job fault {job}"));
    assert_eq!(early.exit, Exit::Refused);
    assert!(early.err.contains("NotFaulted"), "{}", early.err);
    s.wait(4 * HOUR);
    s.bench.ok("buyer", &format!("job fault {job}"));
    let shown = s.bench.run("nobody", &format!("job show {job}"));
    assert_eq!(
        shown.text("ends_because"),
        "the last windows were all unproven"
    );
}

#[test]
fn a_taken_job_of_which_nothing_is_proven_is_given_back() {
    let mut s = Scene::new();
    let (pay, provider) = (s.bench.pay, s.provider.clone());
    let offer = s.post(1, "0.01");
    let take = format!("job take {offer} --id 1 --length 10h");
    let job = s.bench.field("buyer", &take, "job");
    let waive = format!("job waive {job}");
    s.bench
        .refused_as("buyer", &waive, Exit::Key, "provider's operator");
    let shown = s.bench.run("nobody", &format!("job show {job}"));
    let start = shown.json()["start_at"].as_i64().unwrap();
    s.wait(2 * HOUR + HOUR / 2);
    let waived = s.bench.ok("operator", &waive);
    assert_eq!(
        waived.text("cause"),
        "the provider gave it back, with nothing proven"
    );
    assert_eq!(waived.json()["end_at"], start);
    assert_eq!(waived.json()["windows_missed"], 2);
    let again = s.bench.run("operator", &waive);
    assert_eq!(again.exit, Exit::Refused, "{}", again.err);

    // It comes back whole and leaves its node at once.
    s.bench.ok("guild", &format!("job refund {job}"));
    assert_eq!(s.bench.held(&s.buyer, &pay), 100_000_000);
    s.bench.ok("guild", &format!("job release {job}"));
    let record = s
        .bench
        .run("guild", &format!("provider show {provider}"))
        .json();
    for (field, count) in [
        ("jobs_accepted", "1"),
        ("jobs_waived", "1"),
        ("jobs_resigned", "0"),
        ("jobs_completed", "0"),
        ("windows_missed", "2"),
    ] {
        assert_eq!(record[field], count, "{field}");
    }

    // Who accepted a job may only resign.
    let accepted = s.active(2);
    let waived = s.bench.run("operator", &format!("job waive {accepted}"));
    assert_eq!(waived.exit, Exit::Refused);
    assert!(waived.err.contains("NotWaivable"), "{}", waived.err);
}

#[test]
fn registrations_are_changed_and_closed() {
    let mut s = Scene::new();
    let (node, provider) = (s.node.clone(), s.provider.clone());
    let next = s.bench.funded("next");
    s.bench
        .ok("owner", &format!("provider set-operator {provider} {next}"));
    s.bench
        .ok("next", &format!("node update {node} --slots 5 --region 7"));
    let shown = s.bench.run("nobody", &format!("node show {node}")).json();
    assert_eq!(
        (&shown["slots_total"], &shown["region"]),
        (&5.into(), &7.into())
    );
    assert!(shown["record_age_about"].is_number(), "{shown}");
    let busy = s.bench.run("admin", &format!("provider close {provider}"));
    assert_eq!(busy.exit, Exit::Key, "{}", busy.err);

    // Rent that a sponsor paid returns to the sponsor.
    s.bench.funded("sponsor");
    s.bench.funded("second");
    s.bench.key("machine");
    let (sponsor, worker) = (s.bench.path("sponsor"), s.bench.path("machine"));
    let network = s.network.clone();
    let provider = s.bench.field(
        "second",
        &format!("--fee-payer {sponsor} provider register --network {network}"),
        "provider",
    );
    let node = s.bench.field(
        "second",
        &format!("--fee-payer {sponsor} node register --provider {provider} --worker {worker}"),
        "node",
    );
    let busy = s.bench.run("second", &format!("provider close {provider}"));
    assert_eq!(busy.exit, Exit::Refused);
    assert!(busy.err.contains("StillInUse"), "{}", busy.err);
    s.bench.ok("second", &format!("node close {node}"));
    s.bench.ok("second", &format!("provider close {provider}"));
    s.wait(DAY);
    s.bench.refused(
        &format!("provider show {provider}"),
        Exit::NotFound,
        "there is no provider at",
    );
}

#[test]
fn sol_is_wrapped_as_far_as_it_lacks_and_unwrapped() {
    let mut s = Scene::new();
    let wrapped = sluice::constants::WRAPPED_SOL[0];
    let minter = s.bench.key("minter");
    let mint = s
        .bench
        .ledger
        .chain
        .create_mint(&wrapped, &minter, 9)
        .unwrap();
    let pay = s.bench.pay.address.to_string();
    let line = s.open_line(1).replace(&pay, &wrapped.to_string());
    let job = s.bench.field("buyer", &line, "job");
    assert_eq!(s.bench.held(&s.buyer, &mint), 0);
    s.bench.ok("buyer", &format!("job top-up {job} 0.5"));
    s.bench.refused_as(
        "buyer",
        &format!("job top-up {job} 500"),
        Exit::Unfunded,
        "to wrap",
    );
    s.bench.ok("buyer", &format!("job cancel {job}"));
    s.bench.ok("guild", &format!("job refund {job}"));
    assert_eq!(s.bench.held(&s.buyer, &mint), 5_500_000_000);
    s.bench.ok("buyer", "token unwrap");
    s.bench
        .refused_as("buyer", "token unwrap", Exit::NotFound, "wrapped SOL");
}
