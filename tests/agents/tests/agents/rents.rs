//! `sluice run`, from a folder of inputs to a folder of results, with everybody a process.

use {
    crate::folder,
    sluice_agents_tests::{
        renter::Renter,
        stage::{Between, Manner, Offered, Plan, Stage},
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
    assert!(spent > 0);
}
