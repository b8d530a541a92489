use {
    crate::{checked::Checked, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct OpenPosition {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub staker: Signer,
    #[account(mut)]
    pub pool: Account<StakePool>,
    #[account(init, payer = payer, seeds = [b"stake", pool.account().address().as_ref(), staker.address().as_ref()], bump)]
    pub position: Account<Position>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<OpenPosition>) -> Result<()> {
    let a = &mut ctx.accounts;
    let position = &mut a.position;
    position.pool = *a.pool.account().address();
    position.staker = *a.staker.address();
    position.rent_payer = *a.payer.address();
    position.dividend_seen = a.pool.dividend_index;
    position.opened_slot = Clock::get()?.slot;
    position.bump = ctx.bumps.position;
    a.pool.positions.raise(1)?;
    Ok(())
}
