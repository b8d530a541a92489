//! A chain that counts what it is asked and sent, and can lose it.

use {
    sluice_client::{
        ClientError, Ledger, Receipt, Result,
        foreign::Foreign,
        ledger::{Embedded, Lifetime, Outcome, Service},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{
        cell::{Cell, RefCell},
        collections::BTreeMap,
        thread::sleep,
        time::Duration,
    },
};

/// The embedded engine behind a counter.
pub struct Counting {
    pub chain: Embedded,
    pub submitted: usize,
    /// What landed.
    pub sent: Vec<Transaction>,
    pub simulated: Cell<usize>,
    /// Calls to the node by kind, but those that send. A hundred accounts are one call, as over a network.
    pub calls: RefCell<BTreeMap<&'static str, usize>>,
    /// Pretends that the program is not deployed.
    pub bare: bool,
    /// Cannot say what became of a transaction.
    pub silent: bool,
    /// How much later it is when a transaction has landed, seconds.
    pub takes: i64,
    /// What goes lost, after how many other sendings.
    pub loses: Option<(usize, Loses)>,
    /// How long a call takes.
    pub slow: Duration,
}

/// What goes lost on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loses {
    TheTransaction,
    TheAnswer,
}

/// Accounts that a node reads in one call at most.
const BATCH: usize = 100;

/// The kinds of calls that read accounts.
const READS: [&str; 4] = ["accounts", "program accounts", "clock", "rent"];

impl Counting {
    fn count(&self, kind: &'static str, calls: usize) {
        sleep(self.slow);
        *self.calls.borrow_mut().entry(kind).or_default() += calls;
    }

    /// Calls so far that read accounts.
    pub fn reads(&self) -> usize {
        let calls = self.calls.borrow();
        READS.iter().filter_map(|kind| calls.get(kind)).sum()
    }

    /// Calls so far, but those that send.
    pub fn all_calls(&self) -> usize {
        self.calls.borrow().values().sum()
    }
}

impl Ledger for &mut Counting {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.count("accounts", addresses.len().div_ceil(BATCH));
        let mut found = self.chain.accounts(addresses)?;
        for (address, account) in addresses.iter().zip(&mut found) {
            if self.bare && *address == sluice_client::ID {
                *account = None;
            }
        }
        Ok(found)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        self.count("program accounts", 1);
        self.chain.program_accounts(filters)
    }

    fn clock(&self) -> Result<Clock> {
        self.count("clock", 1);
        self.chain.clock()
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        self.count("rent", 1);
        self.chain.minimum_balance(len)
    }

    fn latest(&self) -> Result<Lifetime> {
        self.count("blockhash", 1);
        self.chain.latest()
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        self.count("simulation", 1);
        self.simulated.set(self.simulated.get() + 1);
        self.chain.simulate(transaction)
    }

    fn simulate_with_latest(&self, unsigned: &Transaction) -> Result<(Receipt, Lifetime)> {
        self.count("simulation", 1);
        self.simulated.set(self.simulated.get() + 1);
        self.chain.simulate_with_latest(unsigned)
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        let loses = match self.loses.take() {
            Some((0, what)) => Some(what),
            Some((others, what)) => {
                self.loses = Some((others - 1, what));
                None
            }
            None => None,
        };
        let unknown = |transaction: &Transaction| ClientError::Unknown {
            signature: transaction.signatures[0],
            why: "the test cut the wire".to_owned(),
        };
        if loses == Some(Loses::TheTransaction) {
            return Err(unknown(transaction));
        }
        self.submitted += 1;
        let receipt = self.chain.submit(transaction, lifetime)?;
        self.sent.push(transaction.clone());
        self.chain.advance_slot(1);
        self.chain.advance(self.takes);
        match loses {
            Some(_) => Err(unknown(transaction)),
            None => Ok(receipt),
        }
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.submit(transaction, lifetime)
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        if self.silent {
            return Err(ClientError::Rpc("the test keeps silent".into()));
        }
        self.chain.outcome(signature, lifetime)
    }

    fn genesis(&self) -> Result<Hash> {
        self.count("genesis", 1);
        self.chain.genesis()
    }

    fn service(&mut self) -> Option<&mut dyn Service> {
        Some(&mut **self)
    }
}

impl Service for Counting {
    fn version(&self) -> Result<Foreign> {
        self.count("version", 1);
        self.chain.version()
    }

    fn airdrop(&mut self, to: &Address, lamports: u64) -> Result<Signature> {
        self.count("airdrop", 1);
        Service::airdrop(&mut self.chain, to, lamports)
    }

    fn subscription(&self, patience: Duration) -> Result<Duration> {
        self.count("subscription", 1);
        self.chain.subscription(patience)
    }
}
