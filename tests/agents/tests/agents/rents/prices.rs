//! Money that does not reach, and prices that move.

use {super::*, sluice_agents_tests::faulty::FaultyNode};

/// Most base units that the run may have in escrow and spent: ten chunks are within it. The deposit of a job is two windows' at least.
const BUDGET: u64 = 40_000;
const TEN: u64 = 10 * WINDOW / 4;

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn a_budget_is_never_exceeded_and_what_it_does_not_reach_is_computed_here_or_waits_for_more() {
    let stage = stage_with(
        "rents-budget",
        vec![vec![(Manner::Honest, 1)], vec![(Manner::Honest, 1)]],
        QUICK,
    );
    let renter = |name| Renter::new(&stage, name, Kernel::Fractal, Kind::Wasm, 24).unwrap();

    let poor = renter("poor");
    let before = poor.holds(&stage).unwrap();
    let words = [&SLOWLY[..], &["--max-price", "0.00001", "--budget", "0.03"]].concat();
    let words = poor.words(&words);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let told = poor.output(&words).unwrap();
    let error = String::from_utf8_lossy(&told.stderr);
    assert_eq!(told.status.code(), Some(3), "{error}");
    let why = "the cheapest offer needs a deposit of 0.03024, and the budget is 0.03";
    assert!(error.contains(why), "{error}");
    assert_eq!(poor.holds(&stage).unwrap(), before);

    // One job, and what is left of the budget is no deposit.
    let budget = ["--budget", "0.04"];
    let words = [&SLOWLY[..], &budget, &["--verify", "all"]].concat();
    for more in [None, Some("0.2")] {
        until_offered(&stage, 2);
        let renter = renter(more.map_or("short", |_| "raised"));
        let before = renter.holds(&stage).unwrap();
        let mut child = begin(&renter, &words);
        if let Some(more) = more {
            let spent = || before - renter.holds(&stage).unwrap();
            wait("job", PATIENCE, || (spent() > 0).then_some(()));
            assert!(spent() <= BUDGET, "{} base units", spent());
            child.kill().unwrap();
            child.wait().unwrap();
            let id = renter.id().unwrap();
            let resume = ["run", "resume", &id, "--budget", more];
            child = renter.start(&resume).unwrap();
        }
        let mut most = 0;
        let bill = until_end(&stage, &renter, child, before, || {
            most = most.max(before.saturating_sub(renter.holds(&stage).unwrap()));
        });
        println!("budget {more:?}, most {most}: {bill:#}\n{}", renter.log());
        let (bound, paid) = match more {
            None => (BUDGET, TEN),
            Some(_) => (200_000, 6 * WINDOW),
        };
        assert!(most <= bound, "{most} base units");
        assert_eq!(gross(&bill), paid);
    }
}

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn prices_that_move_between_plan_and_placement_are_planned_anew_and_never_above_the_highest() {
    let at = |price| Offered { price, ..QUICK };
    let stage = Stage::new(&Plan {
        folder: folder("rents-prices"),
        attesters: 3,
        threshold: 2,
        providers: vec![vec![(Manner::Honest, 1)], vec![(Manner::Honest, 1)]],
        attester: "",
        between: Between::Nothing,
        // Their operator posts them by hand.
        offers: None,
    })
    .unwrap();
    at(3).post(&stage, 0).unwrap();
    at(4).post(&stage, 1).unwrap();
    let door = FaultyNode::before(stage.chain.rpc_url(), 1).unwrap();
    let mut renter = Renter::new(&stage, "renter", Kernel::Fractal, Kind::Wasm, 24).unwrap();
    renter.through(door.url());
    let before = renter.holds(&stage).unwrap();
    let words = [&SLOWLY[..], &["--budget", "1", "--verify", "all"]].concat();
    let child = begin(&renter, &words);
    // The first turn plans, and the next one takes.
    let begun = Instant::now();
    while !renter.log().contains("of 24 results") {
        assert!(begun.elapsed() < PATIENCE, "{}", renter.log());
        sleep(Duration::from_millis(10));
    }
    door.shut(true);
    let held = renter.holds(&stage).unwrap();
    assert_eq!(held, before, "it was quicker: {}", renter.log());
    at(20).post(&stage, 0).unwrap();
    at(5).post(&stage, 1).unwrap();
    door.shut(false);
    let bill = until_end(&stage, &renter, child, before, || {});
    println!("{bill:#}\n{}", renter.log());
    let nodes: Vec<_> = stage.crews.iter().map(|crew| crew.nodes[0]).collect();
    assert_eq!(paid_on(&bill, &nodes[0]), 0);
    assert_eq!(paid_on(&bill, &nodes[1]), 6 * 5 * CAP);
    assert_eq!(gross(&bill), 6 * 5 * CAP);
}
