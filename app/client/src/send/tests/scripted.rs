//! A ledger that answers as it is told to, and a directory that goes with its test.

use {
    crate::{
        error::{ClientError, Result},
        ledger::{Ledger, Lifetime, Outcome, Receipt, signature},
        send::{Envelope, Journal, Key, Keys},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_keypair::Keypair,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::{
        cell::Cell,
        collections::VecDeque,
        env, fs,
        path::PathBuf,
        process,
        rc::Rc,
        sync::atomic::{AtomicUsize, Ordering},
    },
};

/// What becomes of a transaction that is sent.
#[derive(Clone, Copy)]
pub enum Fate {
    Lands,
    Expires,
    IsLost,
}

pub struct Scripted {
    /// Of the transactions to come, in order; when it is empty they land.
    pub fates: VecDeque<Fate>,
    /// What a look at an earlier transaction finds.
    pub outcome: Outcome,
    pub sent: Vec<Signature>,
    pub resent: usize,
    blockhashes: Cell<u8>,
}

impl Scripted {
    pub fn new(fates: impl Into<VecDeque<Fate>>) -> Self {
        Self {
            fates: fates.into(),
            outcome: Outcome::Pending,
            sent: vec![],
            resent: 0,
            blockhashes: Cell::new(0),
        }
    }

    fn take(&mut self, transaction: &Transaction) -> Result<Receipt> {
        let signature = signature(transaction);
        self.sent.push(signature);
        match self.fates.pop_front() {
            None | Some(Fate::Lands) => Ok(Receipt {
                signature,
                ..Receipt::default()
            }),
            Some(Fate::Expires) => Err(ClientError::Expired(signature)),
            Some(Fate::IsLost) => Err(ClientError::Unknown {
                signature,
                why: "nobody answered".to_owned(),
            }),
        }
    }
}

impl Ledger for Scripted {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let rich = Account {
            lamports: 1_000_000_000,
            ..Account::default()
        };
        Ok(vec![Some(rich); addresses.len()])
    }

    fn program_accounts(&self, _: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        Ok(vec![])
    }

    fn clock(&self) -> Result<Clock> {
        Ok(Clock::default())
    }

    fn minimum_balance(&self, _: usize) -> Result<u64> {
        Ok(0)
    }

    fn latest(&self) -> Result<Lifetime> {
        self.blockhashes.set(self.blockhashes.get() + 1);
        Ok(Lifetime::Blockhash {
            hash: Hash::new_from_array([self.blockhashes.get(); 32]),
            last_valid_block_height: 150,
            slot: 7,
        })
    }

    fn simulate(&self, _: &Transaction) -> Result<Receipt> {
        Ok(Receipt::default())
    }

    fn submit(&mut self, transaction: &Transaction, _: &Lifetime) -> Result<Receipt> {
        self.take(transaction)
    }

    fn settle(&mut self, transaction: &Transaction, _: &Lifetime) -> Result<Receipt> {
        self.resent += 1;
        self.take(transaction)
    }

    fn outcome(&self, _: &Signature, _: &Lifetime) -> Result<Outcome> {
        Ok(self.outcome.clone())
    }

    fn genesis(&self) -> Result<Hash> {
        Ok(Hash::default())
    }
}

static SITES: AtomicUsize = AtomicUsize::new(0);

/// A directory for notes, which goes with it, and who sends.
pub struct Site {
    pub dir: PathBuf,
    pub envelope: Envelope,
    pub keys: Keys,
}

impl Site {
    pub fn new() -> Self {
        let number = SITES.fetch_add(1, Ordering::Relaxed);
        let name = format!("sluice-send-{}-{number}", process::id());
        let payer: Key = Rc::new(Keypair::new());
        Self {
            dir: env::temp_dir().join(name),
            keys: [payer.pubkey(); 2],
            envelope: Envelope::new(payer),
        }
    }

    /// The journal of another run of the same intent.
    pub fn journal(&self) -> Journal {
        Journal::of(Some(self.dir.clone()), "pay the job")
    }

    /// The only note there is.
    pub fn note(&self) -> PathBuf {
        let mut notes = fs::read_dir(&self.dir).unwrap();
        let note = notes.next().unwrap().unwrap().path();
        assert!(notes.next().is_none());
        note
    }

    pub fn has_notes(&self) -> bool {
        // The first note makes the directory.
        fs::read_dir(&self.dir).is_ok_and(|mut notes| notes.next().is_some())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}
