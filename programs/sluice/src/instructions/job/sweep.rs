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
    let total = a.job.earned()?.treasury;
    let amount = total.saturating_sub(a.job.swept_treasury);
    require!(amount > 0, SluiceError::NothingDue);
    a.job.swept_treasury = total;
    events::emit(EscrowMoved::of(&a.job, amount));
    a.pay_out(&network.roles.treasury, amount)
}

#[inline(never)]
pub fn attesters(ctx: &mut Context<MoveEscrow>) -> Result<()> {
    let a = &mut ctx.accounts;
    mature_pending(&mut a.job)?;
    let total = a.job.earned()?.attesters;
    let amount = total.saturating_sub(a.job.swept_attesters);
    require!(amount > 0, SluiceError::NothingDue);
    a.job.swept_attesters = total;
    events::emit(EscrowMoved::of(&a.job, amount));
    let owner = a.job.attestation_owner;
    a.pay_out(&owner, amount)
}
