//! Why something was not sent.

use {
    crate::{
        amount::{self, SOL_DECIMALS},
        error::ClientError,
    },
    solana_address::Address,
    std::{io, path::PathBuf},
};

/// Result of a step of sending.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not sent, or what is not known of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A read failed, or the ledger refused.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Lamports.
    #[error("the fee is {} SOL, above the limit of {} SOL", sol(*.fee), sol(*.most))]
    FeeAboveLimit {
        /// What it would be.
        fee: u64,
        /// The envelope's limit.
        most: u64,
    },
    /// Lamports.
    #[error(
        "the payer {payer} holds {} SOL and needs {} SOL for fee and rent",
        sol(*.held),
        sol(*.needed)
    )]
    LacksLamports {
        /// Who pays.
        payer: Address,
        /// What it holds.
        held: u64,
        /// Fee, rent and what is wrapped.
        needed: u64,
    },
    /// Lamports.
    #[error("{owner} holds {} SOL and needs {} to wrap", sol(*.held), sol(*.needed))]
    LacksToWrap {
        /// Whose SOL is wrapped.
        owner: Address,
        /// What it holds.
        held: u64,
        /// What is to be wrapped.
        needed: u64,
    },
    /// Base units of the mint.
    #[error(
        "{owner} holds {} of the mint {mint} and needs {}",
        amount::format(*.held, *.decimals),
        amount::format(*.needed, *.decimals)
    )]
    LacksTokens {
        /// Whose tokens are taken.
        owner: Address,
        /// Of the tokens.
        mint: Address,
        /// Of the mint.
        decimals: u8,
        /// What the associated account holds.
        held: u64,
        /// What is taken.
        needed: u64,
    },
    /// Somebody else could take what is paid there.
    #[error(
        "{owner} gave its token account {associated} away, and shares {account}, which could stand in for it"
    )]
    SharedStandIn {
        /// Who is to be paid.
        owner: Address,
        /// Its associated account, which is another's now.
        associated: Address,
        /// The account that it shares.
        account: Address,
    },
    /// Keys that must sign, and neither did nor can here.
    #[error("signatures are missing: {}", join(.0))]
    NotSigned(Vec<Address>),
    /// The journal holds a note that nobody settled.
    #[error("an earlier run left a transaction on its way: settle it before another is noted")]
    LeftBehind,
    /// A transaction of this run may still land.
    #[error("not sent, for what became of the transaction before it is not known")]
    InDoubt,
    /// The journal has nowhere to write.
    #[error("no directory was given to note transactions on their way in")]
    NoDirectory,
    /// Another process holds the journal.
    #[error("another process is at work on the same: wait for it, then try again")]
    AtWork,
    /// The note at this path is of a form that this version does not read.
    #[error(
        "another version of sluice left a transaction on its way in {}: look up its signature, then remove the file",
        .0.display()
    )]
    OtherVersion(PathBuf),
    /// The note's file or directory cannot be read or written.
    #[error("{}: {cause}", .path.display())]
    Unusable {
        /// Of the file or directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The run's result is not JSON.
    #[error("the note cannot be written: {0}")]
    Note(serde_json::Error),
}

fn sol(lamports: u64) -> String {
    amount::format(lamports, SOL_DECIMALS)
}

fn join(keys: &[Address]) -> String {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join(", ")
}
