use {
    super::AttesterSet,
    crate::{constants::*, error::SluiceError, hash},
    anchor_lang::prelude::*,
};

/// The root of a tree of statements, and the members of a set that signed it.
///
/// Address: `["batch", payer, set, root]`. Anyone may post another one.
#[account]
pub struct Batch {
    /// Address of the attester set.
    pub set: Address,
    /// Root of the tree, whose leaves are statement hashes.
    pub root: [u8; 32],
    /// Who paid its rent, closes it and gets the rent back.
    pub payer: Address,
    /// From when on it can be closed, unix seconds.
    pub expires_at: i64,
    /// The members that signed, a bit each; no bit is ever cleared.
    pub signers: u16,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 5],
}

impl Batch {
    /// First seed of its address.
    pub const SEED: &[u8] = b"batch";

    /// What members of `set` sign under [`crate::attestation::TAG_BATCH`] for the tree with this root.
    pub fn hash(set: &Address, root: &[u8; 32]) -> [u8; 32] {
        hash::sha256(&[set.as_ref(), root])
    }

    /// The batch's address and bump.
    pub fn address(payer: &Address, set: &Address, root: &[u8; 32]) -> (Address, u8) {
        let seeds = [Self::SEED, payer.as_ref(), set.as_ref(), root];
        Address::find_program_address(&seeds, &crate::ID)
    }

    /// Writes a new batch; refuses a date that is not ahead, or further than a batch may stay.
    pub fn post(
        &mut self,
        (set, root): (Address, [u8; 32]),
        payer: Address,
        signers: u16,
        (now, expires_at): (i64, i64),
        bump: u8,
    ) -> Result<()> {
        let latest = now.saturating_add(MAX_BATCH_SECS);
        require!(
            expires_at > now && expires_at <= latest,
            SluiceError::ExpiryOutOfBounds
        );
        self.set = set;
        self.root = root;
        self.payer = payer;
        self.expires_at = expires_at;
        self.signers = signers;
        self.bump = bump;
        Ok(())
    }

    /// Adds members that signed; refuses where all of them had.
    pub fn endorse(&mut self, signers: u16) -> Result<()> {
        let all = self.signers | signers;
        require!(all != self.signers, SluiceError::AlreadyEndorsed);
        self.signers = all;
        Ok(())
    }

    /// The members that signed and are live, of whom there have to be as many as the set's threshold.
    pub fn quorum(&self, set: &AttesterSet) -> Result<u16> {
        let signers = self.signers & set.live;
        require!(
            signers.count_ones() >= u32::from(set.threshold),
            SluiceError::BatchBelowThreshold
        );
        Ok(signers)
    }

    /// Refuses to close it before its date.
    pub fn require_expired(&self, now: i64) -> Result<()> {
        require!(now >= self.expires_at, SluiceError::BatchNotExpired);
        Ok(())
    }
}
