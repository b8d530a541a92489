//! Offers: the buyer takes another at the price it stated, and anybody may close one that is over.

use {
    super::{ANYBODY, Harmless},
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["clear_offer"],
        account: "closer",
        kinds: ANYBODY,
        outcome: Outcome::Same,
        reason: "anybody may close an offer that is over",
    },
    Harmless {
        scenes: &["take_offer", "take_vouched_offer"],
        account: "offer",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["payer", "vault", "source", "job", "offer", "node", "pool"]),
        reason: "the buyer takes another offer of the node at the price it stated",
    },
    Harmless {
        scenes: &["clear_offer"],
        account: "offer",
        kinds: &[Kind::Sibling, Kind::Foreign],
        outcome: Outcome::Changes(&["offer", "rent_payer"]),
        reason: "anybody may close any offer that is over",
    },
    Harmless {
        scenes: &["clear_offer"],
        account: "closer",
        kinds: &[Kind::Duplicate],
        outcome: Outcome::Changes(&["closer", "offer", "rent_payer"]),
        reason: "who paid the rent may close an offer that is over",
    },
    Harmless {
        scenes: &["clear_offer"],
        account: "provider",
        kinds: &[Kind::OtherType],
        outcome: Outcome::Same,
        reason: "an offer that is over closes with its provider shown or not",
    },
    Harmless {
        scenes: &["close_offer"],
        account: "offer",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["offer", "rent_payer"]),
        reason: "the operator withdraws another offer of its provider",
    },
];
