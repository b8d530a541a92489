//! What becomes true of a network, its roles and its parameters.

use {crate::state::NetworkChange, anchor_lang::prelude::*};

/// A network was created.
#[event(bytemuck)]
pub struct NetworkCreated {
    pub network: Address,
    pub creator: Address,
    pub stake_mint: Address,
    pub dividend_mint: Address,
}

/// A change of a network is pending.
#[event(bytemuck)]
pub struct ChangeProposed {
    pub network: Address,
    /// When it can be applied.
    pub change_at: i64,
    pub change: NetworkChange,
}

/// The change that was proposed last is in force.
#[event(bytemuck)]
pub struct ChangeApplied {
    pub network: Address,
}

/// A network's admin named a candidate, or withdrew it.
#[event(bytemuck)]
pub struct AdminNamed {
    pub network: Address,
    /// Zero when the candidate was withdrawn.
    pub candidate: Address,
}

/// The candidate is the admin, and no change is pending.
#[event(bytemuck)]
pub struct AdminChanged {
    pub network: Address,
    pub admin: Address,
}

/// A pause began or was lifted.
#[event(bytemuck)]
pub struct PauseChanged {
    pub network: Address,
    pub paused_at: i64,
    pub paused_until: i64,
}
