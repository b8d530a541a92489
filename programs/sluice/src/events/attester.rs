//! What becomes true of an attester.

use anchor_lang::prelude::*;

#[event(bytemuck)]
pub struct AttesterRegistered {
    pub network: Address,
    pub attester: Address,
    pub owner: Address,
    pub key: Address,
}

/// An attester's owner says anew where it is asked for signatures.
#[event(bytemuck)]
pub struct AttesterUpdated {
    pub attester: Address,
    pub uri: [u8; 64],
}

#[event(bytemuck)]
pub struct AttesterSlashed {
    pub attester: Address,
    pub pool: Address,
    pub taken: u64,
    pub standing: u64,
}
