use {
    super::pool_vault::*,
    crate::{
        error::SluiceError,
        events::{self, StakeChanged},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct Withdraw {
    pub from: Nested<PoolVault>,
    #[account(mut, address = ticket.position @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    #[account(mut, close = rent_payer)]
    pub ticket: Account<Unstake>,
    #[account(mut, address = ticket.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Withdraw>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(
        a.ticket.pool == *a.from.pool.account().address(),
        SluiceError::WrongStakePool
    );
    require!(
        clock.unix_timestamp >= a.ticket.withdraw_at,
        SluiceError::StillUnbonding
    );
    require!(clock.slot > a.ticket.opened_slot, SluiceError::OpeningSlot);
    let amount = a.from.pool.burn(a.ticket.shares)?;
    a.position.settle(a.ticket.shares)?;
    events::emit(StakeChanged::of(&a.from.pool, &a.position));
    a.from.pay_stake(&a.position.staker, amount)?;
    a.from.pool.invariant(&a.from.vault)
}
