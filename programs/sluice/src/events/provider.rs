//! What becomes true of a provider.

use anchor_lang::prelude::*;

#[event(bytemuck)]
pub struct ProviderRegistered {
    pub network: Address,
    pub provider: Address,
    pub owner: Address,
    pub operator: Address,
}

#[event(bytemuck)]
pub struct OperatorChanged {
    pub provider: Address,
    pub operator: Address,
}

#[event(bytemuck)]
pub struct CommissionChanged {
    pub provider: Address,
    /// When `pending_bps` takes effect.
    pub at: i64,
    pub in_force_bps: u32,
    pub pending_bps: u32,
}

#[event(bytemuck)]
pub struct ProviderClosed {
    pub provider: Address,
}
