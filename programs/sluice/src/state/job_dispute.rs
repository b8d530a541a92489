//! What a challenge and its ruling do to a job.

use {
    super::{Job, RingEntry},
    crate::{constants::RING, error::SluiceError},
    anchor_lang::prelude::*,
};

impl Job {
    /// Takes a window's units out of the ring until the ruling: returns the entry as it was, and the window's end. Only a
    /// quorum's window, before it matures, and only once: its units are then zero. Others may be due to mature: they do so later.
    pub fn freeze(&mut self, window: u32, now: i64) -> Result<(RingEntry, i64)> {
        let end = self.schedule().window_end(window);
        let end = end.ok_or(SluiceError::MathOverflow)?;
        let in_time = now < end.saturating_add(self.terms.maturity_secs());
        let slot = usize::try_from(window % RING).map_err(|_| SluiceError::MathOverflow)?;
        let entry = self.ring.get_mut(slot).ok_or(SluiceError::MathOverflow)?;
        require!(
            in_time
                && self.terms.challenge_secs >= 1
                && entry.window_plus_one.checked_sub(1) == Some(window)
                && entry.units >= 1,
            SluiceError::NotChallengeable
        );
        let frozen = *entry;
        entry.units = 0;
        self.units_pending = self
            .units_pending
            .checked_sub(frozen.units)
            .ok_or(SluiceError::MathOverflow)?;
        self.units_frozen = self
            .units_frozen
            .checked_add(frozen.units)
            .ok_or(SluiceError::MathOverflow)?;
        Ok((frozen, end))
    }

    /// Ends the freeze of `units`: they are earned, or as if never proven.
    pub fn thaw(&mut self, units: u64, upheld: bool) -> Result<()> {
        self.units_frozen = self
            .units_frozen
            .checked_sub(units)
            .ok_or(SluiceError::MathOverflow)?;
        if upheld {
            self.quorum_matured = self
                .quorum_matured
                .checked_add(units)
                .ok_or(SluiceError::MathOverflow)?;
            self.earn(units)
        } else {
            self.quorum_windows = self.quorum_windows.saturating_sub(1);
            Ok(())
        }
    }
}
