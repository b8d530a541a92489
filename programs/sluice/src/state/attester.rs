use anchor_lang::prelude::*;

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
    /// Stake locked while any bit is live, base units of the stake mint: the minimum when the first set was entered.
    pub bond: u64,
    /// Sets in which this attester's bit is live.
    pub live_bits: u32,
    /// 1 after proven equivocation.
    pub tombstoned: u8,
    pub version: u8,
    pub bump: u8,
    pub reserve: u8,
    pub reserve_words: [u64; 8],
}

impl Attester {
    /// The attester's address and bump.
    pub fn address(network: &Address, key: &Address) -> (Address, u8) {
        Address::find_program_address(&[b"attester", network.as_ref(), key.as_ref()], &crate::ID)
    }
}
