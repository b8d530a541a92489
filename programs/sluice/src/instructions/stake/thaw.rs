#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
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
    /// Nobody unstakes for another.
    #[account(address = position.staker @ SluiceError::NotOwner)]
    pub staker: Signer,
    #[account(address = pool.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(mut, constraint = position.pool == *pool.account().address() @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    #[account(init, payer = payer, seeds = [Unstake::SEED, position.account().address().as_ref(), &nonce.to_le_bytes()], bump)]
    pub ticket: Account<Unstake>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<BeginUnstake>, shares: u64, nonce: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    a.position.earn(&mut a.pool, clock.unix_timestamp)?;
    a.position.thaw(shares)?;
    a.pool.thaw(shares)?;
    if a.position.staker == a.pool.owner {
        a.pool.lock(&a.position, 0, 0)?;
    }
    a.ticket.open(
        &a.position,
        &NewTicket {
            rent_payer: *a.payer.address(),
            nonce,
            shares,
            now: clock.unix_timestamp,
            unbonding_secs: a.network.params.unbonding_secs,
            slot: clock.slot,
            bump: ctx.bumps.ticket,
        },
    )?;
    events::emit(StakeChanged::of(&a.pool, &a.position));
    Ok(())
}
