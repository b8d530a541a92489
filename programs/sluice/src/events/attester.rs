//! What becomes true of an attester.

use anchor_lang::prelude::*;

/// An attester's key was registered.
#[event(bytemuck)]
pub struct AttesterRegistered {
    /// Address of the network.
    pub network: Address,
    /// Address of the attester.
    pub attester: Address,
    /// Who owns its bond.
    pub owner: Address,
    /// The key that signs statements.
    pub key: Address,
}

/// An attester is asked for signatures elsewhere.
#[event(bytemuck)]
pub struct AttesterUpdated {
    /// Address of the attester.
    pub attester: Address,
    /// Where it is asked for signatures; UTF-8, zeros to the end.
    pub uri: [u8; 64],
}

/// An attester lost its bond.
#[event(bytemuck)]
pub struct AttesterSlashed {
    /// Address of the attester.
    pub attester: Address,
    /// Address of the stake pool behind it.
    pub pool: Address,
    /// Taken from the stake, base units.
    pub taken: u64,
    /// A [`crate::state::Standing`].
    pub standing: u64,
}
