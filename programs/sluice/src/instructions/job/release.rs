use {
    crate::{account::Compact, error::SluiceError, events::JobReleased, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct ReleaseJob {
    #[account(mut)]
    pub job: Compact<Job>,
    #[account(mut, address = job.node @ SluiceError::WrongNode)]
    pub node: Compact<Node>,
    #[account(mut, address = job.provider @ SluiceError::WrongProvider)]
    pub provider: Compact<Provider>,
    #[account(mut, constraint = pool.subject == job.provider @ SluiceError::WrongStakePool)]
    pub pool: Compact<StakePool>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<ReleaseJob>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature(now)?;
    a.job.require_state(JobState::Active)?;
    require!(a.job.is_settled(now)?, SluiceError::NotSettled);
    let job = &mut a.job;
    let length = i64::try_from(job.length_secs).map_err(|_| SluiceError::MathOverflow)?;
    let reached_length = job.end_at.saturating_sub(job.start_at) == length;

    job.state = JobState::Released.byte();
    a.pool.unlock(job.bond)?;
    job.bond = 0;
    a.node.free_slot()?;
    a.node.credit(job.take_credit()?);
    a.provider
        .record_release(job.quorum_windows, reached_length)
        .ok_or(SluiceError::MathOverflow)?;
    emit!(JobReleased {
        job: *job.account().address(),
        node: job.node,
        node_units: a.node.units,
        quorum_windows: u64::from(job.quorum_windows),
    });
    Ok(())
}
