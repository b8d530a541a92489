//! What the owner of a provider received.

use {
    super::{
        book::{Book, Row},
        escrow::Escrow,
        events_of, gap, shares,
        totals::Door,
    },
    crate::{
        archive::Archive,
        failure::{Failure, Result},
        session::Session,
    },
    sluice_client::{
        ClientError, Event, Job, JobState, Ledger,
        ledger::history::{Past, TokenChange},
    },
    solana_address::Address,
    std::{
        collections::{BTreeMap, BTreeSet},
        mem::offset_of,
    },
};

/// What a provider's own transactions tell.
pub struct Known {
    pub provider: Address,
    pub owner: Address,
    /// Jobs that its nodes took, by address and incarnation.
    taken: BTreeSet<([u8; 32], u64)>,
    /// Shares of its nodes, and the pool of each.
    pub shares: BTreeMap<[u8; 32], Address>,
}

/// Every payment of jobs, reward pools and dividends to the owner of the provider at `provider`.
pub fn read(session: &Session<impl Ledger>, archive: &Archive, provider: &Address) -> Result<Book> {
    let known = Known::of(archive, provider)?;
    let mut book = Book::default();
    jobs(session, archive, &known, &mut book)?;
    shares::claims(session, archive, &known, &mut book)?;
    shares::dividends(session, archive, &known, &mut book)?;
    Ok(book)
}

impl Known {
    fn of(archive: &Archive, provider: &Address) -> Result<Self> {
        let mut owner = None;
        let (mut nodes, mut accepted) = (BTreeSet::new(), vec![]);
        let mut shares = BTreeMap::new();
        let pasts = archive.all(provider)?;
        for past in &pasts {
            for event in events_of(past, "provider", provider)? {
                match event {
                    Event::ProviderRegistered(e) if e.provider == *provider => {
                        owner = Some(e.owner);
                    }
                    Event::NodeRegistered(e) if e.provider == *provider => {
                        nodes.insert(e.node.to_bytes());
                    }
                    Event::ShareJoined(e) if e.provider == *provider => {
                        shares.insert(e.share.to_bytes(), e.pool);
                    }
                    Event::JobAccepted(e) => accepted.push(e),
                    _ => {}
                }
            }
        }
        let owner = owner.ok_or_else(|| match pasts.is_empty() {
            true => Failure::NotFound {
                what: "provider",
                address: *provider,
            },
            false => gap("provider", provider, "its registration is missing").into(),
        })?;
        let own = accepted
            .iter()
            .filter(|event| nodes.contains(&event.node.to_bytes()));
        Ok(Self {
            provider: *provider,
            owner,
            taken: own
                .map(|event| (event.job.to_bytes(), event.incarnation))
                .collect(),
            shares,
        })
    }
}

fn jobs(
    session: &Session<impl Ledger>,
    archive: &Archive,
    known: &Known,
    book: &mut Book,
) -> Result<()> {
    let filter = (
        8 + offset_of!(Job, provider),
        known.provider.to_bytes().to_vec(),
    );
    let live: BTreeMap<[u8; 32], Job> = session
        .ledger
        .list::<Job>(&[filter])?
        .into_iter()
        // One that is open was only named for it.
        .filter(|(_, job)| job.state != JobState::Open.byte())
        .map(|(address, job)| (address.to_bytes(), job))
        .collect();
    let taken = known.taken.iter().map(|(job, _)| *job);
    let all: BTreeSet<[u8; 32]> = taken.chain(live.keys().copied()).collect();
    for key in all {
        let address = Address::from(key);
        let escrow = Escrow::read(archive, &address)?;
        let is_ours = |incarnation| known.taken.contains(&(key, incarnation));
        let open = escrow.open.filter(|totals| is_ours(totals.incarnation));
        let told = open.map(|totals| (totals.incarnation, totals.paid));
        let account = live.get(&key).map(|job| (job.incarnation, job.paid));
        book.compare("job", &address, told, account);
        let paid = escrow
            .movements
            .iter()
            .filter(|one| one.door == Door::Provider && is_ours(one.incarnation));
        book.add(paid.map(|movement| Row {
            event: "job paid",
            amount_in: movement.amount,
            amount_out: 0,
            ..movement.row(&address)
        }));
    }
    Ok(())
}

/// The token account at `vault`, which paid `owner` at least `amount` in this transaction: what it held shows that, or, should
/// somebody have given it as much at once, what the owner's accounts hold.
pub fn paid<'a>(
    past: &'a Past,
    vault: &Address,
    owner: &Address,
    amount: u64,
) -> Result<&'a TokenChange> {
    let disagree = || {
        let signature = past.signature;
        ClientError::Rpc(format!(
            "the events of {signature} and the balances of {vault} and of {owner} disagree"
        ))
    };
    let vault = past.tokens_of(vault).ok_or_else(disagree)?;
    let change = |one: &TokenChange| i128::from(one.after) - i128::from(one.before);
    let owners = past
        .tokens
        .iter()
        .filter(|one| one.owner == Some(*owner) && one.mint == vault.mint);
    let amount = i128::from(amount);
    let rose = owners.map(change).sum::<i128>() >= amount;
    if rose || -change(vault) >= amount {
        Ok(vault)
    } else {
        Err(disagree().into())
    }
}
