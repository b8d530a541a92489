use {
    super::{exit::*, mature::mature_pending},
    crate::{
        error::SluiceError,
        events::{self, EscrowMoved},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct SweepTreasury {
    /// Read live: the treasury may move, the fee may not.
    #[account(address = escrow.job.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    pub escrow: Nested<MoveEscrow>,
}

#[inline(never)]
pub fn treasury(ctx: &mut Context<SweepTreasury>) -> Result<()> {
    let SweepTreasury { network, escrow: a } = &mut ctx.accounts;
    mature_pending(&mut a.job)?;
    let amount = a.job.take_treasury()?;
    events::emit(EscrowMoved::of(&a.job, amount));
    a.pay_out(Door::Treasury(&network.roles.treasury), amount)
}

#[inline(never)]
pub fn attesters(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    mature_pending(&mut a.job)?;
    let amount = a.job.take_attesters()?;
    events::emit(EscrowMoved::of(&a.job, amount));
    a.pay_out(Door::Attesters, amount)
}
