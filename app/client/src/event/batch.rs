//! The events of past transactions.

use {
    super::{Event, Field},
    crate::{
        error::Result,
        ledger::{
            History,
            history::{Entry, Past, Span},
        },
    },
    solana_address::Address,
    std::vec,
};

/// The events of one transaction, in their order.
pub struct Batch {
    /// The transaction.
    pub past: Past,
    /// In their order.
    pub events: Vec<Event>,
    /// True when the node cut the log: events after the cut are unknown.
    pub truncated: bool,
}

/// The transactions that named an address and have events, newest first; one whose log was cut may have some.
pub struct Batches<'a> {
    history: &'a dyn History,
    address: Address,
    only: bool,
    span: Span,
    entries: vec::IntoIter<Entry>,
    /// Batches still to come at most.
    left: usize,
}

impl<'a> Batches<'a> {
    /// Those of a span that named `address`; its limit counts batches.
    pub fn of(history: &'a dyn History, address: &Address, span: Span) -> Self {
        Self {
            history,
            address: *address,
            only: false,
            left: span.limit.unwrap_or(usize::MAX),
            span,
            entries: vec![].into_iter(),
        }
    }

    /// With the events only that carry the address themselves.
    pub const fn carrying(mut self) -> Self {
        self.only = true;
        self
    }

    fn find(&mut self) -> Result<Option<Batch>> {
        while self.left > 0 {
            let Some(entry) = self.entries.next() else {
                // Some failed, or had no events: as many again as are still wanted.
                self.span.limit = Some(self.left);
                let more = self.history.entries(&self.address, &self.span)?;
                let Some(last) = more.last() else {
                    break;
                };
                self.span.before = Some(last.signature);
                self.entries = more.into_iter();
                continue;
            };
            if entry.failed {
                continue;
            }
            let batch = self.batch(self.history.past(&entry)?);
            if !batch.events.is_empty() || batch.truncated {
                self.left -= 1;
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    fn batch(&self, past: Past) -> Batch {
        let logged = past.logged();
        let mut events = logged.events;
        events.retain(|event| !self.only || event.carries(&self.address));
        Batch {
            past,
            events,
            truncated: logged.truncated,
        }
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Batch>;

    /// The next transaction. After an error there is none.
    fn next(&mut self) -> Option<Self::Item> {
        let found = self.find();
        if !matches!(found, Ok(Some(_))) {
            self.left = 0;
        }
        found.transpose()
    }
}

impl Event {
    /// True when one of its fields is `address`.
    pub fn carries(&self, address: &Address) -> bool {
        let mut fields = self.fields().into_iter();
        fields.any(|(_, value)| value == Field::Address(*address))
    }
}
