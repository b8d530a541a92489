//! `shares` over histories of deposits, unstakes, slashes and withdrawals by several stakers: what a slash
//! costs, and that nobody escapes it, or gains, by splitting what they do.

#[path = "../edges/mod.rs"]
mod edges;
mod pool;

use {
    edges::{any_u64, config, partition, positive_u64},
    num_bigint::BigUint,
    pool::{Pool, step},
    proptest::{collection::vec, prelude::*, sample::Index},
    sluice_math::shares::{DEAD_RATIO, tokens_for},
};

const MAX: u64 = u64::MAX;

/// Amounts put in and slashed in turns, each in parts, and nobody else acts.
fn turns() -> impl Strategy<Value = Vec<(bool, u64, Vec<u64>)>> {
    vec((any::<bool>(), any_u64(), vec(any_u64(), 0..4)), 1..8)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_history_is_fair(stakers in 1..5_usize, steps in vec(step(), 1..32)) {
        Pool::after(stakers, &steps);
    }

    #[test]
    fn all_that_leave_take_exactly_what_is_left(
        stakers in 1..5_usize,
        steps in vec(step(), 1..24),
        order in vec(any::<Index>(), 40),
    ) {
        let mut pool = Pool::after(stakers, &steps);
        pool.locked = 0;
        for who in 0..stakers {
            pool.unstake(who, MAX);
        }
        let before = pool.clone();
        let mut sum = 0;
        for (earlier, place) in (0_u64..).zip(order) {
            if pool.tickets.is_empty() { break; }
            let ticket = place.index(pool.tickets.len());
            let at_once = before.worth(pool.tickets[ticket].1);
            let out = pool.withdraw(ticket);
            pool.check();
            // The order moves dust only: a unit at most from each that left before.
            prop_assert!(out >= at_once && out - at_once <= earlier);
            sum += out;
        }
        prop_assert_eq!(sum, before.tokens);
        prop_assert_eq!((pool.tokens, pool.shares), (0, 0));
        // An empty pool starts again at 1:1, dead or not before.
        prop_assert_eq!(pool.deposit(0, 5), Some(5));
    }

    #[test]
    fn a_stake_in_parts_gains_nothing_whatever_is_slashed(
        others in any_u64(),
        turns in turns(),
        tickets in vec(any_u64(), 0..4),
        thawing in vec(any_u64(), 0..3),
    ) {
        // Others first: without them there is nobody to gain from.
        let mut at_once = Pool::new(2);
        at_once.deposit(1, others.min(MAX / 2)).unwrap();
        let mut in_parts = at_once.clone();
        for (is_slash, amount, places) in turns {
            if is_slash {
                at_once.slash(amount);
                for part in partition(amount, &places) {
                    in_parts.slash(part);
                }
            } else {
                let amount = amount.min((MAX - at_once.shares) / 2);
                // Where one is refused, neither goes in.
                let Some(bought) = at_once.deposit(0, amount) else { continue };
                let mut sum = 0;
                for part in partition(amount, &places) {
                    sum += in_parts.deposit(0, part).unwrap();
                }
                prop_assert!(sum <= bought);
            }
            prop_assert_eq!(at_once.tokens, in_parts.tokens);
            prop_assert!(in_parts.worth(in_parts.active[0]) <= at_once.worth(at_once.active[0]));
        }
        at_once.unstake(0, MAX);
        for part in partition(in_parts.active[0], &tickets) {
            in_parts.unstake(0, part);
        }
        for amount in thawing {
            at_once.slash(amount);
            in_parts.slash(amount);
        }
        for pool in [&mut at_once, &mut in_parts] {
            while !pool.tickets.is_empty() {
                pool.withdraw(0);
            }
        }
        at_once.check();
        in_parts.check();
        prop_assert!(in_parts.received[0] <= at_once.received[0]);
    }

    #[test]
    fn thawing_does_not_escape_a_slash(
        held in positive_u64(),
        others in any_u64(),
        thawed in any_u64(),
        amount in any_u64(),
    ) {
        let mut stays = Pool::new(2);
        stays.deposit(0, held).unwrap();
        stays.deposit(1, others.min(MAX - held)).unwrap();
        let mut thaws = stays.clone();
        thaws.unstake(0, thawed);
        for pool in [&mut stays, &mut thaws] {
            pool.slash(amount);
            pool.unstake(0, MAX);
            while let Some(ticket) = pool.tickets.iter().position(|(who, _)| *who == 0) {
                pool.withdraw(ticket);
            }
        }
        prop_assert!(thaws.received[0] <= stays.received[0]);
        prop_assert!(&stays.received[0] - &thaws.received[0] <= BigUint::from(1_u32));
    }

    /// The lemma that keeps own stake at or above `locked` if a slash lowers `locked` by as much: nobody
    /// loses more than the whole slash. What a part does lose is its proportion, rounded up at most.
    #[test]
    fn a_slash_costs_a_part_at_most_its_proportion_rounded_up(
        (tokens, shares) in (any_u64(), positive_u64()),
        part in any_u64(),
        amount in any_u64(),
    ) {
        let tokens = tokens.min(shares);
        let part = part.min(shares);
        let amount = amount.min(tokens);
        let before = tokens_for(part, tokens, shares).unwrap();
        let after = tokens_for(part, tokens - amount, shares).unwrap();
        prop_assert!(after >= before.saturating_sub(amount));
        let proportion = (u128::from(part) * u128::from(amount)).div_ceil(u128::from(shares));
        prop_assert!(u128::from(before - after) <= proportion);
    }

    #[test]
    fn slashes_add_up(held in positive_u64(), amount in any_u64(), places in vec(any_u64(), 0..6)) {
        let mut at_once = Pool::new(1);
        at_once.deposit(0, held).unwrap();
        let mut in_parts = at_once.clone();
        at_once.slash(amount);
        for part in partition(amount, &places) {
            in_parts.slash(part);
        }
        prop_assert_eq!(at_once.tokens, in_parts.tokens);
        prop_assert_eq!(at_once.worth(held), in_parts.worth(held));
    }

    #[test]
    fn a_dead_pool_accepts_nothing_until_all_have_left(
        shares in 2_048..=MAX,
        left in any_u64(),
        amount in positive_u64(),
        most in any_u64(),
    ) {
        let mut pool = Pool::new(2);
        pool.deposit(0, shares).unwrap();
        // The most a dead pool can have.
        let left = left % (shares / DEAD_RATIO + 1);
        pool.slash(shares - left);
        prop_assert_eq!(pool.deposit(1, amount), None);
        pool.unstake(0, most.clamp(1, shares - 1));
        pool.withdraw(0);
        // Dust can raise a price, and it is then the price that decides.
        prop_assert_eq!(
            pool.deposit(1, 1).is_none(),
            u128::from(pool.tokens) * 64 <= u128::from(pool.shares)
        );
        if pool.active[1] == 0 {
            pool.unstake(0, MAX);
            pool.withdraw(0);
            prop_assert_eq!(pool.deposit(1, amount), Some(amount));
        }
    }
}

/// Everything that small pools can be: the lemma, and the cost of a slash, without a gap.
#[test]
fn a_slash_costs_its_proportion_in_every_small_pool() {
    for shares in 1..=24_u64 {
        for tokens in 0..=shares {
            for part in 0..=shares {
                let before = tokens_for(part, tokens, shares).unwrap();
                for amount in 0..=tokens {
                    let cost = before - tokens_for(part, tokens - amount, shares).unwrap();
                    assert!(cost <= amount);
                    assert!((cost * shares).abs_diff(part * amount) < shares);
                }
            }
        }
    }
}

#[test]
fn a_slash_by_hand() {
    let mut pool = Pool::new(3);
    for (who, amount) in [(0, 100), (1, 50), (2, 33)] {
        assert_eq!(pool.deposit(who, amount), Some(amount));
    }
    pool.locked = 90;
    // Too much: 80 would be less than what is locked.
    pool.unstake(0, 20);
    assert_eq!(pool.active[0], 100);
    pool.unstake(1, 20);
    pool.slash(61);
    assert_eq!((pool.tokens, pool.locked), (122, 29));
    // A third less for everybody, and for the ticket.
    let worth: Vec<u64> = pool.parts().iter().map(|part| pool.worth(*part)).collect();
    assert_eq!(worth, [66, 20, 22, 13]);
    assert_eq!(pool.deposit(2, 10), Some(15));
    assert_eq!(pool.withdraw(0), 13);
    pool.check();
}
