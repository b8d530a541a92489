//! The books of a buyer and of a provider: every token that moved for them, from a ledger's history, held against the chain.
//!
//! Each row is derived twice, from the cumulative totals of events and from the balances of token accounts, and what the rows come
//! to must be what the accounts say now. What happened in a transaction whose log is cut follows from its instructions and their
//! transfers, and what happened in one that is not told from the totals before and after it; such a row
//! [says so](Row::is_bridged). What follows from nothing is [named](Book::unexplained). A transaction that the node has forgotten is
//! an [`Error`]. `docs/watching.md` defines the balances.

mod act;
mod archive;
mod book;
mod buyer;
mod claims;
mod dividends;
mod doubt;
mod error;
mod escrow;
mod kind;
mod payee;
mod period;
mod provider;
mod receiver;
#[cfg(feature = "found")]
mod record;
mod totals;
mod unexplained;

use {
    crate::{
        Ledger, account, address,
        ledger::history::{self, Past, TokenChange},
        waiting::Onlooker,
    },
    archive::Archive,
    escrow::is_told,
    sluice::state::Job,
    solana_address::Address,
    solana_signature::Signature,
    std::{collections::BTreeSet, rc::Rc, sync::Arc, thread::sleep, time::Duration},
};
pub use {
    book::{Book, Row},
    error::{Disagreement, Error, Gap, Missing, Result, Subject, Unseen},
    escrow::{Escrow, Life, Movement, UnseenEnd},
    kind::Kind,
    period::{Line, Period, Total},
    totals::Totals,
    unexplained::Unexplained,
};

/// How often the chain and its history are read before they count as at odds: one may be a moment ahead of the other.
const ATTEMPTS: u32 = 3;
const MOMENT: Duration = Duration::from_secs(1);

/// A ledger whose history is read; each transaction is fetched once, however many books need it.
pub struct Books<'a, L> {
    ledger: &'a L,
    archive: Archive<'a>,
}

impl<'a, L: Ledger> Books<'a, L> {
    /// The books of `ledger`, which must keep a history.
    pub fn of(ledger: &'a L) -> Result<Self> {
        Ok(Self {
            ledger,
            archive: Archive::new(history::of(ledger)?),
        })
    }

    /// Tells `onlooker` how far the transactions of an address are read.
    pub fn telling(mut self, onlooker: Arc<dyn Onlooker>) -> Self {
        self.archive.onlooker = onlooker;
        self
    }

    /// The oldest slot that the ledger keeps: a closed job of before it is in no book.
    pub fn first_slot(&self) -> Result<u64> {
        self.archive.first_slot()
    }

    /// What went through the escrow of every job that the key `buyer` ever opened.
    pub fn buyer(&self, buyer: &Address) -> Result<Book> {
        self.agreed(|| buyer::read(self, buyer))
    }

    /// What jobs, reward pools and dividends paid to the owner of the provider at `provider`.
    pub fn provider(&self, provider: &Address) -> Result<Book> {
        self.agreed(|| provider::read(self, provider))
    }

    /// What went through the escrow of the job at `job`; it is held against the chain only where transactions are not told.
    pub fn escrow(&self, job: &Address) -> Result<Escrow> {
        self.escrow_knowing(job, BTreeSet::new())
    }

    /// The same, where others tell the slots in which a job was opened at the address.
    fn escrow_knowing(&self, job: &Address, mut known: BTreeSet<u64>) -> Result<Escrow> {
        let vault = address::vault(job);
        let pasts = self.archive.all(&vault)?;
        if pasts.iter().all(|past| is_told(past)) {
            return Escrow::of(job, &pasts, &known, None);
        }
        let account = self.ledger.account(job)?;
        let account = account
            .map(|found| account::decode::<Job>(job, &found))
            .transpose()?;
        known.extend(account.map(|account| account.incarnation));
        let token = account.map(|account| TokenChange {
            account: vault,
            mint: account.terms.mint,
            owner: Some(*job),
            decimals: account.decimals,
            before: 0,
            after: 0,
        });
        let mut escrow = Escrow::of(job, &pasts, &known, token)?;
        escrow.settle(account.as_ref().map(Totals::of).as_ref())?;
        Ok(escrow)
    }

    /// The transactions read so far that the node does not tell, being of a later version. What they moved is bridged, or
    /// [named](Book::unexplained); a job that was opened, or a share that was joined, in one and has been closed since may be in no
    /// book.
    pub fn untold(&self) -> Vec<Signature> {
        self.archive.untold()
    }

    /// Every transaction that named `address` and succeeded, oldest first.
    pub fn transactions(&self, address: &Address) -> Result<Vec<Rc<Past>>> {
        self.archive.all(address)
    }

    /// The transaction, whatever came of it; `None` where the ledger does not keep it, or it never landed. One that the node does
    /// not tell, being of a later version, is [`ClientError::Untold`](crate::ClientError::Untold).
    pub fn transaction(&self, signature: &Signature) -> Result<Option<Rc<Past>>> {
        self.archive.find(signature)
    }

    /// What `read` finds once history and chain agree.
    fn agreed(&self, read: impl Fn() -> Result<Book>) -> Result<Book> {
        let mut attempts = ATTEMPTS;
        loop {
            self.archive.renew();
            let book = read()?;
            attempts -= 1;
            match book.disagreements() {
                [] => return Ok(book),
                disagreements if attempts == 0 => {
                    return Err(Error::Disagreement(disagreements.to_vec()));
                }
                _ => sleep(MOMENT),
            }
        }
    }
}
