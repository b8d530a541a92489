//! Counters of attesters, their sets, providers, nodes and offers.

use {
    super::{count, field, mask},
    crate::reference::{
        Attester, AttesterSet, Batch, Id, Node, Offer, Provider, Reference,
        registry::{ALL_BPS, Standing, record},
    },
};

/// Fields of an `Attester`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttesterCounters {
    pub bond: u64,
    pub live_bits: u32,
    /// 0 good, 1 slashed, 2 tombstoned.
    pub standing: u8,
    pub opened_slot: u64,
}

/// Fields of an `AttesterSet`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetCounters {
    pub live: u16,
    pub entered: u16,
}

/// Fields of a `Batch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchCounters {
    pub expires_at: i64,
    pub signers: u16,
}

impl BatchCounters {
    /// What `batch` stores.
    pub fn of(batch: &Batch) -> Self {
        Self {
            expires_at: batch.expires_at,
            signers: mask(&batch.signers),
        }
    }
}

/// Fields of a `Provider`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderCounters {
    pub opened_slot: u64,
    /// In the order of the account's fields.
    pub record: [u64; 9],
    pub commission_at: i64,
    pub commission_bps: u16,
    pub pending_commission_bps: u16,
    pub nodes: u32,
}

/// Fields of a `Node`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeCounters {
    pub opened_slot: u64,
    pub units: u64,
    /// In the order of the account's fields.
    pub record: [u64; 9],
    pub slots_total: u16,
    pub slots_used: u16,
}

/// Fields of an `Offer`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfferCounters {
    pub incarnation: u64,
    pub registration: u64,
    pub expires_at: i64,
    pub slots_left: u32,
    pub slots_total: u32,
}

impl AttesterCounters {
    pub(super) fn of(model: &Reference, attester: &Attester) -> Self {
        Self {
            bond: attester.bond,
            live_bits: field(model.live_bits(attester) as u128),
            standing: match attester.standing {
                Standing::Good => 0,
                Standing::Slashed => 1,
                Standing::Tombstoned => 2,
            },
            opened_slot: attester.registration,
        }
    }
}

impl SetCounters {
    pub(super) fn of(set: &AttesterSet) -> Self {
        Self {
            live: mask(&set.live()),
            entered: mask(&set.entered),
        }
    }
}

impl ProviderCounters {
    pub(super) fn of(model: &Reference, id: Id, provider: &Provider) -> Self {
        let commissions = &provider.commissions;
        Self {
            record: record(&provider.released),
            commission_at: commissions.last().map_or(0, |(from, _)| *from),
            commission_bps: commissions.iter().rev().nth(1).map_or(ALL_BPS, |c| c.1),
            pending_commission_bps: commissions.last().map_or(0, |c| c.1),
            opened_slot: provider.registration,
            nodes: count(model.nodes.values().filter(|node| node.provider == id)),
        }
    }
}

impl NodeCounters {
    pub(super) fn of(model: &Reference, id: Id, node: &Node) -> Self {
        Self {
            opened_slot: node.registration,
            units: node.units(),
            record: record(&node.released),
            slots_total: node.slots,
            slots_used: field(model.slots_used(id) as u128),
        }
    }
}

impl OfferCounters {
    pub(super) fn of(offer: &Offer) -> Self {
        Self {
            incarnation: offer.incarnation,
            registration: offer.registration,
            expires_at: offer.expires_at,
            slots_left: offer.slots - count::<u32>(offer.taken.iter()),
            slots_total: offer.slots,
        }
    }
}
