use {
    crate::{
        state::*,
        vault::{Recipient, Transfer},
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

/// One pull from a vault of a stake pool: it touches one recipient's account only.
#[derive(Accounts)]
pub struct PoolVault {
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(mut)]
    pub vault: UncheckedAccount,
    pub mint: UncheckedAccount,
    /// The recipient's associated account, or any that it holds alone once that one is another's.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The recipient's associated account, where it is another's.
    pub given_away: Option<UncheckedAccount>,
    pub token_program: Interface<'static, TokenInterface>,
}

impl PoolVault {
    /// Moves `amount`, if it is not 0, from the vault to `owner`. Every vault that the pool may
    /// sign for is one of its own; the caller says which.
    pub fn pay_out(&self, owner: &Address, amount: u64, decimals: u8) -> Result<()> {
        if amount == 0 {
            return Ok(());
        }
        let pool = &self.pool;
        let recipient = Recipient {
            owner,
            given_away: self.given_away.as_ref().map(|given| given.account()),
        };
        Transfer {
            from: &self.vault,
            to: &self.destination,
            mint: &self.mint,
            authority: pool.account(),
            token_program: &self.token_program,
            amount,
            decimals,
        }
        .pay_out(&recipient, &pool.seeds())
    }

    /// Pays stake out of the stake vault.
    pub fn pay_stake(&self, owner: &Address, amount: u64) -> Result<()> {
        require!(
            *self.vault.address() == self.pool.vault,
            crate::error::SluiceError::WrongVault
        );
        self.pay_out(owner, amount, self.pool.decimals)
    }
}
