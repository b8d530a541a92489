use {
    crate::{error::SluiceError, events::StakeChanged, state::*, vault::Transfer},
    anchor_lang::{pinocchio::cpi::Seed, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

#[derive(Accounts)]
pub struct Withdraw {
    #[account(mut, address = position.pool @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
    #[account(mut, address = ticket.position @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    #[account(mut, close = rent_payer)]
    pub ticket: Account<Unstake>,
    #[account(mut, address = ticket.rent_payer)]
    pub rent_payer: UncheckedAccount,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Withdraw>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(
        clock.unix_timestamp >= a.ticket.withdraw_at,
        SluiceError::StillUnbonding
    );
    require!(clock.slot > a.ticket.opened_slot, SluiceError::OpeningSlot);
    let amount = a.pool.burn(a.ticket.shares)?;
    a.position.settle(a.ticket.shares)?;
    emit!(StakeChanged::of(&a.pool, &a.position));
    if amount == 0 {
        return Ok(());
    }
    let (subject, bump) = (a.pool.subject, [a.pool.bump]);
    Transfer {
        from: &a.vault,
        to: &a.destination,
        mint: &a.mint,
        authority: a.pool.account(),
        token_program: &a.token_program,
        amount,
        decimals: a.pool.decimals,
    }
    .pay_out(
        &a.position.staker,
        &[
            Seed::from(b"stake_pool"),
            Seed::from(subject.as_ref()),
            Seed::from(&bump),
        ],
    )
}
