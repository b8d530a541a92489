use {
    super::Record,
    crate::{constants::*, error::SluiceError},
    anchor_lang::prelude::*,
};

/// A seller of compute: a cold owner, a hot operator and a record that other programs may read.
///
/// Address: `["provider", network, owner]`. `network` and `owner` stand at offsets 8 and 40, as in [`super::Attester`].
#[account]
pub struct Provider {
    /// Address of the network.
    pub network: Address,
    /// The payee of everything that the provider earns; never changes.
    pub owner: Address,
    /// May accept and resign jobs.
    pub operator: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Of all released jobs since `opened_slot`.
    pub record: Record,
    /// When `pending_commission_bps` takes effect; 0 when nothing is pending.
    pub commission_at: i64,
    /// Registered nodes.
    pub nodes: u32,
    /// Part of the rewards in the network's dividend mint that the owner keeps, basis points: all of it, until the owner
    /// says otherwise.
    pub commission_bps: u16,
    /// The commission that is pending, basis points.
    pub pending_commission_bps: u16,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
    /// Zero; for later versions.
    pub reserve_words: [u64; 7],
}

impl Provider {
    /// First seed of its address.
    pub const SEED: &[u8] = b"provider";

    /// The provider's address and bump.
    pub fn address(network: &Address, owner: &Address) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, network.as_ref(), owner.as_ref()], &crate::ID)
    }

    /// Writes a new registration.
    pub fn register(
        &mut self,
        network: Address,
        owner: Address,
        operator: Address,
        rent_payer: Address,
        slot: u64,
        bump: u8,
    ) {
        self.network = network;
        self.owner = owner;
        self.operator = operator;
        self.rent_payer = rent_payer;
        self.opened_slot = slot;
        self.commission_bps = MAX_COMMISSION_BPS;
        self.bump = bump;
    }

    /// [`Self::commission`] of the provider at a share's `provider`. Its address is all that needs a check: only a
    /// Provider was ever there, and it stays as long as the share's node does.
    pub fn commission_of(view: &AccountView, now: i64) -> Result<u16> {
        let data = view.try_borrow()?;
        let body = data.get(8..).ok_or(SluiceError::NotItsProvider)?;
        let provider: &Self =
            bytemuck::try_from_bytes(body).map_err(|_| SluiceError::NotItsProvider)?;
        Ok(provider.commission(now))
    }

    /// The commission in force at `now`, basis points.
    pub const fn commission(&self, now: i64) -> u16 {
        if self.commission_at != 0 && now >= self.commission_at {
            self.pending_commission_bps
        } else {
            self.commission_bps
        }
    }

    /// Makes `bps` the commission in force from `at` on; what is in force at `now` stays so until then.
    pub const fn set_commission(&mut self, bps: u16, now: i64, at: i64) {
        self.commission_bps = self.commission(now);
        self.pending_commission_bps = bps;
        self.commission_at = at;
    }
}
