use {
    super::pool_vault::*,
    crate::{
        error::SluiceError,
        events::{self, RewardPoolClosed},
        vault,
    },
    anchor_lang::{AccountClose, prelude::*},
};

#[derive(Accounts)]
pub struct CloseRewardPool {
    pub from: Nested<RewardVault>,
    #[account(mut, unsafe(dup), address = from.pool.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseRewardPool>) -> Result<()> {
    let CloseRewardPool {
        from: a,
        rent_payer,
    } = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(
        a.pool.has_ended(clock.unix_timestamp)?,
        SluiceError::PoolNotEnded
    );
    require!(clock.slot > a.pool.incarnation, SluiceError::OpeningSlot);
    require!(
        a.pool.shares == 0 && a.pool.epochs == 0,
        SluiceError::StillInUse
    );
    // What was sent to the vault past the program goes with it.
    let left = vault::balance(&a.vault)?;
    events::emit(RewardPoolClosed {
        pool: *a.pool.account().address(),
        incarnation: a.pool.incarnation,
        amount: left,
    });
    if left > 0 {
        a.refund(left)?;
    }
    vault::close(
        &a.vault,
        a.pool.account(),
        &a.token_program,
        &a.pool.seeds(),
    );
    a.pool.close(*rent_payer.account())
}
