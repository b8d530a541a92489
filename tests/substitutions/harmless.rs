//! Substitutions that succeed, each with the reason why nobody is harmed.

use crate::{bend::Kind, outcome::Outcome};

/// Instructions in which these substitutions of an account succeed, with this outcome each time.
#[derive(Debug)]
pub struct Harmless {
    pub instructions: &'static [&'static str],
    pub account: &'static str,
    pub kinds: &'static [Kind],
    pub outcome: Outcome,
    pub reason: &'static str,
}

/// The list. An entry that does not occur any more fails the tests.
pub const ALL: &[Harmless] = &[
    Harmless {
        instructions: &[
            "create_network",
            "create_attester_set",
            "create_reward_pool",
            "create_stake_pool",
            "challenge",
            "join_reward_pool",
            "open_epoch",
            "open_job",
            "open_position",
            "post_offer",
            "register_attester",
            "register_node",
            "register_provider",
            "take_offer",
            "unstake",
        ],
        account: "payer",
        kinds: &[Kind::System],
        outcome: Outcome::InPlace,
        reason: "anybody who signs may pay the rent, and gets it back",
    },
    Harmless {
        instructions: &[
            "create_network",
            "create_reward_pool",
            "challenge",
            "join_reward_pool",
            "open_job",
            "open_position",
            "post_offer",
            "register_attester",
            "register_node",
            "register_provider",
            "take_offer",
            "unstake",
        ],
        account: "payer",
        kinds: &[Kind::Duplicate],
        outcome: Outcome::InPlace,
        reason: "who signs for something else may pay the rent too",
    },
    Harmless {
        instructions: &[
            "open_job",
            "take_offer",
            "top_up_job",
            "challenge",
            "stake",
            "fund_reward_pool",
            "add_dividends",
        ],
        account: "source",
        kinds: &[Kind::LookAlike],
        outcome: Outcome::InPlace,
        reason: "the signer pays from another token account of its own",
    },
    Harmless {
        instructions: &["apply_change"],
        account: "authority",
        kinds: &[
            Kind::System,
            Kind::Sibling,
            Kind::Foreign,
            Kind::WrongOwner,
            Kind::Nothing,
        ],
        outcome: Outcome::Same,
        reason: "anybody may apply a change that is due",
    },
    Harmless {
        instructions: &["close_offer"],
        account: "closer",
        kinds: &[
            Kind::System,
            Kind::Sibling,
            Kind::Foreign,
            Kind::WrongOwner,
            Kind::Nothing,
        ],
        outcome: Outcome::Same,
        reason: "anybody may close an offer that is over",
    },
    Harmless {
        instructions: &["close_share"],
        account: "signer",
        kinds: &[
            Kind::System,
            Kind::Sibling,
            Kind::Foreign,
            Kind::WrongOwner,
            Kind::Nothing,
        ],
        outcome: Outcome::Same,
        reason: "anybody may close a share after the pool's end",
    },
    Harmless {
        instructions: &["add_evidence"],
        account: "author",
        kinds: &[
            Kind::System,
            Kind::Sibling,
            Kind::Foreign,
            Kind::WrongOwner,
            Kind::Nothing,
        ],
        outcome: Outcome::Changes(&["challenge"]),
        reason: "anybody may add evidence; it is recorded as the author's",
    },
    Harmless {
        instructions: &["add_evidence"],
        account: "challenge",
        kinds: &[Kind::Sibling, Kind::Foreign],
        outcome: Outcome::Changes(&["challenge"]),
        reason: "anybody may add evidence to any open challenge",
    },
    Harmless {
        instructions: &["mature"],
        account: "job",
        kinds: &[Kind::Sibling, Kind::Foreign],
        outcome: Outcome::Changes(&["job"]),
        reason: "anybody may bring any job up to date",
    },
    Harmless {
        instructions: &["cancel_job", "fault_job"],
        account: "provider",
        kinds: &[Kind::Absent],
        outcome: Outcome::Same,
        reason: "the buyer ends its job without the provider",
    },
    Harmless {
        instructions: &["cancel_job", "resign_job", "fault_job"],
        account: "set",
        kinds: &[Kind::Absent],
        outcome: Outcome::Same,
        reason: "a set that has its quorum changes nothing",
    },
    Harmless {
        instructions: &["register_node"],
        account: "set",
        kinds: &[Kind::Sibling],
        outcome: Outcome::InPlace,
        reason: "the owner chooses its node's set, and the node is recorded under it",
    },
    Harmless {
        instructions: &["register_node"],
        account: "set",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["payer", "provider", "node"]),
        reason: "the owner may register a node without a set",
    },
    Harmless {
        instructions: &["create_network"],
        account: "stake_mint",
        kinds: &[Kind::Sibling, Kind::Duplicate],
        outcome: Outcome::InPlace,
        reason: "the creator chooses the mints",
    },
    Harmless {
        instructions: &["create_network"],
        account: "dividend_mint",
        kinds: &[Kind::Sibling, Kind::Duplicate],
        outcome: Outcome::InPlace,
        reason: "the creator chooses the mints",
    },
    Harmless {
        instructions: &["create_reward_pool"],
        account: "mint",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["payer", "pool", "vault"]),
        reason: "the creator chooses the mint",
    },
    Harmless {
        instructions: &["create_reward_pool"],
        account: "set",
        kinds: &[Kind::Sibling],
        outcome: Outcome::InPlace,
        reason: "the creator chooses the set of its network",
    },
    Harmless {
        instructions: &["claim"],
        account: "streaming",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["pool", "share", "vault", "destination"]),
        reason: "the payee gets the rest with a later claim",
    },
    Harmless {
        instructions: &["claim"],
        account: "ended",
        kinds: &[Kind::Absent],
        outcome: Outcome::Changes(&["pool", "share", "vault", "destination"]),
        reason: "the payee gets the rest with a later claim",
    },
    Harmless {
        instructions: &["credit"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node"]),
        reason: "anybody may credit another job of the node",
    },
    Harmless {
        instructions: &["fold"],
        account: "share",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "share", "epoch"]),
        reason: "anybody may fold another share of the epoch",
    },
    Harmless {
        instructions: &["fold"],
        account: "epoch",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "share", "epoch"]),
        reason: "anybody may fold another epoch of the share",
    },
    Harmless {
        instructions: &["release_job"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node", "provider", "pool"]),
        reason: "anybody may release another job of the node",
    },
    Harmless {
        instructions: &["update_node"],
        account: "node",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["node"]),
        reason: "the operator describes another node of its provider",
    },
    Harmless {
        instructions: &["close_node"],
        account: "node",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["provider", "node", "rent_payer"]),
        reason: "the owner closes another node of its provider",
    },
    Harmless {
        instructions: &["withdraw"],
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
        instructions: &["cancel_unstake"],
        account: "ticket",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["pool", "position", "ticket", "rent_payer"]),
        reason: "the staker cancels another ticket of its own",
    },
    Harmless {
        instructions: &["accept_job"],
        account: "job",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node", "pool"]),
        reason: "the operator accepts another job that is open to it",
    },
    Harmless {
        instructions: &["accept_job"],
        account: "node",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["job", "node", "pool"]),
        reason: "the operator accepts onto another node of its provider",
    },
    Harmless {
        instructions: &["take_offer"],
        account: "offer",
        kinds: &[Kind::Sibling],
        outcome: Outcome::Changes(&["payer", "vault", "source", "job", "offer", "node", "pool"]),
        reason: "the buyer takes another offer of the node at the price it stated",
    },
    Harmless {
        instructions: &["close_offer"],
        account: "offer",
        kinds: &[Kind::Sibling, Kind::Foreign],
        outcome: Outcome::Changes(&["offer", "rent_payer"]),
        reason: "anybody may close any offer that is over, the operator any of its own",
    },
    Harmless {
        instructions: &["apply_change"],
        account: "network",
        kinds: &[Kind::Foreign],
        outcome: Outcome::Changes(&["network"]),
        reason: "anybody may apply the change that is due in another network",
    },
    Harmless {
        instructions: &["close_offer"],
        account: "closer",
        kinds: &[Kind::Duplicate],
        outcome: Outcome::Changes(&["closer", "offer", "rent_payer"]),
        reason: "who paid the rent may close an offer that is over",
    },
    Harmless {
        instructions: &["close_offer"],
        account: "provider",
        kinds: &[Kind::OtherType],
        outcome: Outcome::Same,
        reason: "an offer that is over closes with its provider shown or not",
    },
    Harmless {
        instructions: &["register_attester"],
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

impl Harmless {
    /// Every instruction with every kind.
    pub fn uses(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        let instructions = self.instructions.iter();
        instructions.flat_map(move |name| self.kinds.iter().map(move |kind| (*name, *kind)))
    }
}

/// The entry of a substitution and its place in the list.
pub fn entry(instruction: &str, account: &str, kind: Kind) -> Option<(usize, &'static Harmless)> {
    ALL.iter().enumerate().find(|(_, entry)| {
        entry.instructions.contains(&instruction)
            && entry.account == account
            && entry.kinds.contains(&kind)
    })
}
