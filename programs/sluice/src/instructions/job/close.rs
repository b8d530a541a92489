use {
    crate::{
        error::SluiceError,
        events::{self, JobClosed},
        state::*,
        vault::{self, Transfer},
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
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
    /// The buyer's associated account; touched only when the vault holds a donation.
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseJob>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let job = &a.job;
    require!(clock.slot > job.incarnation, SluiceError::OpeningSlot);
    let never_accepted = job.state == JobState::Open.byte() && clock.unix_timestamp >= job.end_at;
    require!(
        never_accepted || job.state == JobState::Released.byte(),
        SluiceError::WrongJobState
    );
    require!(job.owes_nothing(), SluiceError::StillOwing);
    events::emit(JobClosed {
        job: *job.account().address(),
        incarnation: job.incarnation,
        funded: job.funded,
    });

    let donated = vault::balance(&a.vault)?;
    if donated > 0 {
        Transfer {
            from: &a.vault,
            to: &a.destination,
            mint: &a.mint,
            authority: job.account(),
            token_program: &a.token_program,
            amount: donated,
            decimals: job.decimals,
        }
        .pay_out(&job.buyer, &job.seeds())?;
    }
    vault::close(
        &a.vault,
        job.account(),
        &a.rent_payer,
        &a.token_program,
        &job.seeds(),
    )
}
