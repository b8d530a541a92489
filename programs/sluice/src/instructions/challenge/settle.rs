use {
    crate::{
        error::SluiceError,
        events::{self, ChallengeSettled},
        instructions::stake::pool_vault::*,
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct SettleChallenge {
    pub from: Nested<PoolVault>,
    #[account(mut, close = rent_payer, constraint = challenge.pool == *from.pool.account().address() @ SluiceError::WrongStakePool)]
    pub challenge: Account<Challenge>,
    #[account(mut, address = challenge.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<SettleChallenge>) -> Result<()> {
    let a = &mut ctx.accounts;
    let winner = *a.challenge.winner()?;
    require!(
        a.challenge.is_over(Clock::get()?.unix_timestamp),
        SluiceError::SignersNotSlashed
    );
    let bond = a.challenge.bond;
    a.from.pool.free_bond(bond)?;
    events::emit(ChallengeSettled {
        challenge: *a.challenge.account().address(),
        winner,
        bond,
    });
    a.from.pay_stake(&winner, bond)?;
    a.from.pool.invariant(&a.from.vault)
}
