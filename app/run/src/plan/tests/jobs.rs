//! How many jobs, on which offers, for how long.

use super::*;

#[test]
fn thirty_chunks_go_to_thirty_nodes_where_so_many_are_asked_for() {
    let plan = case(alike(40, terms()), 30).nodes(30).plan();
    assert_eq!(plan.chunks(), [1; 30]);
    assert_eq!(plan.offers(), (0..30).collect::<Vec<_>>());
    assert_eq!((plan.unplaced, plan.why), (0, None));
}

#[test]
fn no_more_jobs_than_shorten_the_time_unless_asked_for() {
    // Ten chunks a window: three nodes do 30 within one.
    assert_eq!(case(alike(40, terms()), 30).plan().chunks(), [10; 3]);
    assert_eq!(case(alike(40, terms()), 31).plan().chunks(), [8, 8, 8, 7]);
    // Where one chunk takes a window, thirty help.
    let mut slow = case(alike(40, terms()), 30);
    slow.chunk_millis = 80_000;
    assert_eq!(slow.plan().chunks(), [1; 30]);
    // Twenty nodes take two windows, and so do fifteen.
    slow.listings.truncate(20);
    assert_eq!(slow.plan().chunks().len(), 15);
}

#[test]
fn one_node_works_through_ten_thousand_chunks_window_after_window() {
    let terms = Terms {
        window_secs: 400,
        max_length_secs: 800_000,
        ..terms()
    };
    let plan = case(alike(9, terms), 10_000).nodes(1).plan();
    let job = plan.only();
    assert_eq!(
        (job.chunks, job.windows, job.length_secs),
        (10_000, 1_000, 400_000)
    );
    assert_eq!(
        (job.done_secs, job.funds, job.most_cost),
        (400_000, 10_000, 10_000)
    );
    assert_eq!((job.settled_secs, job.ruled_secs), (400_070, 400_150));
    assert_eq!(plan.unplaced, 0);
}

#[test]
fn no_job_has_more_inputs_than_are_brought_before_its_worker_gives_it_back() {
    // 75 of the first window's 100 s, 40 inputs in each.
    let terms = Terms {
        max_length_secs: 200_000,
        ..terms()
    };
    let plan = case(alike(1, terms), 10_000).nodes(1).plan();
    assert_eq!((plan.only().chunks, plan.unplaced), (3_000, 7_000));
}

#[test]
fn what_exceeds_the_longest_jobs_comes_later() {
    // Ten windows of ten chunks: a hundred a job.
    let plan = case(alike(2, terms()), 250).plan();
    assert_eq!(plan.chunks(), [100, 100]);
    assert_eq!((plan.unplaced, plan.why), (50, Some(Why::Later)));
    let plan = case(alike(2, terms()), 250).nodes(1).plan();
    assert_eq!((plan.chunks(), plan.unplaced), (vec![100], 150));
}

#[test]
fn no_job_has_more_chunks_than_both_trees_are_deep_enough_for() {
    let terms = Terms {
        cap: 1_024,
        window_secs: 1_000,
        max_length_secs: 300_000_000,
        ..terms()
    };
    let plan = case(alike(1, terms), 20_000).plan();
    assert_eq!((plan.chunks(), plan.unplaced), (vec![1 << 14], 3_616));
}

#[test]
fn a_job_that_has_less_to_do_lasts_its_notice_and_a_window_all_the_same() {
    let notice = |notice_secs| {
        let terms = Terms {
            notice_secs,
            ..terms()
        };
        case(alike(1, terms), 5).plan().only()
    };
    let job = notice(100);
    assert_eq!((job.windows, job.length_secs, job.done_secs), (1, 200, 100));
    assert_eq!((job.funds, job.most_cost, job.settled_secs), (20, 5, 270));
    let job = notice(101);
    assert_eq!((job.length_secs, job.funds), (300, 30));
    // The longest length cuts a window that is about no chunk.
    let job = notice(900);
    assert_eq!((job.length_secs, job.funds), (1_000, 100));
    let terms = Terms {
        notice_secs: 101,
        max_length_secs: 201,
        ..terms()
    };
    let plan = case(alike(1, terms), 25).plan();
    assert_eq!((plan.only().length_secs, plan.only().funds), (201, 30));
    assert_eq!((plan.chunks(), plan.unplaced), (vec![20], 5));
}

#[test]
fn the_cheapest_chunks_come_first_whatever_the_unit_costs() {
    // A unit costs half as much, but a chunk is twenty of them.
    let coarse = Terms {
        cap: 200,
        price: 1,
        per: 2,
        window_secs: 1_000,
        notice_secs: 1_000,
        max_length_secs: 10_000,
        ..terms()
    };
    let mut case = case(
        vec![listing(0, 0, 1, coarse), listing(1, 1, 1, terms())],
        10,
    );
    case.chunk_millis = 8_000;
    case.learned.paces.insert(
        node(0),
        Pace {
            chunks: 10,
            window_secs: 1_000,
        },
    );
    case.asked.nodes = Some(1);
    assert_eq!(case.plan().offers(), [1]);
    assert_eq!(case.plan().only().chunk_price, 1);
}

#[test]
fn more_than_the_cheapest_offers_have_room_for_goes_to_dearer_ones() {
    let dear = Terms {
        price: 3,
        ..terms()
    };
    let mut listings = alike(2, terms());
    listings.insert(0, listing(9, 9, 1, dear));
    let plan = case(listings, 25).plan();
    assert_eq!(
        (plan.offers(), plan.chunks()),
        (vec![0, 1, 9], vec![10, 10, 5])
    );
    assert_eq!((plan.totals.most_cost, plan.totals.escrow), (35, 100));
    assert_eq!((plan.totals.jobs, plan.totals.chunks), (3, 25));
}

#[test]
fn the_quick_are_taken_before_the_cheap_only_as_far_as_it_saves_time() {
    let slow = Terms {
        window_secs: 400,
        notice_secs: 400,
        max_length_secs: 4_000,
        ..terms()
    };
    let quick = Terms {
        price: 5,
        ..terms()
    };
    let listings = vec![
        listing(0, 0, 1, slow),
        listing(1, 1, 1, quick),
        listing(
            2,
            2,
            1,
            Terms {
                price: 4,
                ..terms()
            },
        ),
    ];
    let plan = case(listings.clone(), 10).nodes(1).plan();
    assert_eq!((plan.offers(), plan.totals.done_secs), (vec![2], 100));
    // Two jobs: the dear one for the sake of time, and no more of it than that takes.
    let plan = case(listings, 60).nodes(2).plan();
    assert_eq!((plan.offers(), plan.totals.done_secs), (vec![2, 1], 300));
    assert_eq!(plan.chunks(), [30, 30]);
}

#[test]
fn equals_are_spread_over_nodes_that_have_the_fewest_jobs() {
    let listings = vec![
        listing(0, 0, 3, terms()),
        listing(1, 0, 3, terms()),
        listing(2, 1, 2, terms()),
        listing(3, 2, 1, terms()),
    ];
    let offers = |jobs| case(listings.clone(), 30).nodes(jobs).plan().offers();
    assert_eq!(offers(3), [0, 2, 3]);
    assert_eq!(offers(5), [0, 0, 2, 2, 3]);
    // Both offers of node 0 share its three slots.
    assert_eq!(offers(30).len(), 6);
}

#[test]
fn nodes_that_are_avoided_get_nothing() {
    let mut case = case(alike(3, terms()), 30);
    case.learned.avoid.insert(node(1));
    assert_eq!(case.plan().offers(), [0, 2]);
}

#[test]
fn nothing_is_planned_for_no_chunk_and_later_for_no_node() {
    let plan = case(alike(3, terms()), 0).plan();
    assert_eq!(
        (plan.placements.len(), plan.unplaced, plan.why),
        (0, 0, None)
    );
    assert_eq!(plan.totals, Totals::default());
    let plan = case(alike(3, terms()), 7).nodes(0).plan();
    assert_eq!((plan.unplaced, plan.why), (7, Some(Why::Later)));
    let plan = case(vec![], 7).plan();
    assert_eq!((plan.unplaced, plan.why), (7, Some(Why::NoOffer)));
}

#[test]
fn a_plan_has_a_bounded_number_of_jobs() {
    let plan = case(alike(300, terms()), 5_000).nodes(300).plan();
    assert_eq!(plan.totals.jobs, MOST_JOBS);
    assert_eq!(plan.unplaced, 0);
}
