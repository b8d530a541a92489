use {
    crate::{
        error::SluiceError,
        events::{self, RewardFolded},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct Fold {
    #[account(mut)]
    pub pool: Account<RewardPool>,
    #[account(mut, constraint = share.pool == *pool.account().address() @ SluiceError::WrongShare)]
    pub share: Account<Share>,
    #[account(mut, constraint = epoch.pool == share.pool @ SluiceError::WrongEpoch)]
    pub epoch: Account<Epoch>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Fold>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let amount = a.share.fold(&a.pool, &a.epoch, now)?;
    a.epoch.fold(amount)?;
    a.pool.fold(amount)?;
    events::emit(RewardFolded {
        share: *a.share.account().address(),
        epoch: a.epoch.index,
        amount,
        earned: a.share.earned,
        delegators_earned: a.share.delegators_earned,
    });
    Ok(())
}
