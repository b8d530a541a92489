//! A ledger that tells what is waited for at it.

use {
    super::{
        AT_ONCE, BATCH, History, Ledger, Lifetime, Outcome, Receipt, Service,
        history::{self, Entry, Past, Span},
        signature,
    },
    crate::{
        error::Result,
        waiting::{Onlooker, Wait, Waiting},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{sync::Arc, time::Duration},
};

/// A ledger each of whose calls an [`Onlooker`] is told of: what it waits for, and how much of it is done.
pub struct Telling<L> {
    ledger: L,
    onlooker: Arc<dyn Onlooker>,
}

impl<L> Telling<L> {
    /// Tells `onlooker` of the calls to `ledger`.
    pub fn new(ledger: L, onlooker: Arc<dyn Onlooker>) -> Self {
        Self { ledger, onlooker }
    }

    fn waits(&self, wait: &Wait) -> Waiting {
        Waiting::new(&self.onlooker, wait)
    }
}

impl<L: Ledger> Ledger for Telling<L> {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let waiting = self.waits(&Wait::Accounts(addresses.len()));
        let mut found = Vec::with_capacity(addresses.len());
        for batch in addresses.chunks(BATCH.saturating_mul(AT_ONCE)) {
            found.extend(self.ledger.accounts(batch)?);
            waiting.goes_on(found.len());
        }
        Ok(found)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        let _waiting = self.waits(&Wait::Search);
        self.ledger.program_accounts(filters)
    }

    fn clock(&self) -> Result<Clock> {
        let _waiting = self.waits(&Wait::Clock);
        self.ledger.clock()
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        let _waiting = self.waits(&Wait::Rent);
        self.ledger.minimum_balance(len)
    }

    fn latest(&self) -> Result<Lifetime> {
        let _waiting = self.waits(&Wait::Blockhash);
        self.ledger.latest()
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        let _waiting = self.waits(&Wait::Simulation);
        self.ledger.simulate(transaction)
    }

    fn simulate_with_latest(&self, unsigned: &Transaction) -> Result<(Receipt, Lifetime)> {
        let _waiting = self.waits(&Wait::Simulation);
        self.ledger.simulate_with_latest(unsigned)
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        let _waiting = self.waits(&Wait::Landing(signature(transaction)));
        self.ledger.submit(transaction, lifetime)
    }

    fn submit_within(
        &mut self,
        transaction: &Transaction,
        lifetime: &Lifetime,
        patience: Duration,
    ) -> Result<Receipt> {
        let _waiting = self.waits(&Wait::Landing(signature(transaction)));
        self.ledger.submit_within(transaction, lifetime, patience)
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        let _waiting = self.waits(&Wait::Landing(signature(transaction)));
        self.ledger.settle(transaction, lifetime)
    }

    fn history(&self) -> Option<&dyn History> {
        self.ledger.history().map(|_| self as &dyn History)
    }

    fn service(&mut self) -> Option<&mut dyn Service> {
        self.ledger.service()
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        let _waiting = self.waits(&Wait::Outcome(*signature));
        self.ledger.outcome(signature, lifetime)
    }

    fn genesis(&self) -> Result<Hash> {
        let _waiting = self.waits(&Wait::Chain);
        self.ledger.genesis()
    }
}

impl<L: Ledger> History for Telling<L> {
    fn page(
        &self,
        address: &Address,
        before: Option<&Signature>,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        history::of(&self.ledger)?.page(address, before, limit)
    }

    fn find(&self, signature: &Signature) -> Result<Option<Past>> {
        let _waiting = self.waits(&Wait::Transaction(*signature));
        history::of(&self.ledger)?.find(signature)
    }

    fn first_slot(&self) -> Result<u64> {
        let _waiting = self.waits(&Wait::History);
        history::of(&self.ledger)?.first_slot()
    }

    fn entries(&self, address: &Address, span: &Span) -> Result<Vec<Entry>> {
        let waiting = self.waits(&Wait::Listing(*address));
        span.read(
            |before, limit| self.page(address, before, limit),
            |found| waiting.goes_on(found),
        )
    }
}
