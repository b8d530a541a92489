use {
    crate::{state::*, vault::Transfer},
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

/// One pull from a job's escrow: anyone may send it, and it touches one recipient's associated account only.
#[derive(Accounts)]
pub struct MoveEscrow {
    #[account(mut)]
    pub job: Account<Job>,
    #[account(mut, address = job.vault)]
    pub vault: UncheckedAccount,
    #[account(address = job.terms.mint)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
}

impl MoveEscrow {
    /// Moves `amount` from the vault to the associated account of `owner`.
    pub fn pay_out(&self, owner: &Address, amount: u64) -> Result<()> {
        let job = &self.job;
        Transfer {
            from: &self.vault,
            to: &self.destination,
            mint: &self.mint,
            authority: job.account(),
            token_program: &self.token_program,
            amount,
            decimals: job.decimals,
        }
        .pay_out(owner, &job.seeds())
    }
}
