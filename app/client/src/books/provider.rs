//! What the owner of a provider received.

use {
    super::{
        Book, Books, Error, Escrow, Kind, Life, Missing, Movement, Result, Row, Subject,
        Unexplained,
        act::{first_number, opening},
        claims, dividends,
        escrow::is_told,
        payee::Payee,
    },
    crate::{
        Ledger,
        account::{self, filter},
        address,
        ledger::history::{Call, Past},
    },
    anchor_lang::Discriminator,
    sluice::{
        instruction::{AcceptJob, JoinRewardPool, Pay, PostOffer, RegisterProvider, TakeOffer},
        state::{Job, JobState, Provider, Share},
    },
    solana_address::Address,
    solana_signature::Signature,
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
    /// Mints that its offers asked for, and its jobs.
    mints: BTreeSet<Address>,
    /// Its transactions that are not told.
    untold: Vec<Signature>,
}

/// The jobs that name the provider and are not open: one that is open was only named for it.
type Live = BTreeMap<Address, Job>;

/// Every payment of jobs, reward pools and dividends to the owner of the provider at `provider`.
pub fn read(books: &Books<impl Ledger>, provider: &Address) -> Result<Book> {
    let mut known = Known::of(books, provider)?;
    let named = books
        .ledger
        .list::<Job>(&[filter::job_provider(provider)])?;
    let is_live = |job: &Job| job.state != JobState::Open.byte();
    let live: Live = named.into_iter().filter(|(_, job)| is_live(job)).collect();
    let payee = Payee {
        archive: &books.archive,
        owner: known.owner,
    };
    let mut all: BTreeSet<Address> = live.keys().copied().collect();
    if !known.untold.is_empty() {
        known.complete(books, &live)?;
        all.extend(known.paying(&payee)?);
    }
    all.extend(known.taken.iter().map(|(job, _)| *job));
    let mut book = Book::default();
    for address in &all {
        job(
            books,
            &known,
            &payee,
            (address, live.get(address)),
            &mut book,
        )?;
    }
    claims::read(books, &known, &payee, &mut book)?;
    dividends::read(books, &known, &payee, &mut book)?;
    Ok(book)
}

impl Known {
    fn of(books: &Books<impl Ledger>, provider: &Address) -> Result<Self> {
        // One that was closed lives on in its history; another account was never one.
        let account = match books.ledger.account(provider)? {
            Some(found) => match account::decode::<Provider>(provider, &found) {
                Ok(account) => Some(account),
                Err(_) => return Err(Error::NoProvider(*provider)),
            },
            None => None,
        };
        let pasts = books.archive.all(provider)?;
        let mut known = Self {
            provider: *provider,
            owner: Address::default(),
            taken: BTreeSet::new(),
            shares: BTreeMap::new(),
            mints: BTreeSet::new(),
            untold: vec![],
        };
        let mut owner = None;
        for past in &pasts {
            if !is_told(past) {
                known.untold.push(past.signature);
            }
            for call in &past.calls {
                owner = registration(call, provider).or(owner);
                known.take(past, call);
            }
        }
        // The slot of a registration that is not told tells it, too.
        let registered = account.filter(|account| {
            let mut untold = pasts.iter().filter(|past| !is_told(past));
            untold.any(|past| past.slot == account.opened_slot)
        });
        known.owner = owner
            .or(registered.map(|account| account.owner))
            .ok_or_else(|| match pasts.is_empty() {
                true => Error::NoProvider(*provider),
                false => Subject::Provider.gap(provider, Missing::NoRegistration),
            })?;
        Ok(known)
    }

    /// Takes note of what the instruction did for this provider.
    fn take(&mut self, past: &Past, call: &Call) -> Option<()> {
        let is_ours = |index| call.account(index) == Some(self.provider);
        if call.is(AcceptJob::DISCRIMINATOR) && is_ours(4) {
            self.taken.insert((call.account(2)?, first_number(call)?));
        } else if call.is(TakeOffer::DISCRIMINATOR) && is_ours(10) {
            // It opened the job, too.
            let (job, _) = opening(call)?;
            self.taken.insert((job, past.slot));
        } else if call.is(JoinRewardPool::DISCRIMINATOR) && is_ours(2) {
            self.shares.insert(call.account(5)?, call.account(4)?);
        } else if call.is(PostOffer::DISCRIMINATOR) && is_ours(3) {
            self.mints.insert(call.account(6)?);
        }
        Some(())
    }

    /// Adds what the chain knows where transactions are not told.
    fn complete(&mut self, books: &Books<impl Ledger>, live: &Live) -> Result<()> {
        for (address, share) in books
            .ledger
            .list::<Share>(&[filter::share_payee(&self.owner)])?
        {
            if share.provider == self.provider {
                self.shares.insert(address, share.pool);
            }
        }
        for (address, job) in live {
            self.taken.insert((*address, job.incarnation));
            self.mints.insert(job.terms.mint);
        }
        Ok(())
    }

    /// The jobs that paid the owner and that the provider may have taken in a transaction that is not told: one that names both.
    fn paying(&self, payee: &Payee) -> Result<Vec<Address>> {
        let mut jobs = BTreeSet::new();
        for account in self.mints.iter().flat_map(|mint| payee.accounts(mint)) {
            for past in payee.archive.all(&account)? {
                let pay = past
                    .calls
                    .iter()
                    .filter(|call| call.is(Pay::DISCRIMINATOR) && call.accounts.contains(&account));
                jobs.extend(pay.filter_map(|call| call.account(0)));
            }
        }
        let mut taken = vec![];
        for job in jobs {
            if !payee.naming(&[job], &self.untold)?.is_empty() {
                taken.push(job);
            }
        }
        Ok(taken)
    }

    /// True for a job that the provider took, or that paid the owner.
    fn is_own(&self, job: &Address, life: &Life, movements: &[&Movement]) -> bool {
        let mut paid = movements.iter().filter(|movement| is_pay(movement));
        self.taken.contains(&(*job, life.incarnation))
            || paid.any(|movement| movement.receiver == Some(self.owner))
    }
}

/// The owner of the provider, if the instruction registered it.
fn registration(call: &Call, provider: &Address) -> Option<Address> {
    let registers = call.is(RegisterProvider::DISCRIMINATOR);
    let is_ours = registers && call.account(3) == Some(*provider);
    call.account(1).filter(|_| is_ours)
}

fn is_pay(movement: &Movement) -> bool {
    movement.row.kind == Kind::PaidToProvider
}

/// What the jobs at an address paid the owner, one after another.
fn job(
    books: &Books<impl Ledger>,
    known: &Known,
    payee: &Payee,
    (address, live): (&Address, Option<&Job>),
    book: &mut Book,
) -> Result<()> {
    let taken = known.taken.iter().filter(|(job, _)| job == address);
    let taken: BTreeSet<u64> = taken.map(|(_, incarnation)| *incarnation).collect();
    let escrow = books.escrow_knowing(address, taken.clone())?;
    let is_there = |slot: &&u64| escrow.lives.iter().any(|life| life.incarnation == **slot);
    if let Some(slot) = taken.iter().find(|slot| !is_there(slot)) {
        return Err(Subject::Job.gap(address, Missing::NoOpening(*slot)));
    }
    let open = escrow.open.filter(|open| taken.contains(&open.incarnation));
    let told = open.map(|totals| (totals.incarnation, totals.paid));
    let chain = live.map(|job| (job.incarnation, job.paid));
    book.compare(Subject::Job, address, told, chain);
    let untold: Vec<Signature> = books
        .archive
        .all(&address::vault(address))?
        .iter()
        .filter(|past| !is_told(past))
        .map(|past| past.signature)
        .collect();
    for life in &escrow.lives {
        let movements: Vec<&Movement> = escrow
            .movements
            .iter()
            .filter(|movement| movement.incarnation == life.incarnation)
            .collect();
        let is_own = known.is_own(address, life, &movements);
        for movement in movements.into_iter().filter(|movement| is_pay(movement)) {
            let row = Row {
                kind: Kind::JobPaid,
                ..movement.row
            };
            match movement.receiver {
                Some(receiver) if receiver != known.owner => {}
                None if !is_own => {
                    let able = payee.able(Some(&row.mint), &untold)?;
                    leave_open(&escrow, address, (row.amount, true), able, book);
                }
                _ => book.add([row]),
            }
        }
        if let Some(end) = &life.end {
            let mint = escrow.token.map(|token| token.mint);
            let able = if life.is_guess && is_own {
                end.transactions.clone()
            } else {
                payee.able(mint.as_ref(), &end.transactions)?
            };
            leave_open(&escrow, address, (end.left, end.is_all), able, book);
        }
    }
    Ok(())
}

/// Names pay that the job may have paid the owner in those transactions, if there are any.
fn leave_open(
    escrow: &Escrow,
    job: &Address,
    (amount, is_all): (u64, bool),
    transactions: Vec<Signature>,
    book: &mut Book,
) {
    if transactions.is_empty() {
        return;
    }
    book.leave_open(Unexplained {
        account: *job,
        kind: Kind::JobPaid,
        mint: escrow.token.map(|token| token.mint),
        decimals: escrow.token.map_or(0, |token| token.decimals),
        amount,
        is_all,
        transactions,
    });
}
