//! What went through the escrow of a buyer's jobs.

use {
    super::{Book, Books, Error, Escrow, Kind, Result, Subject, Totals, Unexplained, act::opening},
    crate::{Ledger, account::filter},
    sluice::state::Job,
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

/// Where an opening names the buyer.
const BUYER: usize = 1;

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
        for unexplained in passed_through(address, &escrow) {
            book.leave_open(unexplained);
        }
    }
    left.retain(|_, sum| *sum > 0);
    let told = book.balances()?;
    book.compare(Subject::Buyer, buyer, told, left);
    Ok(book)
}

/// The jobs that the buyer's own transactions opened: nobody opens one without its signature.
fn opened(books: &Books<impl Ledger>, buyer: &Address) -> Result<BTreeSet<Address>> {
    let mut opened = BTreeSet::new();
    for past in books.archive.all(buyer)? {
        let own = past
            .calls
            .iter()
            .filter(|call| call.account(BUYER) == Some(*buyer));
        opened.extend(own.filter_map(opening).map(|(job, _)| job));
    }
    Ok(opened)
}

/// What may have come in and left again by the end of a job in transactions that are not told, beyond what its rows tell.
fn passed_through(job: &Address, escrow: &Escrow) -> Vec<Unexplained> {
    let ends = escrow.lives.iter().filter_map(|life| life.end.as_ref());
    let open = ends.filter(|end| !end.is_all);
    open.map(|end| Unexplained {
        account: *job,
        kind: Kind::Unseen,
        mint: escrow.token.map(|token| token.mint),
        decimals: escrow.token.map_or(0, |token| token.decimals),
        amount: end.left,
        is_all: false,
        transactions: end.transactions.clone(),
    })
    .collect()
}
