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
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Lamports.
    #[error("the fee is {} SOL, above the limit of {} SOL", sol(*.fee), sol(*.most))]
    FeeAboveLimit { fee: u64, most: u64 },
    /// Lamports.
    #[error(
        "the payer {payer} holds {} SOL and needs {} SOL for fee and rent",
        sol(*.held),
        sol(*.needed)
    )]
    LacksLamports {
        payer: Address,
        held: u64,
        needed: u64,
    },
    /// Lamports.
    #[error("{owner} holds {} SOL and needs {} to wrap", sol(*.held), sol(*.needed))]
    LacksToWrap {
        owner: Address,
        held: u64,
        needed: u64,
    },
    /// Base units of the mint.
    #[error(
        "{owner} holds {} of the mint {mint} and needs {}",
        amount::format(*.held, *.decimals),
        amount::format(*.needed, *.decimals)
    )]
    LacksTokens {
        owner: Address,
        mint: Address,
        decimals: u8,
        held: u64,
        needed: u64,
    },
    #[error(
        "{owner} gave its token account {associated} away, and shares {account}, which could stand in for it"
    )]
    SharedStandIn {
        owner: Address,
        associated: Address,
        account: Address,
    },
    /// Keys that must sign, and neither did nor can here.
    #[error("signatures are missing: {}", join(.0))]
    NotSigned(Vec<Address>),
    #[error("an earlier run left a transaction on its way: settle it before another is noted")]
    LeftBehind,
    #[error("not sent, for what became of the transaction before it is not known")]
    InDoubt,
    #[error("no directory was given to note transactions on their way in")]
    NoDirectory,
    #[error("another process is at work on the same: wait for it, then try again")]
    AtWork,
    #[error(
        "another version of sluice left a transaction on its way in {}: look up its signature, then remove the file",
        .0.display()
    )]
    OtherVersion(PathBuf),
    #[error("{}: {cause}", .path.display())]
    Unusable { path: PathBuf, cause: io::Error },
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
