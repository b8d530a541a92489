use {
    crate::{
        error::SluiceError,
        events::{self, ShareClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseShare {
    pub signer: Signer,
    #[account(mut, address = share.pool @ SluiceError::WrongShare)]
    pub pool: Account<RewardPool>,
    #[account(mut, close = rent_payer)]
    pub share: Account<Share>,
    #[account(mut, unsafe(dup), address = share.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseShare>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(
        *a.signer.address() == a.share.payee || a.pool.has_ended(clock.unix_timestamp)?,
        SluiceError::NotOwner
    );
    require!(clock.slot > a.share.opened_slot, SluiceError::OpeningSlot);
    require!(a.share.owes_nothing(), SluiceError::StillOwing);
    a.pool.leave()?;
    events::emit(ShareClosed {
        pool: a.share.pool,
        share: *a.share.account().address(),
    });
    Ok(())
}
