use {
    crate::{
        error::SluiceError,
        events::{self, BatchClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseBatch {
    #[account(mut, address = batch.payer @ SluiceError::NotPayer)]
    pub payer: Signer,
    #[account(mut, close = payer)]
    pub batch: Account<Batch>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseBatch>) -> Result<()> {
    let a = &mut ctx.accounts;
    a.batch.require_expired(Clock::get()?.unix_timestamp)?;
    events::emit(BatchClosed {
        batch: *a.batch.account().address(),
        set: a.batch.set,
        root: a.batch.root,
    });
    Ok(())
}
