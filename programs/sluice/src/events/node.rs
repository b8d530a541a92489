//! What becomes true of a node.

use anchor_lang::prelude::*;

/// A machine was registered.
#[event(bytemuck)]
pub struct NodeRegistered {
    pub network: Address,
    pub provider: Address,
    pub node: Address,
    pub worker: Address,
    /// Zero when it works for cosigners only.
    pub set: Address,
}

/// A machine was described anew.
#[event(bytemuck)]
pub struct NodeUpdated {
    pub node: Address,
    pub slots_total: u16,
    pub class: u16,
    pub region: u16,
}

/// A node closed.
#[event(bytemuck)]
pub struct NodeClosed {
    pub node: Address,
    pub units: u64,
}
