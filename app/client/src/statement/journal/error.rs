//! Why a journal lets nothing be signed.

use {
    super::super::Statement,
    crate::{amount::counted, error::ClientError, hex},
    solana_address::Address,
    std::{
        io,
        path::{Path, PathBuf},
    },
};

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum NotJournalled {
    /// The key signed another statement about the window, or was asked to.
    #[error(
        "the key {by} {} another statement about window {} already: {} with digest {}, and now {} with digest {}; \
         two statements about one window cost an attester its bond; {} written down in {}",
        if *.is_signed { "signed" } else { "was asked to sign, and may have signed," },
        .given.window, counted(.before.units, "unit"), hex::encode(&.before.digest), counted(.given.units, "unit"), hex::encode(&.given.digest),
        if .places.len() == 1 { "that is" } else { "each of these has it" }, list(.places)
    )]
    Contradicts {
        /// The key.
        by: Address,
        /// What it was asked to sign.
        before: Box<Statement>,
        /// True when its signature was made; else nobody knows.
        is_signed: bool,
        /// What it was to sign now.
        given: Box<Statement>,
        /// The files of the journal.
        places: Vec<PathBuf>,
    },
    /// Two files of the key's journal have different statements about one window.
    #[error(
        "{} and another file of the same key's journal hold different statements about window {window}: the key may have lost its bond; \
         sign nothing more with it before you know why",
        .path.display()
    )]
    Disagree {
        /// One of the files.
        path: PathBuf,
        /// The window.
        window: u32,
    },
    /// Another process holds the journal.
    #[error("another process signs with the journal {}: wait for it, then try again", .0.display())]
    AtWork(PathBuf),
    /// A line is not what was written.
    #[error(
        "line {line} of {} is no statement of the key {key} as it was written: restore the file from a copy that holds everything signed since, \
         or sign nothing more about windows that are open and then move it away",
        .path.display()
    )]
    Damaged {
        /// The key.
        key: Address,
        /// The file.
        path: PathBuf,
        /// Lines count from 1.
        line: usize,
    },
    /// The file was moved, replaced, removed or written by others while it was open.
    #[error(
        "the journal {} was moved, replaced or changed while this process signed with it: put it back, or start again",
        .0.display()
    )]
    Replaced(PathBuf),
    /// Others than the file's owner may write it, or take it away.
    #[error(
        "others may write {}, and so take out what was signed: see that nothing is missing, then take the right from them (chmod go-w)",
        .0.display()
    )]
    Exposed(PathBuf),
    /// The journal cannot be read or written.
    #[error(
        "nothing is signed, for what is signed cannot be written down in {}: {cause}; let that file be written",
        .path.display()
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The journal is another key's.
    #[error("the journal is that of the key {journal}, not of {given}")]
    OfAnother {
        /// Whose it is.
        journal: Address,
        /// Which key was to sign.
        given: Address,
    },
    /// A signature that was given is not of this statement.
    #[error("the signature given for {0} is not of this statement")]
    NotOfThis(Address),
    /// No statements, or more than a tree holds: there is no root to sign.
    #[error("a batch has between 1 and 1,048,576 statements, not {0}")]
    NoTree(usize),
    /// The key did not sign.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Result of a step of signing.
pub type Result<T> = std::result::Result<T, NotJournalled>;

pub(super) fn unusable(path: &Path, cause: io::Error) -> NotJournalled {
    NotJournalled::Unusable {
        path: path.to_owned(),
        cause,
    }
}

fn list(places: &[PathBuf]) -> String {
    let names: Vec<_> = places
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    names.join(" and ")
}
