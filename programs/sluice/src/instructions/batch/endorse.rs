use {
    crate::{
        attestation,
        constants::INSTRUCTIONS_SYSVAR,
        error::SluiceError,
        events::{self, BatchSigned},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct EndorseBatch {
    #[account(mut)]
    pub batch: Account<Batch>,
    #[account(address = batch.set @ SluiceError::WrongSet)]
    pub set: Account<AttesterSet>,
    #[account(address = INSTRUCTIONS_SYSVAR)]
    pub instructions: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<EndorseBatch>, members: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let signers = {
        let sysvar = a.instructions.account().try_borrow()?;
        attestation::verify_batch(
            attestation::previous_ed25519(&sysvar)?,
            &Batch::hash(&a.batch.set, &a.batch.root),
            &a.set,
            members,
        )?
    };
    a.batch.endorse(signers)?;
    events::emit(BatchSigned::of(&a.batch));
    Ok(())
}
