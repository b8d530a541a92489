//! The names by which each kind of substitution is refused: who an account is, never what state it is in.

use crate::bend::Kind;

/// The framework, before our code runs.
const FRAMEWORK: &[&str] = &[
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
    "NodeOfAnotherSet",
    "NotAMember",
    "NotAMint",
    "NotASubject",
    "NotAdmin",
    "NotAssociatedAccount",
    "NotBuyer",
    "NotCandidate",
    "NotGuardian",
    "NotItsProvider",
    "NotOperator",
    "NotOwner",
    "NotParty",
    "NotResolver",
    "OfferLive",
    "WorkerNotSigned",
    "WrongChallenge",
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

/// A token program: another mint, another authority. The system program: a payer without lamports, with data, or of another
/// program.
const OTHERS: &[&str] = &[
    "Custom(1)",
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
            ]],
            _ => &[FRAMEWORK, OURS, OTHERS],
        };
        lists.iter().any(|names| names.contains(&name))
    }
}
