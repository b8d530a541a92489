//! What becomes true of an offer.

use anchor_lang::prelude::*;

/// An offer was posted.
#[event(bytemuck)]
pub struct OfferPosted {
    pub offer: Address,
    pub node: Address,
    pub incarnation: u64,
    pub price: u64,
    pub per: u64,
    pub expires_at: i64,
}

/// An offer became a job.
#[event(bytemuck)]
pub struct OfferTaken {
    pub offer: Address,
    pub job: Address,
    pub incarnation: u64,
    pub slots_left: u64,
}

/// An offer was withdrawn, or cleared away once it was over.
#[event(bytemuck)]
pub struct OfferClosed {
    pub offer: Address,
    pub incarnation: u64,
    pub slots_left: u64,
}
