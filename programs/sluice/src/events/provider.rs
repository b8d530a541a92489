//! What becomes true of a provider.

use anchor_lang::prelude::*;

/// A provider was registered.
#[event(bytemuck)]
pub struct ProviderRegistered {
    pub network: Address,
    pub provider: Address,
    pub owner: Address,
    pub operator: Address,
}

/// A provider named another operator.
#[event(bytemuck)]
pub struct OperatorChanged {
    pub provider: Address,
    pub operator: Address,
}

/// A provider set its commission.
#[event(bytemuck)]
pub struct CommissionChanged {
    pub provider: Address,
    /// When `pending_bps` takes effect.
    pub at: i64,
    pub in_force_bps: u32,
    pub pending_bps: u32,
}

/// A provider closed.
#[event(bytemuck)]
pub struct ProviderClosed {
    pub provider: Address,
}
