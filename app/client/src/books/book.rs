//! Rows in their order, and what they come to.

use {
    super::{Disagreement, Kind, Period, Result, Subject, Unexplained},
    crate::ledger::history::{Past, TokenChange},
    solana_address::Address,
    solana_signature::Signature,
    std::collections::BTreeMap,
};

/// One movement of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of the transaction.
    pub slot: u64,
    /// Unix seconds, where the node knows.
    pub time: Option<i64>,
    /// Of the transaction.
    pub signature: Signature,
    /// Why the tokens moved.
    pub kind: Kind,
    /// The job, share or position that it is of.
    pub account: Address,
    /// Of the tokens.
    pub mint: Address,
    /// Of the mint.
    pub decimals: u8,
    /// Base units.
    pub amount: u64,
    /// True where the transaction cannot be read: kind and amount are what totals and balances before and after it tell, and the
    /// transaction is one of those in which it can have happened.
    pub is_bridged: bool,
}

impl Row {
    pub(super) const fn new(
        past: &Past,
        kind: Kind,
        account: &Address,
        token: &TokenChange,
        amount: u64,
    ) -> Self {
        Self {
            slot: past.slot,
            time: past.time,
            signature: past.signature,
            kind,
            account: *account,
            mint: token.mint,
            decimals: token.decimals,
            amount,
            is_bridged: false,
        }
    }

    /// As one of a transaction that cannot be read.
    pub(super) const fn bridged(self) -> Self {
        Self {
            is_bridged: true,
            ..self
        }
    }

    /// What came in, base units.
    pub const fn amount_in(&self) -> u64 {
        if self.kind.is_in() { self.amount } else { 0 }
    }

    /// What went out, base units.
    pub const fn amount_out(&self) -> u64 {
        if self.kind.is_in() { 0 } else { self.amount }
    }
}

/// Every movement from the beginning, and where the chain says something else.
#[derive(Default)]
pub struct Book {
    rows: Vec<Row>,
    disagreements: Vec<Disagreement>,
    unexplained: Vec<Unexplained>,
}

impl Book {
    /// Adds the rows of one account, in their order.
    pub(super) fn add(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.rows.extend(rows);
    }

    /// Names what the history leaves open.
    pub(super) fn leave_open(&mut self, unexplained: Unexplained) {
        self.unexplained.push(unexplained);
    }

    /// What the history leaves open: tokens that are in no row, or in one that does not tell where they went. Nothing is, unless
    /// transactions are not told.
    pub fn unexplained(&self) -> &[Unexplained] {
        &self.unexplained
    }

    /// Notes where what history comes to is not what the chain says.
    pub(super) fn compare<T: PartialEq>(
        &mut self,
        subject: Subject,
        address: &Address,
        told: T,
        chain: T,
    ) {
        if told != chain {
            self.disagreements.push(Disagreement {
                subject,
                address: *address,
            });
        }
    }

    pub(super) fn disagreements(&self) -> &[Disagreement] {
        &self.disagreements
    }

    /// What every mint comes to now, base units; mints that come to nothing are left out.
    pub fn balances(&self) -> Result<BTreeMap<Address, u64>> {
        let totals = self.period(None, None)?.totals.into_iter();
        let now = totals.map(|total| (total.mint, total.now));
        Ok(now.filter(|(_, base)| *base > 0).collect())
    }

    /// The rows from `from` on and before `to`, unix seconds.
    pub fn period(&self, from: Option<i64>, to: Option<i64>) -> Result<Period> {
        let mut rows = self.rows.clone();
        // Within a slot accounts stay together, and each is in its own order.
        rows.sort_by_key(|row| row.slot);
        Period::of(rows, from, to)
    }
}
