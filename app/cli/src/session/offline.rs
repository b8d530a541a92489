//! Transactions whose signatures come from more than one place.

use {
    super::Session,
    crate::{
        failure::{Failure, Result},
        keys::Key,
        output::{Fields, Value},
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    sluice_client::{ClientError, Ledger, send::Limits},
    solana_address::Address,
    solana_signature::Signature,
    solana_transaction::Transaction,
};

/// Every required signer with its signature, or with the default one.
pub fn signers(transaction: &Transaction) -> impl Iterator<Item = (&Address, &Signature)> {
    transaction
        .message
        .account_keys
        .iter()
        .zip(&transaction.signatures)
}

impl<L: Ledger> Session<L> {
    /// True when the transaction cannot be signed again here: a part of it is signed elsewhere, or waits on a nonce.
    pub(super) const fn is_signed_apart(&self) -> bool {
        self.settings.sign_only
            || self.settings.nonce.is_some()
            || self.settings.blockhash.is_some()
            || !self.settings.presigned.is_empty()
    }

    /// Refuses a second transaction where signatures are for the first.
    pub(super) fn require_one_if_apart(&mut self) -> Result<()> {
        if self.is_signed_apart() && self.has_executed {
            return Err(Failure::input(
                "this takes several transactions, and a blockhash, nonce or signature is for one: run its steps one by one",
            ));
        }
        self.has_executed = true;
        Ok(())
    }

    /// Puts in every signature that was given or can be made here.
    pub fn countersign(&self, mut transaction: Transaction) -> Result<Transaction> {
        let message = transaction.message.serialize();
        let here: Vec<Key> = [self.signer(), self.payer()]
            .into_iter()
            .flatten()
            .collect();
        let places = transaction.message.account_keys.iter();
        for (key, place) in places.zip(&mut transaction.signatures) {
            if let Some(given) = self.settings.presigned.iter().find(|one| one.key == *key) {
                if !given.signature.verify(key.as_ref(), &message) {
                    return Err(Failure::Key(format!(
                        "the signature given for {key} is not of this message"
                    )));
                }
                *place = given.signature;
            } else if let Some(signer) = here.iter().find(|signer| signer.pubkey() == *key) {
                *place = signer
                    .try_sign_message(&message)
                    .map_err(|error| ClientError::Signing(error.to_string()))?;
            }
        }
        Ok(transaction)
    }

    /// What a transaction that is only signed comes to.
    pub(super) fn signed_apart(
        &self,
        transaction: &Transaction,
        limits: Limits,
        fields: Fields,
    ) -> Fields {
        let (absent, present): (Vec<_>, Vec<_>) =
            signers(transaction).partition(|(_, signature)| **signature == Signature::default());
        let mut result = Fields::new()
            .with(
                "blockhash",
                transaction.message.recent_blockhash.to_string(),
            )
            .with("nonce", self.settings.nonce)
            .with("compute_unit_limit", limits.units)
            .with(
                "signers",
                Value::Lines(
                    present
                        .iter()
                        .map(|(key, signature)| format!("{key}={signature}"))
                        .collect(),
                ),
            )
            .with(
                "absent",
                Value::Lines(absent.iter().map(|(key, _)| key.to_string()).collect()),
            );
        if self.settings.dump_message {
            let message = BASE64_STANDARD.encode(transaction.message.serialize());
            result = result.with("message", message);
        }
        result.join(fields)
    }
}
