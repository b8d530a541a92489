#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        checked::Checked,
        error::SluiceError,
        events::{self, StakeChanged},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
#[instruction(shares: u64, nonce: u64)]
pub struct BeginUnstake {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The position's staker; the pool's owner too once the pool is dead, so that it can be emptied and begin anew.
    pub staker: Signer,
    #[account(address = pool.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(mut, constraint = position.pool == *pool.account().address() @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    #[account(init, payer = payer, seeds = [b"unstake", position.account().address().as_ref(), &nonce.to_le_bytes()], bump)]
    pub ticket: Account<Unstake>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<BeginUnstake>, shares: u64, nonce: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let staker = a.staker.address();
    require!(
        *staker == a.position.staker || (*staker == a.pool.owner && a.pool.is_dead()?),
        SluiceError::NotOwner
    );
    a.position.earn(&mut a.pool, clock.unix_timestamp)?;
    a.position.thaw(shares)?;
    a.pool.thaw(shares)?;
    if a.position.staker == a.pool.owner {
        a.pool.lock(&a.position, 0, 0)?;
    }
    let ticket = &mut a.ticket;
    ticket.position = *a.position.account().address();
    ticket.pool = a.position.pool;
    ticket.staker = a.position.staker;
    ticket.rent_payer = *a.payer.address();
    ticket.nonce = nonce;
    ticket.shares = shares;
    ticket.withdraw_at = clock
        .unix_timestamp
        .plus(i64::from(a.network.params.unbonding_secs))?;
    ticket.opened_slot = clock.slot;
    ticket.bump = ctx.bumps.ticket;
    events::emit(StakeChanged::of(&a.pool, &a.position));
    Ok(())
}
