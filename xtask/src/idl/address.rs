//! The addresses in the interface: which accounts of an instruction a client can derive, and from what.
//!
//! Anchor writes the seeds of one account only, and a path in Rust where a constraint compares with a field. A path is no address:
//! clients that read it as one refuse the whole instruction.

use {
    anchor_lang_idl::types::{
        Idl, IdlInstruction, IdlInstructionAccount, IdlInstructionAccountItem, IdlPda, IdlSeed,
        IdlSeedAccount, IdlSeedArg, IdlSeedConst,
    },
    anyhow::{Context, Result},
};

/// An account, the instructions in which it is at this address, the first seed, and the paths of the others: an account, a field of
/// one, an argument or a field of one.
type Derived = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

const DERIVED: &[Derived] = &[
    (
        "network",
        &["create_network"],
        "network",
        &["creator", "args.name"],
    ),
    (
        "attester",
        &["register_attester"],
        "attester",
        &["network", "key"],
    ),
    (
        "set",
        &["create_attester_set"],
        "attester_set",
        &["network", "digest"],
    ),
    (
        "provider",
        &["register_provider", "set_commission"],
        "provider",
        &["network", "owner"],
    ),
    ("node", &["register_node"], "node", &["provider", "worker"]),
    ("offer", &["post_offer"], "offer", &["node", "args.id"]),
    ("pool", &["create_stake_pool"], "stake_pool", &["subject"]),
    (
        "pool",
        &["take_offer", "accept_job", "release_job"],
        "stake_pool",
        &["provider"],
    ),
    (
        "pool",
        &[
            "enter_attester_set",
            "leave_attester_set",
            "show_equivocation",
            "slash_signer",
            "close_attester",
        ],
        "stake_pool",
        &["attester"],
    ),
    (
        "stake",
        &["pay_delegators"],
        "stake_pool",
        &["share.provider"],
    ),
    (
        "position",
        &["stake", "unstake"],
        "stake",
        &["pool", "staker"],
    ),
    (
        "position",
        &["enter_attester_set"],
        "stake",
        &["pool", "owner"],
    ),
    (
        "position",
        &["take_offer", "accept_job"],
        "stake",
        &["pool", "provider.owner"],
    ),
    (
        "position",
        &["show_equivocation", "slash_signer"],
        "stake",
        &["pool", "attester.owner"],
    ),
    ("ticket", &["unstake"], "unstake", &["position", "nonce"]),
    (
        "job",
        &["open_job", "take_offer"],
        "job",
        &["network", "buyer", "args.id"],
    ),
    (
        "challenge",
        &["challenge"],
        "challenge",
        &["job", "incarnation", "window"],
    ),
    (
        "pool",
        &["create_reward_pool"],
        "reward_pool",
        &["network", "creator", "id"],
    ),
    ("epoch", &["open_epoch"], "epoch", &["pool", "index"]),
    (
        "share",
        &["join_reward_pool", "report", "open_epoch"],
        "share",
        &["pool", "node"],
    ),
    (
        "vault",
        &["add_dividends", "claim_dividends"],
        "dividends",
        &["pool"],
    ),
    (
        "vault",
        &[
            "open_job",
            "take_offer",
            "top_up_job",
            "pay",
            "sweep_treasury",
            "sweep_attesters",
            "refund",
            "close_job",
        ],
        "vault",
        &["job"],
    ),
    (
        "vault",
        &[
            "create_stake_pool",
            "stake",
            "withdraw",
            "burn_slashed",
            "close_stake_pool",
            "challenge",
            "settle_challenge",
            "create_reward_pool",
            "fund_reward_pool",
            "claim",
            "pay_delegators",
            "return_unallocated",
            "close_reward_pool",
        ],
        "vault",
        &["pool"],
    ),
    ("source", &["open_job", "take_offer"], TOKENS, &["buyer"]),
    (
        "source",
        &["top_up_job", "fund_reward_pool"],
        TOKENS,
        &["funder"],
    ),
    ("source", &["stake"], TOKENS, &["staker"]),
    ("source", &["add_dividends"], TOKENS, &["giver"]),
    ("source", &["challenge"], TOKENS, &["challenger"]),
];

/// Not a first seed: the associated token account of the account that follows, which is where a deposit comes from unless the caller
/// says otherwise.
const TOKENS: &str = "";

/// `ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL`.
const ASSOCIATED_TOKEN_PROGRAM: [u8; 32] = [
    140, 151, 37, 143, 78, 36, 137, 241, 187, 61, 16, 41, 20, 142, 13, 131, 11, 90, 19, 153, 218,
    255, 16, 132, 4, 142, 123, 216, 219, 233, 248, 89,
];

/// Takes every path for what it means, and writes the seeds of every account that follows from others and from arguments.
///
/// # Errors
///
/// A rule names an instruction, an account or an argument that the program does not have.
pub fn complete(interface: &mut Idl) -> Result<()> {
    for account in interface.instructions.iter_mut().flat_map(relate) {
        account.address = None;
    }
    for (account, instructions, first, others) in DERIVED {
        for name in *instructions {
            let mut all = interface.instructions.iter_mut();
            let instruction = all.find(|one| one.name == *name);
            let instruction = instruction.with_context(|| format!("no instruction {name}"))?;
            let pda = pda(instruction, first, others)?;
            let found = singles(&mut instruction.accounts).find(|one| one.name == *account);
            found
                .with_context(|| format!("{name} has no account {account}"))?
                .pda = Some(pda);
        }
    }
    Ok(())
}

/// The accounts whose address is a path. `from.pool.owner` of the account `owner` is a relation to the account `pool`, as `has_one`
/// is; other paths, such as `job.terms.mint`, the interface has no words for.
fn relate(instruction: &mut IdlInstruction) -> impl Iterator<Item = &mut IdlInstructionAccount> {
    let names: Vec<String> = singles(&mut instruction.accounts)
        .map(|one| one.name.clone())
        .collect();
    singles(&mut instruction.accounts).filter_map(move |account| {
        let (parents, field) = account.address.as_deref()?.rsplit_once('.')?;
        let parent = parents.rsplit('.').next().unwrap_or(parents).to_owned();
        if field == account.name && names.contains(&parent) && !account.relations.contains(&parent)
        {
            account.relations.push(parent);
        }
        Some(account)
    })
}

fn pda(instruction: &mut IdlInstruction, first: &str, others: &[&str]) -> Result<IdlPda> {
    let others = others.iter().map(|path| seed(instruction, path));
    if first == TOKENS {
        let mut seeds = others.collect::<Result<Vec<_>>>()?;
        seeds.push(seed(instruction, "token_program")?);
        seeds.push(seed(instruction, "mint")?);
        let program = Some(constant(&ASSOCIATED_TOKEN_PROGRAM));
        return Ok(IdlPda { seeds, program });
    }
    let seeds = std::iter::once(Ok(constant(first.as_bytes())))
        .chain(others)
        .collect::<Result<_>>()?;
    Ok(IdlPda {
        seeds,
        program: None,
    })
}

fn constant(value: &[u8]) -> IdlSeed {
    IdlSeed::Const(IdlSeedConst {
        value: value.to_vec(),
    })
}

/// The seed at a path: an account's, where the instruction has one of the name, or an argument's.
fn seed(instruction: &mut IdlInstruction, path: &str) -> Result<IdlSeed> {
    let (root, field) = path.split_once('.').unwrap_or((path, ""));
    let path = path.to_owned();
    if singles(&mut instruction.accounts).any(|one| one.name == root) {
        // The accounts whose fields are seeds are called as their types are.
        let capital = |root: &str| root.get(..1).map(str::to_uppercase);
        let account = (!field.is_empty())
            .then(|| capital(root).zip(root.get(1..)))
            .flatten()
            .map(|(first, rest)| first + rest);
        return Ok(IdlSeed::Account(IdlSeedAccount { path, account }));
    }
    let is_argument = instruction.args.iter().any(|one| one.name == root);
    is_argument
        .then(|| IdlSeed::Arg(IdlSeedArg { path: path.clone() }))
        .with_context(|| format!("{} has no account or argument {root}", instruction.name))
}

/// The accounts of an instruction; the program has no groups of them.
fn singles(
    items: &mut [IdlInstructionAccountItem],
) -> impl Iterator<Item = &mut IdlInstructionAccount> {
    items.iter_mut().filter_map(|item| match item {
        IdlInstructionAccountItem::Single(account) => Some(account),
        IdlInstructionAccountItem::Composite(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Idl {
        serde_json::from_str(include_str!("../../../idl/sluice.json")).unwrap()
    }

    fn account<'a>(
        interface: &'a mut Idl,
        instruction: &str,
        account: &str,
    ) -> &'a mut IdlInstructionAccount {
        let mut all = interface.instructions.iter_mut();
        let found = all.find(|one| one.name == instruction).unwrap();
        singles(&mut found.accounts)
            .find(|one| one.name == account)
            .unwrap()
    }

    #[test]
    fn a_path_becomes_a_relation_where_it_is_one_and_nothing_where_it_is_none() {
        let mut interface = published();
        for (instruction, name, path, relations) in [
            (
                "close_stake_pool",
                "owner",
                "from.pool.owner",
                &["pool"][..],
            ),
            (
                "accept_job",
                "operator",
                "placement.provider.operator",
                &["provider"],
            ),
            ("pay", "mint", "job.terms.mint", &[]),
            ("add_dividends", "mint", "network.dividend_mint", &[]),
        ] {
            let found = account(&mut interface, instruction, name);
            found.relations.clear();
            found.address = Some(path.to_owned());
            complete(&mut interface).unwrap();
            let found = account(&mut interface, instruction, name);
            assert_eq!(found.address, None, "{path}");
            assert_eq!(found.relations, relations, "{path}");
        }
    }

    #[test]
    fn addresses_in_base58_stay() {
        let mut interface = published();
        complete(&mut interface).unwrap();
        let found = account(&mut interface, "open_job", "system_program");
        assert_eq!(
            found.address.as_deref(),
            Some("11111111111111111111111111111111")
        );
    }

    #[test]
    fn seeds_are_accounts_their_fields_and_arguments() {
        let mut interface = published();
        let mut json = |instruction: &str, name: &str| {
            let found = account(&mut interface, instruction, name);
            serde_json::to_value(found.pda.as_ref().unwrap().seeds.last()).unwrap()
        };
        assert_eq!(
            json("accept_job", "position"),
            serde_json::json!({"kind": "account", "path": "provider.owner", "account": "Provider"})
        );
        assert_eq!(
            json("open_job", "job"),
            serde_json::json!({"kind": "arg", "path": "args.id"})
        );
        assert_eq!(
            json("pay", "vault"),
            serde_json::json!({"kind": "account", "path": "job"})
        );
    }

    #[test]
    fn a_rule_for_what_the_program_does_not_have_is_an_error() {
        let mut interface = published();
        interface.instructions.retain(|one| one.name != "pay");
        assert_eq!(
            complete(&mut interface).unwrap_err().to_string(),
            "no instruction pay"
        );
    }
}
