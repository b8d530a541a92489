use {super::Position, crate::checked::Checked, anchor_lang::prelude::*};

/// A ticket for thawing shares with its own date; never merged, never moved.
///
/// Address: `["unstake", position, nonce]`.
#[account]
pub struct Unstake {
    /// Address of the position.
    pub position: Address,
    /// Address of the stake pool.
    pub pool: Address,
    /// Whose stake it is.
    pub staker: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// Number among the position's tickets; part of its address.
    pub nonce: u64,
    /// Shares; what they are worth is decided when they are withdrawn.
    pub shares: u64,
    /// From when on it can be withdrawn, unix seconds.
    pub withdraw_at: i64,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
}

/// What a ticket is opened with.
pub struct NewTicket {
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// Number among the position's tickets.
    pub nonce: u64,
    /// How many shares thaw.
    pub shares: u64,
    /// Unix seconds, and how long the shares thaw.
    pub now: i64,
    /// How long they thaw, seconds.
    pub unbonding_secs: u32,
    /// The slot of now.
    pub slot: u64,
    /// Bump of its address.
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
