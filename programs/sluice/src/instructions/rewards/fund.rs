use {
    crate::{
        error::SluiceError,
        events::{self, RewardPoolFunded},
        mint_policy,
        state::*,
        vault::Transfer,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct FundRewardPool {
    pub funder: Signer,
    #[account(address = pool.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub pool: Account<RewardPool>,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<FundRewardPool>, incarnation: u64, amount: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.network.require_intake(now)?;
    require!(
        a.pool.incarnation == incarnation,
        SluiceError::WrongIncarnation
    );
    require!(!a.pool.has_ended(now)?, SluiceError::PoolEnded);
    require!(amount >= 1, SluiceError::AmountTooSmall);
    mint_policy::check(&a.mint)?;
    let received = Transfer {
        from: &a.source,
        to: &a.vault,
        mint: &a.mint,
        authority: &a.funder,
        token_program: &a.token_program,
        amount,
        decimals: a.pool.decimals,
    }
    .deposit()?;
    a.pool.fund(received)?;
    a.pool.invariant()?;
    events::emit(RewardPoolFunded {
        pool: *a.pool.account().address(),
        funded: a.pool.funded,
        unallocated: a.pool.unallocated,
    });
    Ok(())
}
