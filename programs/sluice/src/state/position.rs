use {
    super::StakePool,
    crate::{
        checked::{Checked, Fits},
        error::SluiceError,
    },
    anchor_lang::prelude::*,
    sluice_math::dividend,
};

/// One staker's shares of one stake pool.
///
/// Address: `["stake", pool, staker]`.
#[account]
pub struct Position {
    pub pool: Address,
    pub staker: Address,
    pub rent_payer: Address,
    pub opened_slot: u64,
    /// Active shares.
    pub shares: u64,
    /// Shares in unstake tickets.
    pub thawing: u64,
    /// Open unstake tickets.
    pub tickets: u64,
    /// The pool's dividend index when this position was last settled, and the fraction kept.
    pub dividend_seen: [u64; 2],
    pub dividend_frac: u64,
    /// Dividends settled and not yet claimed, base units of the dividend mint.
    pub dividend_due: u64,
    /// Dividends claimed so far, modulo 2^64: the same tokens may come again and again.
    pub dividend_claimed: u64,
    pub bump: u8,
    pub reserve: [u8; 7],
    pub reserve_words: [u64; 3],
}

impl Position {
    /// The position's address and bump.
    pub fn address(pool: &Address, staker: &Address) -> (Address, u8) {
        Address::find_program_address(&[b"stake", pool.as_ref(), staker.as_ref()], &crate::ID)
    }

    /// Books what the active shares earned by `now` since they last changed. Comes before every change of theirs.
    // One copy for all who change shares.
    #[inline(never)]
    pub fn earn(&mut self, pool: &mut StakePool, now: i64) -> Result<()> {
        pool.settle_dividends(now)?;
        let (earned, frac) = dividend::accrued(
            pool.dividend_index,
            self.dividend_seen,
            self.shares,
            self.dividend_frac,
        )
        .fits()?;
        self.dividend_due.raise(earned)?;
        self.dividend_frac = frac;
        self.dividend_seen = pool.dividend_index;
        Ok(())
    }

    /// True when the position holds nothing and is owed nothing.
    pub const fn is_empty(&self) -> bool {
        self.shares == 0 && self.tickets == 0 && self.dividend_due == 0
    }

    /// Adds bought shares.
    pub fn add(&mut self, shares: u64) -> Result<()> {
        self.shares.raise(shares)?;
        Ok(())
    }

    /// Moves `shares` into a ticket.
    pub fn thaw(&mut self, shares: u64) -> Result<()> {
        require!(shares >= 1, SluiceError::AmountTooSmall);
        self.shares = self
            .shares
            .checked_sub(shares)
            .ok_or(SluiceError::NotEnoughShares)?;
        self.thawing.raise(shares)?;
        self.tickets.raise(1)?;
        Ok(())
    }

    /// Takes the shares of a withdrawn ticket out.
    pub fn settle(&mut self, shares: u64) -> Result<()> {
        self.thawing.lower(shares)?;
        self.tickets.lower(1)?;
        Ok(())
    }
}
