use {
    super::pool_vault::*,
    crate::{
        error::SluiceError,
        events::{self, LeftoversReturned},
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<RewardVault>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    require!(a.pool.has_ended(now)?, SluiceError::PoolNotEnded);
    let amount = a.pool.take_unallocated()?;
    require!(amount > 0, SluiceError::NothingDue);
    a.pool.invariant()?;
    events::emit(LeftoversReturned {
        pool: *a.pool.account().address(),
        amount,
        returned: a.pool.returned,
    });
    a.refund(amount)
}
