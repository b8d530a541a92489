//! How a window is divided, and which offers are of no use.

use super::*;

fn per_window(cap: u64, window_secs: u32, chunk_millis: u64) -> Option<(u32, u64)> {
    let terms = Terms {
        cap,
        window_secs,
        notice_secs: window_secs,
        max_length_secs: 10 * u64::from(window_secs),
        ..terms()
    };
    let mut case = case(alike(1, terms), 1);
    case.chunk_millis = chunk_millis;
    let plan = case.plan();
    let job = plan.placements.first()?.job;
    Some((job.per_window, job.units))
}

#[test]
fn a_window_is_divided_by_the_largest_divisor_that_takes_nine_tenths_of_it() {
    // 90 of 100 s: nine chunks of 10 s, and the largest divisor of 12 up to 9 is 6.
    assert_eq!(per_window(12, 100, 10_000), Some((6, 2)));
    assert_eq!(per_window(16, 100, 11_250), Some((8, 2)));
    assert_eq!(per_window(16, 100, 11_251), Some((4, 4)));
    assert_eq!(per_window(16, 100, 0), Some((16, 1)));
}

#[test]
fn a_window_has_at_most_1024_chunks() {
    assert_eq!(per_window(4_096, 100, 1), Some((1_024, 4)));
    // 7 x 7 x 73 x 127 x ...: two windows of it are the most that 64 bits count.
    let half = u64::MAX / 2;
    assert_eq!(per_window(half, 100, 1), Some((889, half / 889)));
    assert_eq!(per_window(half + 1, 100, 1), None);
}

#[test]
fn a_prime_cap_is_one_chunk_or_all_of_them() {
    assert_eq!(per_window(1_021, 3_600, 1), Some((1_021, 1)));
    assert_eq!(per_window(1_021, 100, 89), Some((1, 1_021)));
    assert_eq!(per_window(1_031, 3_600, 1), Some((1, 1_031)));
    assert_eq!(per_window(1, 3_600, 1), Some((1, 1)));
}

#[test]
fn an_offer_in_whose_window_no_chunk_is_done_is_named() {
    assert_eq!(per_window(10, 100, 90_000), Some((1, 10)));
    let mut case = case(alike(1, terms()), 5);
    case.chunk_millis = 90_001;
    let plan = case.plan();
    let why = Unusable::WindowTooShort { window_secs: 100 };
    assert_eq!(plan.unusable, [(address(1, 0), why)]);
    assert_eq!((plan.unplaced, plan.why), (5, Some(Why::NoOffer)));
}

#[test]
fn a_pace_that_is_known_replaces_the_expectation() {
    let mut case = case(alike(2, terms()), 100);
    let mut pace = |chunks, window_secs| {
        let pace = Pace {
            chunks,
            window_secs,
        };
        case.learned.paces.insert(node(0), pace);
        case.asked.nodes = Some(2);
        let plan = case.plan();
        let first = plan.offers().iter().position(|offer| *offer == 0);
        first.map(|at| plan.placements[at].job.per_window)
    };
    assert_eq!(pace(5, 100), Some(5));
    assert_eq!(pace(5, 200), Some(2));
    assert_eq!(pace(500, 100), Some(10));
    assert_eq!(pace(5, 501), None);
    assert_eq!(pace(5, 0), None);
}

#[test]
fn offers_that_are_of_no_use_are_named_with_the_reason() {
    let with = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        terms
    };
    let listings = vec![
        listing(0, 0, 1, terms()),
        listing(1, 1, 0, terms()),
        listing(2, 2, 1, with(|terms| terms.mint = node(9))),
        listing(3, 3, 1, with(|terms| terms.max_length_secs = 199)),
        listing(4, 4, 1, with(|terms| terms.per = 0)),
        listing(5, 5, 1, with(|terms| terms.cap = 0)),
        listing(6, 6, 1, with(|terms| terms.window_secs = 0)),
        listing(7, 7, 1, with(|terms| terms.price = u64::MAX)),
        listing(8, 8, 1, with(|terms| terms.bond = 0)),
        listing(9, 9, 1, with(|terms| terms.challenge_secs = 0)),
        listing(10, 10, 1, with(|terms| terms.ruling_secs = 7)),
    ];
    let mut case = case(listings, 3);
    case.kind = Kind::Sbpf;
    case.learned.avoid.insert(node(0));
    let plan = case.plan();
    let whys: Vec<Unusable> = plan.unusable.iter().map(|(_, why)| *why).collect();
    assert_eq!(
        whys,
        [
            Unusable::Avoided,
            Unusable::NoSlot,
            Unusable::NotAsked,
            Unusable::TooShort,
            Unusable::BadTerms,
            Unusable::BadTerms,
            Unusable::BadTerms,
            Unusable::BadTerms,
            Unusable::NothingAtStake,
            Unusable::NothingAtStake,
            Unusable::NothingAtStake,
        ]
    );
    assert_eq!((plan.unplaced, plan.why), (3, Some(Why::NoOffer)));
    case.kind = Kind::Wasm;
    assert_eq!(case.plan().unusable.len(), 8);
}

#[test]
fn a_dearer_unit_than_asked_is_not_taken() {
    let mut case = case(alike(1, terms()), 1);
    case.asked.most = Price {
        price: 99,
        per: 100,
    };
    assert_eq!(case.plan().unusable[0].1, Unusable::NotAsked);
    case.asked.most = Price { price: 1, per: 1 };
    assert!(case.plan().unusable.is_empty());
    case.asked.most = Price { price: 1, per: 0 };
    assert_eq!(case.plan().unusable[0].1, Unusable::NotAsked);
}

#[test]
fn judged_work_puts_the_whole_bond_at_stake() {
    let mut case = case(alike(1, terms()), 1);
    assert_eq!(
        (case.plan().only().slash, case.plan().only().answer_secs),
        (0, 0)
    );
    case.kind = Kind::Sbpf;
    assert_eq!(
        (case.plan().only().slash, case.plan().only().answer_secs),
        (500, 6 * 3_600)
    );
}
