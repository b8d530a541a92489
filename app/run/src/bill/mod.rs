//! What a run came to, from the chain's own history: every base unit that its jobs moved, held against the chain, and the lamports.

mod charge;
mod error;
mod figures;
mod json;
mod lamports;
mod read;
mod story;

use {
    crate::order::Price,
    serde::Serialize,
    sluice_client::{Address, Signature, books::Line},
};
pub use {
    charge::{Charge, Left},
    error::{Error, Result, Unbalanced},
    figures::{Bonds, Figures, Rate, Units},
    lamports::{Lamports, Rent},
};

/// What a run knows of a job that it opened.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The job's address.
    pub job: Address,
    /// Slot in which the run opened it; without it the run's own signatures tell which of the jobs at the address is the run's.
    pub incarnation: Option<u64>,
    /// Where it runs.
    pub node: Address,
    /// Whose node that is.
    pub provider: Address,
    /// What its terms ask for a unit.
    pub price: Price,
    /// How many chunks it finished.
    pub chunks_done: u32,
}

/// What a run came to. Amounts are base units of the mint, those of bonds base units of the network's stake mint.
///
/// As JSON, numbers of 64 bits and addresses are text, and dates are unix seconds; the rows are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bill {
    /// Whose run.
    #[serde(serialize_with = "json::text")]
    pub buyer: Address,
    /// What is paid in; `None` for a run without jobs.
    #[serde(serialize_with = "json::text_or_null")]
    pub mint: Option<Address>,
    /// Of the mint.
    pub decimals: u8,
    /// A charge for each part, in the same order.
    pub jobs: Vec<Charge>,
    /// The sum of all jobs.
    pub total: Figures,
    /// How many chunks all jobs finished.
    #[serde(serialize_with = "json::text")]
    pub chunks_done: u64,
    /// What was paid, fees with it, for the chunks that were finished; `None` where none was.
    pub per_chunk: Option<Rate>,
    /// What the buyer's key paid beside tokens.
    pub lamports: Lamports,
    /// Transactions that the node does not tell, or whose logs it cut: units, bonds and lamports of them may be missing. Every other
    /// figure is exact.
    #[serde(serialize_with = "json::texts")]
    pub untold: Vec<Signature>,
    /// The rows that the buyer's statement has for these jobs, in its order and with its balances.
    #[serde(skip)]
    pub lines: Vec<Line>,
}
