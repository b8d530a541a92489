//! The program's books against a picture of the log.

use {
    super::{books::Books, log::Log, picture::Picture, step::Step},
    num_bigint::BigUint,
};

impl Picture {
    /// Compares every figure that the program's books of a pool hold, and their sum.
    pub fn compare(&self, books: &Books, pool: usize, at: i64) {
        let book = &books.pools[pool];
        assert_eq!(BigUint::from(book.pool.unallocated), self.unallocated);
        assert_eq!(BigUint::from(book.pool.claimed), self.claimed);
        assert_eq!(BigUint::from(book.pool.returned), self.returned);
        assert_eq!(BigUint::from(book.conserves(at)), self.reserved);
        assert!(book.shares.keys().eq(self.shares.keys()));
        for (node, share) in &self.shares {
            let earned = book.earned(at, *node).unwrap();
            let (held, delegators) = (&book.shares[node], earned.delegators);
            assert_eq!(BigUint::from(earned.payee), share.payee, "node {node}");
            assert_eq!(BigUint::from(delegators), share.delegators, "node {node}");
            assert_eq!(BigUint::from(held.claimed), share.claimed);
            assert_eq!(
                BigUint::from(held.delegators_claimed),
                share.delegators_claimed
            );
        }
    }
}

/// Compares what every owner and every group of delegators was paid.
pub fn compare_purses(log: &Log, books: &Books) {
    for provider in 0..log.cast.providers {
        let (mut owner, mut group, mut staked) = (BigUint::ZERO, BigUint::ZERO, false);
        for entry in &log.entries {
            match entry.step {
                Step::Stake {
                    provider: whose,
                    active,
                } if whose == provider => staked = active > 0,
                Step::PayDelegators { node, .. } if log.cast.nodes[node] == provider => {
                    *(if staked { &mut group } else { &mut owner }) += entry.moved;
                }
                Step::Claim { node, .. } if log.cast.nodes[node] == provider => {
                    owner += entry.moved
                }
                _ => {}
            }
        }
        assert_eq!(BigUint::from(books.purses[provider]), owner);
        assert_eq!(
            BigUint::from(books.stakes[provider].dividend_total_in),
            group
        );
    }
}
