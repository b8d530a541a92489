//! Errors by name, with what to do about them.

use {
    sluice::error::SluiceError, solana_address::Address,
    solana_instruction::error::InstructionError, solana_signature::Signature,
    solana_transaction_error::TransactionError, std::fmt,
};

/// Result of a client call.
pub type Result<T> = std::result::Result<T, ClientError>;

/// What can go wrong on this side of the wire, or was refused on the other.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("there is no account at {0}")]
    NoAccount(Address),
    #[error("the account {address} is not a Sluice {expected}")]
    WrongAccount {
        address: Address,
        expected: &'static str,
    },
    #[error("the account {0} is not a mint")]
    NotAMint(Address),
    #[error("the account {0} is not a durable nonce")]
    NotANonce(Address),
    #[error(
        "the mint {mint} carries {}, which could change or withhold what a vault holds; Sluice refuses it",
        .extensions.join(", ")
    )]
    MintRefused {
        mint: Address,
        extensions: Vec<String>,
    },
    #[error("'{text}' is not an amount of this token: {why}")]
    BadAmount { text: String, why: String },
    #[error("{0} seconds do not fit 32 bits")]
    SecsTooLong(u64),
    #[error("the date {date} lies more than {limit} ahead{hint}")]
    DateTooFar {
        date: String,
        limit: String,
        hint: String,
    },
    #[error("a statement carries between 1 and 6 signatures, not {0}")]
    SignatureCount(usize),
    #[error("{0} is not a member of the attester set")]
    NotAMember(Address),
    #[error("the set needs {needed} live members' signatures and {given} were given")]
    NoQuorum { needed: usize, given: usize },
    #[error("signing failed: {0}")]
    Signing(String),
    #[error("the transaction needs {0} bytes, over the limit of 1,232")]
    TooLarge(usize),
    #[error("the program refused: {0}")]
    Program(ProgramError),
    #[error("the transaction failed: {error}")]
    Transaction {
        error: TransactionError,
        logs: Vec<String>,
    },
    #[error("the transaction {0} did not land before its blockhash expired: nothing changed")]
    Expired(Signature),
    #[error(
        "whether the transaction {signature} landed is not known: {why}; the same command, run again, finds out before it sends anything"
    )]
    Unknown { signature: Signature, why: String },
    #[error("the embedded engine: {0}")]
    Engine(String),
    #[error("the cluster could not be reached or answered wrongly: {0}")]
    Rpc(String),
}

/// A refusal of the program, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramError {
    pub code: u32,
    pub name: &'static str,
    pub message: &'static str,
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.name)?;
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl ProgramError {
    /// The program's error with this code, or the framework's.
    pub fn from_code(code: u32) -> Option<Self> {
        let named = |name, message| Self {
            code,
            name,
            message,
        };
        if let Some(index) = code.checked_sub(SluiceError::FIRST_CODE) {
            let (name, message) = SluiceError::ALL.get(usize::try_from(index).ok()?)?;
            return Some(named(name, message));
        }
        match code {
            2000 => Some(named("ConstraintMut", "an account must be writable")),
            2012 => Some(named(
                "ConstraintAddress",
                "an account is not the one recorded",
            )),
            2040 => Some(named(
                "ConstraintDuplicateMutableAccount",
                "the same account was given twice",
            )),
            _ => None,
        }
    }

    /// What the caller can do about it, where there is something to do.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self.name {
            "NothingDue" => "nothing was lost: try again when more has matured",
            "RecipientChangedOwner" | "NotAssociatedAccount" => {
                "create the recipient's associated token account first"
            }
            "NotOwnedAlone" => {
                "choose an account of this mint that the recipient owns, without delegate and close authority"
            }
            "DateTooFar" => "give a date within a year: unix seconds, not milliseconds",
            "LengthOutOfBounds" => {
                "ask for a length within the terms' maximum, of at most 10 years"
            }
            "ResolverChanged" => "see who it is now with `sluice network show`, and repeat",
            "WindowNotEnded" => "wait until the window has ended",
            "StatementExpired" => "prove each window within its grace",
            "StakeTooLow" => "stake more, or free bonds by releasing ended jobs",
            "StillUnbonding" => "withdraw after the ticket's date",
            "NoQuorum" => "choose a set with enough live members, or name a cosigner",
            "WrongIncarnation" => "read the account again and repeat",
            "NoFreeSlot" => "release an ended job or register another node",
            "SlotNotFolded" => "run `sluice rewards fold` and repeat",
            "PoolDry" => "fund the pool, or wait for an epoch to close",
            "NotSettled" => "wait until the last window's challenge time has passed",
            "StillOwing" => "pay, sweep and refund, or fold and claim, first",
            "CommissionStands" => {
                "announce 100 % with `sluice provider set-commission`, and wait until it is in force"
            }
            "PoolNotEnded" => "wait until the pool's last epoch is over",
            "OpeningSlot" => "repeat in a later slot",
            "FeeTooHigh" => "raise --max-fee-bps or choose another network or set",
            "TermsOutlastUnbonding" => "shorten window, grace, challenge or ruling time",
            "GraceOutlastsRing" => "lengthen the window, or shorten grace or challenge time",
            "PriceChanged" => "look at the market again and state today's price",
            "NodeRegisteredAnew" | "OfferExpired" | "OfferUsedUp" => {
                "take another offer: see `sluice market`"
            }
            "OfferLive" => "let its operator withdraw it, or wait until it expires",
            "LengthBelowNotice" => "ask for a longer job: at least the notice and one window",
            "NoticeBelowWindow" => "raise --notice to the window or more",
            "DepositBelowNotice" => "deposit more, or leave out --funds for the least that will do",
            "NotWaivable" => {
                "resign instead: only a job that was taken, with nothing proven, is given back"
            }
            "EndNotMoved" => "nothing is left to do: wait for the job's end",
            "NotFaulted" => "cancel or resign instead, or wait for more unproven windows",
            "NotParty" => "sign as the job's buyer or its provider's operator",
            "StillInUse" => {
                "first end what hangs on it: jobs, nodes, live bits, positions, challenges or slashed stake not burned"
            }
            "StakePoolDead" => "stake behind another provider or attester",
            "StakePoolFull" => "stake less, or wait until thawing stake is withdrawn",
            "NoActiveStake" => "give dividends once somebody has staked",
            "CredentialIncomplete" => "give both --credential and --schema, or neither",
            "CredentialMissing" | "WrongCredential" | "CredentialExpired" => {
                "see `sluice provider show`: whoever holds the network's credential vouches for the provider's owner"
            }
            "DividendPeriodOutOfBounds" => "give --dividend-period between 1 and 30 days",
            "BondSlashed" => "leave every set first: `sluice attester leave --as anyone`",
            "AttesterTombstoned" => "register another key",
            "StandingNotGood" => "nothing is left to do: the account stays as its record",
            "CommissionTooHigh" => "give 100% or less",
            "NotChallengeable" => {
                "challenge what a quorum proved, before it matures, once a window"
            }
            "EvidenceClosed" => "uphold it: `sluice challenge rule --uphold`",
            "AlreadyRuled" | "NotRuled" => "see where it stands with `sluice challenge show`",
            "RulingTooEarly" => "rule from the date that `sluice challenge show` tells",
            "NotResolver" => {
                "see who it is with `sluice job show`; once the ruling time is over anyone upholds"
            }
            "MustUphold" => "uphold it, without --slash and --signers-lied",
            "SlashAboveBond" => "slash less: see the bond left with `sluice job show`",
            "WrongChallenge" => "give the challenge of this job's present incarnation",
            "RulingTooShort" => "give a --ruling-time of a minute or more, or no --challenge-time",
            "NoResolver" => "leave out --challenge-time, or have the admin propose a resolver",
            "MalformedRuling" => "give 0 or 1 for either flag",
            "NotASigner" => "see the signers left with `sluice challenge show`",
            "SignersNotSlashed" => {
                "slash them with `sluice challenge slash-signer`, or wait until a week after the ruling"
            }
            "NotEquivocation" => "give signatures of two different statements",
            "NotAdmin" | "NotGuardian" | "NotCandidate" => {
                "see who holds the roles with `sluice network show`"
            }
            "RoleMissing" => "give a key for the role",
            "NoPendingChange" => "propose one with `sluice network propose`",
            "ChangeNotDue" => "apply it from the date that `sluice network show` tells",
            "ChangeExpired" => "propose it again",
            "Paused" => {
                "wait until the pause ends: see `sluice network show`; exits are open meanwhile"
            }
            "NotPaused" => "nothing is left to lift",
            "PauseTooLong" => "pause for 7d or less",
            "PausedTooRecently" => "wait for the date that `sluice network show` tells",
            "WrongMint" => "give the mint that the terms name",
            "VaultBumpNotFirst" => "find the bump with `find_program_address`",
            "QualityOutOfBounds" => {
                "ask for a price, a bond, challenge time and a ruling time of a minute or more, all at most 30 days"
            }
            "JobDoesNotCount" => {
                "see what its set asks with `sluice attester-set show`; the job is paid all the same"
            }
            "PoolDateTooFar" => "give dates within 10 years; were they in milliseconds?",
            _ => return None,
        })
    }
}

impl ClientError {
    /// True when the blockhash was too old, or too new for the node: another one may do.
    pub const fn is_blockhash(&self) -> bool {
        matches!(
            self,
            Self::Expired(_)
                | Self::Transaction {
                    error: TransactionError::BlockhashNotFound,
                    ..
                }
        )
    }

    /// Names a failed transaction: the program's own error if it is one.
    pub fn of_transaction(error: TransactionError, logs: Vec<String>) -> Self {
        if let TransactionError::InstructionError(_, InstructionError::Custom(code)) = &error
            && failed_in_sluice(&logs)
            && let Some(named) = ProgramError::from_code(*code)
        {
            return Self::Program(named);
        }
        Self::Transaction { error, logs }
    }

    /// The name of the program's error, if it is one.
    pub fn program_error(&self) -> Option<&'static str> {
        match self {
            Self::Program(error) => Some(error.name),
            _ => None,
        }
    }
}

/// True when the innermost program that failed is ours: a token program's small codes are not ours to name.
fn failed_in_sluice(logs: &[String]) -> bool {
    let ours = format!("Program {} failed", sluice::ID);
    logs.iter()
        .find(|line| line.starts_with("Program ") && line.contains(" failed"))
        .is_none_or(|line| line.starts_with(&ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_about_stake_and_disputes_has_a_remedy() {
        let first = SluiceError::DividendPeriodOutOfBounds as u32;
        let last = SluiceError::NotEquivocation as u32;
        for code in first..=last {
            let error = ProgramError::from_code(SluiceError::FIRST_CODE + code).unwrap();
            assert!(error.remedy().is_some(), "{}", error.name);
        }
    }

    #[test]
    fn every_error_is_named_at_its_code() {
        let first = ProgramError::from_code(6000).unwrap();
        assert_eq!(first.name, "MathOverflow");
        let dry = ProgramError::from_code(SluiceError::PoolDry as u32 + 6000);
        assert_eq!(dry.unwrap().name, "PoolDry");
        let past = 6000 + SluiceError::ALL.len() as u32;
        assert_eq!(ProgramError::from_code(past), None);
    }
}
