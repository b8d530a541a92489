//! What people do to jobs.

use {
    super::{super::book::Seeds, Chooser},
    sluice_tests::reference::{Action, Id, Job, JobState},
};

impl Chooser<'_> {
    pub(super) fn job_action(&mut self) -> Option<Action> {
        // Few enough at a time for each to get somewhere.
        let id = self.dice.pick(&self.cast.jobs);
        let Some(job) = self.model.jobs.get(&id) else {
            let crowded = self.model.jobs.len() >= 6;
            return match self.dice.below(12) {
                0 => Some(self.any_step(id, None)),
                _ if crowded => self.busy_job_action(),
                1..=4 => Some(self.take(id)),
                _ => Some(self.open_job(id)),
            };
        };
        if self.dice.one_in(30) {
            // Open what is open.
            return Some(self.open_job(id));
        }
        Some(self.step_of(id, job))
    }

    /// Something about a job that is there.
    fn busy_job_action(&mut self) -> Option<Action> {
        let model = self.model;
        let (id, job) = self.dice.pick_some(&model.jobs)?;
        Some(self.step_of(*id, job))
    }

    fn step_of(&mut self, id: Id, job: &Job) -> Action {
        match job.state {
            JobState::Open if job.end_at <= self.now => match self.dice.below(10) {
                0..=2 => Action::Refund { job: id },
                3..=5 => Action::CloseJob { job: id },
                6 => self.accept(id, job),
                _ => self.any_step(id, Some(job)),
            },
            JobState::Open => match self.dice.below(20) {
                0..=14 => self.accept(id, job),
                15 | 16 => self.top_up(id, Some(job)),
                17 if self.dice.one_in(2) => self.ending(id, Some(job)),
                _ => self.any_step(id, Some(job)),
            },
            JobState::Active => self.step_of_active(id, job),
            JobState::Released => match self.dice.below(12) {
                0 | 1 => Action::Pay { job: id },
                2 => Action::SweepTreasury { job: id },
                3 => Action::SweepAttesters { job: id },
                4 | 5 => Action::Refund { job: id },
                6..=9 => Action::CloseJob { job: id },
                _ => self.any_step(id, Some(job)),
            },
        }
    }

    fn step_of_active(&mut self, id: Id, job: &Job) -> Action {
        // What can be done is done more often than what cannot.
        let fresh = !self.provable(job).is_empty() && !self.silent(job);
        let by_quorum = fresh && job.terms.set.is_some();
        let by_cosigner = fresh && job.cosigner.is_some();
        let due = job.quorum_matured(self.now) > job.credited();
        let settled = job.is_settled(self.now);
        if self.unprovable(job) && self.dice.one_in(3) {
            return self.ending(id, Some(job));
        }
        // A provider that need not stay leaves now and then, or none ever would be seen to.
        if (job.taken.is_some() && job.proofs.is_empty()) && self.dice.one_in(5) {
            return self.waive(id, Some(job));
        }
        if job.is_underfunded() && self.now < job.end_at && self.dice.one_in(25) {
            return self.resign(id, Some(job));
        }
        match self.dice.below(40) {
            0..=14 if by_quorum => self.attest(id, job),
            15..=18 if by_cosigner => self.attest_cosigned(id, job),
            0..=18 if by_cosigner && !by_quorum => self.attest_cosigned(id, job),
            0..=3 if settled => Action::ReleaseJob { job: id },
            4..=9 if due => self.credit(id, Some(job)),
            19..=21 if due => Action::Mature { job: id },
            22 if due => self.credit(id, Some(job)),
            23 => self.attest(id, job),
            24 => self.attest_cosigned(id, job),
            25 | 26 => self.top_up(id, Some(job)),
            27 if self.dice.one_in(2) => self.ending(id, Some(job)),
            30 | 31 if job.is_faulted(self.now) => self.fault(id, Some(job)),
            28 => Action::ReleaseJob { job: id },
            29 => self.credit(id, Some(job)),
            _ => self.any_step(id, Some(job)),
        }
    }

    /// Any instruction on a job, whether or not there is one to do it to.
    pub(super) fn any_step(&mut self, id: Id, job: Option<&Job>) -> Action {
        match (self.dice.below(15), job) {
            (0 | 1, _) => Action::Pay { job: id },
            (2 | 3, _) => Action::Refund { job: id },
            (4, _) => Action::SweepTreasury { job: id },
            (5, _) => Action::SweepAttesters { job: id },
            (6 | 7, _) => Action::Mature { job: id },
            (8, _) => Action::CloseJob { job: id },
            (9, _) => Action::ReleaseJob { job: id },
            (10, _) => self.credit(id, job),
            (11, _) => self.top_up(id, job),
            (12, Some(job)) => self.accept(id, job),
            (13, Some(job)) => self.attest(id, job),
            (14, Some(job)) => self.attest_cosigned(id, job),
            _ if self.dice.one_in(2) => self.ending(id, job),
            _ => Action::Mature { job: id },
        }
    }

    fn open_job(&mut self, id: Id) -> Action {
        let Seeds::Job { network, buyer, .. } = *self.book.seeds(id) else {
            panic!("{id} is no job")
        };
        Action::OpenJob(Box::new(self.open(id, network, buyer)))
    }

    pub(super) fn incarnation(&mut self, job: Option<&Job>) -> u64 {
        let right = job.map_or(5, |job| job.incarnation);
        self.dice.mostly(right, 25, |_| right - 1)
    }

    fn accept(&mut self, id: Id, job: &Job) -> Action {
        let model = self.model;
        let suits = |(_, node): &(&Id, &sluice_tests::reference::registry::Node)| {
            let set = job.terms.set.is_none() || node.set == job.terms.set;
            let named = job.provider.is_none_or(|named| named == node.provider);
            set && named && node.network == job.network
        };
        let suitable = self.dice.pick_some(model.nodes.iter().filter(suits));
        let any = self.dice.pick_some(&model.nodes);
        let chosen = self.dice.mostly(suitable.or(any), 10, |_| any);
        let unborn = self.dice.pick(&self.cast.nodes);
        let (mut node, mut provider) = match chosen {
            Some((node, state)) => (*node, state.provider),
            None => (unborn, self.dice.pick(&self.cast.providers)),
        };
        if self.dice.one_in(40) {
            node = unborn;
        }
        if self.dice.one_in(30) {
            provider = self.dice.pick(&self.cast.providers);
        }
        let operator = model.providers.get(&provider).map(|p| p.operator);
        let stranger = self.cast.stranger;
        let operator = operator.unwrap_or(stranger);
        Action::AcceptJob {
            job: id,
            provider,
            node,
            by: self.dice.mostly(operator, 30, |_| stranger),
            incarnation: self.incarnation(Some(job)),
        }
    }

    fn top_up(&mut self, id: Id, job: Option<&Job>) -> Action {
        let some = 1 + self.dice.below(800);
        Action::TopUpJob {
            job: id,
            by: self.dice.pick(&self.cast.buyers),
            incarnation: self.incarnation(job),
            amount: self.dice.pick(&[0, 1, 7, some, some, some]),
        }
    }

    fn credit(&mut self, id: Id, job: Option<&Job>) -> Action {
        let any = self.dice.pick(&self.cast.nodes);
        let node = job.and_then(|job| job.node).unwrap_or(any);
        Action::Credit {
            job: id,
            node: self.dice.mostly(node, 20, |_| any),
        }
    }
}
