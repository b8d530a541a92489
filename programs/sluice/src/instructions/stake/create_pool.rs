use {
    crate::{
        error::SluiceError,
        events::{self, StakePoolCreated},
        mint_policy,
        state::*,
        vault,
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

#[derive(Accounts)]
pub struct CreateStakePool {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub network: Account<Network>,
    /// The Provider or Attester that the stake stands behind.
    pub subject: UncheckedAccount,
    #[account(init, payer = payer, seeds = [StakePool::SEED, subject.address().as_ref()], bump)]
    pub pool: Account<StakePool>,
    #[account(mut)]
    pub vault: UncheckedAccount,
    #[account(address = network.stake_mint)]
    pub mint: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CreateStakePool>) -> Result<()> {
    let a = &mut ctx.accounts;
    let subject = Subject::read(&a.subject)?;
    require!(
        subject.network == *a.network.account().address(),
        SluiceError::WrongNetwork
    );
    let clock = Clock::get()?;
    a.network.require_intake(clock.unix_timestamp)?;
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
    pool.open(&NewPool {
        subject: *a.subject.address(),
        behind: subject,
        mint: *a.mint.address(),
        vault: *a.vault.address(),
        rent_payer: *a.payer.address(),
        dividend_secs: a.network.dividend_secs,
        slot: clock.slot,
        decimals,
        bumps: (ctx.bumps.pool, vault_bump),
    });
    events::emit(StakePoolCreated {
        subject: pool.subject,
        pool: pool_key,
        owner: pool.owner,
    });
    Ok(())
}
