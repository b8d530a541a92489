use {
    crate::{
        error::SluiceError,
        events::{self, StakeChanged},
        mint_policy,
        state::*,
        vault::Transfer,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

#[derive(Accounts)]
pub struct Stake {
    #[account(address = position.staker @ SluiceError::NotOwner)]
    pub staker: Signer,
    #[account(address = pool.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(mut, constraint = position.pool == *pool.account().address() @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Stake>, amount: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.network.require_intake(now)?;
    require!(amount >= 1, SluiceError::AmountTooSmall);
    mint_policy::check(&a.mint)?;
    let received = Transfer {
        from: &a.source,
        to: &a.vault,
        mint: &a.mint,
        authority: &a.staker,
        token_program: &a.token_program,
        amount,
        decimals: a.pool.decimals,
    }
    .deposit()?;
    a.position.earn(&mut a.pool, now)?;
    let shares = a.pool.deposit(received)?;
    a.position.add(shares)?;
    events::emit(StakeChanged::of(&a.pool, &a.position));
    Ok(())
}
