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
    require!(a.is_operator(), SluiceError::NotOperator);
    if a.lost_quorum() {
        a.end(0, now, EndCause::QuorumLost)
    } else if a.job.is_underfunded()? {
        a.end(0, now, EndCause::Excused)
    } else {
        a.end(a.job.terms.notice_secs, now, EndCause::Resigned)
    }
}
