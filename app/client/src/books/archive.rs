//! Past transactions, each fetched once.

use {
    super::Result,
    crate::{
        ledger::{
            History,
            history::{Past, Span},
        },
        waiting::{Nobody, Onlooker, Wait, Waiting},
    },
    solana_address::Address,
    solana_signature::Signature,
    std::{
        cell::RefCell,
        collections::{BTreeMap, BTreeSet},
        rc::Rc,
        sync::Arc,
    },
};

/// The transactions that an address was named in and that succeeded.
type Listed = BTreeSet<[u8; 64]>;

/// A history, and what was read of it.
pub struct Archive<'a> {
    history: &'a dyn History,
    read: RefCell<BTreeMap<[u8; 64], Rc<Past>>>,
    listed: RefCell<BTreeMap<Address, Rc<Listed>>>,
    pub onlooker: Arc<dyn Onlooker>,
}

impl<'a> Archive<'a> {
    pub fn new(history: &'a dyn History) -> Self {
        Self {
            history,
            read: RefCell::default(),
            listed: RefCell::default(),
            onlooker: Arc::new(Nobody),
        }
    }

    /// What was read so far and is not told.
    pub fn untold(&self) -> Vec<Signature> {
        let read = self.read.borrow();
        let untold = read.values().filter(|past| past.is_untold);
        untold.map(|past| past.signature).collect()
    }

    pub fn first_slot(&self) -> Result<u64> {
        Ok(self.history.first_slot()?)
    }

    /// Every transaction that named `address` and succeeded, without reading it; listed once.
    pub fn listed(&self, address: &Address) -> Result<Rc<Listed>> {
        if let Some(listed) = self.listed.borrow().get(address) {
            return Ok(Rc::clone(listed));
        }
        let entries = self.history.entries(address, &Span::default())?;
        let succeeded = entries.iter().filter(|entry| !entry.failed);
        let listed: Rc<Listed> = Rc::new(succeeded.map(|one| one.signature.into()).collect());
        self.listed
            .borrow_mut()
            .insert(*address, Rc::clone(&listed));
        Ok(listed)
    }

    /// The transaction, whatever came of it, if it is kept.
    pub fn find(&self, signature: &Signature) -> Result<Option<Rc<Past>>> {
        let key = <[u8; 64]>::from(*signature);
        if let Some(past) = self.read.borrow().get(&key) {
            return Ok(Some(Rc::clone(past)));
        }
        let found = self.history.find(signature)?.map(Rc::new);
        if let Some(past) = &found {
            self.read.borrow_mut().insert(key, Rc::clone(past));
        }
        Ok(found)
    }

    /// Lists again what is asked for from now on.
    pub fn renew(&self) {
        self.listed.borrow_mut().clear();
    }

    /// Every transaction that named `address` and succeeded, oldest first.
    pub fn all(&self, address: &Address) -> Result<Vec<Rc<Past>>> {
        let entries = self.history.entries(address, &Span::default())?;
        let succeeded: Vec<_> = entries.iter().rev().filter(|entry| !entry.failed).collect();
        let waiting = Waiting::new(
            &self.onlooker,
            &Wait::Transactions(*address, succeeded.len()),
        );
        succeeded
            .iter()
            .zip(0..)
            .map(|(entry, done)| {
                waiting.goes_on(done);
                let key = <[u8; 64]>::from(entry.signature);
                if let Some(past) = self.read.borrow().get(&key) {
                    return Ok(Rc::clone(past));
                }
                let past = Rc::new(self.history.past(entry)?);
                self.read.borrow_mut().insert(key, Rc::clone(&past));
                Ok(past)
            })
            .collect()
    }
}
