//! What the owner of a provider received from reward pools, and as dividends.

use {
    super::{Book, Books, Error, Kind, Missing, Result, Row, Subject, Unseen, provider::Known},
    crate::{
        Event, Ledger, account, address,
        ledger::{
            Snapshot,
            history::{Past, TokenChange},
        },
    },
    sluice::state::{Position, Share},
    solana_address::Address,
    std::rc::Rc,
};

/// What a share was paid in all, base units: its payee and the delegators.
type Claimed = (u64, u64);

/// The claims of every share of the provider's nodes.
pub fn claims(books: &Books<impl Ledger>, known: &Known, book: &mut Book) -> Result<()> {
    let mut told = vec![];
    for (share, pool) in &known.shares {
        let receiver = Receiver {
            subject: Subject::Share,
            account: *share,
            vault: address::vault(pool),
            owner: known.owner,
        };
        let mut claimed: Option<Claimed> = None;
        let mut unread = Unread::default();
        for past in books.archive.all(share)? {
            unread.see(&past, &receiver.vault);
            let mut paid = vec![];
            for event in past.logged().events {
                if let Some((side, before)) = before(share, &event, claimed) {
                    book.add(unread.bridge(&receiver, &mut claimed, before)?);
                    unread.know(side);
                }
                let step = claim(&mut claimed, share, &event).ok_or_else(|| {
                    let (event, signature) = (event.name(), past.signature);
                    Subject::Share.gap(share, Missing::DoesNotFollow { event, signature })
                })?;
                paid.extend(step);
            }
            book.add(receiver.rows(&past, &paid)?);
            unread.add(&past, share);
        }
        told.push((share, claimed, receiver, unread));
    }
    let mut accounts = Snapshot::default();
    accounts.gather(books.ledger, known.shares.keys().copied())?;
    for (share, mut claimed, receiver, unread) in told {
        let chain = accounts.find(share)?;
        let chain = chain.map(|share: Share| (share.claimed, share.delegators_claimed));
        if let Some(chain) = chain {
            book.add(unread.bridge(&receiver, &mut claimed, chain)?);
        }
        book.compare(Subject::Share, share, claimed, chain);
    }
    Ok(())
}

/// Which total of a share the event tells, and what the totals were before it; `None` for an event that tells none.
fn before(share: &Address, event: &Event, known: Option<Claimed>) -> Option<(Side, Claimed)> {
    let (payee, delegators) = known?;
    match event {
        Event::RewardClaimed(e) if e.share == *share => {
            let before = e.claimed.checked_sub(e.amount)?;
            Some((Side::Payee, (before, delegators)))
        }
        Event::DelegatorsPaid(e) if e.share == *share => {
            let before = e.claimed.checked_sub(e.amount)?;
            Some((Side::Delegators, (payee, before)))
        }
        _ => None,
    }
}

/// Takes in an event: what it paid the payee, if anything. `None` when it does not follow from what went before.
fn claim(
    claimed: &mut Option<Claimed>,
    share: &Address,
    event: &Event,
) -> Option<Option<(Kind, u64)>> {
    match event {
        Event::ShareJoined(e) if e.share == *share => {
            let before = claimed.replace((0, 0));
            before.is_none().then_some(None)
        }
        Event::ShareClosed(e) if e.share == *share => claimed.take().map(|_| None),
        Event::RewardClaimed(e) if e.share == *share => {
            let (payee, _) = claimed.as_mut()?;
            let amount = e.claimed.checked_sub(*payee)?;
            *payee = e.claimed;
            (amount == e.amount).then_some(Some((Kind::RewardClaimed, amount)))
        }
        Event::DelegatorsPaid(e) if e.share == *share => {
            let (_, delegators) = claimed.as_mut()?;
            let amount = e.claimed.checked_sub(*delegators)?;
            *delegators = e.claimed;
            let to_payee = e.to_payee == 1;
            (amount == e.amount).then_some(to_payee.then_some((Kind::UndelegatedPart, amount)))
        }
        _ => Some(None),
    }
}

/// The dividends of the owner's position in the provider's stake pool.
pub fn dividends(books: &Books<impl Ledger>, known: &Known, book: &mut Book) -> Result<()> {
    let pool = address::stake_pool(&known.provider);
    let position = address::position(&pool, &known.owner);
    let receiver = Receiver {
        subject: Subject::Position,
        account: position,
        vault: address::dividends(&pool),
        owner: known.owner,
    };
    let mut claimed = 0;
    let mut unread = Unread::default();
    for past in books.archive.all(&position)? {
        unread.see(&past, &receiver.vault);
        let mut paid = vec![];
        for event in past.logged().events {
            match event {
                Event::DividendsClaimed(e) if e.pool == pool && e.staker == known.owner => {
                    let mut amount = dividend(&past, &receiver.vault, claimed, e.claimed);
                    let lost = lost(&past, &receiver.vault);
                    let is_open = unread.is_open(Side::Payee);
                    if let Some(lost) = lost.filter(|lost| is_open && *lost < amount) {
                        let unseen = amount.saturating_sub(lost);
                        book.add(unread.row(&receiver, Kind::DividendClaimed, unseen)?);
                        amount = lost;
                    }
                    unread.know(Side::Payee);
                    paid.push((Kind::DividendClaimed, amount));
                    claimed = e.claimed;
                }
                _ => {}
            }
        }
        book.add(receiver.rows(&past, &paid)?);
        unread.add(&past, &position);
    }
    let account = books.ledger.account(&position)?;
    if let Some(found) = account {
        let account: Position = account::decode(&position, &found)?;
        if let Some(unseen) = account.dividend_claimed.checked_sub(claimed)
            && unread.is_open(Side::Payee)
        {
            book.add(unread.row(&receiver, Kind::DividendClaimed, unseen)?);
            claimed = account.dividend_claimed;
        }
        // One that was closed and opened anew counts from nothing and logs nothing of it.
        let told = if account.dividend_claimed == 0 {
            0
        } else {
            claimed
        };
        book.compare(Subject::Position, &position, told, account.dividend_claimed);
    }
    Ok(())
}

/// What a claim paid that left the total at `claimed`. A position that was opened anew counts from nothing: then the vault lost
/// all of the total.
fn dividend(past: &Past, vault: &Address, before: u64, claimed: u64) -> u64 {
    let more = claimed.wrapping_sub(before);
    if lost(past, vault) == Some(claimed) {
        claimed
    } else {
        more
    }
}

/// What the vault lost in a transaction.
fn lost(past: &Past, vault: &Address) -> Option<u64> {
    let vault = past.tokens_of(vault)?;
    vault.before.checked_sub(vault.after)
}

/// Whose total it is.
#[derive(Clone, Copy, Debug)]
enum Side {
    Payee,
    Delegators,
}

/// The transactions that cannot be read to their end.
#[derive(Default)]
struct Unread {
    pasts: Vec<Rc<Past>>,
    /// How many of them lie before the last reading of each total.
    known: [usize; 2],
    /// The vault when last seen, for its mint.
    token: Option<TokenChange>,
}

impl Unread {
    /// Those since the total of that side was known.
    fn since(&self, side: Side) -> &[Rc<Past>] {
        let known = self.known.get(side as usize).copied();
        self.pasts
            .get(known.unwrap_or_default()..)
            .unwrap_or_default()
    }

    fn is_open(&self, side: Side) -> bool {
        !self.since(side).is_empty()
    }

    /// Takes note that the total of that side is known.
    fn know(&mut self, side: Side) {
        if let Some(known) = self.known.get_mut(side as usize) {
            *known = self.pasts.len();
        }
    }

    fn see(&mut self, past: &Past, vault: &Address) {
        self.token = past.tokens_of(vault).copied().or(self.token);
    }

    /// Adds the transaction if what it did to `account` cannot be read.
    fn add(&mut self, past: &Rc<Past>, account: &Address) {
        let is_cut = past.logged().truncated && past.calls_on(account).next().is_some();
        if past.is_untold || is_cut {
            self.pasts.push(Rc::clone(past));
        }
    }

    /// Rows for what a share was paid unseen until its totals were `to`, where they can have grown unseen.
    fn bridge(
        &self,
        receiver: &Receiver,
        claimed: &mut Option<Claimed>,
        to: Claimed,
    ) -> Result<Vec<Row>> {
        let Some((payee, delegators)) = claimed.as_mut() else {
            return Ok(vec![]);
        };
        let (mut rows, mut more) = (vec![], 0);
        if self.is_open(Side::Payee) && to.0 > *payee {
            more = to.0.saturating_sub(*payee);
            rows = self.row(receiver, Kind::RewardClaimed, more)?;
            *payee = to.0;
        }
        if self.is_open(Side::Delegators) && to.1 > *delegators {
            let unseen = to.1.saturating_sub(*delegators);
            if self.went_to_payee(receiver, more, unseen)? {
                rows.extend(self.row(receiver, Kind::UndelegatedPart, unseen)?);
            }
            *delegators = to.1;
        }
        Ok(rows)
    }

    /// True when the owner's own accounts got the delegators' part too, which the balances of a single transaction tell.
    fn went_to_payee(&self, receiver: &Receiver, claimed: u64, unseen: u64) -> Result<bool> {
        let rose = match self.since(Side::Delegators) {
            [only] if !only.is_untold => receiver.rose(only, self.token.as_ref()),
            _ => None,
        };
        let (claimed, unseen) = (i128::from(claimed), i128::from(unseen));
        match rose {
            Some(rose) if rose == claimed.saturating_add(unseen) => Ok(true),
            Some(rose) if rose == claimed => Ok(false),
            _ => Err(self.gap(receiver)),
        }
    }

    /// A row for `amount` in the last transaction in which the vault can have paid it.
    fn row(&self, receiver: &Receiver, kind: Kind, amount: u64) -> Result<Vec<Row>> {
        let side = match kind {
            Kind::UndelegatedPart => Side::Delegators,
            _ => Side::Payee,
        };
        let pasts = self.since(side);
        let is_able = |past: &&Rc<Past>| {
            past.is_untold || lost(past, &receiver.vault).is_some_and(|lost| lost > 0)
        };
        let likely = pasts.iter().rev().find(is_able);
        match (likely.or_else(|| pasts.last()), &self.token) {
            _ if amount == 0 => Ok(vec![]),
            (Some(past), Some(token)) => {
                let row = Row::new(past, kind, &receiver.account, token, amount);
                Ok(vec![row.bridged()])
            }
            _ => Err(self.gap(receiver)),
        }
    }

    fn gap(&self, receiver: &Receiver) -> Error {
        let signature = self.pasts.last().map(|past| past.signature);
        let missing = Missing::LogCut(signature.unwrap_or_default());
        receiver.subject.gap(&receiver.account, missing)
    }
}

fn change(one: &TokenChange) -> i128 {
    i128::from(one.after) - i128::from(one.before)
}

/// Where a provider's owner is paid from.
struct Receiver {
    subject: Subject,
    /// The share or the position.
    account: Address,
    /// The token account that pays.
    vault: Address,
    owner: Address,
}

impl Receiver {
    /// Rows of what the vault paid the owner in one transaction; its balances must show all of it.
    fn rows(&self, past: &Past, paid: &[(Kind, u64)]) -> Result<Vec<Row>> {
        let mut amounts = paid.iter().map(|(_, amount)| *amount);
        let sum = amounts
            .try_fold(0u64, u64::checked_add)
            .ok_or_else(|| self.subject.gap(&self.account, Missing::Overflow))?;
        if sum == 0 {
            return Ok(vec![]);
        }
        let vault = self.shown(past, sum)?;
        let row =
            |(kind, amount): &(Kind, u64)| Row::new(past, *kind, &self.account, vault, *amount);
        Ok(paid.iter().map(row).collect())
    }

    /// The vault, which paid the owner at least `amount` in this transaction: what it held shows that, or, should somebody have
    /// given it as much at once, what the owner's accounts hold.
    fn shown<'a>(&self, past: &'a Past, amount: u64) -> Result<&'a TokenChange> {
        let disagree = || {
            Error::Receipt(Box::new(Unseen {
                signature: past.signature,
                vault: self.vault,
                owner: self.owner,
            }))
        };
        let vault = past.tokens_of(&self.vault).ok_or_else(disagree)?;
        let amount = i128::from(amount);
        let rose = self
            .rose(past, Some(vault))
            .is_some_and(|rose| rose >= amount);
        if rose || -change(vault) >= amount {
            Ok(vault)
        } else {
            Err(disagree())
        }
    }

    /// By how much the owner's accounts of the vault's mint rose.
    fn rose(&self, past: &Past, vault: Option<&TokenChange>) -> Option<i128> {
        let mint = vault?.mint;
        let owners = past
            .tokens
            .iter()
            .filter(|one| one.owner == Some(self.owner) && one.mint == mint);
        Some(owners.map(change).sum())
    }
}
