//! Who earns which dividends, and that none is lost or paid twice.

use {
    sluice_client::instruction as ix,
    sluice_tests::world::{DAY, TOKEN, World},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// As many base units of dividends divide evenly among the shares of these tests.
const UNIT: u64 = 10_000 * TOKEN;

/// The pool of a provider with 10,000 tokens, its owner, and a delegator with as much.
fn two() -> (World, Address, Keypair, Keypair) {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 10_000 * TOKEN);
    (world, provider.pool, provider.owner, staker)
}

#[test]
fn shares_bought_after_a_dividend_get_none_of_it() {
    let (mut world, pool, owner, staker) = two();
    world.dividends(&pool, 2_000 * UNIT);
    let late = world.delegate(&pool, 20_000 * TOKEN);
    world.add_stake(&staker, &pool, 60_000 * TOKEN);
    let claim = world.claim_dividends_ix(&pool, &late.pubkey());
    world.refused(&[claim], &[], "NothingDue");
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 1_000 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 1_000 * UNIT);
    // The next goes 1 : 2 : 7.
    world.dividends(&pool, 1_000 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 100 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &late.pubkey()), 200 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 700 * UNIT);
}

#[test]
fn thawing_shares_keep_what_they_earned_and_earn_nothing_more() {
    let (mut world, pool, owner, staker) = two();
    world.dividends(&pool, 2_000 * UNIT);
    let ticket = world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    assert_eq!(
        world.position(&pool, &staker.pubkey()).dividend_due,
        1_000 * UNIT
    );
    world.dividends(&pool, 500 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 1_000 * UNIT);
    world.advance(i64::from(7 * DAY));
    world.withdraw(&ticket);
    let claim = world.claim_dividends_ix(&pool, &staker.pubkey());
    world.refused(&[claim], &[], "NothingDue");
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 1_500 * UNIT);
    assert_eq!(world.dividend_vault(&pool), 0);
}

#[test]
fn a_part_that_thaws_leaves_the_rest_earning() {
    let (mut world, pool, owner, staker) = two();
    world.thaw(&staker, &pool, 7_500 * TOKEN, 7);
    world.dividends(&pool, 500 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 100 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 400 * UNIT);
}

#[test]
fn cancelled_shares_earn_from_then_on_only() {
    let (mut world, pool, owner, staker) = two();
    world.dividends(&pool, 20 * UNIT);
    let ticket = world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    world.dividends(&pool, 500 * UNIT);
    world.chain.advance_slot(1);
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&staker]);
    assert_eq!(
        world.position(&pool, &staker.pubkey()).dividend_due,
        10 * UNIT
    );
    world.dividends(&pool, 200 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 110 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 610 * UNIT);
}

#[test]
fn a_ticket_opened_and_cancelled_around_a_dividend_earns_none_of_it_twice() {
    let (mut world, pool, owner, staker) = two();
    for _ in 0..5 {
        world.dividends(&pool, 100 * UNIT);
        let ticket = world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
        world.chain.advance_slot(1);
        let cancel = world.cancel_unstake_ix(&ticket);
        world.ok(&[cancel], &[&staker]);
    }
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 250 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 250 * UNIT);
}

#[test]
fn a_thousand_tiny_dividends_lose_less_than_a_unit_for_each_staker() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    // Stakes that divide nothing evenly, one of them of a single share.
    let stakes = [1, 3_333 * TOKEN + 7, 77_777 * TOKEN + 1];
    let mut stakers = vec![provider.owner];
    for amount in stakes {
        stakers.push(world.delegate(&pool, amount));
    }
    let shares: Vec<u128> = [10_000 * TOKEN]
        .iter()
        .chain(&stakes)
        .map(|s| (*s).into())
        .collect();
    let all: u128 = shares.iter().sum();
    let (giver, mint) = (world.payer.pubkey(), world.reward_mint);
    world.mint_to(&giver, &mint, 10_000);
    let mut given = 0;
    let mut paid = [0; 4];
    for round in 0..1_000 {
        let amount = 1 + round % 7;
        given += amount;
        let add = world.dividends_ix(&giver, &pool, amount);
        world.ok(&[add], &[]);
        world.advance(i64::from(DAY) / 3);
        // One claims whenever it can, one now and then, the others at the end.
        for (at, every) in [(3, 1), (2, 97)] {
            if round % every == 0 {
                paid[at] += try_claim(&mut world, &pool, &stakers[at]);
            }
        }
    }
    world.advance(i64::from(2 * DAY));
    for (staker, paid) in stakers.iter().zip(&mut paid) {
        *paid += try_claim(&mut world, &pool, staker);
    }
    // Each has exactly its part of everything, rounded down once.
    let parts: Vec<_> = shares
        .iter()
        .map(|shares| (u128::from(given) * shares / all) as u64)
        .collect();
    for (paid, part) in paid.iter().zip(&parts) {
        assert!(paid + 1 >= *part && paid <= part, "{paid} of {part}");
    }
    let sum: u64 = paid.iter().sum();
    assert!(sum <= given && given - sum < 4, "{sum} of {given}");
    assert_eq!(world.dividend_vault(&pool), given - sum);
    assert_eq!(world.stake_pool(&pool).dividend_total_in, given);
}

/// Claims, and returns what arrived: 0 when nothing is due.
fn try_claim(world: &mut World, pool: &Address, staker: &Keypair) -> u64 {
    let (key, mint) = (staker.pubkey(), world.reward_mint);
    let before = world.tokens(&key, &mint);
    let claim = world.claim_dividends_ix(pool, &key);
    match world.send(&[claim], &[]) {
        Ok(_) => world.tokens(&key, &mint) - before,
        Err(error) => {
            assert_eq!(error.program_error(), Some("NothingDue"));
            0
        }
    }
}

#[test]
fn a_share_beside_huge_stakes_is_paid_its_part() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let dust = world.delegate(&pool, 1);
    world.delegate(&pool, u64::MAX / 4);
    world.dividends(&pool, u64::MAX / 2);
    // Two base units for each of a little more than 2^62 shares, less what the others' shares take.
    assert_eq!(world.claim_dividends(&pool, &dust.pubkey()), 1);
    let left: u64 = u64::MAX / 2 - 1;
    assert_eq!(world.dividend_vault(&pool), left);
}

#[test]
fn a_slash_takes_no_dividends() {
    let (mut world, pool, owner, staker) = two();
    world.dividends(&pool, 2_000 * UNIT);
    world.slash(&pool, 20_000 * TOKEN);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 1_000 * UNIT);
    // Shares of a dead pool are still shares.
    world.dividends(&pool, 200 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 1_100 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 100 * UNIT);
}

#[test]
fn stake_that_comes_for_one_dividend_cannot_leave_at_once() {
    let (mut world, pool, _, _) = two();
    let guest = world.delegate(&pool, 20_000 * TOKEN);
    world.dividends(&pool, 400 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &guest.pubkey()), 200 * UNIT);
    let ticket = world.thaw(&guest, &pool, 20_000 * TOKEN, 7);
    world.advance(i64::from(7 * DAY) - 1);
    let withdraw = world.withdraw_ix(&ticket);
    world.refused(&[withdraw], &[], "StillUnbonding");
}

#[test]
fn a_commission_takes_nothing_of_dividends() {
    let (mut world, pool, owner, staker) = two();
    let commission = ix::set_commission(&owner.pubkey(), &world.network, 10_000);
    world.ok(&[commission], &[&owner]);
    world.dividends(&pool, 200 * UNIT);
    world.advance(i64::from(7 * DAY));
    world.dividends(&pool, 200 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 200 * UNIT);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 200 * UNIT);
}
