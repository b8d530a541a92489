//! One pool with enough money, run to its end: in the books or on the built program.

use {
    super::{
        books::Books,
        chain::Chain,
        step::{Cast, Event, Step},
    },
    sluice_client::RewardTerms,
    sluice_tests::world::{PARAMS, World},
    solana_signer::Signer,
};

pub const EPOCH: i64 = 60;
pub const START: i64 = 1_800_000_000;
pub const NOTICE: i64 = PARAMS.unbonding_secs as i64;

/// What everybody has in the end: owners, groups of delegators, and the funder.
pub type Totals = (Vec<u128>, Vec<u64>, u64);

pub fn one_pool(providers: usize, nodes: Vec<usize>, terms: RewardTerms) -> Cast {
    Cast {
        pools: vec![(terms, true)],
        providers,
        nodes,
        notice: NOTICE,
    }
}

pub fn terms(rate: u64, ceiling: u64, node_cap: u64, epochs: u64) -> RewardTerms {
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

pub const fn starts(epoch: u64) -> i64 {
    START + epoch as i64 * EPOCH
}

/// Enough money, joined nodes with their baselines in epoch 1, stakers behind every provider but the first.
pub fn beginning(cast: &Cast, commissions: &[u16]) -> Vec<Event> {
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
pub fn ending(cast: &Cast) -> Vec<Event> {
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
pub fn totals(cast: &Cast, events: impl IntoIterator<Item = Event>) -> Totals {
    let mut books = Books::new(cast);
    for (at, step) in events.into_iter().chain(ending(cast)) {
        books.apply(at, step);
    }
    assert!(books.pools[0].gone, "everything was paid");
    let groups = books.stakes.iter().map(|stake| stake.dividend_total_in);
    (books.purses, groups.collect(), books.pools[0].pool.returned)
}

/// The same on the built program.
pub fn totals_on_chain(cast: &Cast, events: impl IntoIterator<Item = Event>) -> Totals {
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
