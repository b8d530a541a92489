//! What holds over any history of a pool.

use {
    crate::{
        edges::{any_u64, config, positive_u64},
        pool::{Pool, step},
        wide::{index, wide},
    },
    num_bigint::BigUint,
    proptest::{collection::vec, prelude::*},
};

const MAX: u64 = u64::MAX;
const TOP: u64 = 1 << 63;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_is_lost_over_any_history(
        start in index(),
        count in 1..5_usize,
        steps in vec(step(), 1..24),
    ) {
        let mut pool = Pool::at(start, &vec![0; count]);
        for step in &steps {
            pool.take(step);
            pool.assert_conserved();
            // The bound of the module's documentation: nobody with a share mistakes how far the index has risen.
            for position in &pool.positions {
                let risen = &pool.true_index - &position.true_seen;
                prop_assert!(position.shares == 0 || risen < wide());
            }
        }
        for who in 0..count {
            pool.claim(who);
        }
        pool.assert_conserved();
        // What is left is fractions: less than a base unit for each position and for the remainder.
        prop_assert!(pool.held <= u64::try_from(count).unwrap());
    }

    #[test]
    fn the_same_tokens_may_come_in_any_number_of_times(
        start in index(),
        idle in index(),
        shares in prop_oneof![Just(1), positive_u64()],
        sleeping in any_u64(),
        rounds in vec(TOP..=MAX, 32..64),
        more in vec(any_u64(), 1..16),
    ) {
        let mut pool = Pool::at(start, &[shares, 0, 0]);
        // One without shares has last seen anything, any number of rounds ago.
        (pool.positions[1].seen, pool.positions[1].true_seen) = (idle, BigUint::ZERO);
        pool.cycle(0, &rounds);
        prop_assert!(pool.total_in >> 64 >= 15);
        if shares == 1 {
            // Around the index as often.
            prop_assert!(&pool.true_index >> 128 >= BigUint::from(15_u8));
        }
        // One sleeps on its shares from now on, while the rounds go on in what room it leaves in the vault.
        pool.hold(2, sleeping);
        pool.hold(0, shares.max(sleeping));
        let before = pool.earned(2);
        for _again in 0..4 {
            pool.cycle(0, &more);
            pool.assert_conserved();
        }
        let earned = pool.earned(2) - &before;
        pool.claim(2);
        let position = &pool.positions[2];
        let paid = (BigUint::from(position.paid) << 64) + position.frac;
        prop_assert_eq!(paid, before + earned);
        // The idle one gets nothing of it, and earns as others do from then on.
        pool.hold(1, 1);
        prop_assert_eq!(pool.owed(1), BigUint::ZERO);
        pool.add(MAX);
        pool.claim(1);
        pool.claim(0);
        pool.assert_conserved();
    }
}

#[test]
fn one_unit_among_three_is_paid_when_three_have_come() {
    let mut pool = Pool::new(&[1, 1, 1]);
    for paid in [0, 0, 1, 1, 1, 2] {
        pool.add(1);
        for who in 0..3 {
            pool.claim(who);
            assert_eq!(pool.positions[who].paid, paid);
        }
    }
    assert_eq!(pool.rem, 0);
}

#[test]
fn the_widest_history_fits() {
    let mut pool = Pool::new(&[1, 0]);
    pool.add(MAX - 1);
    pool.hold(1, MAX - 1);
    pool.add(1);
    pool.hold(1, 0);
    // The remainder of one base unit among all shares there can be, to the one that stayed.
    pool.add(0);
    assert_eq!((pool.held, pool.rem), (MAX, 0));
    pool.claim(0);
    pool.claim(1);
    assert_eq!(pool.positions[0].paid, u128::from(MAX - 1));
    pool.assert_conserved();
}
