//! The book: what every party and vault held, and what each instruction moved.
//!
//! Flows are observed, not believed: balances are weighed before and after every transaction, and once more at the end.

use {
    anyhow::{Context, Result, ensure},
    solana_address::Address,
};

/// What can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asset {
    Usdc,
    Reward,
    Stake,
    Sol,
}

impl Asset {
    pub const ALL: [Self; 4] = [Self::Usdc, Self::Reward, Self::Stake, Self::Sol];

    /// Decimals of one unit.
    pub const fn decimals(self) -> u8 {
        match self {
            Self::Usdc | Self::Stake => 6,
            Self::Reward | Self::Sol => 9,
        }
    }

    /// How people write it.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Usdc => "USDC",
            Self::Reward => "REWARD",
            Self::Stake => "STAKE",
            Self::Sol => "SOL",
        }
    }
}

/// Why something moved. Of lamports, rent put down is `Paid` and rent returned is `Refunded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Paid,
    Earned,
    Refunded,
    Fees,
}

impl Column {
    pub const ALL: [Self; 4] = [Self::Paid, Self::Earned, Self::Refunded, Self::Fees];

    /// The column's title in the table of `asset`.
    pub const fn title(self, asset: Asset) -> &'static str {
        match (self, asset) {
            (Self::Paid, Asset::Sol) => "rent paid",
            (Self::Refunded, Asset::Sol) => "rent back",
            (Self::Paid, _) => "paid",
            (Self::Earned, _) => "earned",
            (Self::Refunded, _) => "refunded",
            (Self::Fees, _) => "fees",
        }
    }

    /// The column of the tokens that the program's instruction `name` moves.
    pub fn of_instruction(name: &str) -> Self {
        match name {
            "pay" | "claim" | "claim_dividends" => Self::Earned,
            "sweep_treasury" | "sweep_attesters" => Self::Fees,
            "refund" | "withdraw" | "close_job" | "settle_challenge" => Self::Refunded,
            _ => Self::Paid,
        }
    }
}

/// Where a balance is read.
#[derive(Clone, Debug)]
pub enum Source {
    /// Token accounts, summed.
    Tokens(Vec<Address>),
    /// What was burned of a mint of which so much was issued.
    Burned(Address, u64),
    /// The lamports of a key.
    Lamports(Address),
    /// The lamports of a key that pays fees and nothing else.
    Keeper(Address),
    /// The rent in every account of the program and in these vaults.
    Rent(Vec<Address>),
    /// What signatures cost so far, counted from the transactions themselves.
    Validators,
}

/// One holder of one asset, base units.
#[derive(Clone, Debug)]
pub struct Row {
    pub holder: String,
    pub asset: Asset,
    pub source: Source,
    pub start: i128,
    pub flows: [i128; 4],
    pub end: i128,
}

/// All holders.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub rows: Vec<Row>,
}

impl Book {
    /// Adds a holder; its start is weighed when the book opens.
    pub fn add(&mut self, holder: &str, asset: Asset, source: Source) {
        self.rows.push(Row {
            holder: holder.to_owned(),
            asset,
            source,
            start: 0,
            flows: [0; 4],
            end: 0,
        });
    }

    /// Begins with these balances, in the rows' order.
    pub fn open(&mut self, balances: &[i128]) {
        for (row, balance) in self.rows.iter_mut().zip(balances) {
            row.start = *balance;
        }
    }

    /// Ends with these balances.
    pub fn close(&mut self, balances: &[i128]) {
        for (row, balance) in self.rows.iter_mut().zip(balances) {
            row.end = *balance;
        }
    }

    /// Books what the instruction `name` moved.
    pub fn record(&mut self, name: &str, before: &[i128], after: &[i128]) {
        for (row, (before, after)) in self.rows.iter_mut().zip(before.iter().zip(after)) {
            let moved = after - before;
            let column = match row.source {
                Source::Tokens(_) | Source::Burned(..) => Column::of_instruction(name),
                Source::Keeper(_) | Source::Validators => Column::Fees,
                Source::Lamports(_) if moved > 0 => Column::Refunded,
                Source::Rent(_) if moved < 0 => Column::Refunded,
                Source::Lamports(_) | Source::Rent(_) => Column::Paid,
            };
            row.flows[column as usize] += moved;
        }
    }

    /// The row of `holder`.
    pub fn row(&self, holder: &str, asset: Asset) -> Result<&Row> {
        self.rows
            .iter()
            .find(|row| row.holder == holder && row.asset == asset)
            .with_context(|| format!("the book knows no {} of {holder}", asset.symbol()))
    }

    /// Refuses a row whose flows do not explain its end, and a column that does not sum to zero.
    pub fn verify(&self) -> Result<()> {
        for row in &self.rows {
            let off = row.start + row.flows.iter().sum::<i128>() - row.end;
            ensure!(
                off == 0,
                "{} of {} is off by {}",
                row.asset.symbol(),
                row.holder,
                signed(off, row.asset)
            );
        }
        for asset in Asset::ALL {
            for column in Column::ALL {
                let sum: i128 = self.of(asset).map(|row| row.flows[column as usize]).sum();
                ensure!(
                    sum == 0,
                    "the column \"{}\" of {} is off by {}",
                    column.title(asset),
                    asset.symbol(),
                    signed(sum, asset)
                );
            }
        }
        Ok(())
    }

    /// The rows of `asset`.
    pub fn of(&self, asset: Asset) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.asset == asset)
    }
}

/// Base units as token units with every decimal.
pub fn plain(amount: i128, asset: Asset) -> String {
    let places = usize::from(asset.decimals());
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{whole}.{fraction}")
}

/// The same, with a sign unless it is zero.
pub fn signed(amount: i128, asset: Asset) -> String {
    let sign = if amount > 0 { "+" } else { "" };
    format!("{sign}{}", plain(amount, asset))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A buyer pays 10 into a vault, which pays 9 to a provider and returns 1.
    fn book() -> Book {
        let mut book = Book::default();
        for holder in ["buyer", "provider", "vault"] {
            book.add(holder, Asset::Usdc, Source::Tokens(vec![]));
        }
        book.open(&[100, 0, 0]);
        book.record("open_job", &[100, 0, 0], &[90, 0, 10]);
        book.record("pay", &[90, 0, 10], &[90, 9, 1]);
        book.record("refund", &[90, 9, 1], &[91, 9, 0]);
        book.close(&[91, 9, 0]);
        book
    }

    #[test]
    fn a_balanced_book_is_accepted() {
        let book = book();
        book.verify().unwrap();
        assert_eq!(book.rows[0].flows, [-10, 0, 1, 0]);
    }

    #[test]
    fn a_total_off_by_one_base_unit_is_refused_by_name() {
        for (index, holder) in ["buyer", "provider", "vault"].iter().enumerate() {
            let mut book = book();
            book.rows[index].end += 1;
            let said = book.verify().unwrap_err().to_string();
            assert_eq!(said, format!("USDC of {holder} is off by -0.000001"));
        }
    }

    #[test]
    fn a_flow_without_a_counterpart_is_refused_by_name() {
        let mut book = book();
        book.rows[1].flows[Column::Earned as usize] += 1;
        book.rows[1].end += 1;
        let said = book.verify().unwrap_err().to_string();
        assert_eq!(said, "the column \"earned\" of USDC is off by +0.000001");
    }

    #[test]
    fn amounts_are_written_to_the_base_unit() {
        assert_eq!(plain(1, Asset::Sol), "0.000000001");
        assert_eq!(signed(1_500_000, Asset::Usdc), "+1.500000");
        assert_eq!(signed(-1_500_000, Asset::Usdc), "-1.500000");
        assert_eq!(signed(0, Asset::Usdc), "0.000000");
    }
}
