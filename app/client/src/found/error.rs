//! Why a manifest cannot be brought about, each in one sentence.

use {
    crate::error::{ClientError, ProgramError},
    anchor_lang::prelude::ProgramError as Refusal,
    solana_address::Address,
};

/// Result of a look at a manifest.
pub type Result<T> = std::result::Result<T, Error>;

/// What is wrong with a manifest, or with the chain for it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no TOML, or a line of it says what cannot be read.
    #[error("line {line}: {why}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        why: String,
    },
    /// The network's name is empty or too long for its address.
    #[error("the name must have between 1 and 16 bytes")]
    NameLength,
    /// SOL cannot be burned, so it cannot be slashed.
    #[error("wrapped SOL cannot be the stake mint")]
    StakeIsSol,
    /// A set with no member, or with more than the program takes.
    #[error("a set has between 1 and 16 members")]
    MemberCount,
    /// No set of the manifest has the name that the pool with this id gives.
    #[error("reward pool {id}: no attester set of the manifest is named '{name}'")]
    NoSet {
        /// Of the reward pool.
        id: u64,
        /// The name that it gives.
        name: String,
    },
    /// The same thing stands in the manifest twice.
    #[error("the manifest has the {what} {address} twice")]
    Twice {
        /// Its kind.
        what: &'static str,
        /// Its address.
        address: Address,
    },
    /// A name that two sets have.
    #[error("two sets are named '{0}'")]
    NamedTwice(String),
    /// What the program refuses whatever the chain holds, in its words.
    #[error("{what}: {why}")]
    Refused {
        /// The part of the manifest.
        what: String,
        /// In the program's words.
        why: String,
        /// The program's error, where it has a name.
        error: Option<ProgramError>,
    },
    /// Nothing is at a mint's address.
    #[error("there is no mint at {0}")]
    NoMint(Address),
    /// What differs and can never be as the manifest wants it, a sentence each.
    #[error("{}", .0.join("; "))]
    Conflicts(Vec<String>),
    /// An attester enters no set before its owner has staked behind it.
    #[error("the attester {0} has no stake")]
    NoStake(Address),
    /// A read failed, or a value of the manifest is none.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A refusal of `what` by the program's own rules.
pub(super) fn refused(what: &str) -> impl Fn(Refusal) -> Error + use<'_> {
    move |refusal| {
        let named = ProgramError::of_rule(&refusal);
        Error::Refused {
            what: what.to_owned(),
            why: named.map_or_else(|| refusal.to_string(), |error| error.to_string()),
            error: named,
        }
    }
}
