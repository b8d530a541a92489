//! How and why a job ends, and what its end adds to the records.

use {
    super::{Job, JobState, Record},
    crate::{
        checked::{Checked, Fits, byte_enum},
        error::SluiceError,
    },
    anchor_lang::prelude::*,
};

byte_enum! {
    /// Why a job ends when it ends.
    pub enum EndCause {
        /// Its time is over: the length of an active job, or the last date to accept an open one.
        Length = 0,
        /// The buyer cancelled.
        Cancelled = 1,
        /// The provider resigned.
        Resigned = 2,
        /// Either side ended a job that nobody pays for. This is off the record.
        Excused = 3,
        /// The last windows past their grace were all unproven.
        Faulted = 4,
        /// The attester set lost its quorum.
        QuorumLost = 5,
        /// The provider gave back a job that was taken from its offer, before anything was proven.
        Waived = 6,
    }
}

impl Job {
    /// Refuses a job of another incarnation, and one that is over.
    pub fn require_running(&self, incarnation: u64, now: i64) -> Result<()> {
        self.require_incarnation(incarnation)?;
        require!(
            self.state != JobState::Released.byte() && now < self.end_at,
            SluiceError::JobEnded
        );
        Ok(())
    }

    /// Moves the end to `notice` seconds from now, only ever earlier.
    pub fn end_after(&mut self, notice: u32, now: i64, cause: EndCause) -> Result<()> {
        let at = now.plus(i64::from(notice))?;
        require!(at < self.end_at, SluiceError::EndNotMoved);
        self.end_at = at;
        // A resignation stays on the record when the provider resigns once more with an excuse.
        if cause != EndCause::Excused || self.cause != EndCause::Resigned.byte() {
            self.cause = cause.byte();
        }
        Ok(())
    }

    /// True when less than one whole window's cap is funded and not spoken for.
    pub fn is_underfunded(&self) -> Result<bool> {
        let free = self.units_funded.checked_sub(self.units_counted()?);
        Ok(free.fits()? < self.terms.cap)
    }

    /// True when the job lasts at least its notice and one window.
    pub fn outlasts_notice(&self) -> bool {
        let least = u64::from(self.terms.notice_secs) + u64::from(self.terms.window_secs);
        self.length_secs >= least
    }

    /// True when the deposit covers the notice, in whole windows, and one window more.
    pub fn covers_notice(&self) -> bool {
        let windows = self.terms.windows(u64::from(self.terms.notice_secs));
        windows
            .and_then(|windows| u64::from(windows).checked_add(1))
            .and_then(|windows| windows.checked_mul(self.terms.cap))
            .is_some_and(|units| self.units_funded >= units)
    }

    /// Gives a taken job back. It ends as if it had never started, so that everything can be refunded and released at
    /// once. The record keeps the whole windows that ended by now as missed.
    pub fn waive(&mut self, now: i64) -> Result<()> {
        require!(
            self.taken == 1 && self.last_proven == 0,
            SluiceError::NotWaivable
        );
        require!(self.start_at < self.end_at, SluiceError::EndNotMoved);
        // None of them was dry: a taken job covers its notice, and none of that is spent.
        self.missed_windows = self.schedule().whole_windows(now).fits()?;
        self.end_at = self.start_at;
        self.cause = EndCause::Waived.byte();
        Ok(())
    }

    /// Excuses the whole windows since the last one with work if less than one window's cap is free: the provider need
    /// not work for nothing. Call it before every deposit, because what was free until now counts.
    pub fn excuse(&mut self, now: i64) -> Result<()> {
        if self.is_underfunded()? {
            let ended = self.schedule().whole_windows(now).fits()?;
            let known = self.last_worked.max(self.last_excused);
            if ended > known {
                self.excused_windows.raise(ended.minus(known)?)?;
                self.last_excused = ended;
            }
        }
        Ok(())
    }

    /// True when the last `fault_windows` windows past their grace are unproven, and all after them: a later proof shows life.
    pub fn is_faulted(&self, now: i64) -> Result<bool> {
        let past = self
            .schedule()
            .first_open(now, self.terms.grace_secs)
            .fits()?;
        Ok(past
            .checked_sub(self.terms.fault_windows)
            .is_some_and(|first| self.last_proven <= first))
    }

    /// What this job adds to the records when it is released, after [`Self::excuse`].
    pub fn record(&self) -> Result<Record> {
        let whole = self.schedule().whole_windows(self.end_at).fits()?;
        let due = whole.saturating_sub(self.excused_windows);
        // A dry window that is funded and proven after all makes up for a missed one.
        let missed = due.saturating_sub(self.worked_windows);
        let counts = self.counts == 1;
        let ended_by = |cause: EndCause| u64::from(self.cause == cause.byte());
        Ok(Record {
            windows_missed: u64::from(missed).saturating_add(u64::from(self.missed_windows)),
            windows_proven: if counts {
                u64::from(self.quorum_windows)
            } else {
                0
            },
            jobs_accepted: 1,
            jobs_completed: u64::from(counts && due >= 1 && self.quorum_windows >= due),
            jobs_resigned: ended_by(EndCause::Resigned),
            jobs_waived: ended_by(EndCause::Waived),
            jobs_faulted: ended_by(EndCause::Faulted),
            jobs_voided: u64::from(self.void_windows >= 1),
            slashes: u64::from(self.slashes),
        })
    }
}
