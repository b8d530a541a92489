//! Random histories of reward pools: the program's own bookkeeping, step by step, against a model that keeps nothing but a log and
//! works everything out anew from it in exact numbers.
//!
//! 2,000 histories, or as many as `SLUICE_HISTORIES` says.

mod books;
mod chain;
mod compare;
mod elf;
mod games;
mod log;
mod order;
mod picture;
mod scene;
mod small;
mod stakers;
mod step;

use {
    books::Books,
    log::Log,
    picture::Picture,
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    scene::Scene,
    step::{Cast, Event},
};

/// Runs a history through the program's books and the log, and compares them after every step.
fn run(cast: &Cast, events: &[Event]) {
    let (mut books, mut log) = (Books::new(cast), Log::new(cast));
    for (number, (at, step)) in events.iter().enumerate() {
        let (did, said) = (books.apply(*at, *step), log.apply(*at, *step));
        assert_eq!(did, said, "{cast:?}: {step:?} at {at}");
        // Working everything out anew takes its time: with a hundred nodes, not after every step.
        let crowded = cast.nodes.len() > 40 && number % 16 != 0;
        let pools = 0..cast.pools.len();
        // What did not come to pass moved nothing.
        let touched =
            pools.filter(|pool| did.is_some() && step.pool().is_none_or(|of| of == *pool));
        for pool in touched.filter(|_| !crowded) {
            Picture::of(&log, pool, *at).compare(&books, pool, *at);
        }
    }
    compare::compare_purses(&log, &books);
    for book in &books.pools {
        assert!(book.gone, "{cast:?}: a pool that nobody can close");
        assert_eq!(book.pool.claimed + book.pool.returned, book.pool.funded);
    }
}

fn histories() -> u64 {
    let wanted = std::env::var("SLUICE_HISTORIES").ok();
    wanted.map_or(2_000, |count| count.parse().expect("a number of histories"))
}

#[test]
fn the_books_are_what_the_log_says_after_every_step() {
    for seed in 0..histories() {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        // Most are small, so that odd cases are dense; some have hundreds of nodes.
        let nodes = match seed % 250 {
            0 => dice.random_range(100..400),
            1..10 => dice.random_range(8..20),
            _ => dice.random_range(1..5),
        };
        let rounds = dice.random_range(1..if nodes > 40 { 5 } else { 30 });
        let cast = scene::cast(&mut dice, nodes);
        let events = Scene::new(&mut dice, &cast, 0, 1).play(rounds);
        run(&cast, &events);
    }
}
