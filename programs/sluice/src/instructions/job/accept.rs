use {
    super::place::*,
    crate::{constants::NOBODY, error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct AcceptJob {
    #[account(address = placement.provider.operator @ SluiceError::NotOperator)]
    pub operator: Signer,
    #[account(address = job.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub job: Account<Job>,
    /// The set in the terms; absent when they name none.
    pub set: Option<Account<AttesterSet>>,
    pub placement: Nested<Placement>,
}

impl AcceptJob {
    fn validate(&self, incarnation: u64, now: i64) -> Result<()> {
        let job = &self.job;
        self.network.require_intake(now)?;
        job.require_state(JobState::Open)?;
        job.require_incarnation(incarnation)?;
        require!(now < job.end_at, SluiceError::JobEnded);
        require!(
            job.provider == NOBODY || job.provider == *self.placement.provider.account().address(),
            SluiceError::WrongProvider
        );
        let set_key = self
            .set
            .as_ref()
            .map_or(NOBODY, |set| *set.account().address());
        require!(set_key == job.terms.set, SluiceError::WrongSet);
        match self.set.as_ref() {
            Some(set) => self.placement.require_set(&set_key, set),
            None => Ok(()),
        }
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<AcceptJob>, incarnation: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.validate(incarnation, now)?;
    let job_key = *a.job.account().address();
    a.placement.start(&job_key, &mut a.job, &a.network, now)
}
