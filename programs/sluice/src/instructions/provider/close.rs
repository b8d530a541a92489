use {
    crate::{
        constants::MAX_COMMISSION_BPS,
        error::SluiceError,
        events::{self, ProviderClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseProvider {
    #[account(address = provider.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(mut, close = rent_payer)]
    pub provider: Account<Provider>,
    #[account(mut, unsafe(dup), address = provider.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseProvider>) -> Result<()> {
    let provider = &ctx.accounts.provider;
    let clock = Clock::get()?;
    require!(clock.slot > provider.opened_slot, SluiceError::OpeningSlot);
    require!(provider.nodes == 0, SluiceError::StillInUse);
    // Otherwise it could register anew and be at 100 % at once.
    require!(
        provider.commission(clock.unix_timestamp) == MAX_COMMISSION_BPS,
        SluiceError::CommissionStands
    );
    events::emit(ProviderClosed {
        provider: *provider.account().address(),
    });
    Ok(())
}
