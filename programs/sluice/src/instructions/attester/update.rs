use {
    crate::{
        error::SluiceError,
        events::{self, AttesterUpdated},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct UpdateAttester {
    #[account(address = attester.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(mut)]
    pub attester: Account<Attester>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<UpdateAttester>, uri: [u8; 64]) -> Result<()> {
    let attester = &mut ctx.accounts.attester;
    attester.describe(uri);
    events::emit(AttesterUpdated {
        attester: *attester.account().address(),
        uri,
    });
    Ok(())
}
