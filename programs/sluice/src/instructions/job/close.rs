use {
    crate::{
        error::SluiceError,
        events::{self, JobClosed},
        state::*,
        vault::{self, Recipient, Transfer},
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseJob {
    #[account(mut, close = rent_payer)]
    pub job: Account<Job>,
    #[account(mut, address = job.rent_payer)]
    pub rent_payer: UncheckedAccount,
    #[account(mut, address = job.vault)]
    pub vault: UncheckedAccount,
    #[account(address = job.terms.mint)]
    pub mint: UncheckedAccount,
    /// The refund owner's associated account, or any that it holds alone once that one is another's; touched only when the vault
    /// holds a donation.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The refund owner's associated account, where it is another's.
    pub given_away: Option<UncheckedAccount>,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseJob>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let job = &a.job;
    job.require_closable(clock.slot, clock.unix_timestamp)?;
    events::emit(JobClosed {
        job: *job.account().address(),
        incarnation: job.incarnation,
        funded: job.funded,
    });

    let donated = vault::balance(&a.vault)?;
    if donated > 0 {
        let recipient = Recipient {
            owner: &job.refund_owner,
            given_away: a.given_away.as_ref().map(|given| given.account()),
        };
        Transfer {
            from: &a.vault,
            to: &a.destination,
            mint: &a.mint,
            authority: job.account(),
            token_program: &a.token_program,
            amount: donated,
            decimals: job.decimals,
        }
        .pay_out(&recipient, &job.seeds())?;
    }
    vault::close(&a.vault, job.account(), &a.token_program, &job.seeds());
    Ok(())
}
