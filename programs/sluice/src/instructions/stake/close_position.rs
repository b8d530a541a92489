use {
    crate::{error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct ClosePosition {
    /// The position's staker or the pool's owner: an empty position is in the way of closing the pool, and the next stake
    /// opens it again.
    pub closer: Signer,
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
    let closer = a.closer.address();
    require!(
        *closer == a.position.staker || *closer == a.pool.owner,
        SluiceError::NotOwner
    );
    require!(a.position.is_empty(), SluiceError::StillInUse);
    a.pool.leave()
}
