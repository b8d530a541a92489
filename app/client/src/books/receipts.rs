//! What the owner of a provider received from reward pools, and as dividends.

use {
    super::{
        Book, Books, Error, Kind, Missing, Result, Row, Subject, Unseen, events_of, provider::Known,
    },
    crate::{
        Event, Ledger, account, address,
        ledger::{
            Snapshot,
            history::{Past, TokenChange},
        },
    },
    sluice::state::{Position, Share},
    solana_address::Address,
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
        for past in books.archive.all(share)? {
            let mut paid = vec![];
            for event in events_of(&past, Subject::Share, share)? {
                let step = claim(&mut claimed, share, &event).ok_or_else(|| {
                    let (event, signature) = (event.name(), past.signature);
                    Subject::Share.gap(share, Missing::DoesNotFollow { event, signature })
                })?;
                paid.extend(step);
            }
            book.add(receiver.rows(&past, &paid)?);
        }
        told.push((share, claimed));
    }
    let mut accounts = Snapshot::default();
    accounts.gather(books.ledger, known.shares.keys().copied())?;
    for (share, claimed) in told {
        let chain = accounts.find(share)?;
        let chain = chain.map(|share: Share| (share.claimed, share.delegators_claimed));
        book.compare(Subject::Share, share, claimed, chain);
    }
    Ok(())
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
    for past in books.archive.all(&position)? {
        let mut paid = vec![];
        for event in events_of(&past, Subject::Position, &position)? {
            match event {
                Event::DividendsClaimed(e) if e.pool == pool && e.staker == known.owner => {
                    let amount = dividend(&past, &receiver.vault, claimed, e.claimed);
                    paid.push((Kind::DividendClaimed, amount));
                    claimed = e.claimed;
                }
                _ => {}
            }
        }
        book.add(receiver.rows(&past, &paid)?);
    }
    let account = books.ledger.account(&position)?;
    if let Some(found) = account {
        let account: Position = account::decode(&position, &found)?;
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
    let lost = past
        .tokens_of(vault)
        .and_then(|vault| vault.before.checked_sub(vault.after));
    let more = claimed.wrapping_sub(before);
    if lost == Some(claimed) { claimed } else { more }
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
        let change = |one: &TokenChange| i128::from(one.after) - i128::from(one.before);
        let owners = past
            .tokens
            .iter()
            .filter(|one| one.owner == Some(self.owner) && one.mint == vault.mint);
        let amount = i128::from(amount);
        let rose = owners.map(change).sum::<i128>() >= amount;
        if rose || -change(vault) >= amount {
            Ok(vault)
        } else {
            Err(disagree())
        }
    }
}
