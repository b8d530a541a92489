//! What a proof from a batch asks of a job.

use {super::Job, crate::constants::RING, anchor_lang::prelude::*};

impl Job {
    /// The job in an account's data.
    pub fn of_data(data: &mut [u8]) -> Result<&mut Self> {
        let job = data
            .split_at_mut_checked(Self::DISCRIMINATOR.len())
            .filter(|(discriminator, _)| *discriminator == Self::DISCRIMINATOR)
            .and_then(|(_, fields)| bytemuck::try_from_bytes_mut(fields).ok());
        job.ok_or(ProgramError::InvalidAccountData)
    }

    /// True when `window` was proven by this statement and its slot was not taken by a later one.
    pub fn is_proven_by(&self, window: u32, statement: &[u8; 32]) -> bool {
        let slot = usize::try_from(window % RING).unwrap_or_default();
        self.ring.get(slot).is_some_and(|entry| {
            entry.window_plus_one.checked_sub(1) == Some(window)
                && statement.starts_with(&entry.statement)
        })
    }
}
