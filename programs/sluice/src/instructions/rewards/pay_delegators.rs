use {
    super::claim::*,
    crate::{
        checked::{Fits, take},
        error::SluiceError,
        events::{self, DelegatorsPaid, DividendsAdded},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct PayDelegators {
    pub draw: Nested<Claim>,
    /// The provider's stake pool, or its address if it is gone.
    #[account(mut)]
    pub stake: UncheckedAccount,
}

/// The delegators' part becomes a dividend of the provider's stake pool; while nobody has stake there, it is the payee's.
#[inline(never)]
pub fn handler(ctx: &mut Context<PayDelegators>) -> Result<()> {
    let PayDelegators { draw: a, stake } = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let streamed = a.streamed(now)?.delegators;
    let earned = a.share.delegators_earned.checked_add(streamed);
    let earned = earned.fits()?;
    let amount = take(earned, &mut a.share.delegators_claimed)?;
    a.pool.pay(amount)?;
    a.pool.invariant()?;
    let vault = dividend(*stake.account(), &a.share.provider, amount, now)?;
    events::emit(DelegatorsPaid {
        share: *a.share.account().address(),
        provider: a.share.provider,
        amount,
        claimed: earned,
        to_payee: u64::from(vault.is_none()),
    });
    match vault {
        Some(vault) => {
            require!(*a.destination.address() == vault, SluiceError::WrongVault);
            a.transfer(amount).send(&a.pool.seeds())
        }
        None => a.pay_payee(amount),
    }
}

/// Adds a dividend to the stake pool of `provider`; returns the vault it belongs in, or none if nobody has stake or the
/// pool is gone.
fn dividend(
    mut stake: AccountView,
    provider: &Address,
    amount: u64,
    now: i64,
) -> Result<Option<Address>> {
    if !stake.owned_by(&crate::ID) {
        let seeds: [&[u8]; 2] = [StakePool::SEED, provider.as_ref()];
        anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, stake.address())
            .map_err(|_| SluiceError::WrongStakePool)?;
        return Ok(None);
    }
    let key = *stake.address();
    let mut data = stake.try_borrow_mut()?;
    let pool = StakePool::of(&mut data, provider)?;
    // A staker whose shares thaw may come back for it. It waits until the last one has left.
    if pool.shares()? == 0 {
        return Ok(None);
    }
    pool.add_dividends(amount, now)?;
    events::emit(DividendsAdded::of(key, pool));
    Ok(Some(pool.dividend_vault))
}
