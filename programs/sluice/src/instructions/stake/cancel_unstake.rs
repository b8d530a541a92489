use {
    crate::{
        error::SluiceError,
        events::{self, StakeChanged},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CancelUnstake {
    #[account(address = ticket.staker @ SluiceError::NotOwner)]
    pub staker: Signer,
    #[account(mut, address = ticket.pool @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
    #[account(mut, address = ticket.position @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    #[account(mut, close = rent_payer)]
    pub ticket: Account<Unstake>,
    #[account(mut, unsafe(dup), address = ticket.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CancelUnstake>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(clock.slot > a.ticket.opened_slot, SluiceError::OpeningSlot);
    let shares = a.ticket.shares;
    a.position.earn(&mut a.pool, clock.unix_timestamp)?;
    a.position.settle(shares)?;
    a.position.add(shares)?;
    a.pool.refreeze(shares)?;
    events::emit(StakeChanged::of(&a.pool, &a.position));
    Ok(())
}
