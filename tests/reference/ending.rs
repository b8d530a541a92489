//! Ends that a party of a job moves: earlier, never later.

use super::{
    Cause, Effect, Fail, Id, Job, JobState, Key, Moment, Reference, ensure, find, find_mut,
};

impl Reference {
    /// A job that has not ended yet.
    fn running(&self, at: Moment, id: Id, incarnation: u64) -> Result<&Job, Fail> {
        let job = find(&self.jobs, id)?;
        ensure(job.incarnation == incarnation, "WrongIncarnation")?;
        let running = job.state != JobState::Released && at.now < job.end_at;
        ensure(running, "JobEnded")?;
        Ok(job)
    }

    /// True if the job has a set and not enough of it is left to prove anything.
    fn lost_quorum(&self, job: &Job) -> bool {
        let set = job.terms.set.and_then(|id| self.sets.get(&id));
        set.is_some_and(|set| !set.has_quorum())
    }

    /// True if `by` works the job now, whoever accepted it.
    fn operates(&self, job: &Job, by: Key) -> bool {
        let provider = job.provider.and_then(|id| self.providers.get(&id));
        provider.is_some_and(|provider| provider.operator == by)
    }

    pub(crate) fn cancel(
        &mut self,
        at: Moment,
        id: Id,
        by: Key,
        incarnation: u64,
    ) -> Result<Effect, Fail> {
        let job = self.running(at, id, incarnation)?;
        ensure(job.buyer == by, "NotBuyer")?;
        let notice = job.terms.notice_secs;
        match job.state {
            JobState::Active if self.lost_quorum(job) => self.end(at, id, 0, Cause::QuorumLost),
            // Who was lied to once need not stay.
            JobState::Active if job.void_windows() > 0 => self.end(at, id, 0, Cause::Cancelled),
            JobState::Active => self.end(at, id, notice, Cause::Cancelled),
            _ => self.end(at, id, 0, Cause::Cancelled),
        }
    }

    pub(crate) fn resign(
        &mut self,
        at: Moment,
        id: Id,
        by: Key,
        incarnation: u64,
    ) -> Result<Effect, Fail> {
        let job = self.running(at, id, incarnation)?;
        ensure(job.state == JobState::Active, "WrongJobState")?;
        ensure(self.operates(job, by), "NotOperator")?;
        let notice = job.terms.notice_secs;
        // Nobody pays for the next window: it need not stay.
        let excused = job.is_underfunded();
        if self.lost_quorum(job) {
            self.end(at, id, 0, Cause::QuorumLost)
        } else if excused {
            self.end(at, id, 0, Cause::Excused)
        } else {
            self.end(at, id, notice, Cause::Resigned)
        }
    }

    pub(crate) fn fault(
        &mut self,
        at: Moment,
        id: Id,
        by: Key,
        incarnation: u64,
    ) -> Result<Effect, Fail> {
        let job = self.running(at, id, incarnation)?;
        ensure(job.state == JobState::Active, "WrongJobState")?;
        ensure(job.buyer == by || self.operates(job, by), "NotParty")?;
        ensure(job.is_faulted(at.now), "NotFaulted")?;
        let dry = job.is_underfunded();
        self.end(at, id, 0, if dry { Cause::Excused } else { Cause::Faulted })
    }

    pub(crate) fn waive(
        &mut self,
        at: Moment,
        id: Id,
        by: Key,
        incarnation: u64,
    ) -> Result<Effect, Fail> {
        let job = find(&self.jobs, id)?;
        ensure(job.incarnation == incarnation, "WrongIncarnation")?;
        ensure(job.state == JobState::Active, "WrongJobState")?;
        ensure(self.operates(job, by), "NotOperator")?;
        let waivable = job.taken.is_some() && job.proofs.is_empty();
        ensure(waivable, "NotWaivable")?;
        ensure(job.start_at < job.end_at, "EndNotMoved")?;
        let job = find_mut(&mut self.jobs, id)?;
        job.waived = Some(job.due_windows(at.now));
        job.end_at = job.start_at;
        job.cause = Cause::Waived;
        Ok(Effect::default())
    }

    fn end(&mut self, at: Moment, id: Id, notice: u32, cause: Cause) -> Result<Effect, Fail> {
        let job = find_mut(&mut self.jobs, id)?;
        let end_at = at.now + i64::from(notice);
        ensure(end_at < job.end_at, "EndNotMoved")?;
        job.end_at = end_at;
        // Who resigned stays so, whatever excuse comes later.
        if (job.cause, cause) != (Cause::Resigned, Cause::Excused) {
            job.cause = cause;
        }
        job.touched_at = at.now;
        Ok(Effect::default())
    }
}
