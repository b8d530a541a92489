//! A ledger that remembers what was gathered, so that the reads of a whole command take a few calls.

use {
    super::{History, Ledger, Lifetime, Outcome, Receipt, Service, Snapshot, decode_clock},
    crate::error::Result,
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_sdk_ids::sysvar,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{
        cell::{Cell, RefCell},
        collections::HashSet,
        time::Duration,
    },
};

/// Bytes that rent counts for an account beside its data.
const OVERHEAD: u64 = 128;

/// A ledger in front of which stands what [`gather`](Self::gather) read. What a transaction may write is forgotten when it is sent, and
/// the clock with it.
pub struct Remembered<L> {
    ledger: L,
    known: RefCell<Snapshot>,
    reads_afresh: Cell<bool>,
    /// As it was when it was last read, though it may be forgotten since.
    last_clock: RefCell<Option<Clock>>,
    last_genesis: Cell<Option<Hash>>,
}

impl<L: Ledger> Remembered<L> {
    /// Remembers nothing yet.
    pub fn new(ledger: L) -> Self {
        Self {
            ledger,
            known: RefCell::default(),
            reads_afresh: Cell::new(false),
            last_clock: RefCell::default(),
            last_genesis: Cell::default(),
        }
    }

    /// Reads those of `wanted` that are not remembered, in as few calls as the ledger allows, and remembers them.
    pub fn gather(&self, wanted: impl IntoIterator<Item = Address>) -> Result<()> {
        if self.reads_afresh.get() {
            return Ok(());
        }
        self.known.borrow_mut().gather(&self.ledger, wanted)
    }

    /// Forgets everything.
    pub fn forget(&self) {
        self.keep_clock();
        self.known.take();
    }

    /// Forgets everything, and remembers nothing from here on: for who waits until accounts change.
    pub fn read_afresh(&self) {
        self.forget();
        self.reads_afresh.set(true);
    }

    /// The cluster's clock when it was last asked for; asks for nothing.
    pub fn last_clock(&self) -> Option<Clock> {
        let known = self.known.borrow();
        let clock = known.account(&sysvar::clock::ID).map(decode_clock);
        let clock = clock.and_then(Result::ok);
        clock.or_else(|| self.last_clock.borrow().clone())
    }

    /// What [`Ledger::genesis`] told last; asks for nothing.
    pub fn last_genesis(&self) -> Option<Hash> {
        self.last_genesis.get()
    }

    fn keep_clock(&self) {
        let clock = self.last_clock();
        self.last_clock.replace(clock);
    }

    fn forget_written(&self, transaction: &Transaction) {
        self.keep_clock();
        let mut known = self.known.borrow_mut();
        known.forget(&sysvar::clock::ID);
        let message = &transaction.message;
        let nothing_reserved = None::<&HashSet<Address>>;
        for (index, address) in message.account_keys.iter().enumerate() {
            if message.is_maybe_writable_with_reserved_addresses(index, nothing_reserved) {
                known.forget(address);
            }
        }
    }
}

impl<L: Ledger> Ledger for Remembered<L> {
    /// What is not remembered is read in one moment; what is, may be older.
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let known = self.known.borrow();
        let mut read = Snapshot::default();
        let unknown = addresses.iter().filter(|address| !known.knows(address));
        read.gather(&self.ledger, unknown.copied())?;
        let found = addresses
            .iter()
            .map(|address| known.account(address).or_else(|| read.account(address)));
        Ok(found.map(Option::<&Account>::cloned).collect())
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        self.ledger.program_accounts(filters)
    }

    fn clock(&self) -> Result<Clock> {
        let clock = match self.known.borrow().account(&sysvar::clock::ID) {
            Some(found) => decode_clock(found),
            None => self.ledger.clock(),
        }?;
        self.last_clock.replace(Some(clock.clone()));
        Ok(clock)
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        let known = self.known.borrow();
        let rent = known.account(&sysvar::rent::ID);
        match rent.and_then(|rent| exempt(rent, len)) {
            Some(lamports) => Ok(lamports),
            None => self.ledger.minimum_balance(len),
        }
    }

    fn latest(&self) -> Result<Lifetime> {
        self.ledger.latest()
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        self.ledger.simulate(transaction)
    }

    fn simulate_with_latest(&self, unsigned: &Transaction) -> Result<(Receipt, Lifetime)> {
        self.ledger.simulate_with_latest(unsigned)
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.forget_written(transaction);
        self.ledger.submit(transaction, lifetime)
    }

    fn submit_within(
        &mut self,
        transaction: &Transaction,
        lifetime: &Lifetime,
        patience: Duration,
    ) -> Result<Receipt> {
        self.forget_written(transaction);
        self.ledger.submit_within(transaction, lifetime, patience)
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.forget_written(transaction);
        self.ledger.settle(transaction, lifetime)
    }

    fn history(&self) -> Option<&dyn History> {
        self.ledger.history()
    }

    fn service(&mut self) -> Option<&mut dyn Service> {
        self.ledger.service()
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        self.ledger.outcome(signature, lifetime)
    }

    fn genesis(&self) -> Result<Hash> {
        let genesis = self.ledger.genesis()?;
        self.last_genesis.set(Some(genesis));
        Ok(genesis)
    }
}

/// Lamports that make `len` bytes exempt under the account of the rent: lamports a byte and year u64, years f64. `None` when the years
/// are a number that no cluster has had: then the node is asked.
fn exempt(rent: &Account, len: usize) -> Option<u64> {
    const ONE: u64 = 1f64.to_bits();
    const TWO: u64 = 2f64.to_bits();
    let (words, _) = rent.data.as_chunks::<8>();
    let word = |index: usize| words.get(index).copied().map(u64::from_le_bytes);
    let years = match word(1)? {
        ONE => 1,
        TWO => 2,
        _ => return None,
    };
    let bytes = u64::try_from(len).ok()?.checked_add(OVERHEAD)?;
    bytes.checked_mul(word(0)?)?.checked_mul(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rent(years: f64) -> Account {
        let mut data = 3_480u64.to_le_bytes().to_vec();
        data.extend(years.to_le_bytes());
        data.push(50);
        Account {
            data,
            ..Account::default()
        }
    }

    #[test]
    fn rent_is_computed_only_from_what_the_chain_says() {
        // What `solana rent 0` and `solana rent 165` print on mainnet: 0.00089088 and 0.00203928 SOL.
        assert_eq!(exempt(&rent(2.0), 0), Some(890_880));
        assert_eq!(exempt(&rent(2.0), 165), Some(2_039_280));
        assert_eq!(exempt(&rent(1.0), 0), Some(445_440));
        assert_eq!(exempt(&rent(1.5), 0), None);
        assert_eq!(exempt(&rent(2.0), usize::MAX), None);
        assert_eq!(exempt(&Account::default(), 0), None);
    }
}
