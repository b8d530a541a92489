//! Which offers are due, at which price, and for how long.

use super::*;

/// Number, slots and how many it replaces of what is posted; the number of what is withdrawn or cleared.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Post(u64, u32, usize),
    Withdraw(u64),
    Clear(u64),
}

fn told(steps: &[Step]) -> Vec<Told> {
    let number = |offer: &Offer| offer.id.wrapping_sub(OURS_FROM);
    let one = |step: &Step| match step {
        Step::Post { args, replaces } => {
            Told::Post(args.id - OURS_FROM, args.slots, replaces.len())
        }
        Step::Withdraw(_, offer) => Told::Withdraw(number(offer)),
        Step::Clear(_, offer) => Told::Clear(number(offer)),
    };
    steps.iter().map(one).collect()
}

fn at(
    node: &Node,
    offers: &[(Address, Offer)],
    jobs: &[(Address, Job)],
    configured: &[config::Offer],
    now: i64,
) -> Vec<Told> {
    let place = Place {
        key: &key(NODE),
        node,
        offers,
        jobs,
    };
    told(&due(&place, configured, now))
}

#[test]
fn the_price_rises_with_the_slots_in_use_to_the_highest_with_one_left() {
    let of = |used| price(&wanted(), &node(used));
    assert_eq!(
        [0, 1, 2, 3, 4, 5, 6].map(of),
        [1_000, 1_250, 1_500, 1_750, 2_000, 2_000, 2_000]
    );
    let small = |slots_total, slots_used| {
        price(
            &wanted(),
            &Node {
                slots_total,
                slots_used,
                ..node(0)
            },
        )
    };
    assert_eq!(
        (small(1, 0), small(1, 1), small(0, 0)),
        (1_000, 1_000, 1_000)
    );
    assert_eq!(
        (small(2, 0), small(2, 1), small(2, 2)),
        (1_000, 2_000, 2_000)
    );
    assert_eq!((small(u16::MAX, u16::MAX - 1), small(4, 1)), (2_000, 1_333));
    let flat = |most_price| {
        price(
            &config::Offer {
                most_price,
                ..wanted()
            },
            &node(4),
        )
    };
    assert_eq!(
        (flat(None), flat(Some(999)), flat(Some(0))),
        (1_000, 1_000, 1_000)
    );
}

#[test]
fn the_price_never_leaves_its_bounds() {
    for (low, high) in [
        (0, u64::MAX),
        (u64::MAX - 1, u64::MAX),
        (u64::MAX, 0),
        (1, 2),
    ] {
        let wanted = config::Offer {
            price: low,
            most_price: Some(high),
            ..wanted()
        };
        for slots_total in [0, 1, 2, 3, u16::MAX] {
            let mut last = low;
            for slots_used in [0, 1, 2, 1_000, u16::MAX - 1, u16::MAX] {
                let price = price(
                    &wanted,
                    &Node {
                        slots_total,
                        slots_used,
                        ..node(0)
                    },
                );
                assert!(
                    (last..=high.max(low)).contains(&price),
                    "{low} {high} {slots_total}"
                );
                last = price;
            }
        }
    }
}

#[test]
fn what_is_missing_is_posted_with_the_slots_that_are_free() {
    let all = [wanted(), wanted()];
    let posts = |used| at(&node(used), &[], &[], &all[..1], NOW);
    assert_eq!(posts(0), [Told::Post(0, 3, 0)]);
    assert_eq!(posts(3), [Told::Post(0, 2, 0)]);
    assert_eq!(posts(5), []);
    assert_eq!(
        at(&node(0), &[], &[], &all, NOW),
        [Told::Post(0, 3, 0), Told::Post(OF_EACH, 3, 0)]
    );
    // The numbers that are taken, by what is over too, are not.
    let mut over = posted(0, 0, 0);
    over.1.slots_left = 0;
    let both = [over, posted(0, 1, 4)];
    assert_eq!(
        at(&node(0), &both, &[], &all[..1], NOW),
        [Told::Clear(0), Told::Post(2, 3, 1)]
    );
    // Jobs that came from it hold its slots, those on other nodes and those that ended do not.
    let mut jobs = [job(20), job(21), job(22), job(23)];
    jobs[2].1.node = key(77);
    jobs[3].1.state = JobState::Released.byte();
    assert_eq!(
        at(&node(2), &[], &jobs, &all[..1], NOW),
        [Told::Post(0, 1, 0)]
    );
    let full = [job(20), job(21), job(22)];
    assert_eq!(at(&node(3), &[], &full, &all[..1], NOW), []);
    let unmeasured = Node {
        set: Address::default(),
        ..node(0)
    };
    assert_eq!(
        at(&unmeasured, &[posted(0, 0, 0)], &[], &all[..1], NOW),
        [Told::Withdraw(0)]
    );
}

#[test]
fn what_the_operator_posted_by_hand_is_never_touched() {
    let mut hand = posted(0, 0, 0);
    hand.1.id = OURS_FROM - 1;
    assert_eq!(at(&node(0), &[hand], &[], &[], NOW), []);
    assert_eq!(told(&leaving(&key(NODE), &[hand], NOW)), []);
    hand.1.expires_at = 0;
    assert_eq!(at(&node(5), &[hand], &[], &[wanted()], NOW), []);
    let mut other = posted(0, 0, 0);
    other.1.node = key(77);
    assert_eq!(at(&node(0), &[other], &[], &[], NOW), []);
}

#[test]
fn an_offer_is_renewed_when_less_than_a_quarter_of_its_time_is_left() {
    let stands = [posted(0, 0, 0)];
    let renewed = |now| at(&node(0), &stands, &[], &[wanted()], now);
    assert_eq!(renewed(NOW + 750), []);
    assert_eq!(renewed(NOW + 751), [Told::Post(1, 3, 1)]);
    assert_eq!(renewed(NOW + 999), [Told::Post(1, 3, 1)]);
    assert_eq!(renewed(NOW + 1_000), [Told::Clear(0), Told::Post(1, 3, 0)]);
    let place = Place {
        key: &key(NODE),
        node: &node(0),
        offers: &stands,
        jobs: &[],
    };
    let steps = due(&place, &[wanted()], NOW + 751);
    let Step::Post { args, .. } = &steps[0] else {
        panic!()
    };
    assert_eq!((args.expires_at, args.terms.price), (NOW + 1_751, 1_000));
    // A time that no offer can have is the program's to refuse.
    let forever = config::Offer {
        stands_secs: u64::MAX,
        ..wanted()
    };
    let steps = due(&place, &[forever], NOW);
    let Step::Post { args, .. } = &steps[0] else {
        panic!()
    };
    assert_eq!(args.expires_at, i64::MAX);
    assert_eq!(at(&node(0), &stands, &[], &[wanted()], i64::MIN), []);
}

#[test]
fn a_price_is_changed_from_a_hundredth_on() {
    let mut stands = posted(0, 0, 0);
    let mut changed = |price| {
        stands.1.terms.price = price;
        !at(&node(0), &[stands], &[], &[wanted()], NOW).is_empty()
    };
    // Of what stands: 1,000 is wanted.
    for (price, is_changed) in [
        (1_000, false),
        (1_010, false),
        (1_011, true),
        (991, false),
        (990, true),
        (u64::MAX, true),
        (1, true),
        (0, true),
    ] {
        assert_eq!(changed(price), is_changed, "{price}");
    }
    // While no slot is free nothing is posted anew.
    assert_eq!(at(&node(5), &[posted(0, 0, 0)], &[], &[wanted()], NOW), []);
    assert_eq!(
        at(&node(4), &[posted(0, 0, 0)], &[], &[wanted()], NOW),
        [Told::Post(1, 1, 1)]
    );
}

#[test]
fn what_is_not_configured_any_more_is_withdrawn() {
    let stands = [posted(0, 0, 0), posted(1, 0, 0)];
    let second = Told::Withdraw(OF_EACH);
    assert_eq!(at(&node(0), &stands, &[], &[wanted()], NOW), [second]);
    let other = config::Offer {
        cap: 51,
        ..wanted()
    };
    assert_eq!(
        at(&node(0), &stands[..1], &[], &[other], NOW),
        [Told::Withdraw(0), Told::Post(1, 3, 0)]
    );
    // The node was registered anew: what stands there cannot be taken.
    let anew = Node {
        opened_slot: 10,
        ..node(0)
    };
    assert_eq!(
        at(&anew, &stands[..1], &[], &[wanted()], NOW),
        [Told::Withdraw(0), Told::Post(1, 3, 0)]
    );
}

#[test]
fn of_several_that_serve_the_one_that_stands_longest_is_kept() {
    let mut stands = [posted(0, 0, 0), posted(0, 1, 0), posted(0, 2, 0)];
    stands[1].1.expires_at += 1;
    let withdrawn = [Told::Withdraw(0), Told::Withdraw(2)];
    let mut found = at(&node(0), &stands, &[], &[wanted()], NOW);
    found.sort_by_key(|one| matches!(one, Told::Withdraw(2)));
    assert_eq!(found, withdrawn);
}

#[test]
fn no_more_slots_stand_than_the_configuration_allows() {
    let stands = [posted(0, 0, 1)];
    let of = |slots, jobs: &[(Address, Job)]| {
        at(
            &node(1),
            &stands,
            jobs,
            &[config::Offer { slots, ..wanted() }],
            NOW,
        )
    };
    assert_eq!(of(3, &[]), []);
    assert_eq!(of(3, &[job(20)]), [Told::Post(1, 2, 1)]);
    assert_eq!(of(1, &[job(20)]), [Told::Withdraw(0)]);
    assert_eq!(of(0, &[]), [Told::Withdraw(0)]);
}
