//! A history of reward pools on the built program: every instruction does what the books say, and after every round all accounts and
//! balances are what the log says. In the end everything closes and every vault is gone.

use {
    super::{
        books::Books,
        chain::Chain,
        compare::compare_purses,
        log::{Entry, Log},
        picture::Picture,
        scene::Scene,
        step::{Cast, Event, Step},
    },
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    sluice_client::{RewardTerms, instruction::token::Mint},
    sluice_tests::world::{PARAMS, World},
    std::collections::BTreeMap,
};

const EPOCH: u32 = 150_000;
const EPOCHS: i64 = 12;
/// Seconds of this history that stand for one of those in epochs of about a minute and a half.
const PACE: i64 = 1_200;

fn cast(
    dice: &mut ChaCha8Rng,
    now: i64,
    providers: usize,
    nodes: usize,
    delegated: &[bool],
) -> Cast {
    let terms = |pool: i64| {
        let start_at = now + pool * 1_001;
        RewardTerms {
            rate: 1_000_003,
            ceiling: [u64::MAX, 900][pool as usize % 2],
            node_cap: 5_000,
            start_at,
            end_at: start_at + EPOCHS * i64::from(EPOCH),
            epoch_secs: EPOCH + 7 * pool as u32,
            reserve: [0; 4],
        }
    };
    Cast {
        pools: (0..).map(terms).zip(delegated.iter().copied()).collect(),
        providers,
        nodes: (0..nodes)
            .map(|node| match node < providers {
                true => node,
                false => dice.random_range(0..providers),
            })
            .collect(),
        notice: i64::from(PARAMS.unbonding_secs),
    }
}

/// Every step on the chain comes to what it comes to in the books, and every round ends as the log says.
fn run(chain: &mut Chain, cast: &Cast, events: &[Event]) {
    let (mut books, mut log) = (Books::new(cast), Log::new(cast));
    let (mut rounds, mut done) = (0, BTreeMap::<String, u32>::new());
    for (place, (at, step)) in events.iter().enumerate() {
        let (did, said) = (chain.apply(*at, *step), books.apply(*at, *step));
        assert_eq!(did, said, "step {place}: {step:?} at {at}");
        if let Some(moved) = did {
            let name = format!("{step:?}");
            let name = name.split(' ').next().unwrap_or_default();
            *done.entry(name.to_owned()).or_default() += 1;
            log.entries.push(Entry {
                at: *at,
                step: *step,
                moved,
            });
        }
        let next = events.get(place + 1).map_or(i64::MAX, |next| next.0);
        if next - at >= PACE {
            rounds += 1;
            let found = chain.books(cast);
            for pool in (0..cast.pools.len()).filter(|pool| !found.pools[*pool].gone) {
                Picture::of(&log, pool, *at).compare(&found, pool, *at);
            }
            compare_purses(&log, &found);
        }
    }
    println!("{rounds} rounds, {done:?}");
    assert_eq!(done.len(), 14, "every kind of step came to pass: {done:?}");
    assert!(rounds > EPOCHS, "{rounds} rounds");
    assert!(books.pools.iter().all(|book| book.gone));
    chain.is_empty();
}

/// A mint of each pool, the network's dividend mint where its stakers have a part.
fn history(world: World, others: &[Mint], providers: usize, nodes: usize, seed: u64) {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mints: Vec<Mint> = [&[world.reward_mint; 2], others].concat();
    let delegated: Vec<bool> = (0..mints.len()).map(|pool| pool < 2).collect();
    let mut chain = Chain::new(world, providers, mints);
    let cast = cast(
        &mut dice,
        chain.world.now() + 10,
        providers,
        nodes,
        &delegated,
    );
    chain.opens(&cast);
    let begin = chain.world.now() + 1;
    // Owners' own stake is active.
    let staked = (0..providers).map(|provider| {
        (
            begin,
            Step::Stake {
                provider,
                active: 1,
            },
        )
    });
    let scene = Scene::new(&mut dice, &cast, begin, PACE);
    let events: Vec<Event> = staked.chain(scene.play(30)).collect();
    run(&mut chain, &cast, &events);
}

#[test]
fn two_hundred_nodes_in_four_pools_are_paid_as_the_log_says() {
    let mut world = World::new();
    let others = [world.pay_mint, world.mint_2022(&[])];
    history(world, &others, 40, 200, 1);
}

#[test]
fn dividends_in_a_token_2022_mint_are_paid_as_the_log_says() {
    let world = World::in_mints_with(None);
    let others = [world.pay_mint];
    history(world, &others, 4, 20, 2);
}
