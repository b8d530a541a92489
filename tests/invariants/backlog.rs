//! Work that nodes have to report for many epochs to come.

use {
    super::{book::Seeds, driver::Run, prologue::QUALITY},
    sluice_tests::reference::{
        Action, Claimed, Holder, Id, OpenJob, Path, Signed, Terms, proof::statement,
    },
};

/// Units of a node: more than its pools count in a hundred epochs.
const UNITS: u64 = 1_000;
/// What it has of them before the commission changes: less than they count in one.
const FEW: u64 = 3;

/// One window of a minute that a quorum proves, on terms that just count.
fn terms(set: Option<Id>) -> Terms {
    Terms {
        mint: QUALITY.mint,
        set,
        price: 1,
        per: 1,
        cap: UNITS,
        bond: QUALITY.bond,
        challenge_bond: QUALITY.challenge_bond,
        max_length_secs: 60,
        window_secs: 60,
        grace_secs: 60,
        challenge_secs: QUALITY.challenge_secs,
        ruling_secs: QUALITY.ruling_secs,
        notice_secs: 0,
        fault_windows: 1,
    }
}

impl Run {
    /// Every share sets its baseline, and then its node works off a small job and a big one, whose work waits to be credited.
    pub(super) fn work_ahead(&mut self) {
        let pools = self.model.reward_pools.values();
        let longest = pools.map(|pool| i64::from(pool.terms.epoch_secs)).max();
        self.pass(longest.unwrap_or(0), 1);
        let shares = self.model.shares.iter();
        let shares = shares.map(|((pool, node), share)| (*pool, *node, share.provider));
        let shares: Vec<(Id, Id, Id)> = shares.collect();
        let (small, big) = self.cast.jobs.split_at(shares.len());
        let jobs: Vec<(Id, Id)> = small.iter().copied().zip(big.iter().copied()).collect();
        for ((pool, node, provider), job) in shares.iter().zip(&jobs) {
            self.must(&Action::Report {
                pool: *pool,
                node: *node,
                provider: *provider,
                epoch: None,
            });
            self.begin_job(job.0, *node);
            self.begin_job(job.1, *node);
        }
        self.pass(60, 1);
        for job in &jobs {
            self.prove_window(job.0, FEW);
            self.prove_window(job.1, UNITS);
        }
        self.pass(60 + i64::from(QUALITY.challenge_secs), 1);
        for ((_, node, _), job) in shares.into_iter().zip(jobs) {
            self.finish_job(job.0, node);
        }
    }

    fn finish_job(&mut self, job: Id, node: Id) {
        self.must(&Action::Credit { job, node });
        self.must(&Action::ReleaseJob { job });
        self.pull_everything(job);
        self.must(&Action::CloseJob { job });
    }

    /// Every share reports in the last second of a commission, again in that epoch at the next one, and in the epoch after it.
    pub(super) fn report_at_the_turn(&mut self) {
        let commissions = self.model.providers.values();
        let commissions = commissions.filter_map(|provider| provider.commissions.last());
        let turn = commissions.map(|(from, _)| i128::from(*from)).max();
        let turn = turn.expect("a commission");
        self.wait_for(turn - 1);
        let (now, _) = self.moment();
        let pools = self.model.reward_pools.clone();
        let mut next = Vec::new();
        for (id, pool) in pools {
            let current = pool.terms.working_epoch(now).expect("no end yet");
            next.push((pool.terms.starts(current + 1), id));
            self.report_all(id);
        }
        self.wait_for(turn);
        let unfinished = self.model.jobs.iter();
        let unfinished = unfinished.filter_map(|(job, state)| Some((*job, state.node?)));
        for (job, node) in unfinished.collect::<Vec<_>>() {
            self.finish_job(job, node);
        }
        next.sort_unstable();
        for (_, pool) in &next {
            self.report_all(*pool);
        }
        for (start, pool) in next {
            self.wait_for(start);
            self.report_all(pool);
        }
    }

    /// Every share of `pool` reports now.
    fn report_all(&mut self, pool: Id) {
        let (now, _) = self.moment();
        let shares = self.model.shares.range((pool, 0)..=(pool, Id::MAX));
        let shares = shares.map(|((_, node), share)| (*node, share.provider));
        for (node, provider) in shares.collect::<Vec<_>>() {
            let state = &self.model.reward_pools[&pool];
            let index = state.terms.working_epoch(now).expect("no end yet");
            let report = if state.epochs.contains_key(&index) {
                Action::Report {
                    pool,
                    node,
                    provider,
                    epoch: Some(index),
                }
            } else {
                Action::OpenEpoch {
                    pool,
                    node,
                    provider,
                    index,
                }
            };
            self.must(&report);
        }
    }

    fn begin_job(&mut self, job: Id, node: Id) {
        let Seeds::Job { network, buyer, .. } = *self.book.seeds(job) else {
            panic!("{job} is no job")
        };
        let (now, _) = self.moment();
        let (provider, set) = (
            self.model.nodes[&node].provider,
            self.model.nodes[&node].set,
        );
        let provision = Action::Transfer {
            from: Holder::Wallet(self.cast.stranger),
            to: Holder::Wallet(buyer),
            mint: QUALITY.mint,
            amount: UNITS,
        };
        self.must(&provision);
        self.must(&Action::OpenJob(Box::new(OpenJob {
            job,
            network,
            buyer,
            terms: terms(set),
            length_secs: 60,
            open_until: now + 1,
            funds: UNITS,
            cosigner: None,
            provider: None,
            refund_owner: None,
            resolver: self.model.networks[&network].params.resolver,
            max_fee_bps: 1_000,
        })));
        self.must(&Action::AcceptJob {
            job,
            provider,
            node,
            by: self.model.providers[&provider].operator,
            incarnation: self.model.jobs[&job].incarnation,
        });
    }

    /// The first members of the set sign all of the only window.
    fn prove_window(&mut self, job: Id, units: u64) {
        let state = &self.model.jobs[&job];
        let (Some(set), Some(worker)) = (state.terms.set, state.worker) else {
            panic!("{job} has no quorum")
        };
        let args = &self.model.sets[&set].args;
        let (count, mut keys) = (args.threshold, vec![worker]);
        keys.extend(&args.keys[..usize::from(count)]);
        let claimed = Claimed {
            window: 0,
            units,
            digest: 1,
        };
        let statement = statement(job, state, Path::Quorum, claimed);
        self.must(&Action::Attest {
            job,
            set,
            claimed,
            members: (0..u64::from(count))
                .map(|index| index << (4 * index))
                .sum(),
            signed: statement.map(|statement| Signed { statement, keys }),
        });
    }
}
