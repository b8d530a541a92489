//! Games with the units that count: caps, many nodes, history.

use {
    super::{CEILINGS, EPOCHS, PLAYER, RATE, cast, hoard, player, season, works},
    crate::{
        small::{START, beginning, starts, totals, totals_on_chain},
        step::Step,
    },
};

/// A cap bounds a hoarder to so many units of the emptier epoch.
#[test]
fn a_hoarder_counts_at_most_the_cap_in_the_emptier_epoch() {
    let cast = cast(RATE, 1_000, &[0, 1, 1]);
    for quiet in [1, 10, 100, 1_000] {
        let hoarded = player(&cast, &hoard(&cast, 1_000, quiet, true));
        let honest = player(&cast, &hoard(&cast, 1_000, quiet, false));
        assert!(hoarded < honest);
    }
}

#[test]
fn many_nodes_earn_what_one_does_unless_the_cap_binds_and_never_above_the_ceiling() {
    let split = |cap: u64, parts: usize| {
        let nodes: Vec<usize> = (0..parts).map(|_| 0).chain([1]).collect();
        let cast = cast(12, cap, &nodes);
        // The others are one node without a cap worth speaking of: 40,000 units.
        let turns = (0..EPOCHS).map(|_| {
            let player = (0..parts).map(|node| works(node, 40_000 / parts as u64));
            player.chain([works(parts, 40_000)]).collect()
        });
        let events = season(&cast, turns);
        (player(&cast, &events), cast, events)
    };
    let (one, ..) = split(40_000, 1);
    let (many, ..) = split(40_000, 40);
    assert!(many <= one && one <= many + 40 * EPOCHS, "dust only");
    let (capped, ..) = split(1_000, 1);
    let (free, cast, events) = split(1_000, 40);
    println!("splitting, cap 1,000: {free} instead of {capped} by 40 nodes instead of one");
    assert!(free <= 12 * 40_000 * EPOCHS, "the ceiling holds");
    assert_eq!(
        totals_on_chain(&cast, events.clone()),
        totals(&cast, events)
    );
}

/// Work from before the share's baseline, credited after it, counts as new, at most the cap an epoch; credited before it, never.
#[test]
fn uncredited_history_earns_at_most_the_cap_and_the_ceiling() {
    let pool = 0;
    for ceiling in CEILINGS {
        let cast = cast(ceiling, 2_000, &[0, 1]);
        let history = |before: bool| {
            let at = if before { starts(1) - 1 } else { starts(2) };
            let mut events = beginning(&cast, &[10_000; 2]);
            events.push((
                at,
                Step::Credit {
                    node: PLAYER,
                    units: 500_000,
                },
            ));
            events.sort_by_key(|(at, _)| *at);
            events.push((starts(2), Step::Report { pool, node: PLAYER }));
            events
        };
        let earned = player(&cast, &history(false));
        println!("uncredited history, ceiling {ceiling}, cap 2,000: {earned} in an empty epoch");
        assert_eq!(earned, RATE.min(2_000 * ceiling));
        assert_eq!(player(&cast, &history(true)), 0);
        if ceiling == 12 {
            assert_eq!(
                totals_on_chain(&cast, history(false)),
                totals(&cast, history(false))
            );
        }
    }
}

/// Work that is held back until the start counts in the first epoch, at most the cap of it; anybody's report in the last second
/// before makes it history.
#[test]
fn work_held_back_for_the_first_epoch_is_history_once_anybody_reports_it() {
    let (pool, node, epoch) = (0, PLAYER, 0);
    for ceiling in CEILINGS {
        let cast = cast(ceiling, 2_000, &[0, 1]);
        let first = |reported: bool| {
            let early = beginning(&cast, &[10_000; 2]).into_iter();
            let early = early.filter(|(_, step)| !matches!(step, Step::Report { .. }));
            let mut events: Vec<_> = early.map(|(at, step)| (at.min(START - 9), step)).collect();
            let units = 500_000;
            events.push((START - 1, Step::Credit { node, units }));
            if reported {
                events.push((START - 1, Step::Report { pool, node }));
            }
            events.push((START, Step::Report { pool, node }));
            events.push((starts(2), Step::Fold { pool, node, epoch }));
            events.push((starts(2), Step::CloseEpoch { pool, epoch }));
            events
        };
        let earned = player(&cast, &first(false));
        println!("held back for the first epoch, ceiling {ceiling}, cap 2,000: {earned}");
        assert_eq!(earned, RATE.min(2_000 * ceiling));
        assert_eq!(player(&cast, &first(true)), 0);
        if ceiling == 12 {
            for reported in [false, true] {
                let events = first(reported);
                assert_eq!(
                    totals_on_chain(&cast, events.clone()),
                    totals(&cast, events)
                );
            }
        }
    }
}
