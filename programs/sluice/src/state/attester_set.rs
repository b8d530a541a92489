use {
    super::Quality,
    crate::{constants::*, error::SluiceError, hash},
    anchor_lang::{address_eq, prelude::*},
};

/// An immutable, content-addressed set of attesters with a shrinking mask of the living ones. Never closes.
///
/// Address: `["attester_set", network, digest]`, where `digest` hashes every immutable field.
#[account]
pub struct AttesterSet {
    /// Address of the network.
    pub network: Address,
    /// Hash of what a unit is and how it is measured.
    pub meter: [u8; 32],
    /// Owner of the token accounts that receive the attestation fee.
    pub fee_owner: Address,
    /// May clear bits; never sets one.
    pub revoker: Address,
    /// Hash of its contents; part of its address.
    pub digest: [u8; 32],
    /// Strictly ascending; the first `count` are members.
    pub keys: [Address; 16],
    /// What a job under this set must offer to count.
    pub quality: Quality,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Members that entered and neither left nor were removed.
    pub live: u16,
    /// Members that ever entered: a cleared bit never returns.
    pub entered: u16,
    /// Attestation fee on what providers earn, basis points.
    pub fee_bps: u16,
    /// Members.
    pub count: u8,
    /// Members that must sign a statement.
    pub threshold: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
    /// Zero; for later versions.
    pub reserve_words: [u64; 4],
}

/// What a set is made of; its hash is part of its address.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct SetArgs {
    /// Hash of what a unit is and how it is measured.
    pub meter: [u8; 32],
    /// Owner of the token accounts that receive the attestation fee.
    pub fee_owner: Address,
    /// May clear bits; never sets one.
    pub revoker: Address,
    /// Attestation fee on what providers earn, basis points.
    pub fee_bps: u16,
    /// Members that must sign a statement.
    pub threshold: u8,
    /// Members.
    pub count: u8,
    /// Strictly ascending; zero past `count`.
    pub keys: [Address; 16],
    /// What a job must offer to count.
    pub quality: Quality,
}

impl SetArgs {
    /// The content hash in the set's address.
    pub fn digest(&self) -> [u8; 32] {
        hash::sha256(&[
            &[self.threshold],
            &self.meter,
            self.fee_owner.as_ref(),
            &self.fee_bps.to_le_bytes(),
            self.revoker.as_ref(),
            bytemuck::bytes_of(&self.quality),
            bytemuck::cast_slice(self.members()),
        ])
    }

    /// The first `count` keys.
    pub fn members(&self) -> &[Address] {
        self.keys.get(..usize::from(self.count)).unwrap_or(&[])
    }

    /// Refuses a threshold that is not between 1 and the number of keys, a fee or a quality out of bounds, and keys that
    /// do not strictly ascend from above zero.
    pub fn validate(&self) -> Result<()> {
        require!(
            self.count <= MAX_SET_KEYS
                && self.threshold >= 1
                && self.threshold <= MAX_THRESHOLD.min(self.count),
            SluiceError::ThresholdOutOfBounds
        );
        require!(self.fee_bps <= MAX_TOTAL_FEE_BPS, SluiceError::FeeTooHigh);
        self.quality.validate()?;
        let mut previous = NOBODY;
        for key in self.members() {
            require!(
                key.as_array() > previous.as_array(),
                SluiceError::KeysNotAscending
            );
            previous = *key;
        }
        let rest = self.keys.get(usize::from(self.count)..).unwrap_or(&[]);
        require!(
            rest.iter().all(|key| *key == NOBODY),
            SluiceError::ReserveNotZero
        );
        Ok(())
    }
}

impl AttesterSet {
    /// First seed of its address.
    pub const SEED: &[u8] = b"attester_set";

    /// The set's address and bump.
    pub fn address(network: &Address, digest: &[u8; 32]) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, network.as_ref(), digest], &crate::ID)
    }

    /// Writes a new set of what `args` say, whose hash is `digest`. Nobody is live.
    pub const fn create(
        &mut self,
        network: Address,
        digest: [u8; 32],
        args: &SetArgs,
        (slot, bump): (u64, u8),
    ) {
        self.network = network;
        self.meter = args.meter;
        self.fee_owner = args.fee_owner;
        self.revoker = args.revoker;
        self.digest = digest;
        self.keys = args.keys;
        self.quality = args.quality;
        self.opened_slot = slot;
        self.fee_bps = args.fee_bps;
        self.count = args.count;
        self.threshold = args.threshold;
        self.bump = bump;
    }

    /// The member at `index`, if its bit is live.
    pub fn live_member(&self, index: u8) -> Option<&Address> {
        let bit = 1u16.checked_shl(u32::from(index))?;
        if self.live & bit == 0 {
            return None;
        }
        self.keys.get(usize::from(index))
    }

    /// True when `key` is a member, live or not.
    pub fn has_member(&self, key: &Address) -> bool {
        self.keys
            .iter()
            .take(usize::from(self.count))
            .any(|member| address_eq(member, key))
    }

    /// True while `threshold` members are live.
    pub fn has_quorum(&self) -> bool {
        self.live.count_ones() >= u32::from(self.threshold)
    }

    /// Sets the bit of `key`, once ever.
    pub fn enter(&mut self, index: u8, key: &Address) -> Result<()> {
        let bit = self.bit_of(index, key)?;
        require!(self.entered & bit == 0, SluiceError::AlreadyEntered);
        self.entered |= bit;
        self.live |= bit;
        Ok(())
    }

    /// Clears the bit of `key`, for ever.
    pub fn leave(&mut self, index: u8, key: &Address) -> Result<()> {
        let bit = self.bit_of(index, key)?;
        require!(self.live & bit != 0, SluiceError::NotLive);
        self.live &= !bit;
        Ok(())
    }

    /// Refuses another key than the member at `index`.
    pub fn require_member(&self, index: u8, key: &Address) -> Result<()> {
        self.bit_of(index, key).map(|_| ())
    }

    fn bit_of(&self, index: u8, key: &Address) -> Result<u16> {
        let member = self.keys.get(usize::from(index));
        require!(
            index < self.count && member == Some(key),
            SluiceError::NotAMember
        );
        1u16.checked_shl(u32::from(index))
            .ok_or(SluiceError::NotAMember.into())
    }
}
