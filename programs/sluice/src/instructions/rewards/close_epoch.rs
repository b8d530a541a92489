use {
    crate::{
        error::SluiceError,
        events::{self, EpochClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseEpoch {
    #[account(mut, address = epoch.pool @ SluiceError::WrongEpoch)]
    pub pool: Account<RewardPool>,
    #[account(mut, close = rent_payer)]
    pub epoch: Account<Epoch>,
    #[account(mut, address = epoch.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseEpoch>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(a.epoch.folded == a.epoch.shares, SluiceError::NotAllFolded);
    // Every epoch has a share, and folding needs the stream to have ended: this epoch's has.
    a.pool.close_epoch(a.epoch.allocated)?;
    a.pool.invariant()?;
    require!(clock.slot > a.epoch.opened_slot, SluiceError::OpeningSlot);
    events::emit(EpochClosed {
        pool: a.epoch.pool,
        epoch: a.epoch.index,
        allocated: a.epoch.allocated,
        unallocated: a.pool.unallocated,
    });
    Ok(())
}
