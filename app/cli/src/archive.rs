//! Past transactions, each fetched once.

use {
    crate::failure::Result,
    sluice_client::{
        ClientError, Ledger,
        ledger::{
            History,
            history::{Entry, Past, Span},
        },
    },
    solana_address::Address,
    std::{
        cell::RefCell,
        collections::BTreeMap,
        io::{IsTerminal, stderr},
        rc::Rc,
    },
};

/// A ledger's history, and what was read of it.
pub struct Archive<'a> {
    history: &'a dyn History,
    read: RefCell<BTreeMap<[u8; 64], Rc<Past>>>,
    /// True where people wait for it.
    tells: bool,
}

/// Transactions from which on a history is long, and after how many of them progress is told.
const LONG: usize = 50;
const STEP: usize = 10;

impl<'a> Archive<'a> {
    /// The history of `ledger`, which must keep one.
    pub fn of(ledger: &'a impl Ledger) -> Result<Self> {
        let history = ledger
            .history()
            .ok_or_else(|| ClientError::Rpc("this ledger keeps no past transactions".to_owned()))?;
        Ok(Self {
            history,
            read: RefCell::default(),
            tells: stderr().is_terminal(),
        })
    }

    /// The transactions of a span that named `address`, newest first.
    pub fn entries(&self, address: &Address, span: &Span) -> Result<Vec<Entry>> {
        Ok(self.history.entries(address, span)?)
    }

    /// The oldest slot that is kept.
    pub fn first_slot(&self) -> Result<u64> {
        Ok(self.history.first_slot()?)
    }

    /// The transaction of an entry.
    pub fn past(&self, entry: &Entry) -> Result<Past> {
        Ok(self.history.past(entry)?)
    }

    /// Every transaction that named `address` and succeeded, oldest first.
    pub fn all(&self, address: &Address) -> Result<Vec<Rc<Past>>> {
        let entries = self.history.entries(address, &Span::default())?;
        let succeeded: Vec<_> = entries.iter().rev().filter(|entry| !entry.failed).collect();
        succeeded
            .iter()
            .zip(1..)
            .map(|(entry, number)| {
                self.tell_progress(address, number, succeeded.len());
                let key = <[u8; 64]>::from(entry.signature);
                if let Some(past) = self.read.borrow().get(&key) {
                    return Ok(Rc::clone(past));
                }
                let past = Rc::new(self.past(entry)?);
                self.read.borrow_mut().insert(key, Rc::clone(&past));
                Ok(past)
            })
            .collect()
    }

    /// Says on a terminal how far a long history is read.
    fn tell_progress(&self, address: &Address, number: usize, of: usize) {
        if of < LONG || !self.tells || (!number.is_multiple_of(STEP) && number != of) {
            return;
        }
        let end = if number == of { "\r\x1b[K" } else { "" };
        eprint!("\r{address}: {number} of {of} transactions{end}");
    }
}
