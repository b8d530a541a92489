//! Errors by name.

use {
    crate::{
        called::{self, innermost},
        foreign::Foreign,
    },
    anchor_lang::prelude::ProgramError as Refusal,
    sluice::error::SluiceError,
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_signature::Signature,
    solana_transaction_error::TransactionError,
    std::fmt,
};

/// Result of a client call.
pub type Result<T> = std::result::Result<T, ClientError>;

/// What can go wrong on this side of the wire, or was refused on the other.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nothing is at this address.
    #[error("there is no account at {0}")]
    NoAccount(Address),
    /// Another program's account, or one of another type.
    #[error("the account {address} is not a Sluice {expected}")]
    WrongAccount {
        /// Where it is.
        address: Address,
        /// The type that was asked for.
        expected: &'static str,
    },
    /// Neither token program has a mint at this address.
    #[error("the account {0} is not a mint")]
    NotAMint(Address),
    /// No durable nonce is at this address.
    #[error("the account {0} is not a durable nonce")]
    NotANonce(Address),
    /// A mint with extensions that no vault may hold.
    #[error(
        "the mint {mint} carries {}, which could change or withhold what a vault holds; Sluice refuses it",
        .extensions.join(", ")
    )]
    MintRefused {
        /// The mint.
        mint: Address,
        /// Their names.
        extensions: Vec<String>,
    },
    /// A text that is no amount of a token.
    #[error("'{text}' is not an amount of this token: {why}")]
    BadAmount {
        /// The text.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// A duration beyond what the program counts, seconds.
    #[error("{0} seconds do not fit 32 bits")]
    SecsTooLong(u64),
    /// A date beyond what the program takes.
    #[error("the date {date} lies more than {limit} ahead{hint}")]
    DateTooFar {
        /// The date as it was written.
        date: String,
        /// How far ahead it may lie, in words.
        limit: String,
        /// What may have been meant, or nothing.
        hint: String,
    },
    /// More or fewer signatures than an ed25519 instruction carries.
    #[error("an ed25519 instruction carries between 1 and 17 signatures, not {0}")]
    SignatureCount(usize),
    /// A signature by somebody outside of the attester set.
    #[error("{0} is not a member of the attester set")]
    NotAMember(Address),
    /// Too few members signed, or are left to sign.
    #[error("the set needs {needed} live members' signatures and {given} were given")]
    NoQuorum {
        /// The set's threshold.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// A key that must sign is missing or failed to.
    #[error("signing failed: {0}")]
    Signing(String),
    /// A transaction of so many bytes.
    #[error("the transaction needs {0} bytes, over the limit of 1,232")]
    TooLarge(usize),
    /// The program's own error, by name.
    #[error("the program refused: {0}")]
    Program(ProgramError),
    /// The transaction failed, but not by an error of the program.
    #[error("the transaction failed: {error}")]
    Transaction {
        /// The runtime's error.
        error: TransactionError,
        /// What was logged, where the ledger tells.
        logs: Vec<String>,
    },
    /// A frozen token account stops a transfer.
    #[error(transparent)]
    Frozen(Box<Frozen>),
    /// Token-2022 looks for the memo right before the transfer, which is within the program.
    #[error(
        "the token account {account} takes no transfer without a memo, which a payout cannot carry, and nothing moved: its owner {owner} lifts that \
         with `spl-token disable-required-transfer-memos`, then try again"
    )]
    WantsMemo {
        /// The token account.
        account: Address,
        /// Its owner.
        owner: Address,
    },
    /// The transaction with this signature never landed and never will.
    #[error("the transaction {0} did not land before its blockhash expired: nothing changed")]
    Expired(Signature),
    /// It may have landed or may still land.
    #[error(
        "whether the transaction {signature} landed is not known: {why}; the same command, run again, finds out before it sends anything"
    )]
    Unknown {
        /// Of the transaction.
        signature: Signature,
        /// Why the ledger could not tell.
        why: String,
    },
    /// The node gives no SOL away, or none now; why, in its words perhaps.
    #[error("{url} gives no SOL away: {why}")]
    NoFaucet {
        /// The node, without what is secret in its URL.
        url: String,
        /// Why it gives none.
        why: Foreign,
    },
    /// A past transaction that the node will not show.
    #[error("the transaction {0} is of a version that the node does not tell")]
    Untold(Signature),
    /// The embedded engine failed, in its words.
    #[error("the embedded engine: {0}")]
    Engine(String),
    /// In words of the node, perhaps; without what is secret in its URL.
    #[error("the cluster could not be reached or answered wrongly: {0}")]
    Rpc(Foreign),
}

/// A token account that its mint's freeze authority froze: nothing moves in or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token account {account} of {owner} is frozen, and nothing moved: {}", who_thaws(.mint, .by.as_ref()))]
pub struct Frozen {
    /// The token account.
    pub account: Address,
    /// Whose it is.
    pub owner: Address,
    /// The mint of its tokens.
    pub mint: Address,
    /// The mint's freeze authority, if it still has one.
    pub by: Option<Address>,
}

/// A refusal of the program, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramError {
    /// The program's own; `None` for one of the framework.
    pub error: Option<SluiceError>,
    /// The number that a failed transaction carries.
    pub code: u32,
    /// The error's name, as in the IDL.
    pub name: &'static str,
    /// What it says, as in the IDL.
    pub message: &'static str,
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.name)
    }
}

impl ProgramError {
    /// What the program's own rules refuse, called on this side of the wire; `None` for an error without a name.
    pub(crate) fn of_rule(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::Custom(code) => Self::from_code(*code),
            _ => None,
        }
    }

    /// The program's error with this code, or the framework's.
    pub fn from_code(code: u32) -> Option<Self> {
        if let Some(index) = code.checked_sub(SluiceError::FIRST_CODE) {
            let (name, message) = SluiceError::ALL.get(usize::try_from(index).ok()?)?;
            return Some(Self {
                error: SluiceError::from_code(code),
                code,
                name,
                message,
            });
        }
        let named = |name, message| Self {
            error: None,
            code,
            name,
            message,
        };
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
}

impl From<Refusal> for ClientError {
    /// A refusal by the program's own rules, called on this side of the wire.
    fn from(refusal: Refusal) -> Self {
        match ProgramError::of_rule(&refusal) {
            Some(named) => Self::Program(named),
            None => Self::Transaction {
                error: TransactionError::InstructionError(0, u64::from(refusal).into()),
                logs: vec![],
            },
        }
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

    /// What another program refused, by name.
    pub fn called(&self) -> Option<called::Refusal> {
        match self {
            Self::Transaction { error, logs } => called::refusal(error, logs),
            _ => None,
        }
    }

    /// The name of the program's error, if it is one.
    pub fn program_error(&self) -> Option<&'static str> {
        match self {
            Self::Program(error) => Some(error.name),
            _ => None,
        }
    }
}

fn who_thaws(mint: &Address, by: Option<&Address>) -> String {
    by.map_or_else(
        || format!("nobody can thaw it, for the mint {mint} has no freeze authority any more"),
        |by| format!("the freeze authority {by} of the mint {mint} has to thaw it, then try again"),
    )
}

/// True when the innermost program that failed is ours, as far as the logs tell: another's small codes are not ours to name.
fn failed_in_sluice(logs: &[String]) -> bool {
    innermost(logs).is_none_or(|program| program == sluice::ID.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

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
