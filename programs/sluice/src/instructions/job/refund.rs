use {
    super::exit::*,
    crate::{
        checked::Checked,
        error::SluiceError,
        events::{self, EscrowMoved},
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature(now)?;
    let amount = a.job.refundable(now)?;
    require!(amount > 0, SluiceError::NothingDue);
    a.job.refunded.raise(amount)?;
    events::emit(EscrowMoved::of(&a.job, amount));
    let buyer = a.job.buyer;
    a.pay_out(&buyer, amount)
}
