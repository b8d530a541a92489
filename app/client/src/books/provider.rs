//! What the owner of a provider received.

use {
    super::{Book, Books, Error, Kind, Missing, Result, Row, Subject, events_of, receipts},
    crate::{
        Event, Ledger,
        account::{self, filter},
    },
    sluice::state::{Job, JobState, Provider},
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

/// What a provider's own transactions tell.
pub struct Known {
    pub provider: Address,
    pub owner: Address,
    /// Jobs that its nodes took, by address and incarnation.
    taken: BTreeSet<(Address, u64)>,
    /// Shares of its nodes, and the pool of each.
    pub shares: BTreeMap<Address, Address>,
}

/// Every payment of jobs, reward pools and dividends to the owner of the provider at `provider`.
pub fn read(books: &Books<impl Ledger>, provider: &Address) -> Result<Book> {
    let known = Known::of(books, provider)?;
    let mut book = Book::default();
    jobs(books, &known, &mut book)?;
    receipts::claims(books, &known, &mut book)?;
    receipts::dividends(books, &known, &mut book)?;
    Ok(book)
}

impl Known {
    fn of(books: &Books<impl Ledger>, provider: &Address) -> Result<Self> {
        // One that was closed lives on in its history; another account was never one.
        match books.ledger.account(provider)? {
            Some(found) if account::decode::<Provider>(provider, &found).is_err() => {
                return Err(Error::NoProvider(*provider));
            }
            _ => {}
        }
        let mut owner = None;
        let (mut nodes, mut accepted) = (BTreeSet::new(), vec![]);
        let mut shares = BTreeMap::new();
        let pasts = books.archive.all(provider)?;
        for past in &pasts {
            for event in events_of(past, Subject::Provider, provider)? {
                match event {
                    Event::ProviderRegistered(e) if e.provider == *provider => {
                        owner = Some(e.owner);
                    }
                    Event::NodeRegistered(e) if e.provider == *provider => {
                        nodes.insert(e.node);
                    }
                    Event::ShareJoined(e) if e.provider == *provider => {
                        shares.insert(e.share, e.pool);
                    }
                    Event::JobAccepted(e) => accepted.push(e),
                    _ => {}
                }
            }
        }
        let owner = owner.ok_or_else(|| match pasts.is_empty() {
            true => Error::NoProvider(*provider),
            false => Subject::Provider.gap(provider, Missing::NoRegistration),
        })?;
        let own = accepted.iter().filter(|event| nodes.contains(&event.node));
        Ok(Self {
            provider: *provider,
            owner,
            taken: own.map(|event| (event.job, event.incarnation)).collect(),
            shares,
        })
    }
}

fn jobs(books: &Books<impl Ledger>, known: &Known, book: &mut Book) -> Result<()> {
    let filter = filter::job_provider(&known.provider);
    let named = books.ledger.list::<Job>(&[filter])?.into_iter();
    // One that is open was only named for it.
    let live: BTreeMap<Address, Job> = named
        .filter(|(_, job)| job.state != JobState::Open.byte())
        .collect();
    let taken = known.taken.iter().map(|(job, _)| *job);
    let all: BTreeSet<Address> = taken.chain(live.keys().copied()).collect();
    for address in all {
        let escrow = books.escrow(&address)?;
        let is_ours = |incarnation| known.taken.contains(&(address, incarnation));
        let open = escrow.open.filter(|totals| is_ours(totals.incarnation));
        let told = open.map(|totals| (totals.incarnation, totals.paid));
        let account = live.get(&address).map(|job| (job.incarnation, job.paid));
        book.compare(Subject::Job, &address, told, account);
        let ours = escrow.movements.iter().filter(|movement| {
            movement.row.kind == Kind::PaidToProvider && is_ours(movement.incarnation)
        });
        book.add(ours.map(|movement| Row {
            kind: Kind::JobPaid,
            ..movement.row
        }));
    }
    Ok(())
}
