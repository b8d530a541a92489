use {
    super::pool_vault::*,
    crate::{constants::NOBODY, error::SluiceError, mint_policy, state::*, vault},
    anchor_lang::{AccountClose, prelude::*},
};

#[derive(Accounts)]
pub struct CloseStakePool {
    #[account(address = from.pool.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    pub from: Nested<PoolVault>,
    /// The provider or attester, gone or with nothing that needs stake.
    #[account(address = from.pool.subject @ SluiceError::WrongStakePool)]
    pub subject: UncheckedAccount,
    #[account(mut, unsafe(dup), address = from.pool.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

/// Closes the dividend vault into the pool, if there is one, else the stake vault and the pool.
#[inline(never)]
pub fn handler(ctx: &mut Context<CloseStakePool>) -> Result<()> {
    let a = &mut ctx.accounts;
    let pool = &a.from.pool;
    require!(
        Clock::get()?.slot > pool.opened_slot,
        SluiceError::OpeningSlot
    );
    require!(
        pool.positions == 0
            && pool.locked == 0
            && pool.challenges == 0
            && pool.to_burn == 0
            && !Subject::is_in_use(&a.subject)?,
        SluiceError::StillInUse
    );
    let dividends = pool.dividend_vault != NOBODY;
    let expected = if dividends {
        pool.dividend_vault
    } else {
        pool.vault
    };
    require!(*a.from.vault.address() == expected, SluiceError::WrongVault);
    let left = vault::balance(&a.from.vault)?;
    let decimals = mint_policy::decimals(&a.from.mint)?;
    a.from.pay_out(&pool.owner, left, decimals)?;
    let rent = a.from.vault.account().lamports();
    vault::close(
        &a.from.vault,
        pool.account(),
        &a.from.token_program,
        &pool.seeds(),
    );
    if dividends {
        a.from.pool.end_dividends();
        return vault::hand_on(a.from.pool.account(), a.rent_payer.account(), rent);
    }
    let rent_payer = *a.rent_payer.account();
    a.from.pool.close(rent_payer)
}
