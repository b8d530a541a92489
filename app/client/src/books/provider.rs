//! What the owner of a provider received.

use {
    super::{Book, Books, Error, Kind, Missing, Result, Row, Subject, receipts},
    crate::{
        Event, Ledger,
        account::{self, filter},
        ledger::history::Call,
    },
    anchor_lang::Discriminator,
    sluice::{
        instruction::{AcceptJob, JoinRewardPool, RegisterNode, TakeOffer},
        state::{Job, JobState, Node, Provider, Share},
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
    nodes: BTreeSet<Address>,
    /// Shares of its nodes, and the pool of each.
    pub shares: BTreeMap<Address, Address>,
    /// Instructions whose events are cut off.
    cut: Vec<(Signature, Call)>,
    /// True when a transaction is not told.
    is_untold: bool,
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
    known.complete(books, &live)?;
    let mut book = Book::default();
    jobs(books, &known, &live, &mut book)?;
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
        let (mut shares, mut cut) = (BTreeMap::new(), vec![]);
        let pasts = books.archive.all(provider)?;
        for past in &pasts {
            let logged = past.logged();
            let calls = past.calls.iter().filter(|_| logged.truncated).cloned();
            cut.extend(calls.map(|call| (past.signature, call)));
            for event in logged.events {
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
            nodes,
            shares,
            cut,
            is_untold: pasts.iter().any(|past| past.is_untold),
        })
    }

    /// Adds what the chain knows where transactions cannot be read; a cut one that did something which the chain does not know
    /// is a gap.
    fn complete(&mut self, books: &Books<impl Ledger>, live: &Live) -> Result<()> {
        if self.cut.is_empty() && !self.is_untold {
            return Ok(());
        }
        let filter = filter::node_provider(&self.provider);
        let nodes = books.ledger.list::<Node>(&[filter])?;
        self.nodes.extend(nodes.iter().map(|(node, _)| *node));
        let filter = filter::share_payee(&self.owner);
        for (address, share) in books.ledger.list::<Share>(&[filter])? {
            if share.provider == self.provider {
                self.shares.insert(address, share.pool);
            }
        }
        let taken = live
            .iter()
            .map(|(address, job)| (*address, job.incarnation));
        self.taken.extend(taken);
        match self.cut.iter().find(|(_, call)| !self.knows(call)) {
            Some((signature, _)) => {
                Err(Subject::Provider.gap(&self.provider, Missing::LogCut(*signature)))
            }
            None => Ok(()),
        }
    }

    /// True when what the instruction did for this provider is known.
    fn knows(&self, call: &Call) -> bool {
        let named = |account: &Address| call.accounts.contains(account);
        let of_ours = named(&self.provider) || self.nodes.iter().any(named);
        if !of_ours {
            return true;
        }
        if call.is(RegisterNode::DISCRIMINATOR) {
            self.nodes.iter().any(named)
        } else if call.is(JoinRewardPool::DISCRIMINATOR) {
            self.shares.keys().any(named)
        } else if call.is(AcceptJob::DISCRIMINATOR) || call.is(TakeOffer::DISCRIMINATOR) {
            self.taken.iter().any(|(job, _)| named(job))
        } else {
            true
        }
    }
}

fn jobs(books: &Books<impl Ledger>, known: &Known, live: &Live, book: &mut Book) -> Result<()> {
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
