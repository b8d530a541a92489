//! Dividends stream: who stands while they do has its part of them, and nobody has anything for coming and going.

use {
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{DAY, TOKEN, World},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Seconds of a period of the world's network.
const PERIOD: i64 = DAY as i64;
/// As many base units of dividends divide evenly among the shares of these tests, in every tenth of a period.
const UNIT: u64 = 100_000 * TOKEN;

/// The pool of a provider with 10,000 tokens, its owner, and a delegator with as much; a period has just begun.
fn two() -> (World, Address, Keypair, Keypair) {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 10_000 * TOKEN);
    world.next_period(0);
    (world, provider.pool, provider.owner, staker)
}

/// What is due to a staker after all that has streamed by now.
fn due(world: &World, pool: &Address, staker: &Keypair) -> u64 {
    let mut state = world.stake_pool(pool);
    let mut position = world.position(pool, &staker.pubkey());
    position.earn(&mut state, world.now()).unwrap();
    position.dividend_due
}

#[test]
fn what_comes_in_during_a_period_streams_through_the_next_one_by_the_second() {
    let (mut world, pool, owner, staker) = two();
    world.give_dividends(&pool, 20 * UNIT);
    let claim = world.claim_dividends_ix(&pool, &owner.pubkey());
    world.advance(PERIOD - 1);
    world.refused(std::slice::from_ref(&claim), &[], "NothingDue");
    world.next_period(0);
    world.refused(std::slice::from_ref(&claim), &[], "NothingDue");
    world.next_period(0);
    // Nobody asked: a period on, all of it is there.
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 10 * UNIT);
    world.refused(&[claim], &[], "NothingDue");

    world.give_dividends(&pool, 40 * UNIT);
    for tenth in [1, 5, 9] {
        world.chain.set_time(world.now() / PERIOD * PERIOD);
        if tenth == 1 {
            world.next_period(0);
        }
        world.advance(tenth * PERIOD / 10);
        let so_far = u64::try_from(tenth).unwrap() * 2 * UNIT;
        assert_eq!(due(&world, &pool, &staker), 10 * UNIT + so_far);
    }
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 28 * UNIT);
    world.next_period(PERIOD / 2);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 2 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 20 * UNIT);
    assert_eq!(world.dividend_vault(&pool), 0);
}

#[test]
fn each_period_s_income_streams_by_itself() {
    let (mut world, pool, owner, _) = two();
    let mut given = 0;
    let mut paid = 0;
    for income in [20, 0, 60, 100, 0, 0, 8] {
        if income > 0 {
            world.give_dividends(&pool, income * UNIT);
        }
        given += income * UNIT;
        world.next_period(PERIOD / 2);
        if due(&world, &pool, &owner) > 0 {
            paid += world.claim_dividends(&pool, &owner.pubkey());
        }
        // Half of what came in last has not streamed yet.
        assert_eq!(paid, (given - income * UNIT / 2) / 2);
    }
}

#[test]
fn small_dividends_delay_no_large_one() {
    let (mut world, pool, owner, _) = two();
    world.give_dividends(&pool, 20 * UNIT);
    world.next_period(0);
    // A stranger gives a base unit every hour.
    for _ in 0..24 {
        world.give_dividends(&pool, 1);
        world.advance(3_600);
    }
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 10 * UNIT);
}

#[test]
fn every_change_of_shares_divides_first_what_has_streamed() {
    let (mut world, pool, owner, staker) = two();
    world.give_dividends(&pool, 40 * UNIT);
    world.next_period(PERIOD / 10);
    let mint = world.stake_mint;
    world.mint_to(&staker.pubkey(), &mint, 20_000 * TOKEN);
    let streamed = |world: &World| {
        let state = world.settled_pool(&pool);
        (
            state.dividend_index,
            state.dividend_rem,
            state.dividend_released,
        )
    };
    let booked = |world: &World| {
        let state = world.stake_pool(&pool);
        (
            state.dividend_index,
            state.dividend_rem,
            state.dividend_released,
        )
    };
    // 1 : 1 for a tenth, 1 : 3 for a tenth, 1 : 0 for a tenth, 1 : 3 again.
    let before = streamed(&world);
    world.add_stake(&staker, &pool, 20_000 * TOKEN);
    assert_eq!(booked(&world), before);
    assert_eq!(
        world.position(&pool, &staker.pubkey()).dividend_due,
        2 * UNIT
    );

    world.advance(PERIOD / 10);
    let before = streamed(&world);
    let ticket = world.thaw(&staker, &pool, 30_000 * TOKEN, 7);
    assert_eq!(booked(&world), before);
    assert_eq!(
        world.position(&pool, &staker.pubkey()).dividend_due,
        5 * UNIT
    );

    world.advance(PERIOD / 10);
    let before = streamed(&world);
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&staker]);
    assert_eq!(booked(&world), before);
    assert_eq!(
        world.position(&pool, &staker.pubkey()).dividend_due,
        5 * UNIT
    );

    world.advance(PERIOD / 10);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 8 * UNIT);
    assert_eq!(
        world.claim_dividends(&pool, &owner.pubkey()),
        (2 + 1 + 4 + 1) * UNIT
    );
    assert_eq!(booked(&world), streamed(&world));
    world.next_period(0);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 18 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 6 * UNIT);
    assert_eq!(world.dividend_vault(&pool), 0);
}

#[test]
fn asking_every_hour_or_once_pays_the_same() {
    let [often, once] = [true, false].map(|often| {
        let mut world = World::new();
        let provider = world.provider();
        let (pool, owner) = (provider.pool, provider.owner.pubkey());
        let staker = world.delegate(&pool, 3_333 * TOKEN + 7).pubkey();
        world.next_period(0);
        for amount in [1_000_003, 77, 12_345] {
            world.give_dividends(&pool, amount);
            for _ in 0..24 {
                world.advance(3_600);
                if often {
                    // Whatever comes of it.
                    for key in [owner, staker] {
                        let claim = world.claim_dividends_ix(&pool, &key);
                        let _ = world.send(&[claim], &[]);
                    }
                }
            }
        }
        world.advance(2 * PERIOD);
        world.claim_dividends(&pool, &owner);
        world.claim_dividends(&pool, &staker);
        let mint = world.reward_mint;
        [owner, staker].map(|key| world.tokens(&key, &mint))
    });
    assert_eq!(often, once);
    let sum: u64 = once.iter().sum();
    assert!(sum == 1_012_425 || sum == 1_012_424, "{sum}");
}

/// All stake is thawing and a pile waits: a stranger stakes one unit and pulls.
#[test]
fn a_staker_that_comes_for_waiting_dividends_is_paid_for_its_seconds_only() {
    for stood in [0, 1, 3_600, PERIOD / 2] {
        let mut world = World::new();
        let provider = world.provider();
        let (owner, pool) = (&provider.owner, provider.pool);
        let thawing = world.thaw(owner, &pool, 10_000 * TOKEN, 7);
        world.next_period(11);
        let stranger = world.delegate(&pool, 1);
        world.give_dividends(&pool, 1_000_000);
        let claim = world.claim_dividends_ix(&pool, &stranger.pubkey());
        let unstake = world.unstake_ix(&stranger.pubkey(), &pool, 1, 0);
        // In the transaction in which it comes, and until the period ends, there is nothing to carry off.
        world.refused(&[unstake.clone(), claim], &[&stranger], "NothingDue");
        world.next_period(0);
        let cancel = world.cancel_unstake_ix(&thawing);
        if stood == 0 {
            world.ok(std::slice::from_ref(&cancel), &[owner]);
        }
        world.advance(stood);
        world.ok(&[unstake], &[&stranger]);
        let caught = world.position(&pool, &stranger.pubkey()).dividend_due;
        // Alone all the while, it has all that streamed; and beside others the part of its shares, which is nothing.
        assert_eq!(
            caught,
            1_000_000 * stood.unsigned_abs() / PERIOD.unsigned_abs()
        );
        if stood > 0 {
            world.ok(&[cancel], &[owner]);
        }
        world.advance(PERIOD);
        let rest = world.claim_dividends(&pool, &owner.pubkey());
        assert!(rest + caught + 1 >= 1_000_000, "{rest} and {caught}");
        // It waits out the unbonding time for it, as everybody does.
        let ticket = address::unstake(&address::position(&pool, &stranger.pubkey()), 0);
        let withdraw = world.withdraw_ix(&ticket);
        world.refused(&[withdraw], &[], "StillUnbonding");
    }
}

#[test]
fn coming_and_going_at_any_second_earns_its_part_of_those_seconds() {
    // Around the pull, within the stream, across its end, and long after.
    for (comes, goes) in [
        (0, 50),
        (90, 110),
        (100, 101),
        (120, 180),
        (150, 250),
        (199, 200),
        (250, 400),
    ] {
        let (mut world, pool, _, _) = two();
        let hundredth = PERIOD / 100;
        let starts = world.now();
        world.give_dividends(&pool, 300 * UNIT);
        world.chain.set_time(starts + comes * hundredth);
        // Half as much as both of the others together.
        let guest = world.delegate(&pool, 10_000 * TOKEN);
        world.give_dividends(&pool, 3 * UNIT);
        world.chain.set_time(starts + goes * hundredth);
        world.thaw(&guest, &pool, 10_000 * TOKEN, 7);
        let earned = world.position(&pool, &guest.pubkey()).dividend_due;
        let within =
            |from: i64, until: i64| (goes.min(until) - comes.max(from)).max(0).unsigned_abs();
        // The pile streams from the 100th to the 200th, what the guest brought from the next period on.
        let mine = (comes / 100 + 1) * 100;
        let exact = within(100, 200) * UNIT + within(mine, mine + 100) * UNIT / 100;
        assert!(
            earned <= exact + 1 && exact <= earned + 1,
            "{comes} to {goes}: {earned} of {exact}"
        );
    }
}

#[test]
fn neither_a_withdrawal_nor_a_slash_touches_what_streams() {
    let (mut world, pool, owner, staker) = two();
    let ticket = world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    world.advance(7 * PERIOD);
    world.give_dividends(&pool, 10 * UNIT);
    world.next_period(PERIOD / 2);
    let before = world.stake_pool(&pool).dividend_stream();
    world.withdraw(&ticket);
    world.slash(&pool, 5);
    let burn = world.burn_ix(&pool);
    world.ok(&[burn], &[]);
    assert_eq!(world.stake_pool(&pool).dividend_stream(), before);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 5 * UNIT);
}

#[test]
fn dividends_that_never_streamed_go_to_the_owner_once_everybody_is_gone() {
    let (mut world, pool, owner, staker) = two();
    world.give_dividends(&pool, 40 * UNIT);
    world.next_period(PERIOD / 4);
    // Both leave with what has streamed to them.
    let tickets = [&staker, &owner].map(|key| world.thaw(key, &pool, 10_000 * TOKEN, 7));
    world.give_dividends(&pool, UNIT);
    world.advance(7 * PERIOD);
    for ticket in &tickets {
        world.withdraw(ticket);
    }
    for key in [&staker, &owner] {
        assert_eq!(world.claim_dividends(&pool, &key.pubkey()), 5 * UNIT);
    }
    let close = world.close_pool_ix(&pool);
    let leave = world.close_position_ix(&pool, &owner.pubkey());
    world.ok(&[leave], &[&owner]);
    // As long as one position is there, thawed and paid or not, nothing of it is the owner's.
    world.refused(std::slice::from_ref(&close), &[&owner], "StillInUse");
    let leave = world.close_position_ix(&pool, &staker.pubkey());
    world.ok(&[leave], &[&staker]);
    let mint = world.reward_mint;
    let before = world.tokens(&owner.pubkey(), &mint);
    world.ok(&[close], &[&owner]);
    assert_eq!(world.tokens(&owner.pubkey(), &mint) - before, 31 * UNIT);
    let state = world.stake_pool(&pool);
    assert_eq!(state.dividend_stream(), Default::default());

    // Whoever stakes there later has what comes in later.
    world.add_stake(&staker, &pool, 10_000 * TOKEN);
    world.dividends(&pool, UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), UNIT);
    assert_eq!(world.dividend_vault(&pool), 0);
}

#[test]
fn periods_last_what_the_network_said_when_the_pool_was_created() {
    let mut world = World::bare();
    let mut args = world.network_args(sluice_tests::world::PARAMS);
    args.dividend_secs = 30 * DAY;
    let payer = world.payer.pubkey();
    let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &payer, &stakes, &dividends, args);
    world.ok(&[create], &[]);
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    assert_eq!(world.stake_pool(&pool).dividend_secs, 30 * DAY);
    let long = 30 * PERIOD;
    let starts = (world.now() / long + 1) * long;
    world.chain.set_time(starts - 1);
    world.give_dividends(&pool, 30 * UNIT);
    world.chain.set_time(starts + 10 * PERIOD);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 10 * UNIT);
}
