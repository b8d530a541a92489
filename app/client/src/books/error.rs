//! Why books cannot be closed.

use {
    crate::error::ClientError,
    solana_address::Address,
    solana_signature::Signature,
    std::fmt::{self, Display, Formatter},
};

/// Result of reading books.
pub type Result<T> = std::result::Result<T, Error>;

/// What history does not tell, or tells otherwise than the chain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no provider at {0}")]
    NoProvider(Address),
    #[error(transparent)]
    Gap(Box<Gap>),
    #[error("the events of {signature} and the balance of the vault {vault} disagree")]
    Vault {
        signature: Signature,
        vault: Address,
    },
    #[error(transparent)]
    Receipt(Box<Unseen>),
    #[error(
        "history and chain disagree: {}; ask a node that keeps the whole ledger",
        .0.first().map_or_else(String::new, ToString::to_string)
    )]
    Disagreement(Vec<Disagreement>),
    #[error("the account {0} is inconsistent")]
    Inconsistent(Address),
    #[error("the sums of {mint} overflow")]
    Overflow { mint: Address },
    #[error("the node does not know the date of {0}")]
    Undated(Signature),
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Whose history it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Buyer,
    Provider,
    Job,
    Share,
    Position,
}

/// Something that a history must tell and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the history of the {subject} {address} has a gap: {missing}; ask a node that keeps the whole ledger"
)]
pub struct Gap {
    pub subject: Subject,
    pub address: Address,
    pub missing: Missing,
}

/// What is missing in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error("the log of {0} is missing or cut")]
    LogCut(Signature),
    #[error("the vault's balance jumps before {0}")]
    BalanceJumps(Signature),
    #[error("{event} does not follow in {signature}")]
    DoesNotFollow {
        event: &'static str,
        signature: Signature,
    },
    #[error("{0} does not tell the vault's balance")]
    NoBalance(Signature),
    #[error("its registration is missing")]
    NoRegistration,
    #[error("its sums overflow")]
    Overflow,
}

/// A payment to a provider's owner that no balance shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the events of {signature} and the balances of {vault} and of {owner} disagree")]
pub struct Unseen {
    pub signature: Signature,
    pub vault: Address,
    pub owner: Address,
}

/// Something that history comes to and that is not what the chain says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub subject: Subject,
    pub address: Address,
}

impl Subject {
    /// A gap in the history of this one, at `address`.
    pub(super) fn gap(self, address: &Address, missing: Missing) -> Error {
        Error::Gap(Box::new(Gap {
            subject: self,
            address: *address,
            missing,
        }))
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Buyer => "buyer",
            Self::Provider => "provider",
            Self::Job => "job",
            Self::Share => "share",
            Self::Position => "position",
        })
    }
}

impl Display for Disagreement {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self { subject, address } = self;
        write!(
            f,
            "transactions and account of the {subject} {address} differ"
        )
    }
}
