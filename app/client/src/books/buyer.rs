//! What went through the escrow of a buyer's jobs.

use {
    super::{Book, Books, Error, Result, Subject, Totals, events_of},
    crate::{Event, Ledger, account::filter},
    sluice::state::Job,
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

/// Every job that `buyer` ever opened, and the sum of what is left in them, which the chain must say too.
pub fn read(books: &Books<impl Ledger>, buyer: &Address) -> Result<Book> {
    let mut jobs = opened(books, buyer)?;
    let live = books.ledger.list::<Job>(&[filter::job_buyer(buyer)])?;
    let live: BTreeMap<Address, Job> = live.into_iter().collect();
    jobs.extend(live.keys());
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

/// The jobs in the buyer's own transactions: nobody opens one without its signature.
fn opened(books: &Books<impl Ledger>, buyer: &Address) -> Result<BTreeSet<Address>> {
    let mut jobs = BTreeSet::new();
    for past in books.archive.all(buyer)? {
        // A stranger's transaction that names the key opens none, and its log may be anything.
        if !past.is_signed_by(buyer) {
            continue;
        }
        let events = events_of(&past, Subject::Buyer, buyer)?;
        jobs.extend(events.iter().filter_map(|event| match event {
            Event::JobOpened(e) if e.buyer == *buyer => Some(e.job),
            _ => None,
        }));
    }
    Ok(jobs)
}
