//! Nodes and attesters: the owner chooses the set, and acts on another node of its own.

use {
    super::Harmless,
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["register_node"],
        account: "set",
        kinds: &[Kind::Sibling],
        outcome: Outcome::InPlace,
        reason: "the owner chooses its node's set, and the node is recorded under it",
    },
    Harmless {
        scenes: &["register_node"],
        account: "set",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["payer", "provider", "node"]),
        reason: "the owner may register a node without a set",
    },
    Harmless {
        scenes: &["update_node"],
        account: "node",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["node"]),
        reason: "the operator describes another node of its provider",
    },
    Harmless {
        scenes: &["close_node"],
        account: "node",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["provider", "node", "rent_payer"]),
        reason: "the owner closes another node of its provider",
    },
    Harmless {
        scenes: &["register_attester"],
        account: "owner",
        kinds: &[
            Kind::Sibling,
            Kind::Foreign,
            Kind::System,
            Kind::Nothing,
            Kind::WrongOwner,
            Kind::Duplicate,
        ],
        outcome: Outcome::InPlace,
        reason: "the key that signs chooses its owner, who signs too",
    },
];
