//! Random histories of reward pools: the program's own bookkeeping, step by step, against a model that keeps nothing but a log and
//! works everything out anew from it in exact numbers.
//!
//! 2,000 histories, or as many as `SLUICE_HISTORIES` says.

mod books;
mod log;

use {
    books::Books,
    log::Log,
    rand::{Rng, SeedableRng, seq::SliceRandom},
    rand_chacha::ChaCha8Rng,
    sluice_client::RewardTerms,
};

/// What happens to a pool, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Fund { amount: u64 },
    Credit { node: usize, units: u64 },
    Report { node: usize },
    Claim { node: usize },
    Fold { node: usize, epoch: u64 },
    Close { epoch: u64 },
}

/// A step and its unix second.
pub type Event = (i64, Step);

const EPOCH: i64 = 60;

fn terms(dice: &mut ChaCha8Rng) -> RewardTerms {
    let small = |dice: &mut ChaCha8Rng| match dice.random_range(0..4) {
        0 => 1,
        1 => dice.random_range(1..10),
        2 => dice.random_range(1..10_000),
        _ => dice.random_range(1..u64::MAX / 64),
    };
    RewardTerms {
        rate: small(dice),
        ceiling: small(dice),
        node_cap: small(dice),
        start_at: dice.random_range(0..10_000),
        end_at: i64::MAX,
        epoch_secs: EPOCH as u32,
        reserve: [0; 4],
    }
}

/// A history of some nodes over some epochs: in each, work is credited, then some report, then some claim; streams that ended are
/// folded sooner or later, and always before their slot is needed.
fn history(dice: &mut ChaCha8Rng, terms: &RewardTerms, nodes: usize, epochs: u64) -> Vec<Event> {
    let mut events = vec![(
        terms.start_at,
        Step::Fund {
            amount: dice.random_range(0..terms.rate.saturating_mul(epochs).saturating_add(2)),
        },
    )];
    let silence = dice.random_range(1..6);
    for epoch in 0..epochs {
        let start = terms.start_at + epoch as i64 * EPOCH;
        for node in 0..nodes {
            if dice.random_range(0..silence) == 0 {
                let most = [1, 10, terms.node_cap, u64::MAX / 4_096][dice.random_range(0..4)];
                let units = dice.random_range(0..most.min(u64::MAX / 4_096).saturating_add(1));
                events.push((start, Step::Credit { node, units }));
            }
            // Epochs whose streams ended: the one before the last always, for its slot is needed now.
            if epoch >= 2 {
                events.push((
                    start,
                    Step::Fold {
                        node,
                        epoch: epoch - 2,
                    },
                ));
            }
        }
        if epoch >= 2 && dice.random_bool(0.7) {
            events.push((start, Step::Close { epoch: epoch - 2 }));
        }
        for node in 0..nodes {
            for _ in 0..dice.random_range(0..3) {
                events.push((
                    start + dice.random_range(0..EPOCH / 2),
                    Step::Report { node },
                ));
            }
            if dice.random_range(0..silence) == 0 {
                events.push((
                    start + EPOCH / 2 + dice.random_range(0..EPOCH / 2),
                    Step::Claim { node },
                ));
            }
        }
        if dice.random_bool(0.2) {
            let amount = dice.random_range(0..terms.rate.saturating_add(2));
            events.push((start + EPOCH - 1, Step::Fund { amount }));
        }
        // Only seconds order an epoch's reports and claims.
        events.sort_by_key(|(at, _)| *at);
    }
    // In the end every stream has ended, and everybody takes what is its own.
    let last = terms.start_at + (epochs as i64 + 2) * EPOCH;
    for node in 0..nodes {
        let late = epochs.saturating_sub(2)..epochs;
        events.extend(late.map(|epoch| (last, Step::Fold { node, epoch })));
        events.push((last, Step::Claim { node }));
    }
    events.extend((0..epochs).map(|epoch| (last, Step::Close { epoch })));
    events
}

/// Runs a history through the program's books and the log, and compares them after every step.
fn run(terms: RewardTerms, nodes: usize, events: &[Event]) -> Vec<u64> {
    let (mut books, mut log) = (Books::new(terms, nodes), Log::new(terms, nodes));
    for (number, (at, step)) in events.iter().enumerate() {
        let (did, said) = (books.apply(*at, *step), log.apply(*at, *step));
        assert_eq!(did, said, "{terms:?}: {step:?} at {at}");
        // Working everything out anew takes its time: with hundreds of nodes, not after every step.
        if nodes <= 40 || number % nodes == 0 || number + 1 == events.len() {
            books.conserves(*at);
            log.compare(&books, *at);
        }
    }
    (0..nodes).map(|node| books.claimed(node)).collect()
}

fn histories() -> u64 {
    let wanted = std::env::var("SLUICE_HISTORIES").ok();
    wanted.map_or(2_000, |count| count.parse().expect("a number of histories"))
}

#[test]
fn the_books_are_what_the_log_says_after_every_step() {
    for seed in 0..histories() {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let terms = terms(&mut dice);
        // Most are small, so that odd cases are dense; some have hundreds of nodes.
        let nodes = match seed % 100 {
            0 => dice.random_range(100..400),
            1..10 => dice.random_range(10..40),
            _ => dice.random_range(1..8),
        };
        let epochs = dice.random_range(1..if nodes > 40 { 4 } else { 12 });
        let events = history(&mut dice, &terms, nodes, epochs);
        run(terms, nodes, &events);
    }
}

#[test]
fn the_order_of_reports_changes_nobodys_total() {
    for seed in 0..histories() / 4 {
        let mut dice = ChaCha8Rng::seed_from_u64(1_000_000 + seed);
        let mut terms = terms(&mut dice);
        // Enough money for every epoch: who opens the last one it lasts for is a matter of order.
        terms.rate = terms.rate.min(u64::MAX / 64);
        let (nodes, epochs) = (dice.random_range(1..12), dice.random_range(1..8));
        let mut events = history(&mut dice, &terms, nodes, epochs);
        let deposit = Step::Fund {
            amount: terms.rate * epochs,
        };
        events.retain(|(_, step)| !matches!(step, Step::Fund { .. }));
        events.insert(0, (terms.start_at, deposit));
        let before = run(terms, nodes, &events);
        // Reports of one epoch change places; their seconds stay where they are.
        let epoch_of = |at: i64| (at - terms.start_at) / EPOCH;
        for epoch in 0..epochs as i64 {
            let places: Vec<_> = (0..events.len())
                .filter(|place| {
                    epoch_of(events[*place].0) == epoch
                        && matches!(events[*place].1, Step::Report { .. })
                })
                .collect();
            let mut steps: Vec<_> = places.iter().map(|place| events[*place].1).collect();
            steps.shuffle(&mut dice);
            for (place, step) in places.into_iter().zip(steps) {
                events[place].1 = step;
            }
        }
        assert_eq!(run(terms, nodes, &events), before, "seed {seed}");
    }
}
