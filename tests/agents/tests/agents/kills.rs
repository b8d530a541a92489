//! `kill -9` of any process at any instant, a hundred times.
//!
//! `SLUICE_KILLS` sets how many, `SLUICE_SEED` where they fall.

use {
    crate::{any_work, folder},
    sluice_agents_tests::{
        buyer::Times,
        chaos::Chaos,
        play::Play,
        stage::{Between, Manner, Plan},
        work::{Amount, Kernel},
    },
    sluice_work::core::Kind,
    std::{
        env,
        time::{Duration, Instant},
    },
};

const KILLS: u64 = 100;
/// Longest time between two kills.
const BETWEEN: Duration = Duration::from_millis(2_500);
/// Longest time for which a process is down.
const DOWN: Duration = Duration::from_millis(1_500);

#[test]
#[ignore = "it takes minutes"]
fn no_window_is_lost_none_is_proven_twice_and_no_key_signs_twice_however_often_processes_are_killed()
 {
    let kills = number("SLUICE_KILLS").unwrap_or(KILLS);
    let seed = number("SLUICE_SEED").unwrap_or(1);
    // Kills come every second and a quarter; windows go on a little longer than they do.
    let windows = u32::try_from(kills * 5 / 4 / 8 + 2).unwrap();
    let times = Times {
        window: 8,
        grace: 120,
        challenge: 0,
    };
    let amount = Amount {
        windows,
        per_window: 6,
        units: 3,
    };
    let mut play = Play::new(&Plan {
        folder: folder("kills"),
        attesters: 3,
        threshold: 2,
        providers: vec![vec![(Manner::Honest, 2)], vec![(Manner::Honest, 1)]],
        attester: "",
        between: Between::Nothing,
        offers: None,
    })
    .unwrap();
    for (number, (kernel, provider)) in (1..).zip([
        (Kernel::Fractal, 0),
        (Kernel::Search, 0),
        (Kernel::Digits, 1),
    ]) {
        let work = any_work(kernel, Kind::Wasm, amount, seed * 10 + number);
        play.order(work, provider, times, 3).unwrap();
    }
    play.until_accepted(Duration::from_secs(60)).unwrap();

    let mut chaos = Chaos::new(seed, DOWN);
    let mut next = Instant::now();
    let longest = Duration::from_secs(u64::from(windows * times.window + times.grace + 120));
    play.until_over(longest, |play| {
        chaos.raise(&mut play.stage.agents)?;
        if Instant::now() >= next && u64::from(chaos.count()) < kills {
            chaos.strike(&mut play.stage.agents)?;
            next = Instant::now() + chaos.pause(BETWEEN);
        }
        Ok(())
    })
    .unwrap();
    chaos.end(&mut play.stage.agents).unwrap();
    println!("{} kills: {:?}", chaos.count(), chaos.kills);
    assert!(u64::from(chaos.count()) >= kills, "{}", chaos.count());

    let report = play.finish().unwrap();
    println!("{}", report.table());
    report.hold_honest().unwrap();
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}
