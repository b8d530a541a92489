use {
    super::end::*,
    crate::{error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

/// A job can be given back past its end too: it holds a slot and a bond until it is released.
#[inline(never)]
pub fn handler(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.require_incarnation(incarnation)?;
    a.job.require_state(JobState::Active)?;
    require!(a.is_operator(), SluiceError::NotOperator);
    a.job.waive(now)?;
    a.tell();
    Ok(())
}
