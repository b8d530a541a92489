use {
    crate::{
        error::SluiceError,
        events::{self, SlashBurned},
        state::*,
        vault,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct BurnSlashed {
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(mut, address = pool.vault @ SluiceError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut, address = pool.mint)]
    pub mint: UncheckedAccount,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<BurnSlashed>) -> Result<()> {
    let a = &mut ctx.accounts;
    let pool = &mut a.pool;
    let amount = pool.take_slashed()?;
    events::emit(SlashBurned {
        pool: *pool.account().address(),
        amount,
        slashed: pool.slashed,
    });
    vault::burn(
        &a.vault,
        &a.mint,
        pool.account(),
        &a.token_program,
        (amount, pool.decimals),
        &pool.seeds(),
    )?;
    pool.invariant(&a.vault)
}
