//! What went through the escrow of a buyer's jobs.

use {
    super::{book::Book, escrow::Escrow, events_of, totals::Totals},
    crate::{archive::Archive, cmd::job::inconsistent, failure::Result, session::Session},
    sluice_client::{Event, Job, Ledger},
    solana_address::Address,
    std::{
        collections::{BTreeMap, BTreeSet},
        mem::offset_of,
    },
};

/// Every job that `buyer` ever opened, and the sum of what is left in them, which the chain must say too.
pub fn read(session: &Session<impl Ledger>, archive: &Archive, buyer: &Address) -> Result<Book> {
    let mut jobs = opened(archive, buyer)?;
    let filter = (8 + offset_of!(Job, buyer), buyer.to_bytes().to_vec());
    let live: BTreeMap<[u8; 32], Job> = session
        .ledger
        .list::<Job>(&[filter])?
        .into_iter()
        .map(|(address, job)| (address.to_bytes(), job))
        .collect();
    jobs.extend(live.keys());
    let mut book = Book::default();
    let mut left: BTreeMap<[u8; 32], u64> = BTreeMap::new();
    for key in &jobs {
        let address = Address::from(*key);
        let escrow = Escrow::read(archive, &address)?;
        let account = live.get(key);
        book.compare("job", &address, escrow.open, account.map(Totals::of));
        if let Some(job) = account {
            let rest = Totals::of(job).left();
            let rest = rest.ok_or_else(|| inconsistent(&address)(()))?;
            let sum = left.entry(job.terms.mint.to_bytes()).or_default();
            *sum = sum
                .checked_add(rest)
                .ok_or_else(|| inconsistent(&address)(()))?;
        }
        // The address follows from the buyer's key: nobody else's job was ever there.
        let movements = escrow.movements.iter();
        book.add(movements.map(|movement| movement.row(&address)));
    }
    left.retain(|_, sum| *sum > 0);
    let told = book.balances()?;
    book.compare("buyer", buyer, told, left);
    Ok(book)
}

/// The jobs in the buyer's own transactions: nobody opens one without its signature.
fn opened(archive: &Archive, buyer: &Address) -> Result<BTreeSet<[u8; 32]>> {
    let mut jobs = BTreeSet::new();
    for past in archive.all(buyer)? {
        // A stranger's transaction that names the key opens none, and its log may be anything.
        if !past.is_signed_by(buyer) {
            continue;
        }
        let events = events_of(&past, "buyer", buyer)?;
        jobs.extend(events.iter().filter_map(|event| match event {
            Event::JobOpened(e) if e.buyer == *buyer => Some(e.job.to_bytes()),
            _ => None,
        }));
    }
    Ok(jobs)
}
