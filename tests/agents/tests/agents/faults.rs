//! A chain's node that is not what it should be, and disks that are full.

use {
    crate::{alone, any_work, folder},
    sluice_agents_tests::{
        buyer::Times,
        faulty::Faults,
        play::Play,
        room,
        stage::{Between, Manner, Plan},
        work::{Amount, Kernel},
    },
    sluice_work::core::Kind,
    std::time::{Duration, Instant},
};

const TIMES: Times = Times {
    window: 5,
    grace: 60,
    challenge: 0,
};
const AMOUNT: Amount = Amount {
    windows: 5,
    per_window: 4,
    units: 7,
};

fn play(name: &str, between: Between) -> Play {
    Play::new(&Plan {
        folder: folder(name),
        attesters: 3,
        threshold: 2,
        providers: vec![vec![(Manner::Honest, 1)]],
        attester: "",
        between,
        offers: None,
    })
    .unwrap()
}

#[test]
fn no_window_is_lost_to_a_node_that_drops_refuses_lags_and_lies() {
    let _alone = alone();
    let mut play = play("faults", Between::FaultyNode);
    let work = any_work(Kernel::Search, Kind::Wasm, AMOUNT, 5);
    play.order(work, 0, TIMES, 3).unwrap();
    let door = play.stage.door.as_ref().unwrap();
    door.set(Faults {
        drops: 8,
        refuses: 8,
        is_slow: 4,
        lags: 8,
        lies: 4,
    });
    play.until_accepted(Duration::from_secs(60)).unwrap();
    play.until_over(Duration::from_secs(180), |_| Ok(()))
        .unwrap();
    let door = play.stage.door.as_ref().unwrap();
    let met = door.met();
    println!("{met:?}");
    for fault in ["drop", "429", "slow", "lag", "lie"] {
        assert!(
            met.get(fault).is_some_and(|count| *count > 0),
            "{fault}: {met:?}"
        );
    }
    door.set(Faults::default());
    let report = play.finish().unwrap();
    println!("{}", report.table());
    report.hold_honest().unwrap();
}

#[test]
fn no_window_is_lost_and_nothing_is_signed_twice_while_disks_are_full() {
    if !room::is_allowed() {
        println!("only root can set up a small disk");
        return;
    }
    let _alone = alone();
    // Workers leave a quarter of a GiB for what must be written.
    let mut play = play("disks", Between::SmallDisks(320 << 10));
    let work = any_work(Kernel::Fractal, Kind::Wasm, AMOUNT, 6);
    let job = play.order(work, 0, TIMES, 3).unwrap();
    play.until_accepted(Duration::from_secs(60)).unwrap();
    let mut full_since = None::<Instant>;
    let mut was_full = false;
    play.until_over(Duration::from_secs(180), |play| {
        let is_begun = play.proven(&job)?.contains(&0);
        if is_begun && full_since.is_none() && !was_full {
            play.stage.rooms.iter().try_for_each(room::Room::fill)?;
            full_since = Some(Instant::now());
        }
        // Two windows end while nothing can be written.
        if full_since.is_some_and(|since| since.elapsed() > Duration::from_secs(11)) {
            play.stage.rooms.iter().try_for_each(room::Room::clear)?;
            (full_since, was_full) = (None, true);
        }
        Ok(())
    })
    .unwrap();
    assert!(was_full);
    let report = play.finish().unwrap();
    println!("{}", report.table());
    report.hold_honest().unwrap();
}
