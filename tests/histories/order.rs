//! The order of reports within an epoch, and of claims, pulls for delegators and folds anywhere, changes nobody's total.

use {
    super::{
        books::Books,
        chain::Chain,
        histories,
        step::{Cast, Event, Step},
    },
    rand::{Rng, SeedableRng, seq::SliceRandom},
    rand_chacha::ChaCha8Rng,
    sluice_client::RewardTerms,
    sluice_tests::world::{PARAMS, World},
    solana_signer::Signer,
};

const EPOCH: i64 = 60;
const START: i64 = 1_800_000_000;
const NOTICE: i64 = PARAMS.unbonding_secs as i64;

/// What everybody has in the end: owners, groups of delegators, and the funder.
type Totals = (Vec<u128>, Vec<u64>, u64);

fn one_pool(providers: usize, nodes: Vec<usize>, terms: RewardTerms) -> Cast {
    Cast {
        pools: vec![(terms, true)],
        providers,
        nodes,
        notice: NOTICE,
    }
}

fn terms(rate: u64, ceiling: u64, node_cap: u64, epochs: u64) -> RewardTerms {
    RewardTerms {
        rate,
        ceiling,
        node_cap,
        start_at: START,
        end_at: START + epochs as i64 * EPOCH,
        epoch_secs: EPOCH as u32,
        reserve: [0; 4],
    }
}

const fn starts(epoch: u64) -> i64 {
    START + epoch as i64 * EPOCH
}

/// Enough money, joined nodes with their baselines in epoch 1, stakers behind every provider but the first.
fn beginning(cast: &Cast, commissions: &[u16]) -> Vec<Event> {
    let mut steps = Vec::new();
    for (provider, bps) in commissions.iter().enumerate() {
        let (bps, active) = (*bps, provider as u64);
        steps.push((START - NOTICE, Step::Announce { provider, bps }));
        steps.push((START - NOTICE, Step::Stake { provider, active }));
    }
    let amount = u64::MAX;
    steps.push((START, Step::Fund { pool: 0, amount }));
    let nodes = 0..cast.nodes.len();
    steps.extend(
        nodes
            .clone()
            .map(|node| (START, Step::Join { pool: 0, node })),
    );
    steps.extend(nodes.map(|node| (starts(1), Step::Report { pool: 0, node })));
    steps
}

/// Pays and closes everything.
fn ending(cast: &Cast) -> Vec<Event> {
    let (pool, terms) = (0, cast.pools[0].0);
    let epochs = 2..((terms.end_at - START) / EPOCH) as u64;
    let mut steps = Vec::new();
    for node in 0..cast.nodes.len() {
        let folds = epochs.clone().map(|epoch| Step::Fold { pool, node, epoch });
        steps.extend(folds);
        steps.extend([
            Step::Claim { pool, node },
            Step::PayDelegators { pool, node },
        ]);
        let by_payee = false;
        steps.push(Step::CloseShare {
            pool,
            node,
            by_payee,
        });
    }
    steps.extend(epochs.map(|epoch| Step::CloseEpoch { pool, epoch }));
    steps.extend([Step::Return { pool }, Step::ClosePool { pool }]);
    let last = terms.end_at + 3 * EPOCH;
    steps.into_iter().map(|step| (last, step)).collect()
}

/// Runs `events`, then pays and closes everything.
fn totals(cast: &Cast, events: impl IntoIterator<Item = Event>) -> Totals {
    let mut books = Books::new(cast);
    for (at, step) in events.into_iter().chain(ending(cast)) {
        books.apply(at, step);
    }
    assert!(books.pools[0].gone, "everything was paid");
    let groups = books.stakes.iter().map(|stake| stake.dividend_total_in);
    (books.purses, groups.collect(), books.pools[0].pool.returned)
}

/// The same on the built program.
fn totals_on_chain(cast: &Cast, events: impl IntoIterator<Item = Event>) -> Totals {
    let world = World::new();
    let mint = world.reward_mint;
    let mut chain = Chain::new(world, cast.providers, vec![mint]);
    chain.opens(cast);
    for (at, step) in events.into_iter().chain(ending(cast)) {
        chain.apply(at, step);
    }
    chain.is_empty();
    let books = chain.books(cast);
    let groups = books.stakes.iter().map(|stake| stake.dividend_total_in);
    let returned = chain.world.tokens(&chain.world.payer.pubkey(), &mint);
    (books.purses, groups.collect(), returned)
}

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
