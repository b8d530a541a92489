//! `sluice events`: what became true, read back from the logs of past transactions.

use {
    crate::{
        failure::Result,
        format::Format,
        output::{Fields, Looks, Value, label},
        parse::When,
        screen::Screen,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, amount,
        event::{AmountMint, Batch, Batches, Field, Mints},
        ledger::history::{self, Past, Span},
    },
    solana_address::Address,
    solana_signature::Signature,
};

#[derive(Args, Debug)]
pub struct Events {
    /// Any account or key: network, job, provider, node, pool, owner; by default the program itself.
    address: Option<Address>,
    /// Only from this date on.
    #[arg(long, value_name = "DATE")]
    since: Option<When>,
    /// Only before this date.
    #[arg(long, value_name = "DATE")]
    until: Option<When>,
    /// Only older than this transaction, which is the last one of the answer before.
    #[arg(long, value_name = "SIGNATURE")]
    before: Option<Signature>,
    /// At most so many transactions with events, the newest.
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    /// Only events that carry the address themselves, not all of the transactions that name it.
    #[arg(long, requires = "address")]
    only: bool,
    /// Shows the oldest of them first; by default the newest.
    #[arg(long)]
    oldest_first: bool,
}

impl Events {
    /// Lists the events; JSON on one line each with `--output json-compact`, as they are found unless the oldest go first.
    pub fn run(
        self,
        session: &Session<impl Ledger>,
        screen: &mut Screen,
    ) -> Result<Option<Fields>> {
        let streams = screen.format == Format::JsonCompact;
        let mut batches = vec![];
        let reading = session.waits("reads events");
        for batch in self.batches(session)? {
            let batch = batch?;
            reading.goes_on(batches.len());
            if streams && !self.oldest_first {
                rows(&batch)
                    .iter()
                    .try_for_each(|row| screen.json_line(row))?;
            } else {
                batches.push(batch);
            }
        }
        if self.oldest_first {
            batches.reverse();
        }
        let found: Vec<Fields> = batches.iter().flat_map(rows).collect();
        if streams {
            found.iter().try_for_each(|row| screen.json_line(row))?;
            return Ok(None);
        }
        if screen.format == Format::Display {
            let mut mints = Mints::of(&session.ledger);
            let texts: Vec<String> = batches.iter().map(|one| lines(one, &mut mints)).collect();
            screen.write(&texts.concat())?;
            return Ok(None);
        }
        Ok(Some(Fields::new().with("events", Value::List(found))))
    }

    /// The transactions asked for, newest first; the events within one are in their order.
    fn batches<'a>(&self, session: &'a Session<impl Ledger>) -> Result<Batches<'a>> {
        let history = history::of(&session.ledger)?;
        let now = session.now()?;
        let date = |when: Option<When>| when.map(|when| when.resolve(now)).transpose();
        let span = Span {
            since: date(self.since)?,
            until: date(self.until)?,
            before: self.before,
            limit: Some(self.limit),
            ..Span::default()
        };
        let address = self.address.unwrap_or(sluice_client::ID);
        let batches = Batches::of(history, &address, span);
        Ok(if self.only {
            batches.carrying()
        } else {
            batches
        })
    }
}

fn place(past: &Past) -> Fields {
    Fields::new()
        .with("slot", past.slot)
        .with("time", past.time.map(Value::Date))
        .with("signature", past.signature.to_string())
}

/// One object for each event, and one more where the log was cut.
fn rows(batch: &Batch) -> Vec<Fields> {
    let events = batch.events.iter().map(|event| {
        place(&batch.past)
            .with("event", event.name())
            .with("fields", fields(&event.fields()))
    });
    let cut = batch.truncated.then(|| {
        place(&batch.past)
            .with("event", None::<&str>)
            .with("log_truncated", true)
            .with("untold", batch.past.is_untold)
    });
    events.chain(cut).collect()
}

fn fields(values: &[(&'static str, Field)]) -> Fields {
    values
        .iter()
        .fold(Fields::new(), |all, (name, value)| all.with(*name, value))
}

impl From<&Field> for Value {
    /// Amounts are base units.
    fn from(field: &Field) -> Self {
        match field {
            Field::Address(address) => (*address).into(),
            Field::Number(number) => Self::Number(*number),
            Field::Count(count) | Field::Amount(count) => Self::Count(*count),
            Field::Date(unix) => Self::Date(*unix),
            Field::Hash(bytes) => Self::Hash(*bytes),
            Field::Text(text) => Self::Text(text.clone()),
            Field::Index(index) => index.to_string().into(),
            Field::Group(values) => Self::Group(fields(values)),
        }
    }
}

/// For people: a line for each transaction, and below it one for each event.
fn lines(batch: &Batch, mints: &mut Mints<impl Ledger>) -> String {
    let past = &batch.past;
    let time = past.time.map_or("no date".to_owned(), crate::parse::date);
    let mut text = format!("{time}  slot {}  {}\n", past.slot, past.signature);
    for event in &batch.events {
        let (fields, mint) = (event.fields(), mints.of_event(event, past));
        text += &format!("  {}", event.name());
        for (name, value) in &fields {
            text += &format!("  {} {}", label(name), said(name, value, mint.as_ref()));
        }
        let has_amount = fields
            .iter()
            .any(|(_, value)| matches!(value, Field::Amount(_)));
        let names_mint = fields.iter().any(|(name, _)| *name == "mint");
        if let Some(mint) = mint.filter(|_| has_amount && !names_mint) {
            text += &format!("  mint {}", mint.address);
        }
        text.push('\n');
    }
    if past.is_untold {
        text += "  the node does not tell this transaction, being of a later version: its events are unknown\n";
    } else if batch.truncated {
        text += "  the log was cut here: further events are unknown\n";
    }
    text
}

fn said(name: &str, value: &Field, mint: Option<&AmountMint>) -> String {
    match value {
        Field::Amount(base) => match mint {
            Some(mint) => amount::format(*base, mint.decimals),
            None => format!("{base} base units"),
        },
        Field::Group(values) => {
            let inner = values
                .iter()
                .map(|(name, value)| format!("{} {}", label(name), said(name, value, mint)));
            format!("({})", inner.collect::<Vec<_>>().join(", "))
        }
        plain => Value::named(name, plain).display(&Looks::default()),
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        sluice_client::{
            Event, address,
            ledger::{Embedded, history::TokenChange},
        },
    };

    fn batch() -> Batch {
        let job = Address::new_from_array([1; 32]);
        let event = sluice::events::EscrowMoved {
            job,
            amount: 1_500_000,
            paid: 20_000_000_000_000_001,
            swept_treasury: 0,
            swept_attesters: 0,
            refunded: 0,
        };
        let past = Past {
            signature: Signature::default(),
            slot: 7,
            time: None,
            error: None,
            accounts: vec![],
            signers: 1,
            calls: vec![],
            is_traced: true,
            is_untold: false,
            logs: None,
            tokens: vec![TokenChange {
                account: address::vault(&job),
                mint: Address::new_from_array([2; 32]),
                owner: None,
                decimals: 6,
                before: 2_000_000,
                after: 500_000,
            }],
            fee: None,
            lamports: vec![],
        };
        Batch {
            past,
            events: vec![Event::EscrowMoved(event)],
            truncated: false,
        }
    }

    #[test]
    fn people_see_tokens_and_their_mint_and_programs_base_units_as_text() {
        let chain = Embedded::new(sluice_elf::built()).unwrap();
        let mut told = batch();
        let text = lines(&told, &mut Mints::of(&chain));
        assert!(
            text.contains("  amount 1.5  paid 20000000000.000001  "),
            "{text}"
        );
        let mint = Address::new_from_array([2; 32]);
        assert!(text.ends_with(&format!("  mint {mint}\n")), "{text}");
        let json = rows(&told)[0].render(Format::JsonCompact, &Looks::default());
        assert!(json.contains("\"amount\":\"1500000\""), "{json}");
        assert!(json.contains("\"paid\":\"20000000000000001\""), "{json}");

        // Nothing tells the mint.
        told.past.tokens.clear();
        let text = lines(&told, &mut Mints::of(&chain));
        assert!(text.contains("  amount 1500000 base units  "), "{text}");
        assert!(!text.contains("mint"), "{text}");

        told.past.is_untold = true;
        (told.events, told.truncated) = (vec![], true);
        let text = lines(&told, &mut Mints::of(&chain));
        assert!(text.contains("does not tell this transaction"), "{text}");
    }
}
