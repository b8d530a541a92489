use {
    super::end::*,
    crate::{error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = a.begin(incarnation)?;
    require!(a.is_buyer(), SluiceError::NotBuyer);
    if a.job.state == JobState::Open.byte() {
        a.end(0, now, EndCause::Cancelled)
    } else if a.lost_quorum() {
        a.end(0, now, EndCause::QuorumLost)
    } else if a.job.void_windows >= 1 {
        a.end(0, now, EndCause::Cancelled)
    } else {
        a.end(a.job.terms.notice_secs, now, EndCause::Cancelled)
    }
}
