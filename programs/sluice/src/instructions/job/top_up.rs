use {
    crate::{
        error::SluiceError,
        events::{self, JobToppedUp},
        mint_policy,
        state::*,
        vault::{self, Transfer},
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct TopUpJob {
    pub funder: Signer,
    #[account(mut)]
    pub job: Account<Job>,
    #[account(mut, address = job.vault)]
    pub vault: UncheckedAccount,
    #[account(address = job.terms.mint)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<TopUpJob>, incarnation: u64, amount: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature(now)?;
    a.job.require_incarnation(incarnation)?;
    require!(
        a.job.state != JobState::Released.byte() && now < a.job.end_at,
        SluiceError::JobEnded
    );
    require!(amount >= 1, SluiceError::AmountTooSmall);
    mint_policy::check(&a.mint)?;
    let received = Transfer {
        from: &a.source,
        to: &a.vault,
        mint: &a.mint,
        authority: &a.funder,
        token_program: &a.token_program,
        amount,
        decimals: a.job.decimals,
    }
    .deposit()?;
    if a.job.state == JobState::Active.byte() {
        a.job.excuse(now)?;
    }
    a.job.fund(received)?;
    events::emit(JobToppedUp {
        job: *a.job.account().address(),
        funded: a.job.funded,
        units_funded: a.job.units_funded,
    });
    a.job.invariant(vault::balance(&a.vault)?)
}
