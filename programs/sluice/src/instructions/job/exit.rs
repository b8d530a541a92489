use {
    crate::{
        error::SluiceError,
        state::*,
        vault::{Recipient, Transfer},
    },
    anchor_lang::prelude::*,
};

/// One pull from a job's escrow: anyone may send it, and it touches one recipient's account only.
#[derive(Accounts)]
pub struct MoveEscrow {
    #[account(mut)]
    pub job: Account<Job>,
    #[account(mut, address = job.vault)]
    pub vault: UncheckedAccount,
    #[account(address = job.terms.mint)]
    pub mint: UncheckedAccount,
    /// The recipient's associated account, or any that it holds alone once that one is another's.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The recipient's associated account, where it is another's.
    pub given_away: Option<UncheckedAccount>,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

impl MoveEscrow {
    /// Moves `amount` from the vault to whom `door` is for.
    pub fn pay_out(&mut self, door: Door, amount: u64) -> Result<()> {
        let (owner, known) = self.job.recipient(door);
        Recipient {
            owner,
            given_away: self.given_away.as_ref().map(|given| given.account()),
        }
        .find(&self.destination, known, &self.mint, &self.token_program)?;
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
        .send(&job.seeds())
    }
}
