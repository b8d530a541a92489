//! Three providers with eight nodes, five attesters of whom three sign, and two hundred windows of all kernels. One worker lies, one is silent, one
//! is slow; one attester is dead, and one signs twice.

use {
    crate::{any_work, folder},
    sluice_agents_tests::{
        buyer::Times,
        play::Play,
        stage::{Between, Manner, Plan},
        twice,
        work::{Amount, Kernel},
    },
    sluice_work::core::Kind,
    std::time::Duration,
};

const TIMES: Times = Times {
    window: 12,
    grace: 100,
    challenge: 2,
};
const AMOUNT: Amount = Amount {
    windows: 25,
    per_window: 5,
    units: 3,
};
const DEAD: &str = "attester-5";
/// Index of the one that signs twice.
const TWICE: usize = 3;

#[test]
#[ignore = "it takes ten minutes: `cargo xtask agents --long`"]
fn two_hundred_windows_are_paid_as_they_deserve() {
    let mut play = Play::new(&Plan {
        folder: folder("long"),
        attesters: 5,
        threshold: 3,
        providers: vec![
            vec![(Manner::Honest, 4)],
            vec![(Manner::Liar, 1), (Manner::Silent, 1)],
            vec![(Manner::Slow, 2)],
        ],
        attester: "",
        between: Between::Nothing,
        offers: None,
    })
    .unwrap();
    play.stage.agents.kill(DEAD).unwrap();

    let silent = play.stage.crews[2].nodes[0];
    let work = any_work(Kernel::Fractal, Kind::Wasm, AMOUNT, 100);
    play.order_of_silent(work, &silent, 1, TIMES).unwrap();
    let works = [
        (Kernel::Fractal, Kind::Wasm, 0),
        (Kernel::Search, Kind::Wasm, 0),
        (Kernel::Digits, Kind::Wasm, 0),
        (Kernel::Fractal, Kind::Sbpf, 0),
        (Kernel::Fractal, Kind::Wasm, 1),
        (Kernel::Search, Kind::Wasm, 2),
        (Kernel::Digits, Kind::Wasm, 2),
    ];
    let mut first = None;
    for (number, (kernel, kind, provider)) in (1..).zip(works) {
        let work = any_work(kernel, kind, AMOUNT, number);
        let job = play.order(work, provider, TIMES, 4).unwrap();
        first.get_or_insert(job);
    }
    play.until_accepted(Duration::from_secs(120)).unwrap();
    let first = first.unwrap();

    let mut is_slashed = false;
    play.until_over(Duration::from_secs(900), |play| {
        if !is_slashed && play.proven(&first)?.len() >= 3 {
            is_slashed = true;
            let seen = play.seen[&first];
            let lost = twice::sign(&play.stage, TWICE, &seen)?;
            assert_eq!(lost, twice::BOND);
        }
        Ok(())
    })
    .unwrap();
    assert!(is_slashed);

    let report = play.finish().unwrap();
    println!("{}", report.table());
    report.hold_honest().unwrap();
    let of = |manner| {
        let verdicts = report.verdicts.iter();
        verdicts.filter(move |verdict| verdict.manner == manner)
    };
    let windows: usize = report
        .verdicts
        .iter()
        .map(|one| one.proven.len() + one.unproven.len())
        .sum();
    assert_eq!(windows, 200);
    assert!(of(Manner::Silent).all(|one| one.proven.is_empty()));
    assert!(of(Manner::Slow).any(|one| !one.proven.is_empty()));
    assert!(of(Manner::Slow).any(|one| one.gaps > 0 || !one.unproven.is_empty()));
    assert!(of(Manner::Liar).any(|one| !one.refused.is_empty()));
}
