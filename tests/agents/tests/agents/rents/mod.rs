//! `sluice run`, from a folder of inputs to a folder of results, with everybody a process.

use {
    crate::{alone, folder},
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    sluice_agents_tests::{
        offered::Offered,
        renter::Renter,
        stage::{Between, Manner, Plan, Stage},
        work::Kernel,
    },
    sluice_client::{Job, Ledger, Offer},
    sluice_work::core::Kind,
    std::{
        thread::sleep,
        time::{Duration, Instant},
    },
};

const OFFERED: Offered = Offered {
    price: 3,
    window: 20,
    grace: 30,
    challenge: 5,
    faults: 3,
};

fn stage(name: &str, providers: Vec<Vec<(Manner, usize)>>) -> Stage {
    let workers: usize = providers
        .iter()
        .flatten()
        .filter(|(manner, _)| *manner != Manner::Silent)
        .map(|(_, nodes)| nodes)
        .sum();
    let stage = Stage::new(&Plan {
        folder: folder(name),
        attesters: 3,
        threshold: 2,
        providers,
        attester: "",
        between: Between::Nothing,
        offers: Some(OFFERED),
    })
    .unwrap();
    let begin = Instant::now();
    while stage.ledger().list::<Offer>(&[]).unwrap().len() < workers {
        assert!(begin.elapsed() < Duration::from_secs(60));
        sleep(Duration::from_millis(200));
    }
    stage
}

/// Nothing of the buyer's is left anywhere.
fn hold_no_job(stage: &Stage) {
    let jobs = stage.ledger().list::<Job>(&[]).unwrap();
    assert!(jobs.is_empty(), "{} jobs are left", jobs.len());
}

#[test]
fn a_folder_of_inputs_becomes_a_folder_of_results() {
    let _alone = alone();
    let stage = stage(
        "rents",
        vec![vec![(Manner::Honest, 1)], vec![(Manner::Honest, 1)]],
    );
    let renter = Renter::new(&stage, "renter", Kernel::Fractal, Kind::Wasm, 24).unwrap();
    let before = renter.holds(&stage).unwrap();
    let words = renter.words(&["--max-price", "0.00001", "--verify", "all"]);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let told = renter.run(&words).unwrap();
    println!("{told:#}");
    renter.hold_results().unwrap();
    hold_no_job(&stage);
    let spent = before - renter.holds(&stage).unwrap();
    assert_eq!(told["state"], "done");
    assert_eq!(told["done"], 24);
    hold_bill(&renter, &told["bill"], spent);
    // The same from history alone, and as the rows that the statement has.
    let id = renter.id().unwrap();
    let again = renter.run(&["run", "bill", &id]).unwrap();
    assert_eq!(again["paid"], told["bill"]["paid"]);
    let csv = renter
        .text(&["run", "bill", &id, "--output", "csv"])
        .unwrap();
    let statement = ["statement", "buyer", "--output", "csv"];
    assert_eq!(csv, renter.text(&statement).unwrap());
}

/// The bill says what the buyer's account lost.
fn hold_bill(renter: &Renter, bill: &serde_json::Value, spent: u64) {
    let amount = |name: &str| {
        let text = bill[name]["amount"].as_str().unwrap();
        text.parse::<u64>().unwrap()
    };
    assert!(spent > 0, "{}", renter.log());
    let parts = ["paid", "network_fee", "attestation_fee"].map(amount);
    assert_eq!(parts.iter().sum::<u64>(), spent);
    assert_eq!(amount("deposited") - amount("refunded"), spent);
    assert_eq!(amount("in_escrow"), 0);
}

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn a_run_that_is_killed_again_and_again_ends_as_if_it_was_not() {
    let kills = std::env::var("SLUICE_KILLS").ok();
    let kills = kills.and_then(|text| text.parse().ok()).unwrap_or(200u32);
    let stage = stage(
        "rents-killed",
        vec![vec![(Manner::Honest, 1)], vec![(Manner::Honest, 1)]],
    );
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut killed, mut round) = (0, 0);
    while killed < kills {
        round += 1;
        let name = format!("renter-{round}");
        let renter = Renter::new(&stage, &name, Kernel::Fractal, Kind::Wasm, 24).unwrap();
        let before = renter.holds(&stage).unwrap();
        let words = renter.words(&["--max-price", "0.00001", "--verify", "all"]);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let mut child = renter.start(&words).unwrap();
        loop {
            // Often in the first second, in which offers are taken; seldom later.
            let longest = if random.random_ratio(1, 2) {
                1_500
            } else {
                8_000
            };
            sleep(Duration::from_millis(random.random_range(0..longest)));
            if child.try_wait().unwrap().is_some() {
                break;
            }
            if killed < kills {
                child.kill().unwrap();
                killed += 1;
            }
            child.wait().unwrap();
            child = match renter.id() {
                Ok(id) => renter.start(&["run", "resume", &id]).unwrap(),
                // It had not begun.
                Err(_) => renter.start(&words).unwrap(),
            };
        }
        let id = renter.id().unwrap();
        let told = renter.run(&["run", "show", &id]).unwrap();
        assert_eq!(told["state"], "done", "{}", renter.log());
        renter.hold_results().unwrap();
        hold_no_job(&stage);
        let spent = before - renter.holds(&stage).unwrap();
        hold_bill(&renter, &renter.run(&["run", "bill", &id]).unwrap(), spent);
        println!("after run {round}: {killed} kills, {spent} base units");
    }
}
