use {
    super::claim::*,
    crate::{
        error::SluiceError,
        events::{self, DelegatorsPaid},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct PayDelegators {
    pub draw: Nested<Claim>,
    #[account(mut, constraint = stake.subject == draw.share.provider @ SluiceError::WrongStakePool)]
    pub stake: Account<StakePool>,
}

/// The delegators' part becomes a dividend of the provider's stake pool; while nobody's stake there is active, it is the
/// payee's.
#[inline(never)]
pub fn handler(ctx: &mut Context<PayDelegators>) -> Result<()> {
    let PayDelegators { draw: a, stake } = &mut ctx.accounts;
    let streamed = a.streamed(Clock::get()?.unix_timestamp)?.delegators;
    let earned = a.share.delegators_earned.checked_add(streamed);
    let earned = earned.ok_or(SluiceError::MathOverflow)?;
    let amount = earned.saturating_sub(a.share.delegators_claimed);
    require!(amount > 0, SluiceError::NothingDue);
    a.share.delegators_claimed = earned;
    a.pool.pay(amount)?;
    events::emit(DelegatorsPaid {
        share: *a.share.account().address(),
        stake_pool: *stake.account().address(),
        amount,
        claimed: earned,
    });
    if stake.active_shares == 0 {
        return a.transfer(amount).pay_out(&a.share.payee, &a.pool.seeds());
    }
    stake.add_dividends(amount)?;
    require!(
        *a.destination.address() == stake.dividend_vault,
        SluiceError::WrongVault
    );
    a.transfer(amount).move_between(&a.pool.seeds())
}
