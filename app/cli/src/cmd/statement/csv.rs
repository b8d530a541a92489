//! RFC 4180, as far as it is needed: no cell of ours holds a comma, a quote or a line break.

use super::book::Period;

/// The columns.
pub const HEADER: [&str; 9] = [
    "slot",
    "time",
    "signature",
    "event",
    "account",
    "mint",
    "amount_in",
    "amount_out",
    "balance",
];

/// A header and a record for each row.
pub fn of(period: &Period) -> String {
    let records = period.lines.iter().map(|line| line.cells().join(","));
    std::iter::once(HEADER.join(","))
        .chain(records)
        .map(|record| record + "\r\n")
        .collect()
}
