//! Why books cannot be closed.

use {
    super::Kind,
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
    /// No provider is at the address whose books were asked for.
    #[error("there is no provider at {0}")]
    NoProvider(Address),
    /// A history that must be whole is not.
    #[error(transparent)]
    Gap(Box<Gap>),
    /// What events tell of a vault is not what its balance tells.
    #[error("the events of {signature} and the balance of the vault {vault} disagree")]
    Vault {
        /// The transaction.
        signature: Signature,
        /// The job's vault.
        vault: Address,
    },
    /// A payment that events tell of arrived nowhere.
    #[error(transparent)]
    Receipt(Box<Unseen>),
    /// What history comes to is not what accounts say, for each of these.
    #[error(
        "history and chain disagree: {}; ask a node that keeps the whole ledger",
        .0.first().map_or_else(String::new, ToString::to_string)
    )]
    Disagreement(Vec<Disagreement>),
    /// The numbers of an account contradict each other.
    #[error("the account {0} is inconsistent")]
    Inconsistent(Address),
    /// Sums are beyond 64 bits.
    #[error("the sums of {mint} overflow")]
    Overflow {
        /// Whose base units were added.
        mint: Address,
    },
    /// A transaction without a date, which belongs to no period.
    #[error("the node does not know the date of {0}")]
    Undated(Signature),
    /// A read failed.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Whose history it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The key that opens jobs.
    Buyer,
    /// The account of a provider.
    Provider,
    /// One job.
    Job,
    /// A node's share of a reward pool.
    Share,
    /// A staker's position in a stake pool.
    Position,
}

/// Something that a history must tell and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the history of the {subject} {address} has a gap: {missing}; ask a node that keeps the whole ledger"
)]
pub struct Gap {
    /// Whose history.
    pub subject: Subject,
    /// Its account, or its key.
    pub address: Address,
    /// What is not there.
    pub missing: Missing,
}

/// What is missing in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// A transaction before this one, which moved tokens.
    #[error("the vault's balance jumps before {0}")]
    BalanceJumps(Signature),
    /// A transaction between this event and the one before it.
    #[error("{event} does not follow in {signature}")]
    DoesNotFollow {
        /// The event's name.
        event: &'static str,
        /// Of its transaction.
        signature: Signature,
    },
    /// The balance of the vault after this transaction.
    #[error("{0} does not tell the vault's balance")]
    NoBalance(Signature),
    /// The transaction that registered it.
    #[error("its registration is missing")]
    NoRegistration,
    /// The transaction that opened the job in this slot.
    #[error("its opening in slot {0} is missing")]
    NoOpening(u64),
    /// A transaction that named the token account of the owner, which was paid this.
    #[error("the transaction of a {} is missing", .0.name())]
    Payment(Kind),
    /// Nothing, but what is there cannot be added.
    #[error("its sums overflow")]
    Overflow,
}

/// A payment to a provider's owner that no balance shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the events of {signature} and the balances of {vault} and of {owner} disagree")]
pub struct Unseen {
    /// The transaction that paid.
    pub signature: Signature,
    /// Where the tokens came from.
    pub vault: Address,
    /// Who was paid.
    pub owner: Address,
}

/// Something that history comes to and that is not what the chain says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What kind of account.
    pub subject: Subject,
    /// Of the account.
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
