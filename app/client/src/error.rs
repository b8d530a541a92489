//! Errors by name.

use {
    crate::foreign::Foreign, sluice::error::SluiceError, solana_address::Address,
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
    #[error("the transaction {0} is of a version that the node does not tell")]
    Untold(Signature),
    #[error("the embedded engine: {0}")]
    Engine(String),
    /// In words of the node, perhaps; without what is secret in its URL.
    #[error("the cluster could not be reached or answered wrongly: {0}")]
    Rpc(Foreign),
}

/// A refusal of the program, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramError {
    /// The program's own; `None` for one of the framework.
    pub error: Option<SluiceError>,
    pub code: u32,
    pub name: &'static str,
    pub message: &'static str,
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.name)
    }
}

impl ProgramError {
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
    fn every_error_is_named_at_its_code() {
        let first = ProgramError::from_code(6000).unwrap();
        assert_eq!(first.name, "MathOverflow");
        let dry = ProgramError::from_code(SluiceError::PoolDry as u32 + 6000);
        assert_eq!(dry.unwrap().name, "PoolDry");
        let past = 6000 + SluiceError::ALL.len() as u32;
        assert_eq!(ProgramError::from_code(past), None);
    }
}
