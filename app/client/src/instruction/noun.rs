//! The nouns of Sluice, and whose each instruction is.

/// Every instruction by its noun. An instruction's noun is where it lives: in the program, here, among the tests and the vectors.
pub const NOUNS: [(&str, &[&str]); 11] = [
    (
        "network",
        &[
            "create_network",
            "propose_change",
            "apply_change",
            "name_admin",
            "accept_admin",
            "pause",
        ],
    ),
    (
        "provider",
        &[
            "register_provider",
            "set_operator",
            "set_commission",
            "close_provider",
        ],
    ),
    ("node", &["register_node", "update_node", "close_node"]),
    (
        "attester",
        &[
            "register_attester",
            "update_attester",
            "show_equivocation",
            "close_attester",
        ],
    ),
    (
        "attester_set",
        &[
            "create_attester_set",
            "enter_attester_set",
            "leave_attester_set",
        ],
    ),
    (
        "batch",
        &["post_batch", "endorse_batch", "attest_batch", "close_batch"],
    ),
    ("offer", &["post_offer", "take_offer", "close_offer"]),
    (
        "job",
        &[
            "open_job",
            "accept_job",
            "top_up_job",
            "attest",
            "attest_cosigned",
            "mature",
            "pay",
            "sweep_treasury",
            "sweep_attesters",
            "refund",
            "credit",
            "cancel_job",
            "resign_job",
            "waive_job",
            "fault_job",
            "release_job",
            "close_job",
        ],
    ),
    (
        "challenge",
        &[
            "challenge",
            "add_evidence",
            "rule_challenge",
            "slash_signer",
            "settle_challenge",
        ],
    ),
    (
        "stake",
        &[
            "create_stake_pool",
            "stake",
            "unstake",
            "cancel_unstake",
            "withdraw",
            "close_position",
            "add_dividends",
            "claim_dividends",
            "burn_slashed",
            "close_stake_pool",
        ],
    ),
    (
        "rewards",
        &[
            "create_reward_pool",
            "fund_reward_pool",
            "join_reward_pool",
            "report",
            "open_epoch",
            "claim",
            "pay_delegators",
            "fold",
            "close_epoch",
            "close_share",
            "return_unallocated",
            "close_reward_pool",
        ],
    ),
];

/// The noun of the instruction of this name, as in the IDL.
pub fn noun_of(instruction: &str) -> Option<&'static str> {
    let found = NOUNS
        .iter()
        .find(|(_, names)| names.contains(&instruction))?;
    Some(found.0)
}
