use {
    super::end::*,
    crate::{error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = a.begin(incarnation)?;
    a.job.require_state(JobState::Active)?;
    require!(a.is_buyer() || a.is_operator(), SluiceError::NotParty);
    require!(a.job.is_faulted(now)?, SluiceError::NotFaulted);
    let cause = if a.job.is_underfunded()? {
        EndCause::Excused
    } else {
        EndCause::Faulted
    };
    a.end(0, now, cause)
}
