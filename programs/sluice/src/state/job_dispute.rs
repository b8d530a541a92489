//! What a challenge and its ruling do to a job.

use {
    super::{Job, RingEntry, StakePool},
    crate::{
        checked::{Checked, Fits},
        constants::RING,
        error::SluiceError,
    },
    anchor_lang::prelude::*,
};

impl Job {
    /// Takes a window's units out of the ring until the ruling, and returns the entry as it was and the window's end.
    /// Refuses a window that no quorum proved, that is ripe, or that was challenged before: its units are zero. Other
    /// ripe windows mature later.
    pub fn freeze(&mut self, window: u32, now: i64) -> Result<(RingEntry, i64)> {
        let end = self.schedule().window_end(window);
        let end = end.fits()?;
        let in_time = now < end.saturating_add(self.terms.maturity_secs());
        let slot = usize::try_from(window % RING).fits()?;
        let entry = self.ring.get_mut(slot).fits()?;
        require!(
            in_time
                && self.terms.challenge_secs >= 1
                && entry.window_plus_one.checked_sub(1) == Some(window)
                && entry.units >= 1,
            SluiceError::NotChallengeable
        );
        let frozen = *entry;
        entry.units = 0;
        self.units_pending.lower(frozen.units)?;
        self.units_frozen.raise(frozen.units)?;
        Ok((frozen, end))
    }

    /// Takes `amount` of what is left of the bond from `pool`, the stake behind the job; returns what the pool lost.
    pub fn slash(&mut self, pool: &mut StakePool, amount: u64) -> Result<u64> {
        if amount == 0 {
            return Ok(0);
        }
        self.bond = self
            .bond
            .checked_sub(amount)
            .ok_or(SluiceError::SlashAboveBond)?;
        self.slashes = self.slashes.saturating_add(1);
        pool.unlock(amount)?;
        pool.slash(amount)
    }

    /// Ends the freeze of `units` of `window`. They are earned, or count as never proven.
    pub fn thaw(&mut self, window: u32, units: u64, upheld: bool) -> Result<()> {
        self.units_frozen.lower(units)?;
        if upheld {
            self.quorum_matured.raise(units)?;
            self.earn(units)
        } else {
            self.void_windows.raise(1)?;
            let end = self.schedule().window_end(window).fits()?;
            if end <= self.end_at {
                self.quorum_windows.lower(1)?;
            }
            Ok(())
        }
    }
}
