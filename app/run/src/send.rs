//! How a run sends transactions: each that must not happen twice is noted before it goes out, and what an earlier start left on its way is settled first.

use {
    crate::store::Store,
    sluice_client::{
        Address, Ledger,
        send::{self, Became, Envelope, Journal, Key, Plan},
    },
    std::{path::PathBuf, time::Duration},
};

/// How long a transaction is waited for that may be sent again.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who signs and pays, and where transactions on their way are noted.
#[derive(Clone)]
pub struct Sender {
    /// The buyer.
    pub buyer: Key,
    /// Pays fees and rent.
    pub payer: Key,
    /// Micro-lamports for a compute unit.
    pub unit_price: Option<u64>,
    /// The folder of notes.
    pub notes: PathBuf,
}

impl Sender {
    /// The buyer's key.
    pub fn buyer(&self) -> Address {
        self.buyer.pubkey()
    }

    /// Who pays.
    pub fn payer(&self) -> Address {
        self.payer.pubkey()
    }

    fn envelope(&self) -> Envelope {
        Envelope {
            unit_price: self.unit_price,
            ..Envelope::new(Key::clone(&self.payer))
        }
    }

    fn keys(&self) -> [Address; 2] {
        [self.buyer(), self.payer()]
    }

    fn journal(&self, intent: &str) -> Journal {
        Journal::of(Some(self.notes.clone()), intent)
    }

    /// Finds out what became of the transaction that an earlier start left on its way for this intent: true if it landed.
    ///
    /// # Errors
    /// Where that cannot be found out now: then nothing else may be sent for the intent.
    pub fn settle(
        &self,
        ledger: &mut impl Ledger,
        store: &Store,
        intent: &str,
    ) -> send::Result<bool> {
        let mut journal = self.journal(intent);
        let Some(left) = journal.left::<String>(ledger, &self.keys())? else {
            return Ok(false);
        };
        let became = left.settle(ledger, &mut journal)?;
        if let Became::Done {
            signature,
            noted_at,
            ..
        } = &became
        {
            self.note(store, &signature.to_string(), *noted_at)?;
        }
        journal.close();
        Ok(matches!(became, Became::Done { .. }))
    }

    /// Sends a plan once, whatever breaks in between. What an earlier start left for the intent has to be [settled](Self::settle) before.
    ///
    /// # Errors
    /// Those of sending.
    pub fn once(
        &self,
        ledger: &mut impl Ledger,
        store: &Store,
        (intent, now): (&str, i64),
        plan: Plan,
    ) -> send::Result<()> {
        let mut journal = self.journal(intent);
        let envelope = self.envelope();
        let mut plan = plan.signed_by(Key::clone(&self.buyer));
        let first = envelope.split(&mut plan);
        let count = if first.is_some() { 2 } else { 1 };
        for (plan, left) in first.into_iter().chain([plan]).zip((0..count).rev()) {
            // What goes first is a step: a start after it goes on with the rest.
            journal.in_steps(left > 0);
            let signed = envelope.prepare(ledger, &plan)?.sign()?;
            let sent = signed.deliver(
                ledger,
                &mut journal,
                &self.keys(),
                &intent.to_owned(),
                |_| {},
            )?;
            self.note(store, &sent.signature.to_string(), now)?;
        }
        journal.close();
        Ok(())
    }

    /// Steps, each whole and in their order, in as few plans as fit a transaction each.
    pub fn packed(&self, steps: Vec<Plan>) -> Vec<Plan> {
        self.envelope().pack(steps)
    }

    /// Sends a plan that the chain refuses where it was done before.
    ///
    /// # Errors
    /// Those of sending.
    pub fn again(
        &self,
        ledger: &mut impl Ledger,
        store: &Store,
        now: i64,
        plan: Plan,
    ) -> send::Result<()> {
        let envelope = self.envelope();
        let signed = envelope.prepare(ledger, &plan)?.sign()?;
        // Before it goes out: of one that never lands the chain knows nothing.
        if let Some(signature) = signed.transaction.signatures.first() {
            self.note(store, &signature.to_string(), now)?;
        }
        signed.submit(ledger, PATIENCE)?;
        Ok(())
    }

    fn note(&self, store: &Store, signature: &str, now: i64) -> send::Result<()> {
        store
            .note_signature(signature, now)
            .map_err(|error| send::Error::Unusable {
                path: self.notes.clone(),
                cause: std::io::Error::other(error),
            })
    }
}
