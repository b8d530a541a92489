//! `sluice run`, from a folder of inputs to a folder of results, with everybody a process.

mod gone;
mod lies;
mod prices;
mod wide;

use {
    crate::{alone, folder},
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    serde_json::Value,
    sluice_agents_tests::{
        offered::{CAP, Offered},
        renter::Renter,
        stage::{Between, Manner, Plan, Stage},
        work::Kernel,
    },
    sluice_client::{
        Address, Challenge, Job, JobState, Ledger, Offer, Ruling, Signer, instruction,
    },
    sluice_work::core::Kind,
    std::{
        process::Child,
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

/// Shorter windows, of which nodes do four chunks where `SLOWLY` says how long one takes.
const QUICK: Offered = Offered {
    price: 3,
    window: 12,
    grace: 24,
    challenge: 5,
    faults: 2,
};
const SLOWLY: [&str; 2] = ["--chunk-time", "2400"];
/// Base units of a whole window at a price of 3.
const WINDOW: u64 = 3 * CAP;
/// Longest that a run of these plays takes.
const PATIENCE: Duration = Duration::from_secs(1_800);

fn stage(name: &str, providers: Vec<Vec<(Manner, usize)>>) -> Stage {
    stage_with(name, providers, OFFERED)
}

fn stage_with(name: &str, providers: Vec<Vec<(Manner, usize)>>, offered: Offered) -> Stage {
    stage_of(name, (3, 2), providers, offered)
}

fn stage_of(
    name: &str,
    (attesters, threshold): (usize, u8),
    providers: Vec<Vec<(Manner, usize)>>,
    offered: Offered,
) -> Stage {
    let workers: usize = providers
        .iter()
        .flatten()
        .filter(|(manner, _)| *manner != Manner::Silent)
        .map(|(_, nodes)| nodes)
        .sum();
    let stage = Stage::new(&Plan {
        folder: folder(name),
        attesters,
        threshold,
        providers,
        attester: "",
        between: Between::Nothing,
        offers: Some(offered),
    })
    .unwrap();
    until_offered(&stage, workers);
    // Agents that saw the clock leap while it passed the first minute believe it after twenty seconds.
    sleep(Duration::from_secs(25));
    stage
}

/// An offer that was taken as often as it says is posted anew within some seconds.
fn until_offered(stage: &Stage, nodes: usize) {
    wait("offers", Duration::from_secs(90), || {
        let offers = stage.ledger().list::<Offer>(&[]).unwrap().into_iter();
        let live = offers.filter(|(_, offer)| offer.slots_left > 0).count();
        (live >= nodes).then_some(())
    });
}

/// Looks until there is what is looked for.
fn wait<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < patience, "no {what} in {patience:?}");
        sleep(Duration::from_millis(100));
    }
}

/// Begins a run at up to 10 base units a unit.
fn begin(renter: &Renter, more: &[&str]) -> Child {
    let more: Vec<_> = ["--max-price", "0.00001"].iter().chain(more).collect();
    let more: Vec<_> = more.into_iter().copied().collect();
    let words = renter.words(&more);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    renter.start(&words).unwrap()
}

/// The job that runs on a node.
fn job_on(stage: &Stage, node: &Address) -> Option<(Address, Job)> {
    let jobs = stage.ledger().list::<Job>(&[]).unwrap();
    let is_on = |job: &Job| job.node == *node && job.state == JobState::Active.byte();
    jobs.into_iter().find(|(_, job)| is_on(job))
}

/// Waits for a run's end, and holds results, money and bill. `each` looks on meanwhile. Gives the bill.
fn until_end(
    stage: &Stage,
    renter: &Renter,
    mut child: Child,
    before: u64,
    mut each: impl FnMut(),
) -> Value {
    let status = wait("end of the run", PATIENCE, || {
        each();
        let ended = child.try_wait().unwrap();
        // Who looks on is asked of the same node.
        sleep(Duration::from_millis(400));
        ended
    });
    assert!(status.success(), "{status}: {}", renter.log());
    let id = renter.id().unwrap();
    let told = renter.run(&["run", "show", &id]).unwrap();
    assert_eq!(told["state"], "done", "{}", renter.log());
    renter.hold_results().unwrap();
    hold_no_job(stage);
    let spent = before - renter.holds(stage).unwrap();
    let bill = renter.run(&["run", "bill", &id]).unwrap();
    hold_bill(renter, &bill, spent);
    bill
}

/// Base units that were paid for jobs on a node, fees included.
fn paid_on(bill: &Value, node: &Address) -> u64 {
    let node = node.to_string();
    let jobs = bill["jobs"].as_array().unwrap().iter();
    jobs.filter(|job| job["node"] == node).map(gross).sum()
}

/// What providers and fees got.
fn gross(bill: &Value) -> u64 {
    let parts = ["paid", "network_fee", "attestation_fee"];
    parts.iter().map(|part| amount(bill, part)).sum()
}

fn amount(bill: &Value, name: &str) -> u64 {
    let text = bill[name]["amount"].as_str().unwrap();
    text.parse().unwrap()
}

/// The network's resolver rules a challenge void, once it may: in the second half of the ruling time. True where it did.
fn rule_void(stage: &Stage, challenge: &Challenge) -> bool {
    let resolver = &stage.chain.world().cast.admin;
    let ruling = Ruling {
        void: 1,
        signers_lied: 0,
        reason: 1,
        slash: 0,
        evidence: [0; 32],
    };
    let rule = instruction::rule_challenge(&resolver.pubkey(), challenge, ruling);
    stage.ledger().send(&[rule], resolver, &[]).is_ok()
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
fn hold_bill(renter: &Renter, bill: &Value, spent: u64) {
    assert!(spent > 0, "{}", renter.log());
    assert_eq!(gross(bill), spent);
    assert_eq!(amount(bill, "deposited") - amount(bill, "refunded"), spent);
    assert_eq!(amount(bill, "in_escrow"), 0);
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
