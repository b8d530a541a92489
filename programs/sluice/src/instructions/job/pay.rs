use {
    super::{exit::*, mature::mature_pending},
    crate::{
        events::{self, EscrowMoved},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    mature_pending(&mut a.job)?;
    let amount = a.job.take_pay()?;
    events::emit(EscrowMoved::of(&a.job, amount));
    a.pay_out(Door::Payee, amount)
}
