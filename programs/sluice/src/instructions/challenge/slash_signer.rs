use {
    crate::{error::SluiceError, instructions::attester::bonded::*, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct SlashSigner {
    #[account(mut)]
    pub challenge: Account<Challenge>,
    #[account(address = challenge.set @ SluiceError::WrongSet)]
    pub set: Account<AttesterSet>,
    pub bonded: Nested<Bonded>,
    /// The position of the attester's owner in its pool, or its address if there is none.
    pub position: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<SlashSigner>, index: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(
        a.bonded.attester.network == a.set.network,
        SluiceError::WrongNetwork
    );
    a.set.require_member(index, &a.bonded.attester.key)?;
    a.challenge.take_signer(index)?;
    a.bonded.slash(&a.position, Standing::Slashed)
}
