#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        constants::*,
        error::SluiceError,
        events::{self, OfferPosted},
        mint_policy,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// What a provider offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct OfferArgs {
    pub id: u64,
    pub terms: Terms,
    /// Jobs it may become.
    pub slots: u32,
    /// Can be taken before this time.
    pub expires_at: i64,
}

#[derive(Accounts)]
#[instruction(id: u64)]
pub struct PostOffer {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = provider.operator @ SluiceError::NotOperator)]
    pub operator: Signer,
    #[account(address = provider.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    pub provider: Account<Provider>,
    #[account(constraint = node.provider == *provider.account().address() @ SluiceError::WrongNode)]
    pub node: Account<Node>,
    #[account(init, payer = payer, seeds = [b"offer", node.account().address().as_ref(), &id.to_le_bytes()], bump)]
    pub offer: Account<Offer>,
    /// The mint in the terms.
    pub mint: UncheckedAccount,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<PostOffer>, args: &OfferArgs) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    args.terms.validate(a.network.min_unbonding_secs)?;
    // A buyer that takes and cancels leaves the provider at least one window to earn for the slot it held.
    require!(
        args.terms.notice_secs >= args.terms.window_secs,
        SluiceError::NoticeBelowWindow
    );
    require!(args.slots >= 1, SluiceError::NoSlots);
    require!(
        args.expires_at > clock.unix_timestamp,
        SluiceError::DateInPast
    );
    require!(
        args.terms.set == NOBODY || args.terms.set == a.node.set,
        SluiceError::NodeOfAnotherSet
    );
    require!(*a.mint.address() == args.terms.mint, SluiceError::WrongMint);
    mint_policy::check(&a.mint)?;

    let offer = &mut a.offer;
    offer.network = a.provider.network;
    offer.provider = a.node.provider;
    offer.node = *a.node.account().address();
    offer.rent_payer = *a.payer.address();
    offer.terms = args.terms;
    offer.id = args.id;
    offer.incarnation = clock.slot;
    offer.registration = a.node.opened_slot;
    offer.expires_at = args.expires_at;
    offer.slots_left = args.slots;
    offer.slots_total = args.slots;
    offer.bump = ctx.bumps.offer;
    events::emit(OfferPosted {
        offer: *offer.account().address(),
        node: offer.node,
        incarnation: offer.incarnation,
        price: offer.terms.price,
        per: offer.terms.per,
        expires_at: offer.expires_at,
    });
    Ok(())
}
