//! What becomes true of an offer.

use anchor_lang::prelude::*;

#[event(bytemuck)]
pub struct OfferPosted {
    pub offer: Address,
    pub node: Address,
    pub incarnation: u64,
    pub price: u64,
    pub per: u64,
    pub expires_at: i64,
}

#[event(bytemuck)]
pub struct OfferTaken {
    pub offer: Address,
    pub job: Address,
    pub incarnation: u64,
    pub slots_left: u64,
}

#[event(bytemuck)]
pub struct OfferClosed {
    pub offer: Address,
    pub incarnation: u64,
    pub slots_left: u64,
}
