//! Networks: the creator chooses the mints, anybody may apply a change that is due, and a network that asks for no credential looks at none.

use {
    super::{ANYBODY, Harmless},
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["apply_change"],
        account: "authority",
        kinds: ANYBODY,
        outcome: Outcome::Same,
        reason: "anybody may apply a change that is due",
    },
    Harmless {
        scenes: &["create_network"],
        account: "stake_mint",
        kinds: &[Kind::Sibling, Kind::Duplicate],
        outcome: Outcome::InPlace,
        reason: "the creator chooses the mints",
    },
    Harmless {
        scenes: &["create_network"],
        account: "dividend_mint",
        kinds: &[Kind::Sibling, Kind::Duplicate],
        outcome: Outcome::InPlace,
        reason: "the creator chooses the mints",
    },
    Harmless {
        scenes: &["apply_change"],
        account: "network",
        kinds: &[Kind::Foreign],
        outcome: Outcome::Changes(&["network"]),
        reason: "anybody may apply the change that is due in another network",
    },
    Harmless {
        scenes: &["accept_job", "take_offer"],
        account: "credential",
        kinds: &[
            Kind::Duplicate,
            Kind::Sibling,
            Kind::OtherType,
            Kind::WrongOwner,
            Kind::System,
            Kind::Nothing,
            Kind::Signing,
        ],
        outcome: Outcome::Same,
        reason: "a network that asks for no credential looks at none",
    },
];
