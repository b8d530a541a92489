use {
    crate::{
        error::SluiceError,
        events::{self, JobEndMoved},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// A party of a job moves its end.
#[derive(Accounts)]
pub struct EndJob {
    /// The buyer or the provider's operator.
    pub party: Signer,
    #[account(mut)]
    pub job: Account<Job>,
    /// The job's provider; absent while it has none.
    #[account(address = job.provider @ SluiceError::WrongProvider)]
    pub provider: Option<Account<Provider>>,
    /// The job's set, given to show that it lost its quorum, so that no notice is due.
    #[account(address = job.terms.set @ SluiceError::WrongSet)]
    pub set: Option<Account<AttesterSet>>,
}

impl EndJob {
    /// Brings the job up to date and refuses one that is over.
    pub fn begin(&mut self, incarnation: u64) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        self.job.mature(now)?;
        self.job.require_running(incarnation, now)?;
        Ok(now)
    }

    /// True when the buyer signed.
    pub fn is_buyer(&self) -> bool {
        *self.party.address() == self.job.buyer
    }

    /// True when the provider's operator signed.
    pub fn is_operator(&self) -> bool {
        let operator = self.provider.as_ref().map(|provider| provider.operator);
        operator == Some(*self.party.address())
    }

    /// True when the set was shown and has lost its quorum.
    pub fn lost_quorum(&self) -> bool {
        self.set.as_ref().is_some_and(|set| !set.has_quorum())
    }

    /// Moves the end to `notice` seconds from now.
    pub fn end(&mut self, notice: u32, now: i64, cause: EndCause) -> Result<()> {
        self.job.end_after(notice, now, cause)?;
        self.tell();
        Ok(())
    }

    /// Says when and why the job ends now.
    pub fn tell(&self) {
        events::emit(JobEndMoved {
            job: *self.job.account().address(),
            end_at: self.job.end_at,
            cause: u64::from(self.job.cause),
        });
    }
}
