//! How and why a job ends, and what its end adds to the records.

use {
    super::{Job, JobState},
    crate::{
        checked::{Checked, Fits, byte_enum},
        error::SluiceError,
    },
    anchor_lang::prelude::*,
};

byte_enum! {
    /// Why a job ends when it ends.
    pub enum EndCause {
        /// Its time: the length of an active job, the date until which an open one could be accepted.
        Length = 0,
        /// The buyer cancelled.
        Cancelled = 1,
        /// The provider resigned; the only cause that its record counts.
        Resigned = 2,
        /// The provider resigned from a job it never chose to work unpaid or unseen: off the record.
        Excused = 3,
        /// The last windows past their grace were all unproven.
        Faulted = 4,
        /// The attester set lost its quorum.
        QuorumLost = 5,
    }
}

/// What a released job adds to the records of its provider and node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub quorum_windows: u64,
    /// 1 when the job reached its length and a quorum proved at least one unit.
    pub completed: u64,
    /// 1 when the provider resigned on the record.
    pub resigned: u64,
    /// Rulings that slashed the bond.
    pub slashes: u64,
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

    /// True for a job taken from an offer of which no window was ever proven.
    pub const fn is_taken_unproven(&self) -> bool {
        self.taken == 1 && self.last_proven == 0
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

    /// What this job adds to the records when it is released.
    pub fn record(&self) -> Record {
        let completed = self.cause == EndCause::Length.byte() && self.quorum_matured > 0;
        Record {
            quorum_windows: u64::from(self.quorum_windows),
            completed: u64::from(completed),
            resigned: u64::from(self.cause == EndCause::Resigned.byte()),
            slashes: u64::from(self.slashes),
        }
    }
}
