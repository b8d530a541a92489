//! Who goes silent, and who ends a job before its time.

use {
    super::Chooser,
    sluice_tests::reference::{Action, Id, Job},
};

impl Chooser<'_> {
    /// True while nobody proves the windows of a job: some are never proven, others not for a stretch.
    pub(super) fn silent(&self, job: &Job) -> bool {
        let stretch = 5 * i64::from(job.terms.window_secs);
        let since = (self.now - job.start_at) / stretch;
        let name = job.incarnation.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        name.is_multiple_of(6) || (name / 6 + since.unsigned_abs()).is_multiple_of(5)
    }

    /// True for a job that only attesters could prove who left.
    pub(super) fn unprovable(&self, job: &Job) -> bool {
        let set = job.terms.set.and_then(|set| self.model.sets.get(&set));
        set.is_some_and(|set| !set.has_quorum())
    }

    /// Someone ends it, or tries to.
    pub(super) fn ending(&mut self, id: Id, job: Option<&Job>) -> Action {
        match self.dice.below(6) {
            0 => self.cancel(id, job),
            1..=3 => self.resign(id, job),
            4 => self.waive(id, job),
            _ => self.fault(id, job),
        }
    }

    /// Who works a job now.
    fn operator(&mut self, job: Option<&Job>) -> u64 {
        let provider = job.and_then(|job| job.provider);
        let provider = provider.and_then(|id| self.model.providers.get(&id));
        provider.map_or(self.cast.stranger, |provider| provider.operator)
    }

    fn cancel(&mut self, id: Id, job: Option<&Job>) -> Action {
        let stranger = self.cast.stranger;
        let buyer = job.map_or(stranger, |job| job.buyer);
        Action::CancelJob {
            job: id,
            by: self.dice.mostly(buyer, 10, |_| stranger),
            incarnation: self.incarnation(job),
        }
    }

    pub(super) fn resign(&mut self, id: Id, job: Option<&Job>) -> Action {
        let operator = self.operator(job);
        let other = self.dice.pick(&self.cast.operators);
        Action::ResignJob {
            job: id,
            by: self.dice.mostly(operator, 10, |_| other),
            incarnation: self.incarnation(job),
        }
    }

    pub(super) fn waive(&mut self, id: Id, job: Option<&Job>) -> Action {
        let operator = self.operator(job);
        let other = self.dice.pick(&self.cast.operators);
        Action::WaiveJob {
            job: id,
            by: self.dice.mostly(operator, 10, |_| other),
            incarnation: self.incarnation(job),
        }
    }

    pub(super) fn fault(&mut self, id: Id, job: Option<&Job>) -> Action {
        let operator = self.operator(job);
        let buyer = job.map_or(operator, |job| job.buyer);
        let party = self.dice.mostly(buyer, 3, |_| operator);
        let stranger = self.cast.stranger;
        Action::FaultJob {
            job: id,
            by: self.dice.mostly(party, 12, |_| stranger),
            incarnation: self.incarnation(job),
        }
    }
}
