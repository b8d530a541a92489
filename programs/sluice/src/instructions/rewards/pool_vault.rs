use {
    crate::{
        error::SluiceError,
        state::*,
        vault::{Recipient, Transfer},
    },
    anchor_lang::prelude::*,
};

/// A pull of what an ended pool has left: it touches the refund owner's account only.
#[derive(Accounts)]
pub struct RewardVault {
    #[account(mut)]
    pub pool: Account<RewardPool>,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    /// The refund owner's associated account, or any that it holds alone once that one is another's.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The refund owner's associated account, where it is another's.
    pub given_away: Option<UncheckedAccount>,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

impl RewardVault {
    /// Moves `amount` to the pool's refund owner.
    pub fn refund(&self, amount: u64) -> Result<()> {
        let pool = &self.pool;
        let recipient = Recipient {
            owner: &pool.refund_owner,
            given_away: self.given_away.as_ref().map(|given| given.account()),
        };
        Transfer {
            from: &self.vault,
            to: &self.destination,
            mint: &self.mint,
            authority: pool.account(),
            token_program: &self.token_program,
            amount,
            decimals: pool.decimals,
        }
        .pay_out(&recipient, &pool.seeds())
    }
}
