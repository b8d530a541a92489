//! Challenges: anybody may add evidence, settle, and have a signer answer.

use {
    super::{ANYBODY, Harmless},
    crate::{bend::Kind, outcome::Outcome},
};

pub(super) const ALL: &[Harmless] = &[
    Harmless {
        scenes: &["add_evidence"],
        account: "author",
        kinds: ANYBODY,
        outcome: Outcome::Changes(&["challenge"]),
        reason: "anybody may add evidence; it is recorded as the author's",
    },
    Harmless {
        scenes: &["add_evidence"],
        account: "challenge",
        kinds: &[Kind::Sibling, Kind::Foreign],
        outcome: Outcome::Changes(&["challenge"]),
        reason: "anybody may add evidence to any open challenge",
    },
    Harmless {
        scenes: &["uphold_unruled_challenge"],
        account: "ruler",
        kinds: ANYBODY,
        outcome: Outcome::Changes(&["job", "challenge"]),
        reason: "anybody may end a challenge that nobody ruled on; the last piece of evidence is recorded as its own",
    },
    Harmless {
        scenes: &["rule_challenge"],
        account: "challenge",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "challenge", "pool"]),
        reason: "the resolver rules on another challenge of the job",
    },
    Harmless {
        scenes: &["slash_signer"],
        account: "challenge",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["challenge", "attester", "pool"]),
        reason: "anybody may have the attester answer for another window that it lied about",
    },
    Harmless {
        scenes: &["settle_challenge", "settle_challenge_elsewhere"],
        account: "challenge",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "vault", "destination", "challenge", "rent_payer"]),
        reason: "anybody may settle another challenge that the same provider won",
    },
];
