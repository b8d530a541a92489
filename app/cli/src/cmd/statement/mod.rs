//! `sluice statement`: every token that moved for a buyer or a provider, as CSV. `docs/watching.md` defines the balance.

use {
    crate::{
        failure::Result,
        output::{Fields, Looks, Value, csv},
        parse::When,
        screen::Screen,
        session::{Session, own::Part},
    },
    clap::{Args, Subcommand},
    sluice_client::{
        Ledger, amount,
        books::{Books, Line, Total, Unexplained},
    },
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// What a provider's owner received from jobs, reward pools and dividends of its stake pool.
    Provider(OfProvider),
    /// What went into and out of the escrow of a buyer's jobs, closed ones too.
    Buyer(OfBuyer),
}

#[derive(Args, Debug)]
pub struct OfProvider {
    /// Address of the provider's account; by default the only one that the signer owns, else operates.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "PROVIDER"
    )]
    provider: Option<Address>,
    #[command(flatten)]
    period: Period,
}

#[derive(Args, Debug)]
pub struct OfBuyer {
    /// The buyer's key; by default the signer's.
    buyer: Option<Address>,
    #[command(flatten)]
    period: Period,
}

/// The time that a statement is about.
#[derive(Args, Debug)]
struct Period {
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
        let books = Books::of(&session.ledger)?.telling(session.onlooker());
        let ask = "give its address";
        let (of, period) = match &self {
            Self::Provider(of) => {
                let provider = session.provider(of.provider, Part::Either, ask)?;
                (provider, &of.period)
            }
            Self::Buyer(of) => {
                let buyer = of.buyer.map_or_else(|| session.own_key_or(ask), Ok)?;
                (buyer, &of.period)
            }
        };
        let now = session.now()?;
        let date = |when: Option<When>| when.map(|when| when.resolve(now)).transpose();
        let (from, to) = (date(period.from)?, date(period.to)?);
        let first_slot = books.first_slot()?;
        let book = match &self {
            Self::Provider(_) => books.provider(&of)?,
            Self::Buyer(_) => books.buyer(&of)?,
        };
        let period = book.period(from, to)?;
        let untold = books.untold();
        let untold: Vec<String> = untold.iter().map(ToString::to_string).collect();
        // What a buyer's escrow lost is in a row, whatever its door; a provider's pay may be missing.
        let is_incomplete = matches!(self, Self::Provider(_)) && !book.unexplained().is_empty();
        let finish = |fields: Fields| match is_incomplete {
            true => fields.incomplete(),
            false => fields,
        };
        if !screen.format.is_worded() {
            let rows = period.lines.iter().map(row).collect();
            let mints = period.totals.iter().map(total).collect();
            let unexplained = book.unexplained().iter().map(unexplained).collect();
            return Ok(Some(finish(
                Fields::new()
                    .with("of", of)
                    .with("from", from.map(Value::Date))
                    .with("to", to.map(Value::Date))
                    .with("history_from_slot", first_slot)
                    .with("untold", Value::Lines(untold))
                    .with("unexplained", Value::List(unexplained))
                    .with("rows", Value::List(rows))
                    .with("mints", Value::List(mints)),
            )));
        }
        screen.write(&csv::records(
            Line::HEADER,
            period.lines.iter().map(Line::cells),
        ))?;
        // The balances, for people: beside the CSV, not in it.
        let looks = session.looks();
        for total in &period.totals {
            screen.note(&sentence(total, &looks));
        }
        screen.note(&format!(
            "now is as the chain says; the node keeps transactions from slot {first_slot} on"
        ));
        for one in book.unexplained() {
            screen.note(&gap(one));
        }
        if !untold.is_empty() {
            screen.note(&format!(
                "the node does not tell these transactions, being of a later version; a job that was opened, or a share that was \
                 joined, in one and has been closed since may be missing: {}",
                untold.join(" ")
            ));
        }
        Ok(is_incomplete.then(|| finish(Fields::verbatim(String::new()))))
    }
}

/// A row as JSON has it.
fn row(Line { row, balance }: &Line) -> Fields {
    Fields::new()
        .with("slot", row.slot)
        .with("time", row.time.map(Value::Date))
        .with("signature", row.signature.to_string())
        .with("event", row.kind.name())
        .with("account", row.account)
        .with("mint", row.mint)
        .tokens("amount_in", row.amount_in(), row.decimals)
        .tokens("amount_out", row.amount_out(), row.decimals)
        .tokens("balance", *balance, row.decimals)
        .with("bridged", row.is_bridged)
}

/// What is not explained, as JSON has it.
fn unexplained(one: &Unexplained) -> Fields {
    let transactions = one.transactions.iter().map(ToString::to_string);
    Fields::new()
        .with("event", one.kind.name())
        .with("account", one.account)
        .with("mint", one.mint)
        .tokens("amount", one.amount, one.decimals)
        .with("or_more", !one.is_all)
        .with("transactions", Value::Lines(transactions.collect()))
}

/// What is not explained, for people.
fn gap(one: &Unexplained) -> String {
    let amount = amount::format(one.amount, one.decimals);
    let mint = one.mint.map(|mint| format!(" of {mint}"));
    let more = if one.is_all {
        "at most"
    } else {
        "and what came in there unseen, at most"
    };
    let transactions: Vec<String> = one.transactions.iter().map(ToString::to_string).collect();
    format!(
        "not explained: {one}, {amount}{} {more}, in {}",
        mint.unwrap_or_default(),
        transactions.join(" "),
    )
}

/// What a mint comes to, as JSON has it.
fn total(total: &Total) -> Fields {
    Fields::new()
        .with("mint", total.mint)
        .tokens("opening", total.opening, total.decimals)
        .tokens("amount_in", total.amount_in, total.decimals)
        .tokens("amount_out", total.amount_out, total.decimals)
        .tokens("closing", total.closing, total.decimals)
        .tokens("now", total.now, total.decimals)
}

/// What a mint comes to, for people, who gave it a name perhaps.
fn sentence(total: &Total, looks: &Looks) -> String {
    let name = looks.names.of(&total.mint);
    let mint = name.map_or_else(|| total.mint.to_string(), str::to_owned);
    let tokens = |base| amount::format(base, total.decimals);
    format!(
        "{mint}: opening {}, in {}, out {}, closing {}, now {}",
        tokens(total.opening),
        tokens(total.amount_in),
        tokens(total.amount_out),
        tokens(total.closing),
        tokens(total.now),
    )
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::{format::Format, output::Looks},
        sluice_client::books::Kind,
        solana_signature::Signature,
    };

    #[test]
    fn what_is_not_explained_is_named_with_its_most() {
        let [account, mint] = [1, 2].map(|seed| Address::new_from_array([seed; 32]));
        let signature = Signature::from([3; 64]);
        let one = Unexplained {
            account,
            kind: Kind::JobPaid,
            mint: Some(mint),
            decimals: 6,
            amount: 1_500_000,
            is_all: true,
            transactions: vec![signature],
        };
        let said = format!("not explained: job paid of {account}, 1.5 of {mint} at most, in");
        assert_eq!(gap(&one), format!("{said} {signature}"));
        let more = Unexplained {
            is_all: false,
            ..one
        };
        assert!(gap(&more).contains("what came in there unseen"));
        let told = unexplained(&more).render(Format::JsonCompact, &Looks::default());
        assert!(told.contains(r#""or_more":true"#), "{told}");
    }
}
