use {
    super::StakePool,
    crate::{
        checked::{Checked, byte_enum},
        constants::MAX_UNBONDING_SECS,
        error::SluiceError,
    },
    anchor_lang::prelude::*,
};

/// A key that countersigns statements, bonded by the stake pool of its owner.
///
/// Address: `["attester", network, key]`. `network` and `owner` stand at offsets 8 and 40, as in [`super::Provider`].
#[account]
pub struct Attester {
    pub network: Address,
    /// Owns the bond; enters and leaves sets.
    pub owner: Address,
    /// The ed25519 key that signs statements.
    pub key: Address,
    pub rent_payer: Address,
    pub opened_slot: u64,
    /// What one offence costs, base units of the stake mint: the network's minimum when the first set was entered. Locked while
    /// a bit is live, and slashable for as long as the stake is there.
    pub bond: u64,
    /// Sets in which this attester's bit is live.
    pub live_bits: u32,
    /// A [`Standing`].
    pub standing: u8,
    pub bump: u8,
    pub reserve: [u8; 2],
    /// Until when an attester that left its last set answers with its bond: its stake cannot have been withdrawn before.
    pub liable_until: i64,
    pub reserve_words: [u64; 7],
}

byte_enum! {
    /// Whether an attester may be live.
    pub enum Standing {
        Good = 0,
        /// Lost its bond by a ruling: anyone may clear its bits; it may bond anew once none is live.
        Slashed = 1,
        /// Signed two statements about one window: anyone may clear its bits; it never enters a set again.
        Tombstoned = 2,
    }
}

impl Attester {
    /// True while the pool holds the bond locked.
    pub const fn is_bonded(&self) -> bool {
        self.live_bits > 0 && self.standing == Standing::Good.byte()
    }

    /// Slashes the bond, once for every bond; returns what the pool lost. The attester is `standing` from here on, unless
    /// it fell lower before.
    pub fn slash(&mut self, pool: &mut StakePool, standing: Standing, now: i64) -> Result<u64> {
        if self.is_bonded() {
            pool.unlock(self.bond)?;
        } else if self.live_bits == 0 && now >= self.liable_until {
            // The stake that answered may be gone; what is there now is others'.
            self.bond = 0;
        }
        self.standing = self.standing.max(standing.byte());
        let bond = core::mem::take(&mut self.bond);
        pool.slash(bond)
    }

    /// One more live bit; the first locks `min_bond` of the owner's stake.
    pub fn enter(
        &mut self,
        pool: &mut StakePool,
        own: &super::Position,
        min_bond: u64,
        now: i64,
    ) -> Result<()> {
        require!(
            self.standing != Standing::Tombstoned.byte(),
            SluiceError::AttesterTombstoned
        );
        if self.live_bits == 0 {
            // What it signed under a higher bond it answers for with that, as long as it answers at all.
            let answering = if now < self.liable_until {
                self.bond
            } else {
                0
            };
            self.bond = min_bond.max(answering);
            pool.lock(own, self.bond, 0)?;
            self.standing = Standing::Good.byte();
        }
        require!(
            self.standing == Standing::Good.byte(),
            SluiceError::BondSlashed
        );
        self.live_bits.raise(1)?;
        Ok(())
    }

    /// One live bit less; the last frees the bond.
    pub fn leave(&mut self, pool: &mut StakePool, now: i64) -> Result<()> {
        let bonded = self.is_bonded();
        self.live_bits.lower(1)?;
        if bonded && self.live_bits == 0 {
            pool.unlock(self.bond)?;
            self.liable_until = now.saturating_add(i64::from(MAX_UNBONDING_SECS));
        }
        Ok(())
    }

    /// The attester's address and bump.
    pub fn address(network: &Address, key: &Address) -> (Address, u8) {
        Address::find_program_address(&[b"attester", network.as_ref(), key.as_ref()], &crate::ID)
    }
}
