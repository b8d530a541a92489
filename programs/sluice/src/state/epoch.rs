use {
    super::RewardTerms,
    crate::checked::{Checked, Fits},
    anchor_lang::prelude::*,
    sluice_math::stream,
};

/// The work that one epoch of a pool counted, and what of its reward was folded into shares.
///
/// Address: `["epoch", pool, index]`. Exists from the first positive report until every share is folded.
#[account]
pub struct Epoch {
    /// Address of the reward pool.
    pub pool: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// Which epoch, from 0 on.
    pub index: u64,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Units reported by all shares.
    pub total_units: u64,
    /// Base units folded into shares.
    pub allocated: u64,
    /// Shares that reported, and of those the folded ones.
    pub shares: u32,
    /// Shares that were folded.
    pub folded: u32,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
}

impl Epoch {
    /// First seed of its address.
    pub const SEED: &[u8] = b"epoch";

    /// The epoch's address and bump.
    pub fn address(pool: &Address, index: u64) -> (Address, u8) {
        Address::find_program_address(
            &[Self::SEED, pool.as_ref(), &index.to_le_bytes()],
            &crate::ID,
        )
    }

    /// Writes epoch `index` of `pool`, into which nothing was reported yet.
    pub const fn open(
        &mut self,
        pool: Address,
        index: u64,
        rent_payer: Address,
        slot: u64,
        bump: u8,
    ) {
        self.pool = pool;
        self.rent_payer = rent_payer;
        self.index = index;
        self.opened_slot = slot;
        self.bump = bump;
    }

    /// Adds `units` of a share, counting the share the first time.
    pub fn add(&mut self, units: u64, new_share: bool) -> Result<()> {
        self.total_units.raise(units)?;
        if new_share {
            self.shares.raise(1)?;
        }
        Ok(())
    }

    /// What a share of `units` earns of this epoch over its whole stream, base units, rounded down.
    pub fn share_of(&self, terms: &RewardTerms, units: u64) -> Result<u64> {
        let emission = stream::emission(terms.rate, terms.ceiling, self.total_units);
        stream::share_of(emission, units, self.total_units).fits()
    }

    /// Counts one folded share that earned `amount`.
    pub fn fold(&mut self, amount: u64) -> Result<()> {
        self.allocated.raise(amount)?;
        self.folded.raise(1)?;
        Ok(())
    }
}
