//! What is waited for, told while it lasts: [`Rpc`](crate::ledger::Rpc) and [`Telling`](crate::ledger::Telling) tell an [`Onlooker`], and so
//! does whoever counts steps of its own.
//!
//! Waits nest: a step of many waits for a simulation, which waits for a node. Each is a [`Waiting`] as long as it lasts.

use {
    solana_address::Address,
    solana_signature::Signature,
    std::{
        borrow::Cow,
        fmt::{self, Debug, Display, Formatter},
        sync::Arc,
    },
};

/// What is waited for. It reads as what the program does meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// So many accounts, by their addresses.
    Accounts(usize),
    /// All accounts of the program of one kind.
    Search,
    /// The cluster's time.
    Clock,
    /// Lamports that rent takes.
    Rent,
    /// A blockhash to sign with.
    Blockhash,
    /// Which chain it is.
    Chain,
    /// A trial run.
    Simulation,
    /// That this transaction lands, or can no longer land.
    Landing(Signature),
    /// What became of this transaction.
    Outcome(Signature),
    /// The list of transactions that named this address.
    Listing(Address),
    /// One past transaction.
    Transaction(Signature),
    /// So many past transactions that named an address.
    Transactions(Address, usize),
    /// How far back a node's history goes.
    History,
    /// Somebody at a hardware wallet.
    Wallet,
    /// So many steps, of which the words tell.
    Steps(Cow<'static, str>, usize),
    /// Anything else, in words.
    Told(Cow<'static, str>),
}

impl Wait {
    /// How much there is of it to count, where that is more than one.
    pub fn of(&self) -> Option<usize> {
        let count = match self {
            Self::Accounts(count) if *count > crate::ledger::BATCH => *count,
            Self::Transactions(_, count) | Self::Steps(_, count) => *count,
            _ => return None,
        };
        (count > 1).then_some(count)
    }
}

impl Display for Wait {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Accounts(1) => f.write_str("reads an account"),
            Self::Accounts(count) => write!(f, "reads {} accounts", grouped(*count)),
            Self::Search => f.write_str("searches the program's accounts"),
            Self::Clock => f.write_str("asks for the cluster's time"),
            Self::Rent => f.write_str("asks what rent takes"),
            Self::Blockhash => f.write_str("asks for a blockhash"),
            Self::Chain => f.write_str("asks which chain it is"),
            Self::Simulation => f.write_str("simulates the transaction"),
            Self::Landing(signature) => write!(
                f,
                "waits until the transaction {} is confirmed",
                ends(signature)
            ),
            Self::Outcome(signature) => write!(f, "asks what became of {}", ends(signature)),
            Self::Listing(address) => write!(f, "lists the transactions of {}", ends(address)),
            Self::Transaction(signature) => write!(f, "reads the transaction {}", ends(signature)),
            Self::Transactions(address, count) => write!(
                f,
                "reads {} transactions of {}",
                grouped(*count),
                ends(address)
            ),
            Self::History => f.write_str("asks how far back the history goes"),
            Self::Wallet => f.write_str("signs with the hardware wallet: look at its screen"),
            Self::Steps(words, _) | Self::Told(words) => f.write_str(words),
        }
    }
}

/// A count with its thousands apart.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (left, digit) in (0..digits.len()).rev().zip(digits.chars()) {
        text.push(digit);
        if left > 0 && left.is_multiple_of(3) {
            text.push(',');
        }
    }
    text
}

/// The ends of an address or a signature.
fn ends(name: &impl ToString) -> String {
    let name = name.to_string();
    match (name.get(..4), name.get(name.len().saturating_sub(4)..)) {
        (Some(first), Some(last)) => format!("{first}\u{2026}{last}"),
        _ => name,
    }
}

/// Is told of waits as they begin, go on and end, from one thread at a time. What it is told without answering is nothing to it.
pub trait Onlooker: Send + Sync {
    /// From now on `wait` is waited for, as a part of what is waited for already.
    fn begins(&self, _wait: &Wait) {}

    /// So much is done of the wait that began last and has not ended.
    fn goes_on(&self, _done: usize) {}

    /// The wait that began last is over.
    fn ends(&self) {}

    /// What is waited for takes unusually long: why, in a sentence. Told once a request.
    fn stalls(&self, _why: &str) {}
}

impl Debug for dyn Onlooker {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str("an onlooker")
    }
}

/// Looks at nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Onlooker for Nobody {}

/// A wait that was told of. It is over when this is dropped.
#[must_use = "the wait is over when this is dropped"]
pub struct Waiting(Arc<dyn Onlooker>);

impl Waiting {
    /// Tells that `wait` begins.
    pub fn new(onlooker: &Arc<dyn Onlooker>, wait: &Wait) -> Self {
        onlooker.begins(wait);
        Self(Arc::clone(onlooker))
    }

    /// Tells that so much of it is done.
    pub fn goes_on(&self, done: usize) {
        self.0.goes_on(done);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.ends();
    }
}

/// `items`, and `onlooker` is told at which of them the program is; they are over when what is returned is dropped.
pub fn counted<I: IntoIterator<IntoIter: ExactSizeIterator>>(
    onlooker: &Arc<dyn Onlooker>,
    words: &'static str,
    items: I,
) -> impl Iterator<Item = I::Item> + use<I> {
    let items = items.into_iter();
    let waiting = Waiting::new(onlooker, &Wait::Steps(words.into(), items.len()));
    (0..).zip(items).map(move |(done, item)| {
        waiting.goes_on(done);
        item
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_read_as_what_is_done_meanwhile() {
        let (address, signature) = (Address::new_from_array([0; 32]), Signature::from([0; 64]));
        for (wait, text) in [
            (Wait::Accounts(1), "reads an account"),
            (Wait::Accounts(100), "reads 100 accounts"),
            (Wait::Accounts(13_900), "reads 13,900 accounts"),
            (Wait::Accounts(1_000_000), "reads 1,000,000 accounts"),
            (
                Wait::Transactions(address, 1_200),
                "reads 1,200 transactions of 1111\u{2026}1111",
            ),
            (
                Wait::Landing(signature),
                "waits until the transaction 1111\u{2026}1111 is confirmed",
            ),
        ] {
            assert_eq!(wait.to_string(), text);
        }
    }

    #[test]
    fn only_what_is_more_than_one_is_counted() {
        assert_eq!(Wait::Accounts(100).of(), None);
        assert_eq!(Wait::Accounts(101).of(), Some(101));
        assert_eq!(Wait::Steps("cranks".into(), 1).of(), None);
        assert_eq!(Wait::Steps("cranks".into(), 2).of(), Some(2));
        assert_eq!(Wait::Simulation.of(), None);
    }
}
