//! Stake pools: anybody may pay a ticket out, and a staker may cancel another of its own.

use {
    super::Harmless,
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["withdraw", "withdraw_elsewhere"],
        account: "ticket",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&[
            "pool",
            "vault",
            "destination",
            "position",
            "ticket",
            "rent_payer",
        ]),
        reason: "anybody may pay out another ticket of the staker",
    },
    Harmless {
        scenes: &["cancel_unstake"],
        account: "ticket",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "position", "ticket", "rent_payer"]),
        reason: "the staker cancels another ticket of its own",
    },
    Harmless {
        scenes: &["stake", "add_dividends"],
        account: "payer",
        kinds: &[
            Kind::System,
            Kind::WrongOwner,
            Kind::Nothing,
            Kind::Duplicate,
        ],
        outcome: Outcome::Same,
        reason: "no rent is due where the position or the vault is open",
    },
];
