//! A plan that was simulated, its transaction, and how that is sent until it has landed or never will.

use {
    super::{Envelope, Error, Journal, Key, Keys, Limits, Plan, Result},
    crate::{
        error::ClientError,
        ledger::{self, BETWEEN_ATTEMPTS, Ledger, Lifetime, Receipt},
    },
    serde::Serialize,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::{thread::sleep, time::Duration},
};

/// A plan whose payer can pay and whose simulation went through.
pub struct Prepared<'a> {
    pub(super) envelope: &'a Envelope,
    pub(super) plan: &'a Plan,
    /// What the simulation did.
    pub trial: Receipt,
    /// What the transaction asks for.
    pub limits: Limits,
    /// Lamports.
    pub fee: u64,
    /// Of the accounts that the plan creates, lamports.
    pub rent: u64,
    pub(super) lifetime: Lifetime,
}

/// A plan's transaction, with the signatures of the keys that are here.
pub struct Signed<'a> {
    /// As it travels, once no signature is missing.
    pub transaction: Transaction,
    prepared: Prepared<'a>,
}

impl<'a> Prepared<'a> {
    /// Signs with the keys of the plan, the payer's and the nonce's.
    pub fn sign(self) -> Result<Signed<'a>> {
        let envelope = self.envelope;
        let mut keys: Vec<Key> = self.plan.signers.clone();
        keys.extend(
            envelope
                .nonce
                .as_ref()
                .map(|one| Key::clone(&one.authority)),
        );
        let signers: Vec<&dyn Signer> = keys.iter().map(AsRef::as_ref).collect();
        let instructions = envelope.compose(self.plan, self.limits);
        let payer = envelope.payer.as_ref();
        Ok(Signed {
            transaction: ledger::sign(&instructions, payer, &signers, &self.lifetime)?,
            prepared: self,
        })
    }
}

impl Signed<'_> {
    /// Notes the transaction with the `result` it will have had, tells that it goes out, and sends it until it is settled; signs again
    /// when it expired and can be signed again. When it is not known what became of it, the journal is in doubt. A transaction that
    /// lacks a signature is refused before it is noted.
    pub fn deliver(
        self,
        ledger: &mut impl Ledger,
        journal: &mut Journal,
        keys: &Keys,
        result: &impl Serialize,
        tell: impl Fn(&Transaction),
    ) -> Result<Receipt> {
        journal.require_no_doubt()?;
        let sent = self.settle(ledger, |ledger, transaction, lifetime| {
            journal.note(ledger, keys, transaction, lifetime, result)?;
            tell(transaction);
            Ok(())
        });
        if matches!(&sent, Err(Error::Client(ClientError::Unknown { .. }))) {
            journal.doubt();
        }
        sent
    }

    /// Sends it once signed until it is settled, for `patience` at most, and notes it nowhere: for who asks the chain what is still to
    /// be done, whatever became of it. A transaction that lacks a signature is refused.
    pub fn submit(self, ledger: &mut impl Ledger, patience: Duration) -> Result<Receipt> {
        require_signatures(&self.transaction)?;
        let lifetime = &self.prepared.lifetime;
        Ok(ledger.submit_within(&self.transaction, lifetime, patience)?)
    }

    /// Sends it until it is settled, each signing of it after `note`.
    fn settle<L: Ledger>(
        mut self,
        ledger: &mut L,
        mut note: impl FnMut(&L, &Transaction, &Lifetime) -> Result<()>,
    ) -> Result<Receipt> {
        require_signatures(&self.transaction)?;
        let envelope = self.prepared.envelope;
        let mut attempts = envelope.attempts();
        loop {
            let (transaction, lifetime) = (&self.transaction, &self.prepared.lifetime);
            note(ledger, transaction, lifetime)?;
            attempts -= 1;
            let sent = if envelope.is_apart() {
                ledger.settle(transaction, lifetime)
            } else {
                ledger.submit(transaction, lifetime)
            };
            match sent {
                Err(ClientError::Expired(_)) if attempts > 0 => {
                    sleep(BETWEEN_ATTEMPTS);
                    self.prepared.lifetime = envelope.lifetime(ledger)?;
                    self = self.prepared.sign()?;
                }
                sent => return Ok(sent?),
            }
        }
    }
}

/// Refuses a transaction that a key has still to sign.
pub fn require_signatures(transaction: &Transaction) -> Result<()> {
    let missing = ledger::missing_signatures(transaction);
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::NotSigned(missing))
}
