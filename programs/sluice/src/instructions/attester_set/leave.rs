use {
    crate::{error::SluiceError, events::SetMembershipChanged, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct LeaveAttesterSet {
    #[account(address = attester.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(mut)]
    pub set: Account<AttesterSet>,
    #[account(mut, constraint = attester.network == set.network @ SluiceError::WrongNetwork)]
    pub attester: Account<Attester>,
    #[account(mut, constraint = pool.subject == *attester.account().address() @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<LeaveAttesterSet>, index: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    let key = a.attester.key;
    a.set.leave(index, &key)?;
    let attester = &mut a.attester;
    attester.live_bits = attester
        .live_bits
        .checked_sub(1)
        .ok_or(SluiceError::MathOverflow)?;
    if attester.live_bits == 0 {
        a.pool.unlock(attester.bond)?;
        attester.bond = 0;
    }
    emit!(SetMembershipChanged {
        set: *a.set.account().address(),
        attester: *attester.account().address(),
        live: a.set.live,
        entered: a.set.entered,
    });
    Ok(())
}
