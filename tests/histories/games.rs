//! What timing can gain: every game is played in the books over a sweep of sizes, and once on the built program.
//!
//! `cargo test -p sluice-tests --test histories games -- --nocapture` prints what `docs/economics.md` says.

mod weight;

use super::{
    small::{EPOCH, beginning, one_pool, starts, terms, totals, totals_on_chain},
    step::{Cast, Event, Step},
};

/// The rate, and the units of a usual epoch: a unit earns 10.
const RATE: u64 = 1_000_000;
const USUAL: u64 = 100_000;
const CEILINGS: [u64; 4] = [10, 12, 20, RATE];
const SIZES: [u64; 5] = [1, 10, 100, 1_000, 10_000];
/// Units of everybody else in the emptier epoch.
const QUIET: [u64; 6] = [0, 10, 100, 1_000, 10_000, 50_000];
const EPOCHS: u64 = 8;
const PLAYER: usize = 0;

/// The player's node and all others as one, of two providers that keep everything.
fn cast(ceiling: u64, cap: u64, nodes: &[usize]) -> Cast {
    one_pool(2, nodes.to_vec(), terms(RATE, ceiling, cap, EPOCHS + 4))
}

/// Work that matures in an epoch, and where in the epoch after how many others it is reported, if at all.
struct Turn {
    node: usize,
    units: u64,
    report: Option<i64>,
}

const fn works(node: usize, units: u64) -> Turn {
    let report = Some(1);
    Turn {
        node,
        units,
        report,
    }
}

/// Epochs from the second on.
fn season(cast: &Cast, epochs: impl IntoIterator<Item = Vec<Turn>>) -> Vec<Event> {
    let pool = 0;
    let mut events = beginning(cast, &[10_000; 2]);
    for (epoch, turns) in (2..).zip(epochs) {
        let at = starts(epoch);
        for node in 0..cast.nodes.len() {
            events.push((
                at,
                Step::Fold {
                    pool,
                    node,
                    epoch: epoch - 2,
                },
            ));
        }
        for Turn { node, units, .. } in &turns {
            let (node, units) = (*node, *units);
            events.push((at, Step::Credit { node, units }));
        }
        let mut reports: Vec<_> = turns
            .iter()
            .filter_map(|turn| {
                Some((
                    at + turn.report?,
                    Step::Report {
                        pool,
                        node: turn.node,
                    },
                ))
            })
            .collect();
        reports.sort_by_key(|(at, _)| *at);
        events.extend(reports);
    }
    events
}

fn player(cast: &Cast, events: &[Event]) -> u64 {
    totals(cast, events.iter().copied()).0[PLAYER] as u64
}

/// A usual season whose last epoch is emptier, of a player that reports in every epoch or in the last one only.
fn hoard(cast: &Cast, size: u64, quiet: u64, hoards: bool) -> Vec<Event> {
    season(
        cast,
        (1..=EPOCHS).map(|epoch| {
            let last = epoch == EPOCHS;
            let others = if last { quiet } else { USUAL - size };
            let report = (last || !hoards).then_some(1);
            vec![
                Turn {
                    node: PLAYER,
                    units: size,
                    report,
                },
                works(1, others),
            ]
        }),
    )
}

/// The factor that the ceiling leaves, and a base unit of dust for each epoch.
#[track_caller]
fn within_the_bound(gained: u64, honest: u64, ceiling: u64) {
    let most = u128::from(honest + EPOCHS) * u128::from(ceiling) * u128::from(USUAL);
    assert!(
        u128::from(gained) * u128::from(RATE) <= most,
        "{gained} for {honest} at {ceiling}"
    );
}

#[test]
fn hoarding_for_an_emptier_epoch_gains_at_most_what_the_ceiling_leaves() {
    for ceiling in CEILINGS {
        let cast = cast(ceiling, u64::MAX, &[0, 1]);
        let mut best = (0, 1, 0, 0);
        for size in SIZES {
            for quiet in QUIET {
                let honest = player(&cast, &hoard(&cast, size, quiet, false));
                let hoarded = player(&cast, &hoard(&cast, size, quiet, true));
                within_the_bound(hoarded, honest, ceiling);
                if hoarded * best.1 > best.0 * honest {
                    best = (hoarded, honest, size, quiet);
                }
            }
        }
        let (hoarded, honest, size, quiet) = best;
        println!(
            "hoarding, ceiling {ceiling}: {hoarded} instead of {honest}, {:.3} times, at {size} units an epoch and {quiet} of others",
            hoarded as f64 / honest as f64
        );
        assert_eq!(hoarded > honest, ceiling > RATE / USUAL);
    }
    let cast = cast(12, u64::MAX, &[0, 1]);
    let events = hoard(&cast, 1_000, 0, true);
    assert_eq!(
        totals_on_chain(&cast, events.clone()),
        totals(&cast, events)
    );
}

#[test]
fn the_first_and_the_last_second_of_an_epoch_pay_the_same() {
    let cast = cast(12, u64::MAX, &[0, 1]);
    let at = |second| {
        season(
            &cast,
            (0..EPOCHS).map(|_| {
                let report = Some(second);
                vec![
                    Turn {
                        node: PLAYER,
                        units: 777,
                        report,
                    },
                    works(1, USUAL),
                ]
            }),
        )
    };
    let known = totals(&cast, at(0));
    for second in 1..EPOCH {
        assert_eq!(totals(&cast, at(second)), known);
    }
    assert_eq!(totals_on_chain(&cast, at(EPOCH - 1)), known);
}

/// At the last second the player sees the epoch's units, and reports now or in the next one, which turns out emptier.
#[test]
fn waiting_at_the_last_second_gains_at_most_what_the_ceiling_leaves() {
    for ceiling in CEILINGS {
        let cast = cast(ceiling, u64::MAX, &[0, 1]);
        let mut best = (0, 1);
        for size in SIZES {
            for quiet in QUIET {
                let two = |waits: bool| {
                    let report = (!waits).then_some(EPOCH - 1);
                    let now = vec![
                        Turn {
                            node: PLAYER,
                            units: size,
                            report,
                        },
                        works(1, USUAL - size),
                    ];
                    let next = vec![works(PLAYER, 0), works(1, quiet)];
                    player(&cast, &season(&cast, [now, next]))
                };
                let (honest, waited) = (two(false), two(true));
                within_the_bound(waited, honest, ceiling);
                if waited * best.1 > best.0 * honest {
                    best = (waited, honest);
                }
            }
        }
        println!(
            "last second, ceiling {ceiling}: {:.3} times",
            best.0 as f64 / best.1 as f64
        );
        assert!(ceiling > RATE / USUAL || best.0 <= best.1);
    }
}

/// A rival that reports once, at an epoch's end, is forced to report in its middle: what matures later is reported later.
#[test]
fn a_forced_report_costs_its_node_nothing() {
    let cast = cast(12, u64::MAX, &[0, 1]);
    let pool = 0;
    let epoch = |forced: bool| {
        let mut events = season(&cast, [vec![works(1, USUAL)]]);
        let mut push = |second, step| events.push((starts(2) + second, step));
        for (second, units) in [(5, 300), (40, 477)] {
            push(
                second,
                Step::Credit {
                    node: PLAYER,
                    units,
                },
            );
            if forced {
                push(second, Step::Report { pool, node: PLAYER });
            }
        }
        push(EPOCH - 1, Step::Report { pool, node: PLAYER });
        events
    };
    assert_eq!(totals(&cast, epoch(true)), totals(&cast, epoch(false)));
    assert_eq!(
        totals_on_chain(&cast, epoch(true)),
        totals(&cast, epoch(false))
    );
    // Who hoards is forced to what it would have had without hoarding.
    for size in SIZES {
        let forced = player(&cast, &hoard(&cast, size, 0, false));
        let per_unit = forced / (size * EPOCHS);
        assert!(per_unit >= RATE / USUAL);
    }
}
