//! What the money reaches for.

use super::*;

#[test]
fn a_deposit_is_rounded_up_and_a_cost_down() {
    let terms = Terms {
        price: 2,
        per: 7,
        ..terms()
    };
    // 31 units: 8.86 base units, above the deposit's 20 units: 5.71.
    let job = case(alike(1, terms), 31).plan().only();
    assert_eq!((job.funds, job.most_cost, job.chunk_price), (9, 8, 1));
    let job = case(alike(1, terms), 3).plan().only();
    assert_eq!((job.funds, job.most_cost), (6, 0));
}

#[test]
fn fewer_jobs_are_taken_where_their_deposits_exceed_the_budget() {
    let plan = |budget| case(alike(4, terms()), 40).budget(budget).plan();
    assert_eq!(plan(80).chunks(), [10; 4]);
    // Three jobs would take two windows as well as two do.
    let fewer = plan(79);
    assert_eq!((fewer.unplaced, fewer.totals.done_secs), (0, 200));
    assert_eq!((fewer.chunks(), fewer.totals.escrow), (vec![20, 20], 40));
    assert_eq!(plan(40).chunks(), [20, 20]);
}

#[test]
fn what_the_budget_does_not_pay_for_stays_unplaced_with_the_numbers() {
    let plan = case(alike(4, terms()), 200).nodes(1).budget(33).plan();
    assert_eq!((plan.chunks(), plan.totals.escrow), (vec![33], 33));
    let why = Why::Budget {
        least_deposit: 20,
        left: 33,
        missing: 67,
    };
    // A job has room for 100.
    assert_eq!((plan.unplaced, plan.why), (167, Some(why)));
}

#[test]
fn an_offer_whose_deposit_is_too_much_is_passed_over_for_one_that_fits() {
    let patient = Terms {
        notice_secs: 800,
        ..terms()
    };
    let dear = Terms {
        price: 2,
        ..terms()
    };
    let listings = vec![listing(0, 0, 1, patient), listing(1, 1, 1, dear)];
    let plan = |budget| case(listings.clone(), 15).nodes(1).budget(budget).plan();
    assert_eq!(plan(90).offers(), [0]);
    assert_eq!((plan(89).offers(), plan(89).totals.escrow), (vec![1], 40));
    let none = plan(39);
    let why = Why::Budget {
        least_deposit: 40,
        left: 39,
        missing: 51,
    };
    assert_eq!((none.unplaced, none.why), (15, Some(why)));
    assert!(none.placements.is_empty());
}

#[test]
fn what_is_used_already_is_left_of_the_budget_no_more() {
    let mut case = case(alike(4, terms()), 40).budget(100);
    case.used = 60;
    assert_eq!(case.plan().totals.escrow, 40);
    case.used = 81;
    let plan = case.plan();
    assert!(plan.placements.is_empty());
    assert!(matches!(plan.why, Some(Why::Budget { left: 19, .. })));
    case.used = 101;
    assert!(matches!(case.plan().why, Some(Why::Budget { left: 0, .. })));
}

#[test]
fn more_time_is_taken_where_quicker_offers_are_too_dear() {
    let dear = Terms {
        price: 9,
        ..terms()
    };
    let listings = vec![listing(0, 0, 1, terms()), listing(1, 1, 1, dear)];
    let plan = |budget| case(listings.clone(), 40).budget(budget).plan();
    // Both take two windows: 20 chunks at 1 and 20 at 9.
    assert_eq!(
        (plan(200).chunks(), plan(200).totals.done_secs),
        (vec![20, 20], 200)
    );
    // One alone takes four.
    assert_eq!(
        (plan(199).chunks(), plan(199).totals.done_secs),
        (vec![40], 400)
    );
}

#[test]
fn a_dear_offer_does_not_eat_the_budget_that_a_cheap_one_does_more_with() {
    let dear = Terms {
        price: 10,
        max_length_secs: 100_000,
        notice_secs: 500,
        ..terms()
    };
    let listings = vec![listing(0, 0, 1, terms()), listing(1, 1, 1, dear)];
    let plan = case(listings, 1_000).budget(600).plan();
    assert_eq!((plan.offers(), plan.chunks()), (vec![0], vec![100]));
}
