//! Jobs: anybody may bring one up to date, and who may act on one may act on another of its own.

use {
    super::Harmless,
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["mature"],
        account: "job",
        kinds: &[Kind::Sibling, Kind::Foreign],
        outcome: Outcome::Changes(&["job"]),
        reason: "anybody may bring any job up to date",
    },
    Harmless {
        scenes: &["cancel_job", "fault_job"],
        account: "provider",
        kinds: &[Kind::Absent],
        outcome: Outcome::Same,
        reason: "the buyer ends its job without the provider",
    },
    Harmless {
        scenes: &["cancel_job", "cancel_open_job", "resign_job", "fault_job"],
        account: "set",
        kinds: &[Kind::Absent],
        outcome: Outcome::Same,
        reason: "a set that has its quorum changes nothing",
    },
    Harmless {
        scenes: &["credit"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node"]),
        reason: "anybody may credit another job of the node",
    },
    Harmless {
        scenes: &["release_job"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node", "provider", "pool"]),
        reason: "anybody may release another job of the node",
    },
    Harmless {
        scenes: &["accept_job", "accept_vouched_job"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node", "pool"]),
        reason: "the operator accepts another job that is open to it",
    },
    Harmless {
        scenes: &["accept_job", "accept_vouched_job"],
        account: "node",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node", "pool"]),
        reason: "the operator accepts onto another node of its provider",
    },
    Harmless {
        scenes: &["resign_job", "waive_job"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job"]),
        reason: "the operator gives up another job of its provider",
    },
    Harmless {
        scenes: &["waive_job"],
        account: "set",
        kinds: &[Kind::Absent],
        outcome: Outcome::Same,
        reason: "a waiver asks for no quorum and no notice",
    },
];
