//! Every role can be another program's address: a multisig's vault, a DAO's governance. Each instruction that somebody has to
//! sign is sent here by a forwarding program, whose address holds the role, while an ordinary key pays.

/// One test for each line, `name: instruction.account, case`: the forwarder's vault signs as `account` in what `case` builds.
macro_rules! owned {
    ($($test:ident: $instruction:ident.$account:ident, $case:expr;)*) => {
        /// The signing accounts of instructions that are tested here.
        pub const COVERED: &[(&str, &str)] = &[$((stringify!($instruction), stringify!($account))),*];
        $(
            #[test]
            fn $test() {
                crate::check::works(stringify!($instruction), stringify!($account), $case);
            }
        )*
    };
}

mod check;
mod disputes;
mod governance;
mod house;
mod interface;
mod jobs;
mod market;
mod registry;
mod rewards;
mod stake;

use std::collections::BTreeSet;

/// Every signing account that a test of a noun's module covers.
const COVERED: [&[(&str, &str)]; 7] = [
    governance::COVERED,
    registry::COVERED,
    market::COVERED,
    stake::COVERED,
    jobs::COVERED,
    disputes::COVERED,
    rewards::COVERED,
];

/// The signing accounts that no other program's address can be, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 4] = [
    (
        "register_attester",
        "key",
        "it signs statements off the chain, and shows here that it can",
    ),
    (
        "register_node",
        "worker",
        "it signs statements off the chain, and shows here that it can",
    ),
    (
        "post_batch",
        "payer",
        "it stands right behind the ed25519 instruction, which no program can send: a machine pays the rent",
    ),
    (
        "close_batch",
        "payer",
        "it is who posted the batch, and gets its own rent back",
    ),
];

/// Instructions that no program can call, each with its reason. Nobody signs them but who pays, so that no role lacks them.
const TOP_LEVEL: [(&str, &str); 5] = [
    (
        "attest",
        "reads the ed25519 instruction right before it: the signatures are its authority",
    ),
    (
        "attest_cosigned",
        "reads the ed25519 instruction right before it: the signatures are its authority",
    ),
    (
        "post_batch",
        "reads the ed25519 instruction right before it: the members' signatures are there",
    ),
    (
        "endorse_batch",
        "reads the ed25519 instruction right before it: the members' signatures are there",
    ),
    (
        "show_equivocation",
        "reads the ed25519 instruction right before it: the signatures are its authority",
    ),
];

#[test]
fn every_signing_account_is_tested_or_excepted_with_a_reason() {
    let covered: BTreeSet<_> = COVERED.concat().into_iter().collect();
    let excepted = EXCEPTIONS.map(|(instruction, account, _)| (instruction, account));
    let idl = interface::instructions();
    let mut there = BTreeSet::new();
    let mut missing = vec![];
    for instruction in &idl {
        let name = instruction.name.as_str();
        // Who only pays is tried along with who signs as somebody; where nobody does, the payer is.
        let only_pays = instruction.signers().all(|account| account == "payer");
        for account in instruction.signers() {
            let pair = (name, account);
            there.insert(pair);
            let is_tried = covered.contains(&pair)
                || excepted.contains(&pair)
                || (account == "payer" && !only_pays);
            if !is_tried {
                missing.push(format!("{name}.{account}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "add an `owned!` line for each to its noun in tests/ownership, or a reason to EXCEPTIONS: {missing:?}"
    );
    let stale = |pair: &&(&str, &str)| !there.contains(*pair);
    assert_eq!(covered.iter().find(stale), None);
    assert_eq!(excepted.iter().find(stale), None);
    for pair in &excepted {
        assert!(!covered.contains(pair), "{pair:?} is tested and excepted");
    }
}

#[test]
fn what_no_program_can_call_needs_no_signature_of_a_role() {
    let top_level = TOP_LEVEL.map(|(name, _)| name);
    for instruction in interface::instructions() {
        let reads_others = instruction
            .accounts
            .iter()
            .any(|account| account.name == "instructions");
        assert_eq!(
            reads_others,
            top_level.contains(&instruction.name.as_str()),
            "{}",
            instruction.name
        );
        if reads_others {
            let roles: Vec<_> = instruction
                .signers()
                .filter(|account| *account != "payer")
                .collect();
            assert_eq!(roles, [""; 0], "{}", instruction.name);
        }
    }
}
