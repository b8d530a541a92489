use {
    super::pool_vault::*,
    crate::{
        error::SluiceError,
        events::{self, DividendsClaimed},
        mint_policy,
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct ClaimDividends {
    pub from: Nested<PoolVault>,
    #[account(mut, constraint = position.pool == *from.pool.account().address() @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<ClaimDividends>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(
        *a.from.vault.address() == a.from.pool.dividend_vault,
        SluiceError::WrongVault
    );
    a.position
        .earn(&mut a.from.pool, Clock::get()?.unix_timestamp)?;
    let amount = core::mem::take(&mut a.position.dividend_due);
    require!(amount >= 1, SluiceError::NothingDue);
    a.position.dividend_claimed = a.position.dividend_claimed.wrapping_add(amount);
    events::emit(DividendsClaimed {
        pool: a.position.pool,
        staker: a.position.staker,
        claimed: a.position.dividend_claimed,
    });
    let decimals = mint_policy::decimals(&a.from.mint)?;
    a.from.pay_out(&a.position.staker, amount, decimals)
}
