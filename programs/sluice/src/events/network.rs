//! What becomes true of a network, its roles and its parameters.

use {crate::state::NetworkChange, anchor_lang::prelude::*};

/// A network was created.
#[event(bytemuck)]
pub struct NetworkCreated {
    /// Address of the network.
    pub network: Address,
    /// Who created it; part of its address.
    pub creator: Address,
    /// Mint of stake and bonds.
    pub stake_mint: Address,
    /// Mint of dividends.
    pub dividend_mint: Address,
}

/// A change of a network is pending.
#[event(bytemuck)]
pub struct ChangeProposed {
    /// Address of the network.
    pub network: Address,
    /// When it can be applied.
    pub change_at: i64,
    /// What is to take effect.
    pub change: NetworkChange,
}

/// The change that was proposed last is in force.
#[event(bytemuck)]
pub struct ChangeApplied {
    /// Address of the network.
    pub network: Address,
}

/// A network's admin named a candidate, or withdrew it.
#[event(bytemuck)]
pub struct AdminNamed {
    /// Address of the network.
    pub network: Address,
    /// Zero when the candidate was withdrawn.
    pub candidate: Address,
}

/// The candidate is the admin, and no change is pending.
#[event(bytemuck)]
pub struct AdminChanged {
    /// Address of the network.
    pub network: Address,
    /// The new admin.
    pub admin: Address,
}

/// A pause began or was lifted.
#[event(bytemuck)]
pub struct PauseChanged {
    /// Address of the network.
    pub network: Address,
    /// When it began, unix seconds.
    pub paused_at: i64,
    /// Until when intake is paused, unix seconds; in the past when it was lifted.
    pub paused_until: i64,
}
