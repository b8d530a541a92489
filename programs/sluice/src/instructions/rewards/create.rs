#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        error::SluiceError,
        events::{self, RewardPoolCreated},
        mint_policy,
        state::*,
        vault,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

#[derive(Accounts)]
#[instruction(id: u64)]
pub struct CreateRewardPool {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub creator: Signer,
    pub network: Account<Network>,
    #[account(constraint = set.network == *network.account().address() @ SluiceError::WrongNetwork)]
    pub set: Account<AttesterSet>,
    #[account(init, payer = payer, seeds = [b"reward_pool", network.account().address().as_ref(), creator.address().as_ref(), &id.to_le_bytes()], bump)]
    pub pool: Account<RewardPool>,
    #[account(mut)]
    pub vault: UncheckedAccount,
    pub mint: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(
    ctx: &mut Context<CreateRewardPool>,
    id: u64,
    terms: &RewardTerms,
    refund_owner: Address,
) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    a.network.require_intake(clock.unix_timestamp)?;
    terms.validate()?;
    require!(terms.end_at > clock.unix_timestamp, SluiceError::DateInPast);
    let decimals = mint_policy::check(&a.mint)?;
    let pool_key = *a.pool.account().address();
    let vault_bump = vault::NewVault {
        kind: vault::VAULT,
        vault: &a.vault,
        authority: &pool_key,
        mint: &a.mint,
        payer: &a.payer,
        token_program: &a.token_program,
    }
    .open()?;

    let pool = &mut a.pool;
    pool.network = *a.network.account().address();
    pool.creator = *a.creator.address();
    pool.set = *a.set.account().address();
    pool.mint = *a.mint.address();
    pool.vault = *a.vault.address();
    pool.refund_owner = refund_owner;
    pool.rent_payer = *a.payer.address();
    pool.terms = *terms;
    pool.delegated = u8::from(pool.mint == a.network.dividend_mint);
    pool.id = id;
    pool.incarnation = clock.slot;
    pool.decimals = decimals;
    pool.bump = ctx.bumps.pool;
    pool.vault_bump = vault_bump;
    events::emit(RewardPoolCreated {
        pool: pool_key,
        network: pool.network,
        creator: pool.creator,
        set: pool.set,
        mint: pool.mint,
        refund_owner,
        id,
        incarnation: pool.incarnation,
        terms: *terms,
    });
    Ok(())
}
