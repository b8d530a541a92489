//! What becomes true of a node.

use anchor_lang::prelude::*;

/// A machine was registered.
#[event(bytemuck)]
pub struct NodeRegistered {
    /// Address of the network.
    pub network: Address,
    /// Address of the provider.
    pub provider: Address,
    /// Address of the node.
    pub node: Address,
    /// The key that signs the machine's statements.
    pub worker: Address,
    /// Zero when it works for cosigners only.
    pub set: Address,
}

/// A machine was described anew.
#[event(bytemuck)]
pub struct NodeUpdated {
    /// Address of the node.
    pub node: Address,
    /// Jobs that it takes at a time.
    pub slots_total: u16,
    /// Kind of machine, as its provider says; for search only.
    pub class: u16,
    /// Where it stands, as its provider says; for search only.
    pub region: u16,
}

/// A node closed.
#[event(bytemuck)]
pub struct NodeClosed {
    /// Address of the node.
    pub node: Address,
    /// Units it had.
    pub units: u64,
}
