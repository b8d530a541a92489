//! A job of one window that is worked off, challenged and ruled on.

use {
    super::{book::Seeds, cast::PAY, driver::Run},
    sluice_tests::reference::{
        Action, ChallengeKey, Claimed, Id, OpenJob, Path, Ruling, Signed, Terms, proof::statement,
    },
};

/// A window of a minute is provable, challengeable and ruled on for a minute each; no challenger has a bond.
fn terms(set: Id, bond: u64) -> Terms {
    Terms {
        mint: PAY,
        set: Some(set),
        price: 1,
        per: 1,
        cap: 10,
        bond,
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
    /// The node of `provider` in the first set, whose proofs take one attester.
    pub(super) fn node_of(&self, provider: Id) -> Id {
        let set = self.cast.sets[0];
        let mut nodes = self.model.nodes.iter();
        let found = nodes.find(|(_, node)| node.set == Some(set) && node.provider == provider);
        *found.expect("the prologue's").0
    }

    /// A job on `node`, ruled void by the resolver at the price of its whole bond, or upheld because nobody ruled; it is released.
    pub(super) fn judged(&mut self, node: Id, bond: u64, void: bool) -> ChallengeKey {
        let (network, set) = (self.cast.networks[0], self.cast.sets[0]);
        let (provider, worker) = {
            let node = &self.model.nodes[&node];
            (node.provider, node.worker)
        };
        let job = self.cast.jobs[0];
        let Seeds::Job { buyer, .. } = *self.book.seeds(job) else {
            panic!("{job} is no job")
        };
        let resolver = self.model.networks[&network].params.resolver;
        let (now, _) = self.moment();
        self.must(&Action::OpenJob(Box::new(OpenJob {
            job,
            network,
            buyer,
            terms: terms(set, bond),
            length_secs: 60,
            open_until: now + 1,
            funds: 10,
            cosigner: None,
            provider: None,
            refund_owner: None,
            resolver,
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
        // The resolver has the second half of the ruling time.
        self.pass(if void { 150 } else { 180 }, 1);
        let challenge = (job, incarnation, 0);
        let ruling = Ruling {
            void,
            lied: false,
            reason: 0,
            slash: if void { bond } else { 0 },
            evidence: 0,
        };
        let by = if void { resolver } else { self.cast.stranger };
        self.must(&Action::RuleChallenge {
            challenge,
            by,
            ruling,
        });
        self.must(&Action::ReleaseJob { job });
        challenge
    }
}
