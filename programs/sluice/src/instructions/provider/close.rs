use {
    crate::{
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
    require!(
        Clock::get()?.slot > provider.opened_slot,
        SluiceError::OpeningSlot
    );
    require!(provider.nodes == 0, SluiceError::StillInUse);
    events::emit(ProviderClosed {
        provider: *provider.account().address(),
    });
    Ok(())
}
