use {
    crate::{
        constants::NOBODY,
        error::SluiceError,
        events::{self, DividendsAdded},
        mint_policy,
        state::*,
        vault::{self, Transfer},
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

#[derive(Accounts)]
pub struct AddDividends {
    /// Pays the rent of the vault when these are the pool's first dividends; may be the giver.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub giver: Signer,
    #[account(address = pool.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut)]
    pub vault: UncheckedAccount,
    #[account(address = network.dividend_mint)]
    pub mint: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<AddDividends>, amount: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    // A reward pool pays into this vault, and an exit asks no policy.
    let decimals = if amount == 0 {
        0
    } else {
        mint_policy::check(&a.mint)?
    };
    let pool_key = *a.pool.account().address();
    if a.pool.dividend_vault == NOBODY {
        vault::NewVault {
            kind: vault::DIVIDENDS,
            vault: &a.vault,
            authority: &pool_key,
            mint: &a.mint,
            payer: &a.payer,
            token_program: &a.token_program,
        }
        .open()?;
        a.pool.dividend_vault = *a.vault.address();
    } else {
        require!(amount >= 1, SluiceError::AmountTooSmall);
    }
    require!(
        *a.vault.address() == a.pool.dividend_vault,
        SluiceError::WrongVault
    );
    let received = if amount == 0 {
        0
    } else {
        Transfer {
            from: &a.source,
            to: &a.vault,
            mint: &a.mint,
            authority: &a.giver,
            token_program: &a.token_program,
            amount,
            decimals,
        }
        .deposit()?
    };
    a.pool
        .add_dividends(received, Clock::get()?.unix_timestamp)?;
    events::emit(DividendsAdded::of(pool_key, &a.pool));
    Ok(())
}
