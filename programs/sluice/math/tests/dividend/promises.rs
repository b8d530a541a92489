//! Nobody gains by when and how often: by settling, splitting, coming late or leaving.

use {
    crate::{
        edges::{any_u64, config, partition, positive_u64},
        pool::Pool,
        wide::join,
    },
    num_bigint::BigUint,
    proptest::{collection::vec, prelude::*, sample::Index},
};

const MAX: u64 = u64::MAX;

/// Amounts whose sum fits `u64`.
fn amounts() -> impl Strategy<Value = Vec<u64>> {
    (any_u64(), vec(any_u64(), 0..6)).prop_map(|(total, places)| partition(total, &places))
}

/// Parts of a whole that fits `u64`, the first not zero.
fn holdings() -> impl Strategy<Value = Vec<u64>> {
    (positive_u64(), vec(any_u64(), 0..4)).prop_map(|(shares, places)| {
        let mut parts = partition(shares, &places);
        parts.sort_unstable_by(|a, b| b.cmp(a));
        parts
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn settling_often_or_seldom_is_the_same_to_the_last_bit(
        holdings in holdings(),
        rounds in vec((any_u64(), any::<Index>(), vec(any::<Index>(), 0..4)), 1..12),
    ) {
        let (mut seldom, mut often) = (Pool::new(&holdings), Pool::new(&holdings));
        for (amount, more, settled) in rounds {
            let who = more.index(holdings.len());
            // What fits the vault of both.
            let amount = amount.min(MAX - seldom.held);
            for pool in [&mut seldom, &mut often] {
                pool.add(amount);
                let shares = pool.positions[who].shares;
                pool.hold(who, shares ^ (amount >> 1));
            }
            for who in settled {
                often.claim(who.index(holdings.len()));
            }
        }
        for who in 0..holdings.len() {
            seldom.claim(who);
            often.claim(who);
            prop_assert_eq!(seldom.positions[who].paid, often.positions[who].paid);
            prop_assert_eq!(seldom.positions[who].frac, often.positions[who].frac);
        }
    }

    #[test]
    fn splitting_a_position_gains_nothing_and_delays_less_than_a_unit_a_part(
        (whole, others) in (positive_u64(), any_u64()),
        places in vec(any_u64(), 0..6),
        amounts in amounts(),
    ) {
        let others = others.min(MAX - whole);
        let parts = partition(whole, &places);
        let mut at_once = Pool::new(&[whole, others]);
        let mut in_parts = Pool::new(&parts);
        in_parts.positions.push(in_parts.newcomer(others));
        for amount in amounts {
            at_once.add(amount);
            in_parts.add(amount);
        }
        prop_assert_eq!((at_once.index, at_once.rem), (in_parts.index, in_parts.rem));
        at_once.claim(0);
        let mut received = 0;
        for part in 0..parts.len() {
            in_parts.claim(part);
            received += in_parts.positions[part].paid;
        }
        let paid = at_once.positions[0].paid;
        prop_assert!(received <= paid);
        prop_assert!(paid - received < parts.len() as u128);
    }

    #[test]
    fn splitting_an_amount_raises_the_index_equally(holdings in holdings(), amounts in amounts()) {
        let (mut at_once, mut in_parts) = (Pool::new(&holdings), Pool::new(&holdings));
        at_once.add(amounts.iter().sum());
        for amount in amounts {
            in_parts.add(amount);
        }
        prop_assert_eq!((at_once.index, at_once.rem), (in_parts.index, in_parts.rem));
    }

    #[test]
    fn who_comes_after_a_dividend_gets_nothing_of_it(
        holdings in holdings(),
        amounts in amounts(),
        bought in any_u64(),
    ) {
        let mut pool = Pool::new(&holdings);
        for amount in amounts {
            pool.add(amount);
        }
        let before: Vec<BigUint> = (0..holdings.len()).map(|who| pool.earned(who)).collect();
        let late = holdings.len();
        pool.positions.push(pool.newcomer(0));
        pool.hold(late, bought);
        // Nor does a holder who buys more: it is settled first.
        let more = pool.positions[0].shares.saturating_add(bought);
        pool.hold(0, more);
        pool.claim(late);
        prop_assert_eq!(pool.earned(late), BigUint::ZERO);
        for (who, earned) in before.into_iter().enumerate() {
            prop_assert_eq!(pool.earned(who), earned);
        }
        // The next one has the remainder of all before it, less than a base unit, and nothing else of them.
        let next = 7.min(MAX - pool.held);
        pool.add(next);
        prop_assert!(pool.earned(late) <= join(next, 0) + MAX);
        pool.assert_conserved();
    }

    #[test]
    fn who_leaves_keeps_what_was_earned_and_earns_no_more(
        holdings in holdings(),
        amount in any_u64(),
        then in any_u64(),
    ) {
        let mut pool = Pool::new(&holdings);
        pool.add(amount);
        let earned = pool.earned(0);
        pool.hold(0, 0);
        pool.add(then.min(MAX - amount));
        prop_assert_eq!(pool.earned(0), earned);
        pool.assert_conserved();
    }
}
