use {
    crate::{
        error::SluiceError,
        events::{self, OfferClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseOffer {
    /// The provider's operator, or anyone once the offer is over.
    pub closer: Signer,
    #[account(mut, close = rent_payer)]
    pub offer: Account<Offer>,
    #[account(mut, unsafe(dup), address = offer.rent_payer)]
    pub rent_payer: UncheckedAccount,
    /// The offer's provider; needed only to withdraw before the end.
    #[account(address = offer.provider @ SluiceError::WrongProvider)]
    pub provider: Option<Account<Provider>>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseOffer>) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(clock.slot > a.offer.incarnation, SluiceError::OpeningSlot);
    let operator = a.provider.as_ref().map(|provider| provider.operator);
    require!(
        a.offer.is_over(clock.unix_timestamp) || operator == Some(*a.closer.address()),
        SluiceError::OfferLive
    );
    events::emit(OfferClosed {
        offer: *a.offer.account().address(),
        incarnation: a.offer.incarnation,
        slots_left: u64::from(a.offer.slots_left),
    });
    Ok(())
}
