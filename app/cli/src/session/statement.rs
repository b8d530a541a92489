//! Statements, which a key signs once about each window.

use {
    super::Session,
    crate::{
        failure::{Failure, Result},
        keys::{self, Key},
    },
    sluice_client::{
        Ledger,
        statement::{Countersignature, Journal, Path, SignedBatch, Statement},
    },
    solana_address::Address,
    solana_signature::Signature,
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
        let mut journal = self.statements_of(key)?;
        let signed = match self.made_elsewhere(key) {
            Some(signature) => journal.take(statement, path, signature),
            None => journal.sign(statement, path, key.as_ref()),
        };
        Ok(signed?)
    }

    /// Signs the root of the tree of `statements` as a member of `set` with that key, once all of them are written down.
    pub fn sign_batch(
        &self,
        set: &Address,
        statements: &[Statement],
        key: &Key,
    ) -> Result<SignedBatch> {
        let mut journal = self.statements_of(key)?;
        let signed = match self.made_elsewhere(key) {
            Some(signature) => journal.take_batch(set, statements, signature),
            None => journal.sign_batch(set, statements, key.as_ref()),
        };
        let (root, by) = signed?;
        Ok(SignedBatch {
            set: *set,
            root,
            by,
        })
    }

    /// The journal of what that key signs.
    fn statements_of(&self, key: &Key) -> Result<Journal> {
        let state = self.settings.state.as_ref().ok_or_else(|| {
            Failure::input(
                "there is no place to write down what is signed: set HOME, or give --state-dir",
            )
        })?;
        let file = keys::file_of(&self.settings.keypair);
        Ok(Journal::open(&key.pubkey(), file, state)?)
    }

    /// The signature that was given for a key that is not at hand.
    fn made_elsewhere(&self, key: &Key) -> Option<Signature> {
        let (source, address) = (&self.settings.keypair, key.pubkey());
        let mut presigned = self.settings.presigned.iter();
        let given = presigned.find(|one| one.key == address && *source == address.to_string())?;
        Some(given.signature)
    }
}
