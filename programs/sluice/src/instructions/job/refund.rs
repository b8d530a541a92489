use {
    super::exit::*,
    crate::{
        events::{self, EscrowMoved},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature(now)?;
    let amount = a.job.take_refund(now)?;
    events::emit(EscrowMoved::of(&a.job, amount));
    a.pay_out(Door::Refund, amount)
}
