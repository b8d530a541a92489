//! What becomes true of a provider.

use anchor_lang::prelude::*;

/// A provider was registered.
#[event(bytemuck)]
pub struct ProviderRegistered {
    /// Address of the network.
    pub network: Address,
    /// Address of the provider.
    pub provider: Address,
    /// Payee of everything that it earns.
    pub owner: Address,
    /// Who accepts and resigns jobs for it.
    pub operator: Address,
}

/// A provider named another operator.
#[event(bytemuck)]
pub struct OperatorChanged {
    /// Address of the provider.
    pub provider: Address,
    /// Who accepts and resigns jobs for it.
    pub operator: Address,
}

/// A provider set its commission.
#[event(bytemuck)]
pub struct CommissionChanged {
    /// Address of the provider.
    pub provider: Address,
    /// When `pending_bps` takes effect.
    pub at: i64,
    /// In force now, basis points.
    pub in_force_bps: u32,
    /// To come, basis points.
    pub pending_bps: u32,
}

/// A provider closed.
#[event(bytemuck)]
pub struct ProviderClosed {
    /// Address of the provider.
    pub provider: Address,
}
