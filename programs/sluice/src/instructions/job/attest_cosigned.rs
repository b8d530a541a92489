use {
    crate::{
        attestation::{self, Claimed, Proof},
        constants::{INSTRUCTIONS_SYSVAR, NOBODY},
        error::SluiceError,
        events::{self, WindowProven},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct AttestCosigned {
    #[account(mut)]
    pub job: Account<Job>,
    #[account(address = INSTRUCTIONS_SYSVAR)]
    pub instructions: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<AttestCosigned>, claimed: &Claimed) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.job.mature_inline(now)?;
    require!(a.job.cosigner != NOBODY, SluiceError::NoCosigner);
    let statement = attestation::statement_hash(&a.job.context, claimed);
    {
        let sysvar = a.instructions.account().try_borrow()?;
        attestation::verify_cosigned(
            attestation::previous_ed25519(&sysvar)?,
            &statement,
            &a.job.worker,
            &a.job.cosigner,
        )?;
    }
    let accepted = a.job.prove(
        now,
        &Proof {
            claimed,
            signers: 0,
            statement: &statement,
        },
    )?;
    events::emit(WindowProven::of(&a.job, claimed, accepted, 0));
    Ok(())
}
