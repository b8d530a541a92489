//! Random sequences of instructions on the built ELF, held against the reference ledger step by step.
//!
//! `SLUICE_STEPS` steps are taken from each seed, and `SLUICE_SEED` replaces the seeds by one.

mod backlog;
mod book;
mod cast;
mod choose;
mod courses;
mod drain;
mod driver;
mod estranged;
mod execute;
mod fallen;
mod held;
mod identity;
mod judged;
mod observe;
mod prologue;
mod refusal;
mod said;
mod tally;

use {
    choose::{Chooser, Dice},
    driver::Run,
    sluice_client::Event,
    solana_signer::Signer,
    std::{
        collections::BTreeSet,
        env,
        io::{Write, stdout},
        panic::resume_unwind,
        thread,
        time::Instant,
    },
    tally::Tally,
};

/// What CI walks.
const SEEDS: [u64; 8] = [1, 2, 3, 5, 8, 13, 21, 34];
const STEPS: u64 = 4_000;
/// Steps between two comparisons of whole courses of events.
const COMPARE_EVERY: u64 = 80;
/// What CI's walk has to have met: acceptances of every action, as many of every event, and kinds of refusal.
const LEAST_ACCEPTED: u64 = 15;
const LEAST_KINDS: usize = 85;
/// And how often each party, silence and lost quorum ended a job before its time.
const LEAST_ENDS: u64 = 5;
/// And how often each kind of ruling was given.
const LEAST_RULINGS: u64 = 10;
/// And how often rewards went each of their rarer ways.
const LEAST_REWARDS: u64 = 10;
/// And how often a payee's account failed it each way, and how many dead pools were led out.
const LEAST_ESTRANGED: u64 = 15;
const LEAST_DEAD: u64 = 4;

/// One whole run.
fn walk(seed: u64, steps: u64) -> Tally {
    let mut run = Run::begun(seed);
    let mut dice = Dice::new(seed);
    let mut partings = 0;
    for step in 0..steps {
        let (now, slot) = run.moment();
        let (secs, slots) = choose::pause(&run.model, now, &mut dice);
        run.pass(secs, slots);
        let action = Chooser {
            model: &run.model,
            book: &mut run.book,
            cast: &mut run.cast,
            dice: &mut dice,
            payer: run.world.payer.pubkey(),
            now: now + secs,
            slot: slot + slots,
        }
        .action();
        if let Some(action) = action {
            // Refused or not, both sides agreed.
            let _ = run.step(&action);
        }
        if step % COMPARE_EVERY == 0 {
            courses::compare(&run, &mut dice);
        }
        // It takes an unbonding time, in which pools end: late, and not often.
        if step > steps / 6 && partings < 12 && run.see_delegators_off() {
            partings += 1;
        }
    }
    run.drain();
    run.tally.clone()
}

/// Walks `steps` from each seed, two seeds at a time.
fn walk_all(seeds: &[u64], steps: u64) -> Tally {
    let mut all = Tally::default();
    for pair in seeds.chunks(2) {
        let tallies = thread::scope(|scope| {
            let spawn = |seed: &u64| {
                let seed = *seed;
                scope.spawn(move || walk(seed, steps))
            };
            let threads: Vec<_> = pair.iter().map(spawn).collect();
            let join = threads.into_iter().map(|thread| thread.join());
            join.collect::<Vec<_>>()
        });
        for tally in tallies {
            all.add(&tally.unwrap_or_else(|panic| resume_unwind(panic)));
        }
    }
    all
}

/// A number from the environment.
fn setting(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}

/// Instructions of the program, by its IDL.
fn instructions() -> usize {
    let idl = include_str!("../../idl/sluice.json");
    let idl: serde_json::Value = serde_json::from_str(idl).expect("JSON");
    idl["instructions"].as_array().expect("a list").len()
}

#[test]
fn every_random_sequence_ends_as_the_reference_ledger_says() {
    let (steps, seed) = (setting("SLUICE_STEPS"), setting("SLUICE_SEED"));
    let seeds = seed.map_or(SEEDS.to_vec(), |seed| vec![seed]);
    let began = Instant::now();
    let tally = walk_all(&seeds, steps.unwrap_or(STEPS));
    let rate = tally.steps() as f64 / began.elapsed().as_secs_f64();
    // Past the test harness, which keeps what passing tests print to itself.
    writeln!(stdout(), "invariants: {tally}; {rate:.0} steps/s").expect("standard output");

    if steps.is_none() && seed.is_none() {
        // Every instruction, and the token transfer.
        assert_eq!(tally.actions.len(), instructions() + 1, "actions missing");
        for (name, (accepted, _)) in &tally.actions {
            assert!(*accepted >= LEAST_ACCEPTED, "{name}: {accepted} times only");
        }
        for cause in 1..=6 {
            let times = tally.ends.get(&cause).copied().unwrap_or(0);
            assert!(times >= LEAST_ENDS, "cause {cause}: {times} times only");
        }
        for kind in ["void", "slashed", "upheld", "by default"] {
            let times = tally.rulings.get(kind).copied().unwrap_or(0);
            assert!(times >= LEAST_RULINGS, "{kind}: {times} times only");
        }
        for kind in [
            "pool anew",
            "share anew",
            "to nobody's owner",
            "to delegators",
            "vault for nothing",
            "pool with leftovers",
            "two commissions",
        ] {
            let times = tally.rewards.get(kind).copied().unwrap_or(0);
            assert!(times >= LEAST_REWARDS, "{kind}: {times} times only");
        }
        for fate in ["given away", "closed", "frozen"] {
            let met = tally.estranged.iter().filter(|((of, _), _)| *of == fate);
            let times: u64 = met.map(|(_, times)| times).sum();
            assert!(times >= LEAST_ESTRANGED, "{fate}: {times} times only");
        }
        let paying: BTreeSet<&String> = tally.estranged.keys().map(|(_, action)| action).collect();
        assert_eq!(paying.len(), estranged::payouts(), "who pays: {paying:?}");
        assert!(tally.dead >= LEAST_DEAD, "{} dead pools only", tally.dead);
        for name in Event::NAMES {
            let times = tally.events.get(name).copied().unwrap_or(0);
            assert!(times >= LEAST_ACCEPTED, "{name}: {times} times only");
        }
        assert!(tally.refusals.len() >= LEAST_KINDS, "too few refusals");
    }
}
