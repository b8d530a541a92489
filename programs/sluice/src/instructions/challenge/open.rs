#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        error::SluiceError,
        events::{self, ChallengeOpened},
        mint_policy,
        state::*,
        vault::Transfer,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
#[instruction(incarnation: u64, window: u32)]
pub struct OpenChallenge {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub challenger: Signer,
    #[account(mut)]
    pub job: Account<Job>,
    #[account(init, payer = payer, seeds = [Challenge::SEED, job.account().address().as_ref(), &incarnation.to_le_bytes(), &window.to_le_bytes()], bump)]
    pub challenge: Account<Challenge>,
    #[account(mut, constraint = pool.subject == job.provider @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = pool.vault @ SluiceError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The pool's: the token program refuses another, for it is not the vault's.
    pub mint: UncheckedAccount,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(
    ctx: &mut Context<OpenChallenge>,
    incarnation: u64,
    window: u32,
    reason: u16,
    evidence: &[u8; 32],
) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let job = &mut a.job;
    job.require_incarnation(incarnation)?;
    let (entry, end) = job.freeze(window, clock.unix_timestamp)?;
    let bond = job.terms.challenge_bond;
    if bond > 0 {
        mint_policy::check(&a.mint)?;
        let received = Transfer {
            from: &a.source,
            to: &a.vault,
            mint: &a.mint,
            authority: &a.challenger,
            token_program: &a.token_program,
            amount: bond,
            decimals: a.pool.decimals,
        }
        .deposit()?;
        require!(received == bond, SluiceError::AmountTooSmall);
    }
    a.pool.hold_bond(bond)?;

    let challenge = &mut a.challenge;
    let objection = Objection {
        window,
        entry,
        end,
        pool: a.pool.account().address(),
        challenger: a.challenger.address(),
        rent_payer: a.payer.address(),
        reason,
        evidence,
    };
    challenge.open(job, &objection, (clock.slot, ctx.bumps.challenge))?;
    events::emit(ChallengeOpened {
        job: challenge.job,
        challenge: *challenge.account().address(),
        challenger: *a.challenger.address(),
        evidence: challenge.evidence,
        units: challenge.units,
        rule_from: challenge.rule_from,
        rule_until: challenge.rule_until,
        window,
        reason: u32::from(reason),
    });
    Ok(())
}
