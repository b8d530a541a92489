use {
    crate::{
        attestation::{self, Claimed, Proof},
        constants::INSTRUCTIONS_SYSVAR,
        error::SluiceError,
        events::{self, WindowProven},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct Attest {
    #[account(mut)]
    pub job: Account<Job>,
    #[account(address = job.terms.set @ SluiceError::WrongSet)]
    pub set: Account<AttesterSet>,
    #[account(address = INSTRUCTIONS_SYSVAR)]
    pub instructions: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Attest>, claimed: &Claimed, members: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature_inline(now)?;
    let statement = attestation::statement_hash(&a.job.context, claimed);
    let signers = {
        let sysvar = a.instructions.account().try_borrow()?;
        attestation::verify_quorum(
            attestation::previous_ed25519(&sysvar)?,
            &statement,
            &a.job.worker,
            &a.set,
            members,
        )?
    };
    let accepted = a.job.prove(
        now,
        &Proof {
            claimed,
            signers,
            statement: &statement,
        },
    )?;
    events::emit(WindowProven::of(&a.job, claimed, accepted, signers));
    Ok(())
}
