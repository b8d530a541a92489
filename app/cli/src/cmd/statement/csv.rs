//! RFC 4180, as far as it is needed: no cell of ours holds a comma, a quote or a line break.

use {
    crate::parse,
    sluice_client::{
        amount,
        books::{Line, Period},
    },
};

/// The columns.
const HEADER: [&str; 10] = [
    "slot",
    "time",
    "signature",
    "event",
    "account",
    "mint",
    "amount_in",
    "amount_out",
    "balance",
    "bridged",
];

/// A header and a record for each row.
pub fn of(period: &Period) -> String {
    let records = period.lines.iter().map(|line| cells(line).join(","));
    std::iter::once(HEADER.join(","))
        .chain(records)
        .map(|record| record + "\r\n")
        .collect()
}

fn cells(Line { row, balance }: &Line) -> [String; HEADER.len()] {
    let tokens = |base| amount::format(base, row.decimals);
    [
        row.slot.to_string(),
        row.time.map(parse::date).unwrap_or_default(),
        row.signature.to_string(),
        row.kind.name().to_owned(),
        row.account.to_string(),
        row.mint.to_string(),
        tokens(row.amount_in()),
        tokens(row.amount_out()),
        tokens(*balance),
        if row.is_bridged { "yes" } else { "" }.to_owned(),
    ]
}
