use {
    super::StakePool,
    crate::{
        checked::{Checked, Fits},
        error::SluiceError,
    },
    anchor_lang::{address_eq, prelude::*},
    sluice_math::dividend,
};

/// One staker's shares of one stake pool.
///
/// Address: `["stake", pool, staker]`.
#[account]
pub struct Position {
    /// Address of the stake pool.
    pub pool: Address,
    /// Whose stake it is; part of its address.
    pub staker: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Active shares.
    pub shares: u64,
    /// Shares in unstake tickets.
    pub thawing: u64,
    /// Open unstake tickets.
    pub tickets: u64,
    /// The pool's dividend index when this position was last settled, and the fraction kept.
    pub dividend_seen: [u64; 2],
    /// The fraction kept, in 2^-64 of a base unit.
    pub dividend_frac: u64,
    /// Dividends settled and not yet claimed, base units of the dividend mint.
    pub dividend_due: u64,
    /// Dividends claimed so far, modulo 2^64: the same tokens may come again and again.
    pub dividend_claimed: u64,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
    /// Zero; for later versions.
    pub reserve_words: [u64; 3],
}

impl Position {
    /// First seed of its address.
    pub const SEED: &[u8] = b"stake";

    /// The position's address and bump.
    pub fn address(pool: &Address, staker: &Address) -> (Address, u8) {
        Address::find_program_address(&Self::seeds(pool, staker), &crate::ID)
    }

    /// What its address is made of.
    pub fn seeds<'a>(pool: &'a Address, staker: &'a Address) -> [&'a [u8]; 3] {
        [Self::SEED, pool.as_ref(), staker.as_ref()]
    }

    /// Writes a new position of `staker`, with no shares yet and no claim to earlier dividends.
    pub fn open(
        &mut self,
        pool: &mut Account<StakePool>,
        staker: &Address,
        rent_payer: &Address,
        (slot, bump): (u64, u8),
    ) -> Result<()> {
        self.pool = *pool.account().address();
        self.staker = *staker;
        self.rent_payer = *rent_payer;
        self.opened_slot = slot;
        self.bump = bump;
        self.dividend_seen = pool.dividend_index;
        pool.join()
    }

    /// A position in the zeroed bytes of an account that was just created.
    pub fn fresh(data: &mut [u8]) -> Result<&mut Self> {
        let named = Self::DISCRIMINATOR.first_chunk::<8>();
        let (disc, body) = data
            .split_first_chunk_mut::<8>()
            .ok_or(SluiceError::WrongPosition)?;
        *disc = *named.ok_or(SluiceError::WrongPosition)?;
        Ok(bytemuck::try_from_bytes_mut(body).map_err(|_| SluiceError::WrongPosition)?)
    }

    /// The position of `staker` in `pool` in the bytes of an account of this program.
    pub fn of<'a>(data: &'a mut [u8], pool: &Address, staker: &Address) -> Result<&'a mut Self> {
        let (disc, body) = data
            .split_first_chunk_mut::<8>()
            .ok_or(SluiceError::WrongPosition)?;
        require!(disc == Self::DISCRIMINATOR, SluiceError::WrongPosition);
        let position: &mut Self =
            bytemuck::try_from_bytes_mut(body).map_err(|_| SluiceError::WrongPosition)?;
        require!(
            address_eq(&position.pool, pool) && address_eq(&position.staker, staker),
            SluiceError::WrongPosition
        );
        Ok(position)
    }

    /// The shares, active and thawing, that `staker` has in `pool`, read from the account at its position's address; none
    /// if there is no position. Refuses another account, so that nobody can leave a position out.
    pub fn shares_at(view: &AccountView, pool: &Address, staker: &Address) -> Result<u64> {
        let seeds = Self::seeds(pool, staker);
        anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, view.address())
            .map_err(|_| SluiceError::WrongPosition)?;
        if !view.owned_by(&crate::ID) {
            return Ok(0);
        }
        let data = view.try_borrow()?;
        let body = data.get(8..).unwrap_or_default();
        let position: &Self =
            bytemuck::try_from_bytes(body).map_err(|_| SluiceError::WrongPosition)?;
        position.shares.plus(position.thawing)
    }

    /// Books what the active shares earned by `now` since they last changed. Call it before every change of the shares.
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
