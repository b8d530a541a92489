//! `sluice statement`: every token that moved for a buyer or a provider, as CSV. `docs/watching.md` defines the balance.

mod book;
mod buyer;
mod csv;
mod escrow;
mod provider;
mod shares;
mod totals;

use {
    crate::{
        archive::Archive,
        failure::Result,
        output::{Fields, Format, Value},
        parse::When,
        screen::Screen,
        session::Session,
    },
    book::{Book, Period},
    clap::{Args, Subcommand},
    sluice_client::{ClientError, Event, Ledger, ledger::history::Past},
    solana_address::Address,
    std::{thread, time::Duration},
};

/// How often the chain and its history are read before they count as at odds: one may be a moment ahead of the other.
const ATTEMPTS: usize = 3;
const MOMENT: Duration = Duration::from_secs(1);

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// What a provider's owner received from jobs, reward pools and dividends of its stake pool.
    Provider(Of),
    /// What went into and out of the escrow of a buyer's jobs, closed ones too.
    Buyer(Of),
}

#[derive(Args, Debug)]
pub struct Of {
    /// Address of the provider's account, or the buyer's key.
    address: Address,
    /// Only from this date on; what was before is the opening balance.
    #[arg(long, value_name = "DATE")]
    from: Option<When>,
    /// Only before this date; by default up to now.
    #[arg(long, value_name = "DATE")]
    to: Option<When>,
}

impl Verb {
    /// Reads the whole history, holds it against the chain, and writes the period's part of it.
    pub fn run(
        self,
        session: &Session<impl Ledger>,
        screen: &mut Screen,
    ) -> Result<Option<Fields>> {
        let archive = Archive::of(&session.ledger)?;
        let (Self::Provider(of) | Self::Buyer(of)) = &self;
        let now = session.now()?;
        let date = |when: Option<When>| when.map(|when| when.resolve(now)).transpose();
        let (from, to) = (date(of.from)?, date(of.to)?);
        let first_slot = archive.first_slot()?;
        let book = agreed(|| match &self {
            Self::Provider(of) => provider::read(session, &archive, &of.address),
            Self::Buyer(of) => buyer::read(session, &archive, &of.address),
        })?;
        let period = book.period(from, to)?;
        if screen.format != Format::Display {
            return Ok(Some(
                Fields::new()
                    .with("of", of.address)
                    .with("from", from.map(Value::Date))
                    .with("to", to.map(Value::Date))
                    .with("history_from_slot", first_slot)
                    .with("rows", Value::List(period.fields()))
                    .with("mints", Value::List(period.totals())),
            ));
        }
        screen.write(&csv::of(&period))?;
        conclude(&period, first_slot, screen);
        Ok(None)
    }
}

/// The balances, for people: beside the CSV, not in it.
fn conclude(period: &Period, first_slot: u64, screen: &mut Screen) {
    for line in period.lines() {
        screen.note(&line);
    }
    screen.note(&format!(
        "now is as the chain says; the node keeps transactions from slot {first_slot} on"
    ));
}

/// What `read` finds once history and chain agree.
fn agreed(read: impl Fn() -> Result<Book>) -> Result<Book> {
    let mut book = read()?;
    for _ in 1..ATTEMPTS {
        if book.disagreements.is_empty() {
            return Ok(book);
        }
        thread::sleep(MOMENT);
        book = read()?;
    }
    match book.disagreements.first() {
        None => Ok(book),
        Some(first) => Err(ClientError::Rpc(format!(
            "history and chain disagree: {first}; ask a node that keeps the whole ledger"
        ))
        .into()),
    }
}

/// The events of a transaction, which must be known if the program took part: `what` at `address` is why it was read.
fn events_of(past: &Past, what: &str, address: &Address) -> Result<Vec<Event>> {
    let logged = past.logged();
    if logged.truncated && past.ran_sluice {
        let why = format!("the log of {} is missing or cut", past.signature);
        return Err(gap(what, address, &why).into());
    }
    Ok(logged.events)
}

/// Something that history must tell and does not.
fn gap(what: &str, address: &Address, why: &str) -> ClientError {
    ClientError::Rpc(format!(
        "the history of the {what} {address} has a gap: {why}; ask a node that keeps the whole ledger"
    ))
}
