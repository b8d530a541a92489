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
    Line { line: usize, why: String },
    #[error("the name must have between 1 and 16 bytes")]
    NameLength,
    #[error("wrapped SOL cannot be the stake mint")]
    StakeIsSol,
    #[error("a set has between 1 and 16 members")]
    MemberCount,
    /// No set of the manifest has the name that the pool with this id gives.
    #[error("reward pool {id}: no attester set of the manifest is named '{name}'")]
    NoSet { id: u64, name: String },
    #[error("the manifest has the {what} {address} twice")]
    Twice {
        what: &'static str,
        address: Address,
    },
    #[error("two sets are named '{0}'")]
    NamedTwice(String),
    /// What the program refuses whatever the chain holds, in its words.
    #[error("{what}: {why}")]
    Refused {
        what: String,
        why: String,
        /// The program's error, where it has a name.
        error: Option<ProgramError>,
    },
    #[error("there is no mint at {0}")]
    NoMint(Address),
    /// What differs and can never be as the manifest wants it, a sentence each.
    #[error("{}", .0.join("; "))]
    Conflicts(Vec<String>),
    /// An attester enters no set before its owner has staked behind it.
    #[error("the attester {0} has no stake")]
    NoStake(Address),
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A refusal of `what` by the program's own rules.
pub(super) fn refused(what: &str) -> impl Fn(Refusal) -> Error + use<'_> {
    move |refusal| {
        let named = match refusal {
            Refusal::Custom(code) => ProgramError::from_code(code),
            _ => None,
        };
        Error::Refused {
            what: what.to_owned(),
            why: named.map_or_else(|| refusal.to_string(), |error| error.to_string()),
            error: named,
        }
    }
}
