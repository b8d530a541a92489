//! Statements, which a key signs once about each window.

use {
    super::Session,
    crate::{
        failure::{Failure, Result},
        keys::{self, Key},
    },
    sluice_client::{
        Ledger,
        statement::{Countersignature, Journal, Path, Statement},
    },
    solana_signer::Signer,
};

impl<L: Ledger> Session<L> {
    /// The key that signs a statement, which has to be at hand, or its signature.
    pub fn signer_of_statements(&self) -> Result<Key> {
        let source = &self.settings.keypair;
        if keys::is_wallet(source) {
            return Err(Failure::Key(format!(
                "{source}: a hardware wallet signs transactions, and a statement is none: give the key as a file, - or prompt:"
            )));
        }
        let key = self.signer()?;
        let address = key.pubkey();
        let is_absent = *source == address.to_string()
            && !self.settings.presigned.iter().any(|one| one.key == address);
        if is_absent {
            return Err(Failure::Key(format!(
                "{address} is an address: a statement is signed where its key is"
            )));
        }
        Ok(key)
    }

    /// Signs `statement` with that key, once it is written down that it does.
    pub fn sign_statement(
        &self,
        statement: &Statement,
        path: Path,
        key: &Key,
    ) -> Result<Countersignature> {
        let source = &self.settings.keypair;
        let state = self.settings.state.as_ref().ok_or_else(|| {
            Failure::input(
                "there is no place to write down what is signed: set HOME, or give --state-dir",
            )
        })?;
        let address = key.pubkey();
        let mut presigned = self.settings.presigned.iter();
        let given = presigned.find(|one| one.key == address && *source == address.to_string());
        let mut journal = Journal::open(&address, keys::file_of(source), state)?;
        let signed = match given {
            Some(given) => journal.take(statement, path, given.signature),
            None => journal.sign(statement, path, key.as_ref()),
        };
        Ok(signed?)
    }
}
