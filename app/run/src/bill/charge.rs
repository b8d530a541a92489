//! What one job came to, and what is left of it.

use {
    super::{Error, Figures, Part, Rate, Rent, Result, json},
    serde::Serialize,
    sluice_client::{
        Address, Job,
        view::job::{JobView, state_name},
    },
};

/// One job of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// The job's address.
    #[serde(serialize_with = "json::text")]
    pub job: Address,
    /// Slot in which it was opened.
    #[serde(serialize_with = "json::text")]
    pub incarnation: u64,
    /// Where it runs.
    #[serde(serialize_with = "json::text")]
    pub node: Address,
    /// Whose node that is.
    #[serde(serialize_with = "json::text")]
    pub provider: Address,
    /// How many chunks it finished.
    pub chunks_done: u32,
    /// What its terms ask for a unit, fees within.
    pub price: Rate,
    /// Its tokens and units.
    pub figures: Figures,
    /// Of its accounts, and of those of the buyer's challenges.
    pub rent: Rent,
    /// What is left, unless it is closed.
    pub left: Option<Left>,
}

/// What is left of a job that is not closed, base units and unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// "open", "active" or "released".
    pub state: &'static str,
    /// When it ends; of an open one, until when it can be accepted.
    pub end_at: i64,
    /// From when on it can be released if nothing more is proven; `None` unless active, and while a ruling is awaited.
    pub settles_at: Option<i64>,
    /// When the last pending window matures.
    pub matures_at: Option<i64>,
    /// What the refund owner may take back now.
    #[serde(serialize_with = "json::text")]
    pub refundable: u64,
    /// Earned and not yet pulled: pay and fees.
    #[serde(serialize_with = "json::text")]
    pub owed: u64,
    /// What the provider will be owed more once everything pending has matured.
    #[serde(serialize_with = "json::text")]
    pub pending: u64,
    /// What the provider will be owed more if every challenged window is upheld.
    #[serde(serialize_with = "json::text")]
    pub frozen: u64,
    /// What windows still to be proven may earn.
    #[serde(serialize_with = "json::text")]
    pub at_risk: u64,
}

impl Left {
    /// Of the job at `address`, at `now`.
    pub(super) fn of(address: &Address, job: &Job, now: i64) -> Result<Self> {
        let view = JobView::of(job, now).ok_or(Error::Inconsistent(*address))?;
        let fees = view.owed_treasury.checked_add(view.owed_attesters);
        let owed = fees.and_then(|fees| fees.checked_add(view.owed));
        Ok(Self {
            state: state_name(job),
            end_at: job.end_at,
            settles_at: view.settles_at,
            matures_at: view.pending_dates.map(|(_, last)| last),
            refundable: view.refundable,
            owed: owed.ok_or(Error::Inconsistent(*address))?,
            pending: view.pending,
            frozen: view.frozen,
            at_risk: view.at_risk,
        })
    }
}

impl Charge {
    /// One without figures yet.
    pub(super) fn new(part: &Part, incarnation: u64) -> Self {
        Self {
            job: part.job,
            incarnation,
            node: part.node,
            provider: part.provider,
            chunks_done: part.chunks_done,
            price: part.price.into(),
            figures: Figures::default(),
            rent: Rent::default(),
            left: None,
        }
    }
}
