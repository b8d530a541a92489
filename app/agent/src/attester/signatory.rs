//! The key that signs, and the journal of what it signed.

use {
    super::store::Place,
    anyhow::{Context, anyhow},
    sluice_client::{
        Keypair, Signer,
        statement::{Countersignature, Journal, NotJournalled, Path as Way, Statement},
    },
    solana_address::Address,
    std::{
        fs,
        path::{Path, PathBuf},
        sync::{Mutex, MutexGuard, PoisonError},
    },
};

/// What the key was asked to sign of a window before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// The same.
    Same,
    /// Something else.
    Other,
}

/// The key with its journal, which no other process has as long as this one lives.
pub struct Signatory {
    key: Keypair,
    journal: Mutex<Journal>,
    files: Vec<PathBuf>,
}

impl Signatory {
    /// The key, which is in `file` if it is in one, with the journal that `sluice attest sign` has of it.
    ///
    /// # Errors
    /// A sentence: most of all where another process signs with the key.
    pub fn open(key: Keypair, file: Option<&Path>, state: &Path) -> anyhow::Result<Self> {
        let address = key.pubkey();
        let journal = match Journal::open(&address, file, state) {
            Err(error @ NotJournalled::AtWork(_)) => {
                let error = anyhow!(error);
                return Err(error.context(format!(
                    "another process attests with the key {address}, and one key signs in one place"
                )));
            }
            opened => opened.with_context(|| format!("the journal of the key {address}"))?,
        };
        let name = format!("{address}.signed");
        let beside = file.and_then(|file| Some(fs::canonicalize(file).ok()?.parent()?.join(&name)));
        let files = [Some(state.join("signed").join(&name)), beside];
        let files = files.into_iter().flatten().filter(|file| file.is_file());
        Ok(Self {
            key,
            journal: Mutex::new(journal),
            files: files.collect(),
        })
    }

    /// The key's address.
    pub fn address(&self) -> Address {
        self.key.pubkey()
    }

    /// The key, to sign requests with.
    pub fn key(&self) -> Keypair {
        self.key.insecure_clone()
    }

    /// The journal's files as they are now.
    pub fn places(&self) -> Vec<Place> {
        let files = self.files.iter();
        files.filter_map(|file| Place::at(file).ok()).collect()
    }

    /// What the key was asked to sign of the statement's window.
    pub fn said(&self, statement: &Statement) -> Said {
        match self.journal().said(statement, Way::Quorum) {
            None => Said::Nothing,
            Some(said) if said == statement => Said::Same,
            Some(_) => Said::Other,
        }
    }

    /// Signs, once it is written down.
    ///
    /// # Errors
    /// See [`NotJournalled`].
    pub fn sign(&self, statement: &Statement) -> Result<Countersignature, NotJournalled> {
        self.journal().sign(statement, Way::Quorum, &self.key)
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
