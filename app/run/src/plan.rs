//! Which offers do which chunks, for how much.
//!
//! A plan is pure: from what the market offers and what the buyer asks it says which jobs to take, with how many chunks and how
//! much money each. The same input gives the same plan. It knows no ledger and no clock; seconds count from the moment at which
//! all its jobs are taken.
//!
//! - Every job is funded for all its chunks, so that no job runs dry: members grant room for blobs by what a job's funds can
//!   yield, and a worker leaves a job that runs dry. What the budget does not reach stays unplaced.
//! - Most chunks come first, then the least time, then what the buyer asked of the number of jobs, then the least cost.

mod fit;
mod pick;
mod search;
mod share;

#[cfg(test)]
mod tests;

use {
    crate::order::Asked,
    fit::Fit,
    search::{Draft, Search},
    sluice_client::{Address, market::Listing},
    sluice_work::core::Kind,
    std::{
        collections::{BTreeMap, BTreeSet},
        fmt,
    },
};

/// Most jobs of one plan: each of them is watched, fetched and settled by itself.
pub const MOST_JOBS: u32 = 256;

/// What a node has been seen to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many chunks ...
    pub chunks: u32,
    /// ... in a window of so many seconds.
    pub window_secs: u32,
}

/// What a run has learned of nodes, by their addresses.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// Nodes that refused, missed or failed: they get nothing.
    pub avoid: BTreeSet<Address>,
    /// Nodes whose pace is known; it replaces the expectation.
    pub paces: BTreeMap<Address, Pace>,
}

/// What is to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Chunks.
    pub chunks: u32,
    /// How long one is expected to take, milliseconds.
    pub chunk_millis: u64,
    /// The longest time that one may take, milliseconds: members admit only what they could check within a window's grace if every chunk took
    /// so long. Nothing is held to it where it is absent.
    pub most_millis: Option<u64>,
    /// What runs the kernel.
    pub kind: Kind,
    /// What the buyer asks. Its number of nodes is that of this plan's jobs: less those that still run.
    pub asked: &'a Asked,
    /// Base units of the budget that are in escrow or paid.
    pub used: u64,
    /// What is known of nodes.
    pub learned: &'a Learned,
}

/// One job of a plan, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Chunks of a whole window.
    pub per_window: u32,
    /// Units of a chunk: the offer's cap divided by `per_window`.
    pub units: u64,
    /// Chunks of the job.
    pub chunks: u32,
    /// Windows that are about a chunk; the last one may be about fewer than `per_window`.
    pub windows: u32,
    /// Length to take the offer for, seconds: at least the notice and a window.
    pub length_secs: u64,
    /// When the last window with a chunk ends, seconds after the start.
    pub done_secs: u64,
    /// When everything unchallenged is earned or can be refunded, seconds after the start.
    pub settled_secs: u64,
    /// When a challenge of the last proof is ruled at the latest, seconds after the start.
    pub ruled_secs: u64,
    /// Deposit, base units: what all chunks cost, rounded up, and at least what the offer asks.
    pub funds: u64,
    /// What one chunk costs by itself, base units, rounded up.
    pub chunk_price: u64,
    /// What all chunks cost, as the chain rounds it, base units.
    pub most_cost: u64,
    /// Judged work: what a conviction takes, all of the bond; 0 otherwise. Base units of the stake mint.
    pub slash: u64,
    /// Judged work: the time to answer a demand in, the longest in that the referee still allows demands, but six hours at least, for
    /// workers refuse less; 0 otherwise.
    pub answer_secs: u32,
}

/// A job of a plan, and the offer that it takes.
#[derive(Clone, Copy)]
pub struct Placement {
    /// The offer and what it stands on.
    pub listing: Listing,
    /// The job.
    pub job: Planned,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Jobs.
    pub jobs: u32,
    /// Chunks in them.
    pub chunks: u32,
    /// What the chunks cost at most, base units.
    pub most_cost: u64,
    /// Deposits, base units.
    pub escrow: u64,
    /// When the last window with a chunk ends, seconds after the start.
    pub done_secs: u64,
    /// When everything unchallenged is earned or can be refunded, seconds after the start.
    pub settled_secs: u64,
    /// When the last challenge is ruled at the latest, seconds after the start.
    pub ruled_secs: u64,
}

/// Why an offer takes no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The run avoids its node.
    Avoided,
    /// It is not what the buyer asks for: mint, set, region or price.
    NotAsked,
    /// The offer or its node has no free slot, or the node is gone.
    NoSlot,
    /// Its numbers contradict each other or do not fit.
    BadTerms,
    /// It accepts no job as long as its notice and a window.
    TooShort,
    /// Not even one chunk is done within a window.
    WindowTooShort {
        /// Its window, seconds.
        window_secs: u32,
    },
    /// Not even one chunk is checked within the grace of a window, if it takes its longest time.
    GraceTooShort {
        /// Its grace, seconds.
        grace_secs: u32,
    },
    /// The work is judged by the chain, and a liar on it would lose nothing or could not be called to answer.
    NothingAtStake,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avoided => "its node refused, missed or failed in this run",
            Self::NotAsked => "it has another mint, set, region or price than asked",
            Self::NoSlot => "its node has no free slot",
            Self::BadTerms => "its terms contradict each other",
            Self::TooShort => "it accepts no job as long as its notice and a window",
            Self::WindowTooShort { window_secs } => {
                return write!(f, "no chunk is done within its {window_secs} s window");
            }
            Self::GraceTooShort { grace_secs } => {
                return write!(
                    f,
                    "no chunk that takes its longest time is checked within its {grace_secs} s grace"
                );
            }
            Self::NothingAtStake => "it has no bond or no challenge time, which judged work needs",
        })
    }
}

/// Why chunks stay unplaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No offer is usable.
    NoOffer,
    /// The jobs that can be had now are full: plan again when one of them ends, or when there are more offers.
    Later,
    /// The budget does not reach.
    Budget {
        /// The least deposit that a usable offer asks, base units.
        least_deposit: u64,
        /// What was left of the budget before this plan, base units.
        left: u64,
        /// By how much the budget is too small to place all that the offers have room for, base units.
        missing: u64,
    },
}

/// Which offers do which chunks, for how much.
#[derive(Clone, Default)]
pub struct Plan {
    /// The jobs to take, cheapest chunks first.
    pub placements: Vec<Placement>,
    /// Chunks that are in none of them.
    pub unplaced: u32,
    /// Why there are such; `None` where there are none.
    pub why: Option<Why>,
    /// Offers that take no part whatever the budget, by their addresses, in their rank.
    pub unusable: Vec<(Address, Unusable)>,
    /// What it comes to.
    pub totals: Totals,
}

/// Plans jobs for the chunks wanted on `listings`, takeable ones, best first.
pub fn plan(listings: &[Listing], wanted: &Wanted<'_>) -> Plan {
    let mut unusable = Vec::new();
    let mut fits = Vec::new();
    for (rank, listing) in listings.iter().enumerate() {
        match Fit::of(rank, listing, wanted) {
            Ok(fit) => fits.push(fit),
            Err(why) => unusable.push((listing.address, why)),
        }
    }
    let left = wanted.asked.budget.saturating_sub(wanted.used);
    let search = Search::new(fits, wanted.chunks, wanted.asked.nodes, left);
    let draft = search.best();
    let unplaced = wanted.chunks.saturating_sub(draft.placed);
    let placements = placed(listings, &draft, wanted.kind);
    Plan {
        totals: Totals::of(&placements),
        placements,
        unplaced,
        why: (unplaced > 0).then(|| search.why(&draft)),
        unusable,
    }
}

fn placed(listings: &[Listing], draft: &Draft, kind: Kind) -> Vec<Placement> {
    let jobs = draft.jobs.iter().filter_map(|(fit, chunks)| {
        let listing = *listings.get(fit.rank)?;
        let job = fit.planned(*chunks, &listing.offer.terms, kind);
        Some(Placement { listing, job })
    });
    jobs.collect()
}

impl Totals {
    fn of(placements: &[Placement]) -> Self {
        placements.iter().fold(Self::default(), |sum, placement| {
            let job = &placement.job;
            Self {
                jobs: sum.jobs.saturating_add(1),
                chunks: sum.chunks.saturating_add(job.chunks),
                most_cost: sum.most_cost.saturating_add(job.most_cost),
                escrow: sum.escrow.saturating_add(job.funds),
                done_secs: sum.done_secs.max(job.done_secs),
                settled_secs: sum.settled_secs.max(job.settled_secs),
                ruled_secs: sum.ruled_secs.max(job.ruled_secs),
            }
        })
    }
}
