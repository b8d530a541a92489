//! Past transactions, where a ledger keeps them.

pub use super::calls::{Call, Moved, Run};
use {
    crate::{
        error::{ClientError, Result},
        event::{self, Logged},
        ledger::Ledger,
    },
    solana_address::Address,
    solana_signature::Signature,
    solana_transaction_error::TransactionError,
};

/// Most entries that a node tells at once.
const PAGE: usize = 1_000;

/// A transaction that named an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of the transaction.
    pub signature: Signature,
    /// Of its block.
    pub slot: u64,
    /// Unix seconds of its block, where the node knows.
    pub time: Option<i64>,
    /// True when it changed nothing but who paid the fee.
    pub failed: bool,
}

/// What a token account held before a transaction and after it, base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenChange {
    /// The token account.
    pub account: Address,
    /// Of the tokens.
    pub mint: Address,
    /// Whose it is, where the node tells.
    pub owner: Option<Address>,
    /// Of the mint.
    pub decimals: u8,
    /// Held before.
    pub before: u64,
    /// Held after.
    pub after: u64,
}

/// What an account held before a transaction and after it, lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LamportChange {
    /// The account.
    pub account: Address,
    /// Held before; 0 where there was none.
    pub before: u64,
    /// Held after; 0 where there is none.
    pub after: u64,
}

/// A transaction that was confirmed, whatever came of it.
#[derive(Clone, Debug)]
pub struct Past {
    /// The first one.
    pub signature: Signature,
    /// Of its block.
    pub slot: u64,
    /// Unix seconds of its block, where the node knows.
    pub time: Option<i64>,
    /// Why it failed, if it did.
    pub error: Option<TransactionError>,
    /// Every account that it named, its signers first.
    pub accounts: Vec<Address>,
    /// How many of them signed.
    pub signers: usize,
    /// Every run of the Sluice program, in their order.
    pub calls: Vec<Call>,
    /// True where the node tells the runs that programs caused: else calls may be missing, and what they moved.
    pub is_traced: bool,
    /// True for one of a version that the node does not tell: only signature, slot and time are known of it.
    pub is_untold: bool,
    /// `None` where the node does not keep them.
    pub logs: Option<Vec<String>>,
    /// Of every token account that it named.
    pub tokens: Vec<TokenChange>,
    /// Fee, lamports, which the first account paid; `None` where the transaction is not told.
    pub fee: Option<u64>,
    /// Of every account that it named.
    pub lamports: Vec<LamportChange>,
}

impl Past {
    /// What a list tells of a transaction that the node does not tell otherwise.
    fn untold(entry: &Entry) -> Self {
        Self {
            signature: entry.signature,
            slot: entry.slot,
            time: entry.time,
            error: None,
            accounts: vec![],
            signers: 0,
            calls: vec![],
            is_traced: false,
            is_untold: true,
            logs: None,
            tokens: vec![],
            fee: None,
            lamports: vec![],
        }
    }

    /// True when `key` signed it.
    pub fn is_signed_by(&self, key: &Address) -> bool {
        self.accounts
            .iter()
            .take(self.signers)
            .any(|signer| signer == key)
    }

    /// The program's events in it: none if it failed. Without logs they are as good as cut.
    pub fn logged(&self) -> Logged {
        match &self.logs {
            _ if self.error.is_some() => Logged::default(),
            Some(logs) => event::decode(logs),
            None => Logged {
                truncated: true,
                ..Logged::default()
            },
        }
    }

    /// What the token account at `account` held, if it was named.
    pub fn tokens_of(&self, account: &Address) -> Option<&TokenChange> {
        self.tokens.iter().find(|one| one.account == *account)
    }

    /// What the account at `account` held, lamports, if it was named.
    pub fn lamports_of(&self, account: &Address) -> Option<&LamportChange> {
        self.lamports.iter().find(|one| one.account == *account)
    }
}

/// Which of an address's transactions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// From this unix second on.
    pub since: Option<i64>,
    /// Before this unix second.
    pub until: Option<i64>,
    /// From this slot on.
    pub since_slot: Option<u64>,
    /// Before this slot.
    pub until_slot: Option<u64>,
    /// Older than this transaction, which named the address too.
    pub before: Option<Signature>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl Span {
    /// True for what lies before the span: slots and times grow alike, so all that is older does too.
    fn is_past(&self, entry: &Entry) -> bool {
        self.since_slot.is_some_and(|slot| entry.slot < slot)
            || self
                .since
                .zip(entry.time)
                .is_some_and(|(since, time)| time < since)
    }

    fn is_ahead(&self, entry: &Entry) -> bool {
        self.until_slot.is_some_and(|slot| entry.slot >= slot)
            || self
                .until
                .zip(entry.time)
                .is_some_and(|(until, time)| time >= until)
    }

    /// The entries of the span, page by page; `tell` is told after each how many there are so far.
    pub(super) fn read(
        &self,
        page: impl Fn(Option<&Signature>, usize) -> Result<Vec<Entry>>,
        tell: impl Fn(usize),
    ) -> Result<Vec<Entry>> {
        let limit = self.limit.unwrap_or(usize::MAX);
        let mut found = vec![];
        let mut before = self.before;
        while found.len() < limit {
            // What lies ahead of the span has to be passed, and so cannot be counted on.
            let ahead = self.until.is_some() || self.until_slot.is_some();
            let wanted = if ahead { PAGE } else { limit - found.len() };
            let read = page(before.as_ref(), wanted.min(PAGE))?;
            // A gateway may give less than was asked for: only nothing is the end.
            let is_last = read.is_empty();
            before = read.last().map(|entry| entry.signature);
            for entry in read {
                if self.is_past(&entry) {
                    return Ok(found);
                }
                if !self.is_ahead(&entry) && found.len() < limit {
                    found.push(entry);
                }
            }
            tell(found.len());
            if is_last {
                break;
            }
        }
        Ok(found)
    }
}

/// A ledger that keeps past transactions, confirmed at least.
pub trait History {
    /// Up to `limit` transactions that named `address`, newest first, older than `before`.
    fn page(
        &self,
        address: &Address,
        before: Option<&Signature>,
        limit: usize,
    ) -> Result<Vec<Entry>>;

    /// The transaction, if it is kept; [`ClientError::Untold`] for one of a version that is not told.
    fn find(&self, signature: &Signature) -> Result<Option<Past>>;

    /// The oldest slot that is kept.
    fn first_slot(&self) -> Result<u64>;

    /// The transaction of an entry, which must be kept; of one that is not told, what the entry tells.
    fn past(&self, entry: &Entry) -> Result<Past> {
        let found = match self.find(&entry.signature) {
            Err(ClientError::Untold(_)) => return Ok(Past::untold(entry)),
            found => found?,
        };
        let found = found.ok_or_else(|| {
            let told = format!(
                "the node lists the transaction {} and does not keep it",
                entry.signature
            );
            ClientError::Rpc(told.into())
        })?;
        Ok(Past {
            time: entry.time.or(found.time),
            ..found
        })
    }

    /// The transactions of a span that named `address`, newest first. An entry whose time is unknown counts as within.
    fn entries(&self, address: &Address, span: &Span) -> Result<Vec<Entry>> {
        span.read(|before, limit| self.page(address, before, limit), |_| {})
    }
}

/// The history of `ledger`, which must keep one.
pub fn of(ledger: &impl Ledger) -> Result<&dyn History> {
    ledger
        .history()
        .ok_or_else(|| ClientError::Rpc("this ledger keeps no past transactions".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node with a transaction in every second slot from 2 to `0`'s, newest first.
    struct Node(u64);

    fn signature(slot: u64) -> Signature {
        let mut bytes = [0; 64];
        bytes[..8].copy_from_slice(&slot.to_le_bytes());
        Signature::from(bytes)
    }

    impl History for Node {
        fn page(
            &self,
            _: &Address,
            before: Option<&Signature>,
            limit: usize,
        ) -> Result<Vec<Entry>> {
            assert!((1..=PAGE).contains(&limit));
            let slots = (1..=self.0 / 2).rev().map(|number| number * 2);
            let entries = slots.map(|slot| Entry {
                signature: signature(slot),
                slot,
                time: Some(1_000 + slot as i64),
                failed: false,
            });
            let older = entries
                .skip_while(|entry| before.is_some_and(|before| entry.signature != *before))
                .skip(usize::from(before.is_some()));
            Ok(older.take(limit).collect())
        }

        fn find(&self, _: &Signature) -> Result<Option<Past>> {
            Ok(None)
        }

        fn first_slot(&self) -> Result<u64> {
            Ok(0)
        }
    }

    fn slots(node: &Node, span: Span) -> Vec<u64> {
        let found = node.entries(&Address::default(), &span).unwrap();
        found.iter().map(|entry| entry.slot).collect()
    }

    #[test]
    fn every_page_is_read() {
        let node = Node(5_000);
        let all = slots(&node, Span::default());
        assert_eq!(all.len(), 2_500);
        assert!(all.is_sorted_by(|a, b| a > b));
        assert_eq!((all[0], all[2_499]), (5_000, 2));
        assert_eq!(slots(&Node(2_000), Span::default()).len(), 1_000);
        assert_eq!(slots(&Node(0), Span::default()).len(), 0);
    }

    #[test]
    fn a_span_is_half_open_in_time_and_in_slots() {
        let node = Node(5_000);
        let by_time = Span {
            since: Some(1_010),
            until: Some(1_016),
            ..Span::default()
        };
        assert_eq!(slots(&node, by_time), [14, 12, 10]);
        let by_slot = Span {
            since_slot: Some(9),
            until_slot: Some(14),
            ..Span::default()
        };
        assert_eq!(slots(&node, by_slot), [12, 10]);
        let limited = Span {
            limit: Some(2),
            ..by_time
        };
        assert_eq!(slots(&node, limited), [14, 12]);
        let older = Span {
            before: Some(signature(14)),
            ..limited
        };
        assert_eq!(slots(&node, older), [12, 10]);
    }

    #[test]
    fn a_limit_counts_across_pages() {
        let span = Span {
            limit: Some(1_500),
            ..Span::default()
        };
        assert_eq!(slots(&Node(5_000), span).len(), 1_500);
    }
}
