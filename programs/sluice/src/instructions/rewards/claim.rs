use {
    crate::{
        checked::{Fits, take},
        error::SluiceError,
        events::{self, RewardClaimed},
        state::*,
        vault::{Recipient, Transfer},
    },
    anchor_lang::prelude::*,
};

/// A share and what it draws on.
#[derive(Accounts)]
pub struct Claim {
    #[account(mut)]
    pub pool: Account<RewardPool>,
    #[account(mut, constraint = share.pool == *pool.account().address() @ SluiceError::WrongShare)]
    pub share: Account<Share>,
    /// The epochs whose streams this share draws on: the one streaming now, and an ended one not folded yet.
    #[account(constraint = streaming.pool == share.pool @ SluiceError::WrongEpoch)]
    pub streaming: Option<Account<Epoch>>,
    #[account(constraint = ended.pool == share.pool @ SluiceError::WrongEpoch)]
    pub ended: Option<Account<Epoch>>,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    /// The pool's: the token program refuses another, for it is not the vault's.
    pub mint: UncheckedAccount,
    /// The payee's associated account, or any that it holds alone once that one is another's.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The payee's associated account, where it is another's.
    pub given_away: Option<UncheckedAccount>,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

impl Claim {
    /// Moving `amount` from the pool's vault to the destination.
    pub fn transfer(&self, amount: u64) -> Transfer<'_> {
        Transfer {
            from: &self.vault,
            to: &self.destination,
            mint: &self.mint,
            authority: self.pool.account(),
            token_program: &self.token_program,
            amount,
            decimals: self.pool.decimals,
        }
    }

    /// Pays `amount` to the share's payee.
    pub fn pay_payee(&mut self, amount: u64) -> Result<()> {
        let share: &mut Share = &mut self.share;
        Recipient {
            owner: &share.payee,
            given_away: self.given_away.as_ref().map(|given| given.account()),
        }
        .find(
            &self.destination,
            &mut share.payee_account,
            &self.mint,
            &self.token_program,
        )?;
        self.transfer(amount).send(&self.pool.seeds())
    }

    /// What the epochs given have streamed to this share by `now`.
    pub fn streamed(&self, now: i64) -> Result<Parts> {
        let mut sum = Parts::default();
        if let Some(epoch) = &self.streaming {
            sum = self.share.streamed(&self.pool, epoch, now)?;
        }
        if let Some(epoch) = &self.ended {
            let other = self.streaming.as_ref();
            require!(
                other.is_none_or(|other| other.index != epoch.index),
                SluiceError::WrongEpoch
            );
            let more = self.share.streamed(&self.pool, epoch, now)?;
            sum = sum.plus(more).fits()?;
        }
        Ok(sum)
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Claim>) -> Result<()> {
    let a = &mut ctx.accounts;
    let streamed = a.streamed(Clock::get()?.unix_timestamp)?.payee;
    let earned = a.share.earned.checked_add(streamed);
    let earned = earned.fits()?;
    let amount = take(earned, &mut a.share.claimed)?;
    a.pool.pay(amount)?;
    a.pool.invariant()?;
    events::emit(RewardClaimed {
        share: *a.share.account().address(),
        amount,
        claimed: earned,
    });
    a.pay_payee(amount)
}
