//! Reward pools: who is shown less gets the rest later, and anybody may fold and close what is over.

use {
    super::{ANYBODY, Harmless},
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["close_share_after_the_end"],
        account: "signer",
        kinds: ANYBODY,
        outcome: Outcome::Same,
        reason: "anybody may close a share after the pool's end",
    },
    Harmless {
        scenes: &["create_reward_pool"],
        account: "mint",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["payer", "pool", "vault"]),
        reason: "the creator chooses the mint",
    },
    Harmless {
        scenes: &["create_reward_pool"],
        account: "set",
        kinds: &[Kind::Sibling],
        outcome: Outcome::InPlace,
        reason: "the creator chooses the set of its network",
    },
    Harmless {
        scenes: &[
            "claim",
            "claim_elsewhere",
            "pay_owner_for_delegators",
            "pay_owner_elsewhere",
        ],
        account: "streaming",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["pool", "share", "vault", "destination"]),
        reason: "the payee gets the rest with a later claim",
    },
    Harmless {
        scenes: &[
            "claim",
            "claim_elsewhere",
            "pay_owner_for_delegators",
            "pay_owner_elsewhere",
        ],
        account: "ended",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["pool", "share", "vault", "destination"]),
        reason: "the payee gets the rest with a later claim",
    },
    Harmless {
        scenes: &["fold"],
        account: "share",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "share", "epoch"]),
        reason: "anybody may fold another share of the epoch",
    },
    Harmless {
        scenes: &["fold"],
        account: "epoch",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "share", "epoch"]),
        reason: "anybody may fold another epoch of the share",
    },
    Harmless {
        scenes: &["pay_delegators"],
        account: "given_away",
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
        reason: "the delegators' part goes to the dividend vault, whoever's account was given away",
    },
    Harmless {
        scenes: &["pay_delegators"],
        account: "streaming",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["pool", "share", "vault", "destination", "stake"]),
        reason: "the delegators get the rest with a later payment",
    },
    Harmless {
        scenes: &["pay_delegators"],
        account: "ended",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["pool", "share", "vault", "destination", "stake"]),
        reason: "the delegators get the rest with a later payment",
    },
    Harmless {
        scenes: &["close_epoch"],
        account: "epoch",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "epoch", "rent_payer"]),
        reason: "anybody may close another epoch whose shares are all folded",
    },
    Harmless {
        scenes: &["close_share_after_the_end"],
        account: "share",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "share", "rent_payer"]),
        reason: "anybody may close another share after the pool's end",
    },
    Harmless {
        scenes: &["close_share_after_the_end"],
        account: "signer",
        kinds: &[Kind::Duplicate],
        outcome: Outcome::Changes(&["signer", "pool", "share", "rent_payer"]),
        reason: "who paid the rent may close a share after the pool's end",
    },
];
