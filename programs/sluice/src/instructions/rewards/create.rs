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
    #[account(init, payer = payer, seeds = [RewardPool::SEED, network.account().address().as_ref(), creator.address().as_ref(), &id.to_le_bytes()], bump)]
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
    terms.require_dates(clock.unix_timestamp)?;
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

    let delegated = *a.mint.address() == a.network.dividend_mint;
    let pool = &mut a.pool;
    let accounts = PoolAccounts {
        network: *a.network.account().address(),
        creator: *a.creator.address(),
        set: *a.set.account().address(),
        mint: *a.mint.address(),
        vault: *a.vault.address(),
        refund_owner,
        rent_payer: *a.payer.address(),
    };
    pool.create(id, terms, accounts, clock.slot);
    pool.delegated = u8::from(delegated);
    pool.decimals = decimals;
    (pool.bump, pool.vault_bump) = (ctx.bumps.pool, vault_bump);
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
