//! The names by which each kind of substitution is refused: who an account is, never what state it is in.

use crate::bend::Kind;

/// The framework, before our code runs.
const FRAMEWORK: &[&str] = &[
    // What the instruction reads, given as what it writes.
    "AccountBorrowFailed",
    "AccountDataTooSmall",
    "ConstraintAddress",
    "ConstraintDuplicateMutableAccount",
    "ConstraintMut",
    "Custom(2007)",
    "IllegalOwner",
    "IncorrectProgramId",
    "InvalidAccountData",
    "InvalidSeeds",
    "MissingRequiredSignature",
    "UninitializedAccount",
];

/// Our own errors that say who an account is not.
const OURS: &[&str] = &[
    "CredentialMissing",
    "NotAMember",
    "NotAMint",
    "NotAdmin",
    "NotAssociatedAccount",
    "NotBuyer",
    "NotCandidate",
    "NotGuardian",
    // Another job's statement hashes to another leaf.
    "NotInBatch",
    "NotItsProvider",
    "NotOperator",
    "NotOwnedAlone",
    "NotOwner",
    "NotParty",
    "NotPayer",
    "NotResolver",
    "NotTheWorkers",
    "OfferLive",
    "WrongChallenge",
    "WrongCredential",
    "WrongEpoch",
    "WrongIncarnation",
    "WrongMint",
    "WrongNetwork",
    "WrongNode",
    "WrongPosition",
    "WrongProvider",
    "WrongSet",
    "WrongShare",
    "WrongStakePool",
    "WrongStatement",
    "WrongTokenProgram",
    "WrongVault",
];

/// The runtime: an account that the program cannot sign for, since it is not at the address that the program derives.
const RUNTIME: &[&str] = &["PrivilegeEscalation"];

/// The system program: who does not exist has no lamports to pay with.
const POOR: &[&str] = &["Custom(1)"];

/// A token program: another mint, another authority. The system program: a payer with data, or of another program.
const OTHERS: &[&str] = &[
    "Custom(3)",
    "Custom(4)",
    "ExternalAccountDataModified",
    "ExternalAccountLamportSpend",
    "InvalidArgument",
];

impl Kind {
    /// True when an error of this name may refuse it.
    pub fn is_refused_by(self, name: &str) -> bool {
        let lists: &[&[&str]] = match self {
            Self::Unsigned => &[&["MissingRequiredSignature"]],
            Self::ReadOnly => &[&[
                "ConstraintMut",
                "MissingRequiredSignature",
                "PrivilegeEscalation",
                "ReadonlyDataModified",
            ]],
            Self::Nothing => &[FRAMEWORK, OURS, RUNTIME, OTHERS, POOR],
            _ => &[FRAMEWORK, OURS, RUNTIME, OTHERS],
        };
        lists.iter().any(|names| names.contains(&name))
    }
}
