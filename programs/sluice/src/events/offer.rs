//! What becomes true of an offer.

use anchor_lang::prelude::*;

/// An offer was posted.
#[event(bytemuck)]
pub struct OfferPosted {
    /// Address of the offer.
    pub offer: Address,
    /// Address of the node.
    pub node: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Base units that `per` units of work cost.
    pub price: u64,
    /// Units of work that the price is for.
    pub per: u64,
    /// It can be taken before this time, unix seconds.
    pub expires_at: i64,
}

/// An offer became a job.
#[event(bytemuck)]
pub struct OfferTaken {
    /// Address of the offer.
    pub offer: Address,
    /// Address of the job.
    pub job: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Jobs that it may still become.
    pub slots_left: u64,
}

/// An offer was withdrawn, or cleared away once it was over.
#[event(bytemuck)]
pub struct OfferClosed {
    /// Address of the offer.
    pub offer: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Jobs that it may still become.
    pub slots_left: u64,
}
