#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        constants::NOBODY,
        error::SluiceError,
        events::{self, OfferTaken},
        instructions::job::{open::*, place::*},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// A buyer's job under the terms of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct TakeArgs {
    /// Of the job.
    pub id: u64,
    /// The offer as the buyer saw it.
    pub seen: Seen,
    /// How long it runs once accepted, seconds.
    pub length_secs: u64,
    /// Deposit, base units: at least the notice and one window.
    pub funds: u64,
    /// Salted hash that names the work.
    pub spec_hash: [u8; 32],
    /// May countersign in the quorum's place; zero for none.
    pub cosigner: Address,
    /// Owner of every refund and donation; zero for the buyer.
    pub refund_owner: Address,
    /// The network's resolver as the buyer saw it.
    pub resolver: Address,
    /// The highest fees the buyer agrees to, the network's and the set's together, basis points.
    pub max_fee_bps: u16,
}

#[derive(Accounts)]
#[instruction(id: u64)]
pub struct TakeOffer {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub funding: Nested<Funding>,
    #[account(init, payer = payer, seeds = [Job::SEED, funding.network.account().address().as_ref(), funding.buyer.address().as_ref(), &id.to_le_bytes()], bump)]
    pub job: Account<Job>,
    #[account(mut, constraint = offer.node == *placement.node.account().address() @ SluiceError::WrongNode)]
    pub offer: Account<Offer>,
    pub placement: Nested<Placement>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<TakeOffer>, args: &TakeArgs, vault_bump: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    a.offer
        .take(&args.seen, a.placement.node.opened_slot, now)?;
    if let Some(set) = a.funding.set.as_ref() {
        a.placement.require_set(&a.offer.terms.set, set)?;
    }
    let request = OpenArgs {
        id: args.id,
        terms: a.offer.terms,
        length_secs: args.length_secs,
        open_until: now,
        funds: args.funds,
        spec_hash: args.spec_hash,
        cosigner: args.cosigner,
        provider: NOBODY,
        refund_owner: args.refund_owner,
        resolver: args.resolver,
        max_fee_bps: args.max_fee_bps,
    };
    let when = (now, clock.slot);
    let how = (ctx.bumps.job, true);
    a.funding
        .open(&mut a.job, &a.payer, &request, vault_bump, when, how)?;
    require!(a.job.outlasts_notice(), SluiceError::LengthBelowNotice);
    require!(a.job.covers_notice(), SluiceError::DepositBelowNotice);
    let job_key = *a.job.account().address();
    events::emit(OfferTaken {
        offer: *a.offer.account().address(),
        job: job_key,
        incarnation: a.offer.incarnation,
        slots_left: u64::from(a.offer.slots_left),
    });
    a.placement
        .start(&job_key, &mut a.job, &a.funding.network, now)
}
