use {
    crate::{
        error::SluiceError,
        events::{self, RewardClaimed},
        state::*,
        vault::Transfer,
    },
    anchor_lang::{pinocchio::cpi::Seed, prelude::*},
    anchor_spl::token_interface::TokenInterface,
};

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
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
}

impl Claim {
    /// Everything this share has earned by `now`, folded or streamed, as far as the epochs given tell.
    fn earned(&self, now: i64) -> Result<u64> {
        let mut earned = self.share.earned;
        if let Some(epoch) = &self.streaming {
            earned = self.and_streamed(earned, epoch, now)?;
        }
        if let Some(epoch) = &self.ended {
            let other = self.streaming.as_ref();
            require!(
                other.is_none_or(|other| other.index != epoch.index),
                SluiceError::WrongEpoch
            );
            earned = self.and_streamed(earned, epoch, now)?;
        }
        Ok(earned)
    }

    fn and_streamed(&self, earned: u64, epoch: &Epoch, now: i64) -> Result<u64> {
        earned
            .checked_add(self.share.streamed(&self.pool, epoch, now)?)
            .ok_or(SluiceError::MathOverflow.into())
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Claim>) -> Result<()> {
    let a = &mut ctx.accounts;
    let earned = a.earned(Clock::get()?.unix_timestamp)?;
    let amount = earned.saturating_sub(a.share.claimed);
    require!(amount > 0, SluiceError::NothingDue);
    a.share.claimed = earned;
    a.pool.claimed = a
        .pool
        .claimed
        .checked_add(amount)
        .ok_or(SluiceError::MathOverflow)?;
    events::emit_here(RewardClaimed {
        share: *a.share.account().address(),
        amount,
        claimed: earned,
    });
    let pool = &a.pool;
    Transfer {
        from: &a.vault,
        to: &a.destination,
        mint: &a.mint,
        authority: pool.account(),
        token_program: &a.token_program,
        amount,
        decimals: pool.decimals,
    }
    .pay_out(
        &a.share.payee,
        &[
            Seed::from(b"reward_pool"),
            Seed::from(pool.network.as_ref()),
            Seed::from(pool.creator.as_ref()),
            Seed::from(&pool.id.to_le_bytes()),
            Seed::from(&[pool.bump]),
        ],
    )
}
