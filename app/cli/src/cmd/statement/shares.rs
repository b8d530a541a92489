//! What the owner of a provider received from reward pools, and as dividends.

use {
    super::{
        book::{Book, Row},
        events_of, gap,
        provider::{Known, paid},
    },
    crate::{archive::Archive, failure::Result, session::Session},
    sluice_client::{Event, Ledger, Position, Share, account, address, ledger::history::Past},
    solana_address::Address,
    std::rc::Rc,
};

/// What a share was paid in all, base units: its payee and the delegators.
type Claimed = (u64, u64);

/// The claims of every share of the provider's nodes.
pub fn claims(
    session: &Session<impl Ledger>,
    archive: &Archive,
    known: &Known,
    book: &mut Book,
) -> Result<()> {
    for (key, pool) in &known.shares {
        let share = Address::from(*key);
        let mut claimed: Option<Claimed> = None;
        for past in archive.all(&share)? {
            let mut rows = vec![];
            for event in events_of(&past, "share", &share)? {
                let step = claim(&mut claimed, &share, &event).ok_or_else(|| {
                    let why = format!("{} does not follow in {}", event.name(), past.signature);
                    gap("share", &share, &why)
                })?;
                rows.extend(step);
            }
            let vault = address::vault(pool);
            book.add(receipts(&past, &vault, known, &share, &rows)?);
        }
        let account = session.ledger.account(&share)?;
        let account = account
            .map(|found| account::decode::<Share>(&share, &found))
            .transpose()?;
        let chain = account.map(|share| (share.claimed, share.delegators_claimed));
        book.compare("share", &share, claimed, chain);
    }
    Ok(())
}

/// Takes in an event: what it paid the payee, if anything. `None` when it does not follow from what went before.
fn claim(
    claimed: &mut Option<Claimed>,
    share: &Address,
    event: &Event,
) -> Option<Option<(&'static str, u64)>> {
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
            (amount == e.amount).then_some(Some(("reward claimed", amount)))
        }
        Event::DelegatorsPaid(e) if e.share == *share => {
            let (_, delegators) = claimed.as_mut()?;
            let amount = e.claimed.checked_sub(*delegators)?;
            *delegators = e.claimed;
            let to_payee = e.to_payee == 1;
            (amount == e.amount)
                .then_some(to_payee.then_some(("delegators' part without delegators", amount)))
        }
        _ => Some(None),
    }
}

/// The dividends of the owner's position in the provider's stake pool.
pub fn dividends(
    session: &Session<impl Ledger>,
    archive: &Archive,
    known: &Known,
    book: &mut Book,
) -> Result<()> {
    let pool = address::stake_pool(&known.provider);
    let (vault, position) = (
        address::dividends(&pool),
        address::position(&pool, &known.owner),
    );
    let mut claimed = 0;
    for past in archive.all(&position)? {
        let mut rows = vec![];
        for event in events_of(&past, "position", &position)? {
            match event {
                Event::DividendsClaimed(e) if e.pool == pool && e.staker == known.owner => {
                    rows.push((
                        "dividend claimed",
                        dividend(&past, &vault, claimed, e.claimed),
                    ));
                    claimed = e.claimed;
                }
                _ => {}
            }
        }
        book.add(receipts(&past, &vault, known, &position, &rows)?);
    }
    let account = session.ledger.account(&position)?;
    if let Some(found) = account {
        let account: Position = account::decode(&position, &found)?;
        // One that was closed and opened anew counts from nothing and logs nothing of it.
        let told = if account.dividend_claimed == 0 {
            0
        } else {
            claimed
        };
        book.compare("position", &position, told, account.dividend_claimed);
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

/// Rows of what a vault paid the owner in one transaction; its balances must show all of it.
fn receipts(
    past: &Rc<Past>,
    vault: &Address,
    known: &Known,
    account: &Address,
    paid_out: &[(&'static str, u64)],
) -> Result<Vec<Row>> {
    let Some(sum) = paid_out
        .iter()
        .try_fold(0u64, |sum, (_, amount)| sum.checked_add(*amount))
    else {
        return Err(gap("account", account, "its sums overflow").into());
    };
    if sum == 0 {
        return Ok(vec![]);
    }
    let vault = paid(past, vault, &known.owner, sum)?;
    let row = |(event, amount): &(&'static str, u64)| Row {
        past: Rc::clone(past),
        event,
        account: *account,
        mint: vault.mint,
        decimals: vault.decimals,
        amount_in: *amount,
        amount_out: 0,
    };
    Ok(paid_out.iter().map(row).collect())
}
