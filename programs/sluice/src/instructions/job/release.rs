use {
    crate::{
        error::SluiceError,
        events::{self, JobReleased},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct ReleaseJob {
    #[account(mut)]
    pub job: Account<Job>,
    #[account(mut, address = job.node @ SluiceError::WrongNode)]
    pub node: Account<Node>,
    #[account(mut, address = job.provider @ SluiceError::WrongProvider)]
    pub provider: Account<Provider>,
    #[account(mut, constraint = pool.subject == job.provider @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<ReleaseJob>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature(now)?;
    let job = &mut a.job;
    a.pool.unlock(job.release(now)?)?;
    a.node.free_slot()?;
    a.node.credit(job.take_credit()?);
    let record = job.record()?;
    a.node.record.add(&record);
    a.provider.record.add(&record);
    events::emit(JobReleased {
        job: *job.account().address(),
        node: job.node,
        node_units: a.node.units,
        windows_proven: record.windows_proven,
        windows_missed: record.windows_missed,
        cause: u64::from(job.cause),
    });
    Ok(())
}
