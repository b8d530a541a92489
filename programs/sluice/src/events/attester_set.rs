//! What becomes true of a set of attesters.

use {
    crate::state::{Attester, AttesterSet},
    anchor_lang::prelude::*,
};

/// A set of attesters was created.
#[event(bytemuck)]
pub struct AttesterSetCreated {
    /// Address of the network.
    pub network: Address,
    /// Address of the attester set.
    pub set: Address,
    /// Hash of its contents; part of its address.
    pub digest: [u8; 32],
}

/// An attester entered or left a set.
#[event(bytemuck)]
pub struct SetMembershipChanged {
    /// Address of the attester set.
    pub set: Address,
    /// Address of the attester.
    pub attester: Address,
    /// The live mask after it.
    pub live: u16,
    /// The mask of all that ever entered.
    pub entered: u16,
}

impl SetMembershipChanged {
    /// The set as it is after `attester` entered or left.
    pub fn of(set: &Account<AttesterSet>, attester: &Account<Attester>) -> Self {
        Self {
            set: *set.account().address(),
            attester: *attester.account().address(),
            live: set.live,
            entered: set.entered,
        }
    }
}
