//! What delegators and their provider can gain by timing.

use {
    super::{
        chain::Chain,
        small::{
            EPOCH, NOTICE, START, beginning, one_pool, starts, terms, totals, totals_on_chain,
        },
        step::{Cast, Event, Step},
    },
    sluice::state::{Position, StakePool},
    sluice_tests::world::{DAY, TOKEN, Tamper, World},
    solana_signer::Signer,
};

const NODE: usize = 0;
const PROVIDER: usize = 0;

fn cast() -> Cast {
    one_pool(1, vec![PROVIDER], terms(1_000_000, u64::MAX, u64::MAX, 12))
}

/// Seconds of a period, and the second in which the pile is pulled.
const SECS: i64 = DAY as i64;
const PULLED: i64 = 7 * SECS + 11;

/// What a staker of `late` shares gets of a `pile` that it pulls to a pool of `staked` ones as it comes, if it leaves `stays`
/// seconds later.
fn caught(pile: u64, staked: u64, late: u64, stays: i64) -> u64 {
    let mut pool: StakePool = bytemuck::Zeroable::zeroed();
    let mut position: Position = bytemuck::Zeroable::zeroed();
    pool.dividend_secs = DAY;
    pool.active_shares = staked;
    position.earn(&mut pool, PULLED).unwrap();
    (position.shares, pool.active_shares) = (late, staked + late);
    pool.add_dividends(pile, PULLED).unwrap();
    position.earn(&mut pool, PULLED + stays).unwrap();
    position.dividend_due
}

#[test]
fn a_late_staker_gets_its_part_of_the_seconds_it_stood_and_no_more() {
    let begins = 8 * SECS - PULLED;
    for pile in [0, 1, 999, 1_000_000, u64::MAX / 4] {
        for staked in [1, 3, 10_000, 1 << 40] {
            for late in [1, 2, 10_000, 1 << 41] {
                let all = u128::from(staked + late);
                for stood in [0, 1, SECS / 3, SECS - 1, SECS, 2 * SECS] {
                    let streamed = u128::from(pile) * stood.min(SECS) as u128 / SECS as u128;
                    let most = streamed * u128::from(late) / all;
                    let got = u128::from(caught(pile, staked, late, begins + stood));
                    // A fraction is carried on, so the last base unit may come later.
                    assert!(got <= most && most <= got + 1, "{got} of {most}");
                }
                // Who leaves before the period ends that it came in has nothing of it.
                assert_eq!(caught(pile, staked, late, begins), 0);
            }
        }
    }
    for (late, staked) in [(1, 99), (1, 9), (1, 1), (9, 1)] {
        println!(
            "late staker, {late} of {}: {} of 1,000,000 for an hour",
            late + staked,
            caught(1_000_000, staked, late, begins + 3_600)
        );
    }
}

/// A chain in which a million base units streamed to the stakers of one provider, whose own stake is 10,000 tokens.
fn piled() -> (Chain, i64) {
    let (cast, world) = (cast(), World::new());
    let mint = world.reward_mint;
    let mut chain = Chain::new(world, 1, vec![mint]);
    chain.opens(&cast);
    let announced = (
        START - NOTICE,
        Step::Announce {
            provider: PROVIDER,
            bps: 0,
        },
    );
    let pool = 0;
    let rest = [
        (
            START,
            Step::Fund {
                pool,
                amount: 5_000_000,
            },
        ),
        (START, Step::Join { pool, node: NODE }),
        (starts(1), Step::Report { pool, node: NODE }),
        (
            starts(2),
            Step::Credit {
                node: NODE,
                units: 7,
            },
        ),
        (starts(2), Step::Report { pool, node: NODE }),
    ];
    for (at, step) in [announced].into_iter().chain(rest) {
        assert!(chain.apply(at, step).is_some(), "{step:?}");
    }
    (chain, starts(4))
}

#[test]
fn a_late_staker_is_paid_for_the_time_it_stands_on_the_built_program() {
    let pay = Step::PayDelegators {
        pool: 0,
        node: NODE,
    };
    for pulled in [false, true] {
        let (mut chain, end) = piled();
        if pulled {
            assert_eq!(chain.apply(end, pay), Some(1_000_000));
        }
        let stake = chain.stake_pool_of(PROVIDER);
        let late = chain.world.delegate(&stake, 10_000 * TOKEN);
        assert_eq!(chain.apply(end, pay), (!pulled).then_some(1_000_000));
        let claim = chain.world.claim_dividends_ix(&stake, &late.pubkey());
        chain.world.refused(&[claim], &[], "NothingDue");
        // Half of the shares for a quarter of the period, pulled before it came or after.
        chain.world.next_period(SECS / 4);
        let late = late.pubkey();
        // But for the base unit that a fraction is carried on of.
        assert_eq!(chain.world.claim_dividends(&stake, &late), 124_999);
    }
}

/// All stake is thawing and a pile waits: a stranger stakes one unit and pulls.
#[test]
fn a_stranger_among_thawing_stake_gets_no_more_than_the_time_it_stands() {
    let pay = Step::PayDelegators {
        pool: 0,
        node: NODE,
    };
    let (mut chain, end) = piled();
    let (stake, owner) = (chain.stake_pool_of(PROVIDER), chain.owner_of(PROVIDER));
    let shares = chain.world.position(&stake, &owner.pubkey()).shares;
    chain.world.thaw(&owner, &stake, shares, 8);
    let stranger = chain.world.delegate(&stake, 1);
    assert_eq!(chain.apply(end, pay), Some(1_000_000));
    // It would leave at once, with everything.
    let claim = chain.world.claim_dividends_ix(&stake, &stranger.pubkey());
    chain.world.refused(&[claim], &[], "NothingDue");
    // The stake comes back as the period begins to stream. The stranger has had the first hundredth, alone.
    chain.world.next_period(SECS / 100);
    chain.world.chain.advance_slot(1);
    let ticket = sluice_client::address::unstake(
        &sluice_client::address::position(&stake, &owner.pubkey()),
        8,
    );
    let cancel = chain.world.cancel_unstake_ix(&ticket);
    chain.world.ok(&[cancel], &[&owner]);
    let caught = chain.world.claim_dividends(&stake, &stranger.pubkey());
    assert_eq!(caught, 10_000);
    chain.world.advance(SECS);
    let rest = chain.world.claim_dividends(&stake, &owner.pubkey());
    assert!(rest + 1 >= 990_000, "{rest}");
}

/// One report, in the last second before a provider takes everything or in the first one after.
fn raised(cast: &Cast, second: i64) -> Vec<Event> {
    let (pool, provider) = (0, PROVIDER);
    // It takes nothing, and from the middle of epoch 2 on everything.
    let middle = starts(2) + EPOCH / 2;
    let mut events = vec![
        (
            START - 3 * NOTICE,
            Step::Stake {
                provider,
                active: 1,
            },
        ),
        (START - 3 * NOTICE, Step::Announce { provider, bps: 0 }),
        (
            middle - NOTICE,
            Step::Announce {
                provider,
                bps: 10_000,
            },
        ),
    ];
    let unannounced =
        |event: &Event| !matches!(event.1, Step::Announce { .. } | Step::Stake { .. });
    events.extend(beginning(cast, &[0]).into_iter().filter(unannounced));
    for (at, units) in [(middle + second, 7), (starts(3) - 1, 90)] {
        events.push((at, Step::Credit { node: NODE, units }));
        events.push((at, Step::Report { pool, node: NODE }));
    }
    events
}

#[test]
fn a_raised_commission_takes_nothing_of_an_epoch_reported_before_it() {
    let cast = cast();
    let (before, after) = (raised(&cast, -1), raised(&cast, 0));
    let (owner, delegators) = (
        |of: &[Event]| totals(&cast, of.iter().copied()).0[0],
        |of: &[Event]| totals(&cast, of.iter().copied()).1[0],
    );
    assert_eq!((owner(&before), delegators(&before)), (0, 1_000_000));
    assert_eq!((owner(&after), delegators(&after)), (1_000_000, 0));
    for events in [before, after] {
        assert_eq!(
            totals_on_chain(&cast, events.clone()),
            totals(&cast, events)
        );
    }
}

/// An owner whose pool was slashed dead cannot push its delegator out, whose part of the pile it then would have.
#[test]
fn the_owner_of_a_dead_pool_does_not_get_its_delegators_part() {
    let (mut chain, end) = piled();
    let stake = chain.stake_pool_of(PROVIDER);
    let delegator = chain.world.delegate(&stake, 10_000 * TOKEN);
    let owner = chain.owner_of(PROVIDER);
    let all = chain.world.stake_pool(&stake).tokens;
    chain.world.slash(&stake, all - 1);
    let key = delegator.pubkey();
    let shares = chain.world.position(&stake, &key).shares;
    let push = chain.world.unstake_ix(&key, &stake, shares, 9);
    let push = push.with(&key, &owner.pubkey());
    chain.world.refused(&[push], &[&owner], "NotOwner");
    let own = owner.pubkey();
    let shares = chain.world.position(&stake, &own).shares;
    chain.world.thaw(&owner, &stake, shares, 8);
    let pay = Step::PayDelegators {
        pool: 0,
        node: NODE,
    };
    assert_eq!(chain.apply(end, pay), Some(1_000_000));
    let mint = chain.world.reward_mint;
    assert_eq!(chain.world.tokens(&own, &mint), 0);
    chain.world.advance(2 * SECS);
    assert!(chain.world.claim_dividends(&stake, &key) >= 999_999);
}
