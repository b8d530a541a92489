//! A stake pool is held by every challenge that is to be settled from its vault, one without a bond too.

use {
    super::{book::Seeds, cast::PAY, driver::Run},
    sluice_tests::reference::{
        Action, ChallengeKey, Claimed, Id, Key, OpenJob, Path, Ruling, Signed, Subject, Terms,
        proof::statement,
    },
};

/// A window of a minute is provable, challengeable and ruled on for a minute each; nobody has a bond.
fn terms(set: Id) -> Terms {
    Terms {
        mint: PAY,
        set: Some(set),
        price: 1,
        per: 1,
        cap: 10,
        bond: 0,
        challenge_bond: 0,
        max_length_secs: 60,
        window_secs: 60,
        grace_secs: 60,
        challenge_secs: 60,
        ruling_secs: 60,
        notice_secs: 0,
        fault_windows: 1,
    }
}

impl Run {
    /// A job of one window on some node of a set, worked off, challenged and upheld; its provider and the challenge.
    fn upheld(&mut self) -> (Id, ChallengeKey) {
        let (network, set) = (self.cast.networks[0], self.cast.sets[0]);
        let nodes = self.model.nodes.iter();
        let mut fitting = nodes.filter(|(_, node)| node.set == Some(set));
        let (node, provider, worker) = fitting
            .next()
            .map(|(id, node)| (*id, node.provider, node.worker))
            .expect("the prologue's");
        let job = self.cast.jobs[0];
        let Seeds::Job { buyer, .. } = *self.book.seeds(job) else {
            panic!("{job} is no job")
        };
        let (now, _) = self.moment();
        self.must(&Action::OpenJob(Box::new(OpenJob {
            job,
            network,
            buyer,
            terms: terms(set),
            length_secs: 60,
            open_until: now + 1,
            funds: 10,
            cosigner: None,
            provider: None,
            refund_owner: None,
            resolver: self.model.networks[&network].params.resolver,
            max_fee_bps: 1_000,
        })));
        let incarnation = self.model.jobs[&job].incarnation;
        self.must(&Action::AcceptJob {
            job,
            provider,
            node,
            by: self.model.providers[&provider].operator,
            incarnation,
        });
        self.pass(60, 1);
        let claimed = Claimed {
            window: 0,
            units: 10,
            digest: 1,
        };
        let signer = self.model.sets[&set].args.keys[0];
        let statement = statement(job, &self.model.jobs[&job], Path::Quorum, claimed);
        self.must(&Action::Attest {
            job,
            set,
            claimed,
            members: 0,
            signed: statement.map(|statement| Signed {
                statement,
                keys: vec![worker, signer],
            }),
        });
        self.must(&Action::Challenge {
            job,
            by: self.cast.stranger,
            incarnation,
            window: 0,
            reason: 0,
            evidence: 0,
        });
        self.pass(180, 1);
        let challenge = (job, incarnation, 0);
        self.must(&Action::RuleChallenge {
            challenge,
            by: self.cast.stranger,
            ruling: Ruling {
                void: false,
                lied: false,
                reason: 0,
                slash: 0,
                evidence: 0,
            },
        });
        self.must(&Action::ReleaseJob { job });
        (provider, challenge)
    }

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
    let (provider, challenge) = run.upheld();
    let pool = run.model.pool_of(Subject::Provider(provider));
    let pool = pool.expect("the prologue's");
    let by = run.model.stake_pools[&pool].owner;
    run.abandon(provider, pool, by);
    let close = Action::CloseStakePool { pool, by };
    assert_eq!(run.step(&close), Err("StillInUse"));
    run.must(&Action::SettleChallenge { challenge });
    run.must(&close);
}
