use {super::Position, crate::checked::Checked, anchor_lang::prelude::*};

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

/// What a ticket is opened with.
pub struct NewTicket {
    pub rent_payer: Address,
    pub nonce: u64,
    pub shares: u64,
    /// Unix seconds, and how long the shares thaw.
    pub now: i64,
    pub unbonding_secs: u32,
    pub slot: u64,
    pub bump: u8,
}

impl Unstake {
    /// First seed of its address.
    pub const SEED: &[u8] = b"unstake";

    /// A new ticket for shares of `position`.
    pub fn open(&mut self, position: &Account<Position>, new: &NewTicket) -> Result<()> {
        self.position = *position.account().address();
        self.pool = position.pool;
        self.staker = position.staker;
        self.rent_payer = new.rent_payer;
        self.nonce = new.nonce;
        self.shares = new.shares;
        self.withdraw_at = new.now.plus(i64::from(new.unbonding_secs))?;
        self.opened_slot = new.slot;
        self.bump = new.bump;
        Ok(())
    }

    /// The ticket's address and bump.
    pub fn address(position: &Address, nonce: u64) -> (Address, u8) {
        Address::find_program_address(
            &[Self::SEED, position.as_ref(), &nonce.to_le_bytes()],
            &crate::ID,
        )
    }
}
