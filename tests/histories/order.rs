//! The order of reports within an epoch, and of claims, pulls for delegators and folds anywhere, changes nobody's total.

use {
    super::{
        histories,
        small::{EPOCH, beginning, one_pool, starts, terms, totals, totals_on_chain},
        step::{Event, Step},
    },
    rand::{Rng, SeedableRng, seq::SliceRandom},
    rand_chacha::ChaCha8Rng,
};

/// Every order of `items`.
fn orders<T: Copy>(items: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    let with_first = |order: Vec<T>| {
        (0..=order.len()).map(move |place| {
            let mut order = order.clone();
            order.insert(place, *first);
            order
        })
    };
    orders(rest).into_iter().flat_map(with_first).collect()
}

#[test]
fn no_order_of_three_nodes_changes_a_total() {
    let pool = 0;
    let cast = one_pool(2, vec![0, 1, 1], terms(1_000_003, 70_001, 40, 4));
    let mut head = beginning(&cast, &[2_500, 3_333]);
    for (node, units) in [7, 13, 90].into_iter().enumerate() {
        head.push((starts(2), Step::Credit { node, units }));
    }
    let report = |node| Step::Report { pool, node };
    let fold = |node| Step::Fold {
        pool,
        node,
        epoch: 2,
    };
    let (claim, pay) = (
        Step::Claim { pool, node: 1 },
        Step::PayDelegators { pool, node: 1 },
    );
    let reports = orders(&[report(0), report(1), report(2), report(2)]);
    let tails = orders(&[
        fold(0),
        fold(1),
        fold(2),
        claim,
        pay,
        Step::Claim { pool, node: 2 },
    ]);
    let mut known = None;
    for reports in &reports {
        for tail in &tails {
            let reported = reports.iter().map(|step| (starts(2) + 9, *step));
            // Both nodes draw on the running stream too, and the epoch closes as soon as it can.
            let streaming = [claim, pay].map(|step| (starts(3) + 17, step));
            let close = Step::CloseEpoch { pool, epoch: 2 };
            let later = tail
                .iter()
                .flat_map(|step| [(starts(4), *step), (starts(4), close)]);
            let events = head
                .iter()
                .copied()
                .chain(reported)
                .chain(streaming)
                .chain(later);
            let found = totals(&cast, events);
            assert_eq!(
                *known.get_or_insert_with(|| found.clone()),
                found,
                "{reports:?} {tail:?}"
            );
        }
    }
    let (owners, groups, returned) = known.unwrap();
    assert!(
        owners[1] > 0 && groups[1] > 0,
        "there was something to part"
    );
    assert_eq!(
        owners.iter().sum::<u128>() + u128::from(groups[1]) + u128::from(returned),
        u128::from(u64::MAX)
    );
}

/// Work of every node in every epoch, done in a random order at random seconds.
fn arranged(dice: &mut ChaCha8Rng, work: &[Vec<u64>]) -> Vec<Event> {
    let pool = 0;
    let mut events = Vec::new();
    for (epoch, units) in (2..).zip(work) {
        for (node, units) in units.iter().copied().enumerate() {
            events.push((starts(epoch), Step::Credit { node, units }));
        }
        let mut steps = Vec::new();
        for node in 0..units.len() {
            steps.extend([
                Step::Report { pool, node },
                Step::Fold {
                    pool,
                    node,
                    epoch: epoch - 2,
                },
            ]);
            let pulls = [
                Step::Claim { pool, node },
                Step::PayDelegators { pool, node },
            ];
            steps.extend(pulls.into_iter().cycle().take(dice.random_range(0..4)));
        }
        steps.shuffle(dice);
        // A slot must be free before its node reports.
        for node in 0..units.len() {
            let place = |of: Step| steps.iter().position(|step| *step == of).unwrap();
            let fold = place(Step::Fold {
                pool,
                node,
                epoch: epoch - 2,
            });
            let report = place(Step::Report { pool, node });
            if report < fold {
                steps.swap(fold, report);
            }
        }
        let mut seconds: Vec<i64> = steps.iter().map(|_| dice.random_range(0..EPOCH)).collect();
        seconds.sort_unstable();
        let at = seconds.into_iter().map(|second| starts(epoch) + second);
        events.extend(at.zip(steps));
        if dice.random_bool(0.5) {
            events.push((
                starts(epoch + 1) - 1,
                Step::CloseEpoch {
                    pool,
                    epoch: epoch - 2,
                },
            ));
        }
    }
    events
}

#[test]
fn no_order_of_many_nodes_changes_a_total() {
    for seed in 0..histories() / 10 {
        let mut dice = ChaCha8Rng::seed_from_u64(1_000_000 + seed);
        let (count, epochs) = (dice.random_range(1..16), dice.random_range(1..8));
        let providers = dice.random_range(1..4);
        let most = [3, 1_000, u64::MAX / 1_024][dice.random_range(0..3)];
        let mut draw = || dice.random_range(1..=most);
        let terms = terms(draw().min(u64::MAX / 16), draw(), draw(), epochs + 2);
        let nodes = (0..count)
            .map(|_| dice.random_range(0..providers))
            .collect();
        let cast = one_pool(providers, nodes, terms);
        let commissions: Vec<u16> = (0..providers)
            .map(|_| dice.random_range(0..=10_000))
            .collect();
        let quiet = |dice: &mut ChaCha8Rng| match dice.random_bool(0.3) {
            true => 0,
            false => dice.random_range(0..=most / 16),
        };
        let work: Vec<Vec<u64>> = (0..epochs)
            .map(|_| (0..count).map(|_| quiet(&mut dice)).collect())
            .collect();
        let mut known = None;
        for _ in 0..4 {
            let events = beginning(&cast, &commissions).into_iter();
            let found = totals(&cast, events.chain(arranged(&mut dice, &work)));
            assert_eq!(
                *known.get_or_insert_with(|| found.clone()),
                found,
                "seed {seed}"
            );
        }
    }
}

#[test]
fn no_order_changes_a_total_on_the_built_program() {
    let mut dice = ChaCha8Rng::seed_from_u64(2_000_000);
    let cast = one_pool(3, vec![0, 1, 2, 1, 2], terms(1_000_003, 70_001, 40, 7));
    let work: Vec<Vec<u64>> = (0..5)
        .map(|_| (0..5).map(|_| dice.random_range(0..60)).collect())
        .collect();
    let beginning = beginning(&cast, &[2_500, 3_333, 10_000]);
    let mut orders = (0..4).map(|_| {
        let events = beginning.iter().copied();
        events.chain(arranged(&mut dice, &work)).collect::<Vec<_>>()
    });
    let known = totals(&cast, orders.next().unwrap());
    assert!(known.1[1] > 0, "there was something to part");
    for events in orders {
        assert_eq!(totals_on_chain(&cast, events), known);
    }
}
