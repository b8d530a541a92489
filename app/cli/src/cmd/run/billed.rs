//! What a run came to, from the chain's history.

use {
    crate::{
        failure::{Failure, Result},
        format::Format,
        output::{Fields, Value, csv},
        screen::Screen,
        session::Session,
    },
    sluice_client::{Ledger, books::Line, instruction::token::Mint},
    sluice_run::{
        bill::{self, Bill, Figures, Part},
        order::Price,
        settings::Settings,
        store::{JobStage, Store},
    },
};

/// The bill, as a table or JSON; as CSV the rows that the buyer's statement has for the run's jobs.
pub fn bill(
    session: &Session<impl Ledger>,
    screen: &mut Screen,
    store: &Store,
    settings: &Settings,
) -> Result<Option<Fields>> {
    let bill = read(session, store, settings)?;
    if screen.format == Format::Csv {
        let rows = bill.lines.iter().map(Line::cells);
        screen.write(&csv::records(Line::HEADER, rows))?;
        return Ok(None);
    }
    let mint = session.mint(&settings.mint)?;
    Ok(Some(fields(&bill, settings, &mint)))
}

/// The bill from the chain's history.
pub fn read(session: &Session<impl Ledger>, store: &Store, settings: &Settings) -> Result<Bill> {
    let mut parts = vec![];
    for row in store.jobs()? {
        if row.stage == JobStage::Dropped || row.incarnation.is_none() {
            continue;
        }
        parts.push(Part {
            job: row.plan.job,
            incarnation: row.incarnation,
            node: row.plan.node,
            provider: row.plan.provider,
            price: Price {
                price: row.plan.price,
                per: row.plan.per,
            },
            chunks_done: store.done_in(row.number)?,
        });
    }
    let signatures = store.signatures()?.into_iter();
    let signatures: Vec<_> = signatures.filter_map(|text| text.parse().ok()).collect();
    Ok(Bill::read(
        &session.ledger,
        &settings.buyer,
        &parts,
        &signatures,
    )?)
}

/// The bill for people and programs.
pub fn fields(bill: &Bill, settings: &Settings, mint: &Mint) -> Fields {
    let rows = bill.jobs.iter().map(|charge| {
        let row = Fields::new()
            .with("job", charge.job)
            .with("node", charge.node)
            .with("chunks", charge.chunks_done)
            .with("units", charge.figures.units.paid);
        money(row, &charge.figures, mint)
    });
    let rows: Vec<_> = rows.collect();
    let head = Fields::new()
        .with("run", settings.id.as_str())
        .with("chunks_done", bill.chunks_done);
    money(head, &bill.total, mint)
        .of_mint(
            "each_chunk",
            bill.per_chunk.map_or(0, |rate| rate.each()),
            mint,
        )
        .sol("transaction_fees", bill.lamports.fees)
        .sol("rent_locked", bill.lamports.rent.locked)
        .sol("rent_returned", bill.lamports.rent.returned)
        .with("jobs", Value::Table(rows))
        .in_mint(&settings.mint)
}

fn money(fields: Fields, figures: &Figures, mint: &Mint) -> Fields {
    fields
        .of_mint("deposited", figures.deposited, mint)
        .of_mint("paid", figures.paid, mint)
        .of_mint("network_fee", figures.network_fee, mint)
        .of_mint("attestation_fee", figures.attestation_fee, mint)
        .of_mint("refunded", figures.refunded, mint)
        .of_mint("in_escrow", figures.in_escrow, mint)
}

impl From<bill::Error> for Failure {
    fn from(error: bill::Error) -> Self {
        match error {
            bill::Error::Books(error) => error.into(),
            bill::Error::Client(error) => error.into(),
            other => Self::input(other.to_string()),
        }
    }
}
