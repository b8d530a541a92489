//! A day, in an hour: nothing of a process grows.
//!
//! `SLUICE_DAY_MINUTES` lets it take longer.

use {
    crate::{any_work, folder},
    sluice_agents_tests::{
        buyer::Times,
        play::Play,
        stage::{Between, Manner, Plan},
        usage::{self, Held},
        work::{Amount, Kernel},
    },
    sluice_work::core::Kind,
    std::{
        env,
        ffi::OsStr,
        fs,
        thread::sleep,
        time::{Duration, Instant},
    },
};

const DAY_SECS: u64 = 86_400;
/// A window of this job, seconds.
const WINDOW: u32 = 600;
/// Jobs one after the other, each of an eighth of a day.
const JOBS: u64 = 8;
/// Resident memory may grow by this much between the end of the second eighth and the end of the day, KiB: caches that fill.
const MEMORY: u64 = 16 << 10;
/// State may be larger once every job is forgotten than it was after the second eighth, bytes: SQLite keeps the pages that it once took,
/// its logs grow to a MiB each and stay, and what a key signed is kept, 45 KB a day.
const DISK: u64 = 1 << 20;
/// Open files may grow by this many.
const FILES: u64 = 4;

#[test]
#[ignore = "it takes an hour: `cargo xtask agents --day`"]
fn a_day_leaves_no_process_larger_than_it_was() {
    let minutes = env::var("SLUICE_DAY_MINUTES").ok();
    let minutes = minutes.and_then(|text| text.parse().ok()).unwrap_or(60u64);
    let speed = DAY_SECS / (minutes * 60);
    // Agents look once a second, and believe no leap of more than a minute at once: with room for looks that are late.
    assert!((1..=24).contains(&speed), "a day takes an hour at least");
    let amount = Amount {
        windows: u32::try_from(DAY_SECS / JOBS).unwrap() / WINDOW,
        per_window: 4,
        units: 5,
    };
    let times = Times {
        window: WINDOW,
        grace: 3_600,
        challenge: 600,
    };
    let mut play = Play::new(&Plan {
        folder: folder("day"),
        attesters: 3,
        threshold: 2,
        providers: vec![vec![(Manner::Honest, 2)]],
        attester: "",
        between: Between::Nothing,
        offers: None,
    })
    .unwrap();
    let mut held = vec![];
    for job in 0..JOBS {
        let kernel = [Kernel::Fractal, Kernel::Search][usize::try_from(job % 2).unwrap()];
        let work = any_work(kernel, Kind::Wasm, amount, job);
        play.order(work, 0, times, 3).unwrap();
        play.until_accepted(Duration::from_secs(120)).unwrap();
        let begin = Instant::now();
        let mut told = 0;
        play.until_over(Duration::from_secs(minutes * 60), |play| {
            // The clock goes `speed` times as fast as ours.
            let millis = u64::try_from(begin.elapsed().as_millis()).unwrap();
            let due = millis * (speed - 1) / 1_000;
            if due >= told + 10 {
                play.stage.chain.advance(u32::try_from(due - told)?)?;
                told = due;
            }
            Ok(())
        })
        .unwrap();
        held.push(usage::of(&play.stage.agents));
        println!("after job {job}: {:?}", held.last().unwrap());
    }
    let (early, late) = (&held[1], held.last().unwrap());
    for (name, late) in late {
        let early = early[name];
        assert!(
            late.memory <= early.memory + MEMORY,
            "{name}: {early:?} {late:?}"
        );
        assert!(
            late.files <= early.files + FILES,
            "{name}: {early:?} {late:?}"
        );
    }
    // What jobs had here goes a day after their last ruling.
    for _ in 0..3 {
        play.stage
            .chain
            .advance(u32::try_from(DAY_SECS).unwrap())
            .unwrap();
    }
    let begin = Instant::now();
    loop {
        let left = usage::of(&play.stage.agents);
        let is_small = |(name, held): (&String, &Held)| held.disk <= early[name].disk + DISK;
        if left.iter().all(is_small) && blobs(&play) == 0 {
            break;
        }
        // A date is believed once the clock has said it for a while, and forgotten by a minute later.
        let is_late = begin.elapsed() > Duration::from_secs(180);
        assert!(!is_late, "{early:?}\n{left:?}\n{} blobs", blobs(&play));
        sleep(Duration::from_secs(1));
    }
    let report = play.finish().unwrap();
    println!("{}", report.table());
    report.hold_honest().unwrap();
}

/// Blobs that attesters hold.
fn blobs(play: &Play) -> usize {
    let agents = play.stage.agents.all().iter();
    let files = agents.flat_map(|agent| {
        let entries = fs::read_dir(agent.folder.join("state/blobs"));
        entries.into_iter().flatten().flatten()
    });
    let is_blob = |name: &OsStr| !name.as_encoded_bytes().starts_with(b"index.");
    files.filter(|file| is_blob(&file.file_name())).count()
}
