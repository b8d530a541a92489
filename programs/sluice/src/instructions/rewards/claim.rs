use {
    crate::{
        checked::Fits,
        error::SluiceError,
        events::{self, RewardClaimed},
        state::*,
        vault::{Recipient, Transfer},
    },
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
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
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    /// The payee's associated account, or any that it holds alone once that one is another's.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The payee's associated account, where it is another's.
    pub given_away: Option<UncheckedAccount>,
    pub token_program: Interface<'static, TokenInterface>,
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
    pub fn pay_payee(&self, amount: u64) -> Result<()> {
        let recipient = Recipient {
            owner: &self.share.payee,
            given_away: self.given_away.as_ref().map(|given| given.account()),
        };
        self.transfer(amount)
            .pay_out(&recipient, &self.pool.seeds())
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
    let amount = earned.saturating_sub(a.share.claimed);
    require!(amount > 0, SluiceError::NothingDue);
    a.share.claimed = earned;
    a.pool.pay(amount)?;
    a.pool.invariant()?;
    events::emit(RewardClaimed {
        share: *a.share.account().address(),
        amount,
        claimed: earned,
    });
    a.pay_payee(amount)
}
