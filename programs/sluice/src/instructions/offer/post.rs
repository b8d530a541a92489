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
    #[account(init, payer = payer, seeds = [Offer::SEED, node.account().address().as_ref(), &id.to_le_bytes()], bump)]
    pub offer: Account<Offer>,
    /// The mint in the terms.
    pub mint: UncheckedAccount,
    pub system_program: Program<System>,
}

impl PostOffer {
    fn validate(&self, args: &OfferArgs, now: i64) -> Result<()> {
        args.terms.validate(self.network.min_unbonding_secs)?;
        // A buyer that takes and cancels leaves the provider at least one window to earn for the slot it held.
        require!(
            args.terms.notice_secs >= args.terms.window_secs,
            SluiceError::NoticeBelowWindow
        );
        require!(args.slots >= 1, SluiceError::NoSlots);
        require_date(args.expires_at, now)?;
        require!(
            args.terms.set == NOBODY || args.terms.set == self.node.set,
            SluiceError::NodeOfAnotherSet
        );
        require!(
            *self.mint.address() == args.terms.mint,
            SluiceError::WrongMint
        );
        mint_policy::check(&self.mint)?;
        Ok(())
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<PostOffer>, args: &OfferArgs) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    a.validate(args, clock.unix_timestamp)?;
    let offer = &mut a.offer;
    let node_key = a.node.account().address();
    offer.post(
        args,
        &Posting {
            network: &a.provider.network,
            node: &a.node,
            node_key,
            rent_payer: a.payer.address(),
            bump: ctx.bumps.offer,
            slot: clock.slot,
        },
    );
    events::emit(OfferPosted {
        offer: *offer.account().address(),
        node: *node_key,
        incarnation: offer.incarnation,
        price: offer.terms.price,
        per: offer.terms.per,
        expires_at: offer.expires_at,
    });
    Ok(())
}
