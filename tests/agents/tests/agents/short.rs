//! Two workers, three attesters, two jobs: one of the workers lies once, and two processes are killed.

use {
    crate::{folder, work_with},
    sluice_agents_tests::{
        buyer::Times,
        play::Play,
        stage::{Between, Manner, Plan},
        work::{Amount, Kernel},
    },
    sluice_work::core::Kind,
    std::time::Duration,
};

const TIMES: Times = Times {
    window: 5,
    grace: 30,
    challenge: 0,
};
const AMOUNT: Amount = Amount {
    windows: 3,
    per_window: 4,
    units: 7,
};

#[test]
fn every_honest_unit_is_paid_though_a_worker_lies_and_processes_are_killed() {
    let mut play = Play::new(&Plan {
        folder: folder("short"),
        attesters: 3,
        threshold: 2,
        providers: vec![vec![(Manner::Honest, 1)], vec![(Manner::Liar, 1)]],
        attester: "",
        between: Between::Nothing,
        offers: None,
    })
    .unwrap();
    let honest = work_with(Kernel::Fractal, Kind::Wasm, AMOUNT, 1, &[]);
    // The third chunk of the second window.
    let lying = work_with(Kernel::Fractal, Kind::Wasm, AMOUNT, 2, &[6]);
    let honest = play.order(honest, 0, TIMES, 3).unwrap();
    let lying = play.order(lying, 1, TIMES, 3).unwrap();
    play.until_accepted(Duration::from_secs(20)).unwrap();

    // In the middle: some is proven, the rest is not.
    let mut killed = false;
    play.until_over(Duration::from_secs(60), |play| {
        if !killed && play.proven(&honest)?.contains(&0) {
            killed = true;
            for name in ["attester-1", "worker-0-0"] {
                play.stage.agents.kill(name)?;
                play.stage.agents.restart(name)?;
            }
        }
        // What is left to wait for is the grace of the lie.
        let [honest, lying] = [play.proven(&honest)?, play.proven(&lying)?];
        if honest.len() == 3 && lying.contains(&0) && lying.contains(&2) {
            play.stage.chain.advance(TIMES.grace)?;
        }
        Ok(())
    })
    .unwrap();
    assert!(killed);

    let report = play.finish().unwrap();
    println!("{}", report.table());
    report.hold_honest().unwrap();
    // Nobody lost a chunk by being killed.
    let units: Vec<_> = report.verdicts.iter().map(|one| one.units).collect();
    assert_eq!(units, [3 * 4 * 7, 2 * 4 * 7]);
    let liar = report.verdicts.last().unwrap();
    assert_eq!(liar.refused, [(1, 6)]);
    assert_eq!(liar.proven.keys().copied().collect::<Vec<_>>(), [0, 2]);
    // Somebody is dead in the middle of it, so not all of them are quick.
    assert!(report.delays().within(50).unwrap() <= 10);
    assert!(report.delays().within(100).unwrap() <= u64::from(TIMES.grace));
    assert!(report.took < Duration::from_secs(60), "{:?}", report.took);
}
