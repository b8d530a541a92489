use anchor_lang::prelude::*;

/// A ticket for thawing shares with its own date; never merged, never moved.
///
/// Address: `["unstake", position, nonce]`.
#[account]
pub struct Unstake {
    pub position: Address,
    pub pool: Address,
    pub staker: Address,
    pub rent_payer: Address,
    pub nonce: u64,
    /// Shares; what they are worth is decided when they are withdrawn.
    pub shares: u64,
    pub withdraw_at: i64,
    pub opened_slot: u64,
    pub bump: u8,
    pub reserve: [u8; 7],
}

impl Unstake {
    /// The ticket's address and bump.
    pub fn address(position: &Address, nonce: u64) -> (Address, u8) {
        Address::find_program_address(
            &[b"unstake", position.as_ref(), &nonce.to_le_bytes()],
            &crate::ID,
        )
    }
}
