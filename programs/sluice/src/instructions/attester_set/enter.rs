use {
    crate::{error::SluiceError, events::SetMembershipChanged, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct EnterAttesterSet {
    #[account(address = attester.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(address = set.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub set: Account<AttesterSet>,
    #[account(mut, constraint = attester.network == set.network @ SluiceError::WrongNetwork)]
    pub attester: Account<Attester>,
    #[account(mut, constraint = pool.subject == *attester.account().address() @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
    #[account(constraint = position.pool == *pool.account().address() && position.staker == attester.owner @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<EnterAttesterSet>, index: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(a.attester.tombstoned == 0, SluiceError::AttesterTombstoned);
    let key = a.attester.key;
    a.set.enter(index, &key)?;
    let attester = &mut a.attester;
    if attester.live_bits == 0 {
        attester.bond = a.network.params.min_bond;
        a.pool.lock(&a.position, attester.bond, 0)?;
    }
    attester.live_bits = attester
        .live_bits
        .checked_add(1)
        .ok_or(SluiceError::MathOverflow)?;
    emit!(SetMembershipChanged {
        set: *a.set.account().address(),
        attester: *attester.account().address(),
        live: a.set.live,
        entered: a.set.entered,
    });
    Ok(())
}
