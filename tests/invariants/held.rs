//! A stake pool is held by every challenge that is to be settled from its vault, one without a bond too.

use {
    super::driver::Run,
    sluice_tests::reference::{Action, Id, Key, Subject},
};

impl Run {
    /// Everybody leaves the pool of a provider, and the provider its nodes.
    fn abandon(&mut self, provider: Id, pool: Id, owner: Key) {
        let nodes = self.model.nodes.iter();
        let theirs = nodes.filter(|(_, node)| node.provider == provider);
        for node in theirs.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.must(&Action::CloseNode { node, by: owner });
        }
        let staked = self.model.positions.keys().filter(|(p, _)| *p == pool);
        let stakers: Vec<Key> = staked.map(|(_, staker)| *staker).collect();
        for by in stakers.iter().copied() {
            let shares = self.model.positions[&(pool, by)].shares;
            self.must(&Action::Unstake {
                pool,
                by,
                shares,
                nonce: 1,
            });
        }
        self.pass(4 * 60 * 60, 1);
        for staker in stakers {
            self.must(&Action::Withdraw {
                pool,
                staker,
                nonce: 1,
            });
            self.must(&Action::ClosePosition {
                pool,
                staker,
                by: staker,
            });
        }
    }
}

#[test]
fn a_pool_closes_after_the_last_challenge_is_settled_whatever_its_bond() {
    let mut run = Run::begun(1);
    let provider = run.cast.providers[0];
    let challenge = run.judged(run.node_of(provider), 0, false);
    let pool = run.model.pool_of(Subject::Provider(provider));
    let pool = pool.expect("the prologue's");
    let by = run.model.stake_pools[&pool].owner;
    run.abandon(provider, pool, by);
    let close = Action::CloseStakePool { pool, by };
    assert_eq!(run.step(&close), Err("StillInUse"));
    run.must(&Action::SettleChallenge { challenge });
    run.must(&close);
}
