//! Plans of random markets against a check of its own, written from the protocol.

use {super::*, proptest::prelude::*, sluice_math::work::Shape, std::collections::HashMap};

/// Windows, in units, that an offer's deposit has to cover: the notice in whole windows, and one more.
fn deposit_units(terms: &Terms) -> u128 {
    let (notice, window) = (u128::from(terms.notice_secs), u128::from(terms.window_secs));
    (notice.div_ceil(window) + 1) * u128::from(terms.cap)
}

/// Units that the chain says `funds` pay for.
fn units_funded(funds: u64, terms: &Terms) -> u128 {
    u128::from(funds) * u128::from(terms.per) / u128::from(terms.price)
}

/// Chunks of a window: tries every number there is.
fn divided(case: &Case, listing: &Listing) -> Option<u32> {
    let terms = &listing.offer.terms;
    let window = u128::from(terms.window_secs);
    let in_time = |chunks: u32| match case.learned.paces.get(&listing.offer.node) {
        Some(pace) => {
            u128::from(chunks) * u128::from(pace.window_secs) <= u128::from(pace.chunks) * window
                && pace.window_secs > 0
        }
        None => u128::from(chunks) * u128::from(case.chunk_millis.max(1)) * 10 <= window * 9_000,
    };
    (1..=1_024)
        .filter(|chunks| terms.cap.is_multiple_of(u64::from(*chunks)) && in_time(*chunks))
        .max()
}

fn free(listing: &Listing) -> u32 {
    let node = listing.node.unwrap();
    u32::from(node.slots_total - node.slots_used)
}

fn check_job(case: &Case, placement: &Placement) {
    let (listing, job) = (&placement.listing, &placement.job);
    let terms = &listing.offer.terms;
    let window = u64::from(terms.window_secs);
    assert!(!case.learned.avoid.contains(&listing.offer.node));
    assert_eq!(Some(job.per_window), divided(case, listing));
    let shape = Shape::new(job.chunks, job.per_window, job.units).unwrap();
    assert_eq!(shape.cap(), Some(terms.cap));
    assert_eq!(shape.windows(), job.windows);
    assert_eq!(job.done_secs, u64::from(job.windows) * window);
    assert!(job.length_secs >= job.done_secs);
    assert!(job.length_secs >= u64::from(terms.notice_secs) + window);
    assert!(job.length_secs <= terms.max_length_secs);
    let matures = u64::from(terms.grace_secs) + u64::from(terms.challenge_secs);
    assert!(job.settled_secs >= job.length_secs + matures);
    assert!(job.settled_secs < job.length_secs + matures + window);
    assert_eq!(
        job.ruled_secs,
        job.settled_secs + u64::from(terms.ruling_secs)
    );
    let units = u128::from(job.chunks) * u128::from(job.units);
    let needed = units.max(deposit_units(terms));
    assert!(units_funded(job.funds, terms) >= needed);
    assert!(units_funded(job.funds - 1, terms) < needed);
    assert!(units_funded(job.funds, terms) <= u128::from(u64::MAX));
    let early = u64::from(terms.window_secs) - u64::from(terms.window_secs / 4).min(60);
    assert!(u64::from(job.chunks) <= early * 40);
    let cost = units * u128::from(terms.price) / u128::from(terms.per);
    assert_eq!(u128::from(job.most_cost), cost);
    let judged = case.kind == Kind::Sbpf;
    assert_eq!(job.slash, if judged { terms.bond } else { 0 });
    assert_eq!(judged, job.slash > 0 && job.answer_secs > 0);
    let is_demanded = u64::from(job.answer_secs) * 8 <= u64::from(terms.ruling_secs);
    assert!(is_demanded || job.answer_secs == 6 * 3_600);
}

fn check(case: &Case, plan: &Plan) {
    let jobs = || plan.placements.iter().map(|placement| placement.job);
    plan.placements
        .iter()
        .for_each(|placement| check_job(case, placement));
    let chunks: u32 = jobs().map(|job| job.chunks).sum();
    assert_eq!(chunks + plan.unplaced, case.chunks);
    assert_eq!(plan.why.is_some(), plan.unplaced > 0);
    let escrow: u128 = jobs().map(|job| u128::from(job.funds)).sum();
    let cost: u128 = jobs().map(|job| u128::from(job.most_cost)).sum();
    assert!(escrow == 0 || escrow + u128::from(case.used) <= u128::from(case.asked.budget));
    let totals = plan.totals;
    assert_eq!(
        (u128::from(totals.escrow), u128::from(totals.most_cost)),
        (escrow, cost)
    );
    assert_eq!(totals.chunks, chunks);
    assert_eq!(
        totals.done_secs,
        jobs().map(|job| job.done_secs).max().unwrap_or(0)
    );
    let (mut offers, mut nodes) = (HashMap::new(), HashMap::new());
    for Placement { listing, .. } in &plan.placements {
        *offers.entry(listing.address).or_insert(0_u32) += 1;
        *nodes.entry(listing.offer.node).or_insert(0_u32) += 1;
        assert!(offers[&listing.address] <= listing.offer.slots_left);
        assert!(nodes[&listing.offer.node] <= free(listing));
    }
    assert!(totals.jobs <= case.asked.nodes.unwrap_or(MOST_JOBS));
    if let Some(Why::Budget { left, missing, .. }) = plan.why {
        assert_eq!(left, case.asked.budget.saturating_sub(case.used));
        assert!(missing > 0);
    }
}

/// Chunks that remain, and the least time for the others: what money decides nothing of, found by trying every choice of slots.
fn tried(case: &Case) -> (u32, u64) {
    let mut slots: Vec<&Listing> = Vec::new();
    for listing in &case.listings {
        let usable = plan_of_one(case, listing);
        let free = listing.offer.slots_left.min(free(listing));
        slots.extend((0..free).filter(|_| usable).map(|_| listing));
    }
    let most = usize::try_from(case.asked.nodes.unwrap_or(MOST_JOBS)).unwrap();
    let (mut best, mut times) = ((case.chunks, 0), vec![]);
    for listing in &slots {
        let window = u64::from(listing.offer.terms.window_secs);
        times.extend((1..=listing.offer.terms.max_length_secs / window).map(|w| w * window));
    }
    times.sort_unstable();
    times.dedup();
    for choice in 0..1_u32 << slots.len() {
        let chosen = slots
            .iter()
            .enumerate()
            .filter(|(at, _)| choice >> at & 1 == 1);
        let chosen: Vec<&Listing> = chosen.map(|(_, listing)| *listing).collect();
        let crowded = chosen.iter().any(|one| {
            let same = chosen
                .iter()
                .filter(|other| other.offer.node == one.offer.node);
            u32::try_from(same.count()).unwrap() > free(one)
        });
        if crowded || chosen.len() > most.min(usize::try_from(case.chunks).unwrap()) {
            continue;
        }
        for secs in &times {
            let room = chosen.iter().map(|listing| {
                let terms = &listing.offer.terms;
                let secs = terms.max_length_secs.min(*secs);
                let early = u64::from(terms.window_secs) - u64::from(terms.window_secs / 4).min(60);
                let windows = secs / u64::from(terms.window_secs);
                (windows * u64::from(divided(case, listing).unwrap())).min(early * 40)
            });
            let done = room.sum::<u64>().min(u64::from(case.chunks));
            let rest = case.chunks - u32::try_from(done).unwrap();
            if done > 0 {
                best = best.min((rest, *secs));
            }
        }
    }
    best
}

/// True when an offer can become a job at all.
fn plan_of_one(case: &Case, listing: &Listing) -> bool {
    let terms = &listing.offer.terms;
    let judged = case.kind == Kind::Sbpf;
    let answers = terms.bond > 0 && terms.challenge_secs > 0 && terms.ruling_secs >= 8;
    divided(case, listing).is_some()
        && !case.learned.avoid.contains(&listing.offer.node)
        && terms.max_length_secs >= u64::from(terms.notice_secs) + u64::from(terms.window_secs)
        && (!judged || answers)
}

/// Terms, the node, the offer's slots; the node's slots depend on the node.
fn offers(wild: bool) -> impl Strategy<Value = Vec<(u32, u16, Terms)>> {
    let any_u64 = move |most: u64| {
        let tame = 1..=most;
        if wild {
            prop_oneof![30 => tame.clone(), 2 => any::<u64>(), 1 => Just(u64::MAX), 1 => Just(0)]
                .boxed()
        } else {
            tame.boxed()
        }
    };
    let secs = move |most: u32| {
        if wild {
            prop_oneof![30 => 1..=most, 2 => any::<u32>(), 1 => Just(u32::MAX)].boxed()
        } else {
            (1..=most).boxed()
        }
    };
    let money = (any_u64(20), any_u64(20), any_u64(60), any_u64(1_000));
    let times = (secs(50), secs(120), 0..10_u32, 0..90_u32, any_u64(600));
    let offer = (money, times, 0..3_u32, 0..4_u16).prop_map(|(money, times, of, slots)| {
        let terms = Terms {
            price: money.0,
            per: money.1,
            cap: money.2,
            bond: money.3,
            window_secs: times.0,
            notice_secs: times.1,
            challenge_secs: times.2,
            ruling_secs: times.3,
            max_length_secs: times.4,
            ..terms()
        };
        (of, slots, terms)
    });
    prop::collection::vec(offer, 0..6)
}

/// Nodes 0, 1 and 2 have three, two and one free slots.
fn listed(offers: Vec<(u32, u16, Terms)>) -> Vec<Listing> {
    let listings = (0..).zip(offers).map(|(number, (of, slots, terms))| {
        let mut listing = listing(number, of, slots, terms);
        listing.node.as_mut().unwrap().slots_total = 3;
        listing.node.as_mut().unwrap().slots_used = u16::try_from(of).unwrap();
        listing
    });
    listings.collect()
}

fn cases(wild: bool) -> impl Strategy<Value = Case> {
    let chunks = if wild {
        prop_oneof![0..200_u32, any::<u32>()].boxed()
    } else {
        (1..80_u32).boxed()
    };
    let millis = if wild {
        prop_oneof![3 => 0..4_000_u64, 1 => any::<u64>()].boxed()
    } else {
        (0..4_000_u64).boxed()
    };
    let money = prop_oneof![0..2_000_u64, any::<u64>(), Just(u64::MAX)];
    let known = (
        prop::option::of(0..3_u32),
        prop::option::of((0..9_u32, 0..90_u32)),
    );
    let rest = (prop::option::of(0..6_u32), any::<bool>(), 0..100_u64);
    (offers(wild), chunks, millis, money, known, rest).prop_map(
        |(offers, chunks, chunk_millis, budget, (avoid, pace), (nodes, judged, used))| {
            let mut case = case(listed(offers), chunks).budget(budget);
            case.chunk_millis = chunk_millis;
            case.asked.nodes = nodes;
            case.used = used;
            case.kind = if judged { Kind::Sbpf } else { Kind::Wasm };
            case.learned.avoid.extend(avoid.map(node));
            let pace = pace.map(|(chunks, window_secs)| Pace {
                chunks,
                window_secs,
            });
            case.learned.paces.extend(pace.map(|pace| (node(1), pace)));
            case
        },
    )
}

fn outcome(plan: &Plan) -> (u32, u64) {
    (plan.unplaced, plan.totals.done_secs)
}

/// The plan twice, checked, and against one with a node fewer and one that names no number.
fn check_case(case: &mut Case) {
    let plan = case.plan();
    check(case, &plan);
    let again = case.plan();
    assert_eq!(
        (plan.offers(), plan.chunks()),
        (again.offers(), again.chunks())
    );
    let Some(nodes) = case.asked.nodes else {
        return;
    };
    case.asked.nodes = Some(nodes.saturating_sub(1));
    assert!(outcome(&plan) <= outcome(&case.plan()) || plan.totals.jobs == 0);
    case.asked.nodes = None;
    let free = case.plan();
    check(case, &free);
    assert!(outcome(&free) <= outcome(&plan) || plan.totals.jobs == 0);
    case.asked.nodes = Some(nodes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_plan_keeps_every_rule_and_no_node_more_makes_it_longer(mut case in cases(false)) {
        check_case(&mut case);
    }

    #[test]
    fn numbers_at_their_ends_neither_overflow_nor_break_a_rule(mut case in cases(true)) {
        check_case(&mut case);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_choice_of_offers_places_more_or_is_quicker_where_money_is_enough(
        mut case in cases(false),
    ) {
        case.used = 0;
        case.asked.budget = u64::MAX;
        prop_assert_eq!(outcome(&case.plan()), tried(&case));
    }
}
