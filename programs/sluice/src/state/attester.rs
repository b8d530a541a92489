use {
    super::{Position, StakePool},
    crate::{
        checked::{Checked, byte_enum},
        error::SluiceError,
    },
    anchor_lang::prelude::*,
};

/// A key that countersigns statements, bonded by the stake pool of its owner.
///
/// Address: `["attester", network, key]`. `network` and `owner` stand at offsets 8 and 40, as in [`super::Provider`].
#[account]
pub struct Attester {
    /// Address of the network.
    pub network: Address,
    /// Owns the bond; enters and leaves sets.
    pub owner: Address,
    /// The ed25519 key that signs statements.
    pub key: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// Where the attester is asked for signatures, as its owner says.
    pub uri: [u8; 64],
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// What one offence costs, base units of the stake mint: the highest of the network's minimums when a set was entered. Locked
    /// while a bit is live, and slashable for as long as the owner's stake is there.
    pub bond: u64,
    /// Sets in which this attester's bit is live.
    pub live_bits: u32,
    /// A [`Standing`].
    pub standing: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 2],
    /// Zero; for later versions.
    pub reserve_words: [u64; 4],
}

byte_enum! {
    /// Whether an attester may be live.
    pub enum Standing {
        /// It may be.
        Good = 0,
        /// It lost its bond by a ruling. Anyone may clear its bits; it may bond anew once none is live.
        Slashed = 1,
        /// It signed two statements about one window. Anyone may clear its bits; it never enters a set again.
        Tombstoned = 2,
    }
}

/// What an attester is registered with.
pub struct NewAttester {
    /// Address of the network.
    pub network: Address,
    /// Who owns it.
    pub owner: Address,
    /// The key that signs statements.
    pub key: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The slot of now.
    pub slot: u64,
    /// Bump of its address.
    pub bump: u8,
}

impl Attester {
    /// First seed of its address.
    pub const SEED: &[u8] = b"attester";

    /// Writes a new attester, live nowhere.
    pub fn register(&mut self, new: &NewAttester) {
        self.network = new.network;
        self.owner = new.owner;
        self.key = new.key;
        self.rent_payer = new.rent_payer;
        self.opened_slot = new.slot;
        self.bump = new.bump;
    }

    /// Writes where the attester is asked for signatures.
    pub const fn describe(&mut self, uri: [u8; 64]) {
        self.uri = uri;
    }

    /// True while the pool holds the bond locked.
    pub const fn is_bonded(&self) -> bool {
        self.live_bits > 0 && self.standing == Standing::Good.byte()
    }

    /// Slashes the bond, once, and returns what the pool lost. The attester has `standing` from here on, unless it fell
    /// lower before. While it is live, the whole bond is locked and at risk. Later, at most what its owner has left in
    /// `own_shares`, active and thawing, is at risk: the other stakers never stood behind what it signed.
    pub fn slash(
        &mut self,
        pool: &mut StakePool,
        own_shares: u64,
        standing: Standing,
    ) -> Result<u64> {
        if self.is_bonded() {
            pool.unlock(self.bond)?;
        }
        self.standing = self.standing.max(standing.byte());
        let bond = core::mem::take(&mut self.bond);
        let reach = if self.live_bits == 0 {
            bond.min(pool.worth(own_shares)?)
        } else {
            bond
        };
        pool.slash(reach)
    }

    /// Counts one more live bit. Raises the bond to `min_bond` if it is less, and locks the difference of the owner's
    /// stake. The bond never falls: what was signed under a higher bond answers with that.
    pub fn enter(&mut self, pool: &mut StakePool, own: &Position, min_bond: u64) -> Result<()> {
        require!(
            self.standing != Standing::Tombstoned.byte(),
            SluiceError::AttesterTombstoned
        );
        require!(
            self.live_bits == 0 || self.standing == Standing::Good.byte(),
            SluiceError::BondSlashed
        );
        let held = if self.live_bits == 0 { 0 } else { self.bond };
        self.bond = self.bond.max(min_bond);
        pool.lock(own, self.bond.minus(held)?, 0)?;
        self.standing = Standing::Good.byte();
        self.live_bits.raise(1)
    }

    /// Counts one live bit less. The last one unlocks the bond.
    pub fn leave(&mut self, pool: &mut StakePool) -> Result<()> {
        let bonded = self.is_bonded();
        self.live_bits.lower(1)?;
        if bonded && self.live_bits == 0 {
            pool.unlock(self.bond)?;
        }
        Ok(())
    }

    /// The attester's address and bump.
    pub fn address(network: &Address, key: &Address) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, network.as_ref(), key.as_ref()], &crate::ID)
    }
}
