//! Random sequences of instructions on the built ELF, held against the reference ledger step by step.
//!
//! `SLUICE_STEPS` steps are taken from each seed, and `SLUICE_SEED` replaces the seeds by one.

mod book;
mod cast;
mod choose;
mod courses;
mod drain;
mod driver;
mod execute;
mod identity;
mod observe;
mod prologue;
mod refusal;
mod tally;

use {
    choose::{Chooser, Dice},
    driver::Run,
    solana_signer::Signer,
    std::{env, thread, time::Instant},
    tally::Tally,
};

/// What CI walks.
const SEEDS: [u64; 8] = [1, 2, 3, 5, 8, 13, 21, 34];
const STEPS: u64 = 800;
/// Steps between two comparisons of whole courses of events.
const COMPARE_EVERY: u64 = 40;

/// One whole run.
fn walk(seed: u64, steps: u64) -> Tally {
    let mut run = Run::begun(seed);
    let mut dice = Dice::new(seed);
    for step in 0..steps {
        let (now, _) = run.moment();
        let (secs, slots) = choose::pause(&run.model, now, &mut dice);
        run.pass(secs, slots);
        let action = Chooser {
            model: &run.model,
            book: &mut run.book,
            cast: &mut run.cast,
            dice: &mut dice,
            payer: run.world.payer.pubkey(),
            now: now + secs,
        }
        .action();
        if let Some(action) = action {
            let _ = run.step(&action);
        }
        if step % COMPARE_EVERY == 0 {
            courses::compare(&run, &mut dice);
        }
    }
    run.drain();
    run.tally
}

/// A number from the environment.
fn setting(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}

#[test]
fn every_random_sequence_ends_as_the_reference_ledger_says() {
    let steps = setting("SLUICE_STEPS").unwrap_or(STEPS);
    let seeds = setting("SLUICE_SEED").map_or(SEEDS.to_vec(), |seed| vec![seed]);
    let began = Instant::now();
    let (even, odd): (Vec<_>, Vec<_>) = seeds.iter().enumerate().partition(|(i, _)| i % 2 == 0);
    let tallies = thread::scope(|scope| {
        let threads = [even, odd].map(|half| {
            scope.spawn(move || {
                let walks = half.into_iter().map(|(_, seed)| walk(*seed, steps));
                walks.collect::<Vec<_>>()
            })
        });
        threads.map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    });
    let mut all = Tally::default();
    tallies.iter().flatten().for_each(|tally| all.add(tally));
    let seconds = began.elapsed().as_secs_f64();
    println!("{all}; {:.0} steps/s", all.steps() as f64 / seconds);
}
