//! What becomes true of an attester.

use anchor_lang::prelude::*;

/// An attester's key was registered.
#[event(bytemuck)]
pub struct AttesterRegistered {
    pub network: Address,
    pub attester: Address,
    pub owner: Address,
    pub key: Address,
}

/// An attester is asked for signatures elsewhere.
#[event(bytemuck)]
pub struct AttesterUpdated {
    pub attester: Address,
    pub uri: [u8; 64],
}

/// An attester lost its bond.
#[event(bytemuck)]
pub struct AttesterSlashed {
    pub attester: Address,
    pub pool: Address,
    pub taken: u64,
    pub standing: u64,
}
