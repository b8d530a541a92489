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
pub struct LeaveAttesterSet {
    /// The attester's owner or the set's revoker; anyone once the attester lost its bond.
    pub remover: Signer,
    #[account(mut)]
    pub set: Account<AttesterSet>,
    pub bonded: Nested<Bonded>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<LeaveAttesterSet>, index: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    let Bonded { attester, pool } = &mut *a.bonded;
    require!(attester.network == a.set.network, SluiceError::WrongNetwork);
    let remover = a.remover.address();
    require!(
        *remover == attester.owner
            || *remover == a.set.revoker
            || attester.standing != Standing::Good.byte(),
        SluiceError::NotOwner
    );
    a.set.leave(index, &attester.key)?;
    attester.leave(pool)?;
    events::emit(SetMembershipChanged::of(&a.set, attester));
    Ok(())
}
