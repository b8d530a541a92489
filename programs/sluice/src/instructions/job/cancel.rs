use {
    crate::{account::Compact, error::SluiceError, events::JobEndMoved, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CancelJob {
    #[account(address = job.buyer @ SluiceError::NotBuyer)]
    pub buyer: Signer,
    #[account(mut)]
    pub job: Compact<Job>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CancelJob>, incarnation: u64) -> Result<()> {
    let job = &mut ctx.accounts.job;
    let now = Clock::get()?.unix_timestamp;
    job.mature(now)?;
    job.require_incarnation(incarnation)?;
    require!(
        job.state != JobState::Released.byte() && now < job.end_at,
        SluiceError::JobEnded
    );
    let notice = if job.state == JobState::Active.byte() {
        i64::from(job.terms.notice_secs)
    } else {
        0
    };
    job.end_by(now.checked_add(notice).ok_or(SluiceError::MathOverflow)?);
    emit!(JobEndMoved {
        job: *job.account().address(),
        end_at: job.end_at,
    });
    Ok(())
}
