//! A provider that loses nearly all of its stake to one ruling while others have stake behind it: the pool is dead from then on,
//! and every exit from it is what it was.

use {
    super::driver::Run,
    sluice_tests::reference::{Action, Id, Subject},
};

/// What its owner adds to its stake, base units: a hundred times what others have there.
const MORE: u64 = 100_000;

impl Run {
    /// `provider` falls.
    pub(super) fn fell(&mut self, provider: Id) {
        let owner = self.model.providers[&provider].owner;
        let pool = self.model.pool_of(Subject::Provider(provider));
        let pool = pool.expect("the prologue's");
        self.must(&Action::Stake {
            pool,
            by: owner,
            amount: MORE,
        });
        let bond = self.model.whole_worth(pool, owner);
        let node = self.node_of(provider);
        let challenge = self.judged(node, bond, true);
        self.must(&Action::SettleChallenge { challenge });
        let job = challenge.0;
        self.pull_everything(job);
        self.must(&Action::CloseJob { job });
        let refused = self.step(&Action::Stake {
            pool,
            by: owner,
            amount: MORE,
        });
        assert_eq!(refused, Err("StakePoolDead"));
    }

    /// Stake pools that take no stake because next to nothing is left of it.
    pub(super) fn dead_pools(&self) -> usize {
        let pools = self.seen().stake_pools.values();
        let dead = pools.filter(|pool| {
            let shares = u128::from(pool.active_shares) + u128::from(pool.thawing_shares);
            shares > 0 && u128::from(pool.tokens) * 64 <= shares
        });
        dead.count()
    }
}
