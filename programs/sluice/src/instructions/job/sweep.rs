use {
    super::exit::*,
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
    a.job.mature(Clock::get()?.unix_timestamp)?;
    let amount = a.job.take_treasury()?;
    events::emit_here(EscrowMoved::of(&a.job, amount));
    a.pay_out(Door::Treasury, &network.roles.treasury, amount)
}

#[inline(never)]
pub fn attesters(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    a.job.mature(Clock::get()?.unix_timestamp)?;
    let amount = a.job.take_attesters()?;
    events::emit_here(EscrowMoved::of(&a.job, amount));
    let owner = a.job.attestation_owner;
    a.pay_out(Door::Attesters, &owner, amount)
}
