use {
    super::{exit::*, mature::mature_pending},
    crate::{
        error::SluiceError,
        events::{self, EscrowMoved},
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    mature_pending(&mut a.job)?;
    let total = a.job.earned()?.provider;
    let amount = total.saturating_sub(a.job.paid);
    require!(amount > 0, SluiceError::NothingDue);
    a.job.paid = total;
    events::emit(EscrowMoved::of(&a.job, amount));
    let payee = a.job.payee;
    a.pay_out(&payee, amount)
}
