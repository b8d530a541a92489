use {
    crate::{error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct ClosePosition {
    #[account(address = position.staker @ SluiceError::NotOwner)]
    pub staker: Signer,
    #[account(mut, address = position.pool @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
    #[account(mut, close = rent_payer)]
    pub position: Account<Position>,
    #[account(mut, unsafe(dup), address = position.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<ClosePosition>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(
        Clock::get()?.slot > a.position.opened_slot,
        SluiceError::OpeningSlot
    );
    require!(a.position.is_empty(), SluiceError::StillInUse);
    a.pool.positions = a
        .pool
        .positions
        .checked_sub(1)
        .ok_or(SluiceError::MathOverflow)?;
    Ok(())
}
