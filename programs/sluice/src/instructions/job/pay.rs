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
    a.job.mature(Clock::get()?.unix_timestamp)?;
    let amount = a.job.take_pay()?;
    events::emit_here(EscrowMoved::of(&a.job, amount));
    let payee = a.job.payee;
    a.pay_out(Door::Payee, &payee, amount)
}
