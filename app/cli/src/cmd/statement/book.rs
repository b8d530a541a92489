//! Rows in their order, and the balances they come to.

use {
    super::csv,
    crate::{
        failure::Result,
        output::{Fields, Value},
    },
    sluice_client::{ClientError, amount, ledger::history::Past},
    solana_address::Address,
    std::{collections::BTreeMap, rc::Rc},
};

/// One movement of tokens, base units.
#[derive(Clone)]
pub struct Row {
    pub past: Rc<Past>,
    pub event: &'static str,
    /// The job, share or position that it is of.
    pub account: Address,
    pub mint: Address,
    pub decimals: u8,
    pub amount_in: u64,
    pub amount_out: u64,
}

/// Every movement from the beginning, and what the chain says they come to.
#[derive(Default)]
pub struct Book {
    rows: Vec<Row>,
    /// In what history and chain contradict each other.
    pub disagreements: Vec<String>,
}

/// A row of a period, with the balance of its mint after it.
pub struct Line {
    pub row: Row,
    pub balance: u64,
}

/// What a mint came to in a period, base units.
#[derive(Clone, Copy, Default)]
struct Total {
    decimals: u8,
    opening: u64,
    amount_in: u64,
    amount_out: u64,
    closing: u64,
    now: u64,
}

/// The rows between two dates.
pub struct Period {
    pub lines: Vec<Line>,
    totals: BTreeMap<[u8; 32], (Address, Total)>,
}

impl Book {
    /// Adds the rows of one account, in their order.
    pub fn add(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.rows.extend(rows);
    }

    /// Notes where what history comes to is not what the chain says.
    pub fn compare<T: PartialEq>(&mut self, what: &str, address: &Address, told: T, chain: T) {
        if told != chain {
            self.disagreements.push(format!(
                "transactions and account of the {what} {address} differ"
            ));
        }
    }

    /// What every mint comes to now, base units; mints that come to nothing are left out.
    pub fn balances(&self) -> Result<BTreeMap<[u8; 32], u64>> {
        let whole = self.period(None, None)?;
        let totals = whole.totals.into_iter();
        let closing = totals.map(|(mint, (_, total))| (mint, total.closing));
        Ok(closing.filter(|(_, base)| *base > 0).collect())
    }

    /// The rows from `from` on and before `to`, unix seconds.
    pub fn period(&self, from: Option<i64>, to: Option<i64>) -> Result<Period> {
        let mut rows = self.rows.clone();
        // Within a slot accounts stay together, and each is in its own order.
        rows.sort_by_key(|row| row.past.slot);
        let mut period = Period {
            lines: vec![],
            totals: BTreeMap::new(),
        };
        for row in rows {
            let (_, total) = period
                .totals
                .entry(row.mint.to_bytes())
                .or_insert((row.mint, Total::default()));
            let inconsistent = || ClientError::Rpc(format!("the sums of {} overflow", row.mint));
            total.decimals = row.decimals;
            total.now = total
                .now
                .checked_add(row.amount_in)
                .and_then(|sum| sum.checked_sub(row.amount_out))
                .ok_or_else(inconsistent)?;
            if from.is_some() && is_before(&row, from)? {
                total.opening = total.now;
            }
            let ahead = to.is_some() && !is_before(&row, to)?;
            if !ahead {
                total.closing = total.now;
            }
            if ahead || (from.is_some() && is_before(&row, from)?) {
                continue;
            }
            total.amount_in = total
                .amount_in
                .checked_add(row.amount_in)
                .ok_or_else(inconsistent)?;
            total.amount_out = total
                .amount_out
                .checked_add(row.amount_out)
                .ok_or_else(inconsistent)?;
            let balance = total.now;
            period.lines.push(Line { row, balance });
        }
        Ok(period)
    }
}

/// True if the row is older than a date that is given.
fn is_before(row: &Row, date: Option<i64>) -> Result<bool> {
    let time = row.past.time.ok_or_else(|| {
        let signature = row.past.signature;
        ClientError::Rpc(format!("the node does not know the date of {signature}"))
    })?;
    Ok(date.is_some_and(|date| time < date))
}

impl Period {
    /// The rows as JSON has them.
    pub fn fields(&self) -> Vec<Fields> {
        let of = |line: &Line| {
            let row = &line.row;
            Fields::new()
                .with("slot", row.past.slot)
                .with("time", row.past.time.map(Value::Date))
                .with("signature", row.past.signature.to_string())
                .with("event", row.event)
                .with("account", row.account)
                .with("mint", row.mint)
                .tokens("amount_in", row.amount_in, row.decimals)
                .tokens("amount_out", row.amount_out, row.decimals)
                .tokens("balance", line.balance, row.decimals)
        };
        self.lines.iter().map(of).collect()
    }

    /// What every mint comes to, as JSON has it.
    pub fn totals(&self) -> Vec<Fields> {
        let of = |(mint, total): &(Address, Total)| {
            Fields::new()
                .with("mint", *mint)
                .tokens("opening", total.opening, total.decimals)
                .tokens("amount_in", total.amount_in, total.decimals)
                .tokens("amount_out", total.amount_out, total.decimals)
                .tokens("closing", total.closing, total.decimals)
                .tokens("now", total.now, total.decimals)
        };
        self.totals.values().map(of).collect()
    }

    /// What every mint comes to, a sentence each.
    pub fn lines(&self) -> Vec<String> {
        let of = |(mint, total): &(Address, Total)| {
            let tokens = |base| amount::format(base, total.decimals);
            format!(
                "{mint}: opening {}, in {}, out {}, closing {}, now {}",
                tokens(total.opening),
                tokens(total.amount_in),
                tokens(total.amount_out),
                tokens(total.closing),
                tokens(total.now),
            )
        };
        self.totals.values().map(of).collect()
    }
}

impl Line {
    /// The cells of the CSV, as [`csv::HEADER`] names them.
    pub fn cells(&self) -> [String; csv::HEADER.len()] {
        let row = &self.row;
        let tokens = |base| amount::format(base, row.decimals);
        [
            row.past.slot.to_string(),
            row.past.time.map(crate::parse::date).unwrap_or_default(),
            row.past.signature.to_string(),
            row.event.to_owned(),
            row.account.to_string(),
            row.mint.to_string(),
            tokens(row.amount_in),
            tokens(row.amount_out),
            tokens(self.balance),
        ]
    }
}
