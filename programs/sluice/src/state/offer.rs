use {
    super::{Node, Terms},
    crate::error::SluiceError,
    anchor_lang::prelude::*,
};

/// Whole terms that a provider stands behind for one node, until they are taken, withdrawn or expired.
///
/// Address: `["offer", node, id]`. Holds no tokens; bond and slot are locked when it is taken.
#[account]
pub struct Offer {
    /// Address of the network.
    pub network: Address,
    /// Address of the provider.
    pub provider: Address,
    /// Address of the node.
    pub node: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// What it pays, and how it is proven.
    pub terms: Terms,
    /// Number among the node's offers; part of its address.
    pub id: u64,
    /// Opening slot: tells this offer from an earlier one at the same address.
    pub incarnation: u64,
    /// The node's registration when the offer was posted; under another one it cannot be taken.
    pub registration: u64,
    /// The offer can be taken before this time. Anyone may close it from then on.
    pub expires_at: i64,
    /// How many jobs can still be taken from it, and how many could at first.
    pub slots_left: u32,
    /// Jobs that it could become at first.
    pub slots_total: u32,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
    /// Zero; for later versions.
    pub reserve_words: [u64; 4],
}

/// What a provider offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct OfferArgs {
    /// Number among the node's offers; part of its address.
    pub id: u64,
    /// What it pays, and how it is proven.
    pub terms: Terms,
    /// How many jobs can be taken from it.
    pub slots: u32,
    /// The offer can be taken before this time, a year ahead at most.
    pub expires_at: i64,
}

/// The node that an offer is of, and where it is posted.
pub struct Posting<'a> {
    /// Address of the network.
    pub network: &'a Address,
    /// The node.
    pub node: &'a Node,
    /// Address of the node.
    pub node_key: &'a Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: &'a Address,
    /// Bump of its address.
    pub bump: u8,
    /// The opening slot.
    pub slot: u64,
}

impl Offer {
    /// First seed of its address.
    pub const SEED: &[u8] = b"offer";

    /// The offer's address and bump.
    pub fn address(node: &Address, id: u64) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, node.as_ref(), &id.to_le_bytes()], &crate::ID)
    }

    /// Writes what `args` say of a node as it is registered now.
    pub fn post(&mut self, args: &OfferArgs, of: &Posting) {
        self.network = *of.network;
        self.provider = of.node.provider;
        self.node = *of.node_key;
        self.rent_payer = *of.rent_payer;
        self.terms = args.terms;
        self.id = args.id;
        self.incarnation = of.slot;
        self.registration = of.node.opened_slot;
        self.expires_at = args.expires_at;
        self.slots_left = args.slots;
        self.slots_total = args.slots;
        self.bump = of.bump;
    }

    /// Gives one slot to a job. Refuses an offer that expired, was used up, or is not what the caller saw.
    pub fn take(&mut self, seen: &Seen, registration: u64, now: i64) -> Result<()> {
        require!(
            self.incarnation == seen.incarnation,
            SluiceError::WrongIncarnation
        );
        require!(
            self.terms.price == seen.price && self.terms.per == seen.per,
            SluiceError::PriceChanged
        );
        require!(
            self.registration == registration,
            SluiceError::NodeRegisteredAnew
        );
        require!(now < self.expires_at, SluiceError::OfferExpired);
        self.slots_left = self
            .slots_left
            .checked_sub(1)
            .ok_or(SluiceError::OfferUsedUp)?;
        Ok(())
    }

    /// True when nobody can take it any more.
    pub const fn is_over(&self, now: i64) -> bool {
        now >= self.expires_at || self.slots_left == 0
    }
}

/// The offer as the buyer saw it: it cannot be swapped under its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct Seen {
    /// Opening slot of the offer.
    pub incarnation: u64,
    /// Base units per `per` units of work.
    pub price: u64,
    /// Units of work that the price is for.
    pub per: u64,
}
