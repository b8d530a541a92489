use {
    crate::{
        error::SluiceError,
        events::{self, JobMatured},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct Mature {
    #[account(mut)]
    pub job: Account<Job>,
}

/// Matures what is ripe, for an instruction that needs no time besides: where nothing is pending the clock is not read.
pub fn mature_pending(job: &mut Job) -> Result<()> {
    if job.units_pending > 0 {
        job.mature_inline(Clock::get()?.unix_timestamp)?;
    }
    Ok(())
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Mature>) -> Result<()> {
    let job = &mut ctx.accounts.job;
    let before = job.units_matured;
    job.mature(Clock::get()?.unix_timestamp)?;
    require!(job.units_matured > before, SluiceError::NothingDue);
    events::emit(JobMatured {
        job: *job.account().address(),
        units_matured: job.units_matured,
        units_pending: job.units_pending,
    });
    Ok(())
}
