//! A row as a statement writes it.

use {
    super::Line,
    crate::{amount, text},
};

impl Line {
    /// The columns of a statement.
    pub const HEADER: [&str; 10] = [
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

    /// Its cells, one for each column: the date as in RFC 3339, amounts and balance in token units.
    pub fn cells(&self) -> [String; Self::HEADER.len()] {
        let Self { row, balance } = self;
        let tokens = |base| amount::format(base, row.decimals);
        [
            row.slot.to_string(),
            row.time.map(text::date).unwrap_or_default(),
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
}
