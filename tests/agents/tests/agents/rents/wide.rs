//! Much work on few nodes, little on many, and what it takes beside the work itself.

use {super::*, sluice_agents_tests::faulty::FaultyNode, std::collections::BTreeSet};

#[test]
#[ignore = "it takes twenty minutes: `cargo xtask agents --wide`"]
fn one_node_does_ten_thousand_chunks() {
    // Ten thousand inputs have to be brought a minute before the first window ends: a busy machine takes fifty a second.
    let offered = Offered {
        window: 360,
        grace: 205,
        ..OFFERED
    };
    let providers = vec![vec![(Manner::Honest, 1)]];
    let stage = stage_of("rents-one", (1, 1), providers, offered);
    let renter = Renter::new(&stage, "renter", Kernel::Fractal, Kind::Wasm, 10_000).unwrap();
    let before = renter.holds(&stage).unwrap();
    let begun = Instant::now();
    // What members check within the grace bounds a window: 5,040 of these.
    let child = begin(&renter, &["--chunk-time", "20", "--most-time", "40"]);
    let bill = until_end(&stage, &renter, child, before, || {});
    println!(
        "{} s: {bill:#}\n{}",
        begun.elapsed().as_secs(),
        renter.log()
    );
    assert_eq!(bill["jobs"].as_array().unwrap().len(), 1);
}

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --wide`"]
fn thirty_nodes_do_thirty_chunks() {
    // Three members on one machine need a while for so many admissions.
    let offered = Offered {
        window: 60,
        grace: 60,
        ..OFFERED
    };
    let stage = stage_with("rents-thirty", vec![vec![(Manner::Honest, 30)]], offered);
    let renter = Renter::new(&stage, "renter", Kernel::Fractal, Kind::Wasm, 30).unwrap();
    let before = renter.holds(&stage).unwrap();
    let begun = Instant::now();
    let child = begin(&renter, &["--nodes", "30", "--verify", "all"]);
    let bill = until_end(&stage, &renter, child, before, || {});
    println!(
        "{} s: {bill:#}\n{}",
        begun.elapsed().as_secs(),
        renter.log()
    );
    let jobs = bill["jobs"].as_array().unwrap().iter();
    let nodes: BTreeSet<_> = jobs.map(|job| job["node"].as_str().unwrap()).collect();
    assert_eq!(nodes.len(), 30);
}

/// Chunks, nodes, and seconds that a chunk takes at a node.
const CHUNKS: u32 = 1_000;
const NODES: usize = 8;

/// A second a chunk cannot be computed by eight nodes on the cores of one machine. Each of these nodes waits a second for each chunk, one after
/// the other, and gives what the kernel gives, which takes milliseconds: work takes its time, and members and buyer check real outputs.
///
/// A node has 125 chunks, two windows of 63: of each window, 63 seconds of 70 are work. One member stands for all, who have machines of their own.
#[test]
#[ignore = "it takes minutes: `cargo xtask agents --wide`"]
fn a_thousand_chunks_on_eight_nodes_take_less_than_a_quarter_longer_than_the_work() {
    let offered = Offered {
        window: 70,
        grace: 60,
        challenge: 15,
        ..OFFERED
    };
    let stage = stage_of(
        "rents-thousand",
        (1, 1),
        vec![vec![(Manner::Steady, NODES)]],
        offered,
    );
    let door = FaultyNode::before(stage.chain.rpc_url(), 1).unwrap();
    let mut renter = Renter::new(&stage, "renter", Kernel::Fractal, Kind::Wasm, CHUNKS).unwrap();
    renter.through(door.url());
    let before = renter.holds(&stage).unwrap();
    let begun = Instant::now();
    let child = begin(&renter, &["--chunk-time", "950", "--budget", "1"]);
    // When the first job was there, the last one, and none any more; and the command's end.
    let (mut first, mut last, mut closed) = (None, None, None);
    let mut took = 0.0;
    let bill = until_end(&stage, &renter, child, before, || {
        took = begun.elapsed().as_secs_f64();
        let jobs = stage.ledger().list::<Job>(&[]).unwrap().len();
        if jobs > 0 {
            first.get_or_insert(took);
        }
        if jobs == NODES {
            last.get_or_insert(took);
        }
        if jobs == 0 && last.is_some() {
            closed.get_or_insert(took);
        }
    });
    println!("{bill:#}\n{}", renter.log());
    let calls = door.calls();
    let all = u32::try_from(calls.values().sum::<u64>()).unwrap();
    let (first, last, closed) = (first.unwrap(), last.unwrap(), closed.unwrap());
    let work = f64::from(CHUNKS / 8);
    let windows = f64::from(2 * offered.window);
    let terms = f64::from(offered.grace + offered.challenge);
    let overhead = took - first - work - terms;
    println!(
        "{took:.0} s from the command to its bill, the first job after {first:.1} s; work {work} s, grace and challenge time {terms} s;\n\
         overhead {overhead:.1} s: {:.0} % of the work. Taking {NODES} jobs {:.1} s, windows beside work {:.1} s, settling {:.1} s, the bill {:.1} s\n\
         {all} calls of the node, {:.0} a minute, {:.2} a chunk: {calls:?}",
        overhead / work * 100.0,
        last - first,
        windows - work,
        closed - last - windows - terms,
        took - closed,
        f64::from(all) / took * 60.0,
        f64::from(all) / f64::from(CHUNKS),
    );
    assert_eq!(bill["jobs"].as_array().unwrap().len(), NODES, "{bill:#}");
    assert!(overhead < work / 4.0, "{overhead:.1} s");
}
