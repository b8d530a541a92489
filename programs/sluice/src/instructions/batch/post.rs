#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        attestation,
        constants::INSTRUCTIONS_SYSVAR,
        events::{self, BatchSigned},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
#[instruction(root: [u8; 32])]
pub struct PostBatch {
    #[account(mut)]
    pub payer: Signer,
    pub set: Account<AttesterSet>,
    #[account(init, payer = payer, seeds = [Batch::SEED, payer.address().as_ref(), set.account().address().as_ref(), &root], bump)]
    pub batch: Account<Batch>,
    #[account(address = INSTRUCTIONS_SYSVAR)]
    pub instructions: UncheckedAccount,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(
    ctx: &mut Context<PostBatch>,
    root: [u8; 32],
    expires_at: i64,
    members: u64,
) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let set = *a.set.account().address();
    let signers = {
        let sysvar = a.instructions.account().try_borrow()?;
        attestation::verify_batch(
            attestation::previous_ed25519(&sysvar)?,
            &Batch::hash(&set, &root),
            &a.set,
            members,
        )?
    };
    let payer = *a.payer.address();
    let batch = &mut a.batch;
    batch.post(
        (set, root),
        payer,
        signers,
        (now, expires_at),
        ctx.bumps.batch,
    )?;
    events::emit(BatchSigned::of(batch));
    Ok(())
}
