use {
    crate::{state::*, vault::Transfer},
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

/// A pull of what an ended pool has left: it touches the refund owner's associated account only.
#[derive(Accounts)]
pub struct RewardVault {
    #[account(mut)]
    pub pool: Account<RewardPool>,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
}

impl RewardVault {
    /// Moves `amount` to the pool's refund owner.
    pub fn refund(&self, amount: u64) -> Result<()> {
        let pool = &self.pool;
        Transfer {
            from: &self.vault,
            to: &self.destination,
            mint: &self.mint,
            authority: pool.account(),
            token_program: &self.token_program,
            amount,
            decimals: pool.decimals,
        }
        .pay_out(&pool.refund_owner, &pool.seeds())
    }
}
