use {
    crate::{
        checked::Checked,
        constants::MAX_COMMISSION_BPS,
        error::SluiceError,
        events::{self, CommissionChanged},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct SetCommission {
    #[account(address = provider.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(address = provider.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub provider: Account<Provider>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<SetCommission>, bps: u16) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(bps <= MAX_COMMISSION_BPS, SluiceError::CommissionTooHigh);
    let now = Clock::get()?.unix_timestamp;
    let at = now.plus(i64::from(a.network.params.unbonding_secs))?;
    a.provider.set_commission(bps, now, at);
    events::emit(CommissionChanged {
        provider: *a.provider.account().address(),
        at,
        in_force_bps: u32::from(a.provider.commission_bps),
        pending_bps: u32::from(bps),
    });
    Ok(())
}
