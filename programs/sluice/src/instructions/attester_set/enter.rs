use {
    crate::{
        error::SluiceError,
        events::{self, SetMembershipChanged},
        instructions::attester::bonded::*,
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct EnterAttesterSet {
    #[account(address = bonded.attester.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(address = set.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub set: Account<AttesterSet>,
    pub bonded: Nested<Bonded>,
    #[account(constraint = position.pool == *bonded.pool.account().address() && position.staker == bonded.attester.owner @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<EnterAttesterSet>, index: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    let Bonded { attester, pool } = &mut *a.bonded;
    require!(attester.network == a.set.network, SluiceError::WrongNetwork);
    a.set.enter(index, &attester.key)?;
    attester.enter(pool, &a.position, a.network.params.min_bond)?;
    events::emit(SetMembershipChanged::of(&a.set, attester));
    Ok(())
}
