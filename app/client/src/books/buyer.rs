//! What went through the escrow of a buyer's jobs.

use {
    super::{Book, Books, Error, Missing, Result, Subject, Totals},
    crate::{Event, Ledger, account::filter, address, ledger::history::Call},
    anchor_lang::Discriminator,
    sluice::{
        instruction::{OpenJob, TakeOffer},
        state::Job,
    },
    solana_address::Address,
    solana_signature::Signature,
    std::collections::{BTreeMap, BTreeSet},
};

/// Every job that `buyer` ever opened, and the sum of what is left in them, which the chain must say too.
pub fn read(books: &Books<impl Ledger>, buyer: &Address) -> Result<Book> {
    let Opened { mut jobs, unread } = opened(books, buyer)?;
    let live = books.ledger.list::<Job>(&[filter::job_buyer(buyer)])?;
    let live: BTreeMap<Address, Job> = live.into_iter().collect();
    jobs.extend(live.keys());
    if let Some((_, signature)) = unread.iter().find(|(job, _)| !jobs.contains(job)) {
        return Err(Subject::Buyer.gap(buyer, Missing::LogCut(*signature)));
    }
    let mut book = Book::default();
    let mut left: BTreeMap<Address, u64> = BTreeMap::new();
    for address in &jobs {
        let escrow = books.escrow(address)?;
        let account = live.get(address);
        book.compare(Subject::Job, address, escrow.open, account.map(Totals::of));
        if let Some(job) = account {
            let sum = left.entry(job.terms.mint).or_default();
            let rest = Totals::of(job).left();
            *sum = rest
                .and_then(|rest| sum.checked_add(rest))
                .ok_or(Error::Inconsistent(*address))?;
        }
        // The address follows from the buyer's key: nobody else's job was ever there.
        book.add(escrow.movements.iter().map(|movement| movement.row));
    }
    left.retain(|_, sum| *sum > 0);
    let told = book.balances()?;
    book.compare(Subject::Buyer, buyer, told, left);
    Ok(book)
}

/// Jobs that a buyer opened.
#[derive(Default)]
struct Opened {
    jobs: BTreeSet<Address>,
    /// Jobs that it may have opened: the log of the transaction is cut.
    unread: Vec<(Address, Signature)>,
}

/// The jobs in the buyer's own transactions: nobody opens one without its signature.
fn opened(books: &Books<impl Ledger>, buyer: &Address) -> Result<Opened> {
    let mut opened = Opened::default();
    for past in books.archive.all(buyer)? {
        // A stranger's transaction that names the key opens none, and its log may be anything.
        if !past.is_signed_by(buyer) {
            continue;
        }
        let logged = past.logged();
        if logged.truncated {
            let jobs = past.calls_on(buyer).filter_map(job_opened_by);
            opened.unread.extend(jobs.map(|job| (job, past.signature)));
        }
        opened
            .jobs
            .extend(logged.events.iter().filter_map(|event| match event {
                Event::JobOpened(e) if e.buyer == *buyer => Some(e.job),
                _ => None,
            }));
    }
    Ok(opened)
}

/// The job that the instruction opened, if it opens one: the account whose vault it names.
fn job_opened_by(call: &Call) -> Option<Address> {
    let opens = call.is(OpenJob::DISCRIMINATOR) || call.is(TakeOffer::DISCRIMINATOR);
    let mut accounts = call.accounts.iter().filter(|_| opens);
    accounts
        .find(|account| call.accounts.contains(&address::vault(account)))
        .copied()
}
