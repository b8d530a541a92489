//! What one offer can do for the work: how a window is divided, what a chunk costs, and how large a job may be.

use {
    super::{Pace, Planned, Unusable, Wanted},
    crate::order::Asked,
    sluice_client::{
        Address, Terms,
        market::{Filter, Listing},
        view::job::minimum_deposit,
    },
    sluice_math::{
        metering::{gross, units_funded},
        tree::{MAX_DEPTH, capacity, depth_for},
        wide::mul_div_ceil,
        work::MAX_PER_WINDOW,
    },
    sluice_work::core::Kind,
    std::cmp::Ordering,
};

/// Milliseconds of each second of a window that are planned with: 90 in 100. The rest is for inputs that have to be fetched, for
/// signatures, and for a node slower than the machine that measured. A worker computes ahead, and makes up in one window for another.
const USED_MILLIS: u64 = 900;

/// Inputs that a second brings to members: four at once, each as far away as another continent.
const BROUGHT: u64 = 40;
/// A worker gives a job back that is not admitted so long before its first window ends, seconds; a quarter of a shorter window.
const WAIVED_BEFORE: u32 = 60;

/// The referee lets a demand be answered for this part of the ruling time.
const ANSWER_PART: u32 = 8;
/// Workers refuse a shorter time to answer, seconds, by default. Where it is longer than the referee allows, nobody can demand.
const LEAST_ANSWER_SECS: u32 = 6 * 3_600;

/// An offer, as far as a plan looks at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// Place among the listings.
    pub rank: usize,
    /// The node that it is of.
    pub node: Address,
    /// Jobs that the node can still take, from all its offers.
    pub node_slots: u32,
    /// Jobs that can be taken from the offer.
    pub slots: u32,
    /// Chunks of a window.
    pub per_window: u32,
    /// Most chunks of one job.
    pub most: u32,
    /// Length of a window, seconds.
    pub window_secs: u32,
    /// Least deposit, base units.
    pub deposit: u64,
    units: u64,
    price: u64,
    per: u64,
}

impl Fit {
    /// What the listing at `rank` can do.
    ///
    /// # Errors
    /// See [`Unusable`].
    pub(super) fn of(
        rank: usize,
        listing: &Listing,
        wanted: &Wanted<'_>,
    ) -> Result<Self, Unusable> {
        let (terms, node) = (&listing.offer.terms, listing.offer.node);
        require_asked(listing, wanted)?;
        let pace = wanted.learned.paces.get(&node).copied();
        let in_time = chunks_in_time(terms.window_secs, wanted.chunk_millis, pace);
        let grace_secs = terms.grace_secs;
        let checked = checked_in_time(grace_secs, wanted.most_millis);
        if checked == 0 {
            return Err(Unusable::GraceTooShort { grace_secs });
        }
        let per_window = largest_divisor(terms.cap, in_time.min(checked));
        let per_window = per_window.ok_or(Unusable::WindowTooShort {
            window_secs: terms.window_secs,
        })?;
        let units = terms.cap.checked_div(u64::from(per_window));
        let mut fit = Self {
            rank,
            node,
            node_slots: listing.node.map_or(0, |node| {
                u32::from(node.slots_total.saturating_sub(node.slots_used))
            }),
            slots: listing.free_slots(),
            per_window,
            most: 0,
            window_secs: terms.window_secs,
            deposit: minimum_deposit(terms).ok_or(Unusable::BadTerms)?,
            units: units.ok_or(Unusable::BadTerms)?,
            price: terms.price,
            per: terms.per,
        };
        fit.most = fit.most(terms).ok_or(Unusable::BadTerms)?;
        Ok(fit)
    }

    /// Most chunks of one job: within the longest length, the trees' depth, what can be brought before the worker gives the job back, and what
    /// the chain counts in 64 bits.
    fn most(&self, terms: &Terms) -> Option<u32> {
        let windows = terms
            .max_length_secs
            .checked_div(u64::from(self.window_secs))?;
        let by_time = windows.saturating_mul(u64::from(self.per_window));
        let window = self.window_secs;
        let until = window.saturating_sub(WAIVED_BEFORE.min(window / 4));
        let by_bringing = u64::from(until).saturating_mul(BROUGHT);
        let depth = MAX_DEPTH.checked_sub(depth_for(self.per_window)?)?;
        let by_units = u64::MAX.checked_div(self.units)?;
        let funds = most_funds(self.price, self.per)?;
        (self.deposit <= funds).then_some(())?;
        let most = by_time
            .min(u64::from(capacity(depth)?))
            .min(by_units)
            .min(by_bringing)
            .min(self.affordable(funds));
        u32::try_from(most).ok().filter(|most| *most > 0)
    }

    /// Chunks that a job does within `secs`.
    pub(super) fn capacity(&self, secs: u64) -> u64 {
        let windows = secs.checked_div(u64::from(self.window_secs)).unwrap_or(0);
        windows
            .saturating_mul(u64::from(self.per_window))
            .min(u64::from(self.most))
    }

    /// Windows that `chunks` chunks need.
    fn windows(&self, chunks: u32) -> u32 {
        chunks.div_ceil(self.per_window.max(1))
    }

    /// When the last window of `chunks` chunks ends, seconds after the start.
    pub(super) fn done_secs(&self, chunks: u32) -> u64 {
        u64::from(self.windows(chunks)).saturating_mul(u64::from(self.window_secs))
    }

    /// Chunks that `funds` base units pay for.
    pub(super) fn affordable(&self, funds: u64) -> u64 {
        // As many units as do not fit pay for as many chunks as there are.
        let units = units_funded(funds, self.price, self.per).unwrap_or(u64::MAX);
        units.checked_div(self.units).unwrap_or(0)
    }

    fn units_of(&self, chunks: u32) -> u64 {
        u64::from(chunks).saturating_mul(self.units)
    }

    /// Deposit of a job of `chunks` chunks, base units.
    pub(super) fn funds(&self, chunks: u32) -> u64 {
        let all = mul_div_ceil(self.units_of(chunks), self.price, self.per);
        all.unwrap_or(u64::MAX).max(self.deposit)
    }

    /// What `chunks` chunks cost, as the chain rounds it, base units.
    pub(super) fn cost(&self, chunks: u32) -> u64 {
        gross(self.units_of(chunks), self.price, self.per).unwrap_or(u64::MAX)
    }

    /// Compares what a chunk costs, exactly.
    pub(super) fn by_chunk(&self, other: &Self) -> Ordering {
        let parts = |fit: &Self| {
            let (product, per) = (
                u128::from(fit.units).saturating_mul(u128::from(fit.price)),
                u128::from(fit.per.max(1)),
            );
            let whole = product.checked_div(per).unwrap_or(u128::MAX);
            (whole, product.checked_rem(per).unwrap_or(0), per)
        };
        // Both remainders and both divisors fit 64 bits: their products fit 128.
        let ((a, a_rest, a_per), (b, b_rest, b_per)) = (parts(self), parts(other));
        a.cmp(&b).then_with(|| {
            let (x, y) = (a_rest.saturating_mul(b_per), b_rest.saturating_mul(a_per));
            x.cmp(&y)
        })
    }

    /// A job of `chunks` chunks under `terms`, in numbers.
    pub(super) fn planned(&self, chunks: u32, terms: &Terms, kind: Kind) -> Planned {
        let window = u64::from(self.window_secs);
        let windows = self.windows(chunks);
        let least = terms.windows(u64::from(terms.notice_secs));
        let least = u64::from(least.unwrap_or(0)).saturating_add(1);
        let length = u64::from(windows).max(least).saturating_mul(window);
        // Where the notice ends within a window, the longest length may cut a window that is about no chunk.
        let length_secs = length.min(terms.max_length_secs);
        let settled_secs = length
            .saturating_add(u64::from(terms.grace_secs))
            .saturating_add(u64::from(terms.challenge_secs));
        let judged = matches!(kind, Kind::Sbpf);
        Planned {
            per_window: self.per_window,
            units: self.units,
            chunks,
            windows,
            length_secs,
            done_secs: self.done_secs(chunks),
            settled_secs,
            ruled_secs: settled_secs.saturating_add(u64::from(terms.ruling_secs)),
            funds: self.funds(chunks),
            chunk_price: mul_div_ceil(self.units, self.price, self.per).unwrap_or(u64::MAX),
            most_cost: self.cost(chunks),
            slash: if judged { terms.bond } else { 0 },
            answer_secs: if judged { answer_secs(terms) } else { 0 },
        }
    }
}

/// The longest time to answer a demand in that the referee still allows demands, seconds.
fn longest_answer(terms: &Terms) -> u32 {
    terms.ruling_secs.checked_div(ANSWER_PART).unwrap_or(0)
}

fn answer_secs(terms: &Terms) -> u32 {
    longest_answer(terms).max(LEAST_ANSWER_SECS)
}

/// Refuses a listing that the run or the buyer does not want, or that no job comes of.
fn require_asked(listing: &Listing, wanted: &Wanted<'_>) -> Result<(), Unusable> {
    let terms = &listing.offer.terms;
    let judged = matches!(wanted.kind, Kind::Sbpf);
    let least = u64::from(terms.notice_secs).saturating_add(u64::from(terms.window_secs));
    let zero = [terms.price, terms.per, terms.cap, terms.window_secs.into()].contains(&0);
    let harmless = terms.bond == 0 || terms.challenge_secs == 0 || longest_answer(terms) == 0;
    [
        (
            wanted.learned.avoid.contains(&listing.offer.node),
            Unusable::Avoided,
        ),
        (zero, Unusable::BadTerms),
        (
            !filter(wanted.asked).admits(listing) || zero_price(wanted.asked),
            Unusable::NotAsked,
        ),
        (listing.free_slots() == 0, Unusable::NoSlot),
        (terms.max_length_secs < least, Unusable::TooShort),
        (judged && harmless, Unusable::NothingAtStake),
    ]
    .into_iter()
    .find(|(is, _)| *is)
    .map_or(Ok(()), |(_, why)| Err(why))
}

/// The market's filter for what a buyer asks.
fn filter(asked: &Asked) -> Filter {
    Filter {
        mint: Some(asked.mint),
        set: asked.set,
        region: asked.region,
        max_price: Some((asked.most.price, asked.most.per)),
        ..Filter::default()
    }
}

/// A price for no units says nothing.
const fn zero_price(asked: &Asked) -> bool {
    asked.most.per == 0
}

/// Chunks that a slot of a node does within a window. A slot is taken to do one chunk at a time: the provider says how many jobs
/// the node takes at once.
fn chunks_in_time(window_secs: u32, chunk_millis: u64, pace: Option<Pace>) -> u64 {
    let window = u64::from(window_secs);
    if let Some(pace) = pace {
        let done = u64::from(pace.chunks).saturating_mul(window);
        return done.checked_div(u64::from(pace.window_secs)).unwrap_or(0);
    }
    let millis = window.saturating_mul(USED_MILLIS);
    millis.checked_div(chunk_millis.max(1)).unwrap_or(0)
}

/// Chunks that a member with one process checks within the grace, if each takes its longest time.
fn checked_in_time(grace_secs: u32, most_millis: Option<u64>) -> u64 {
    let millis = u64::from(grace_secs).saturating_mul(1_000);
    most_millis.map_or(u64::MAX, |most| {
        millis.checked_div(most.max(1)).unwrap_or(0)
    })
}

/// The largest number up to `most`, and to what a window can have, that divides `cap`: the more chunks share a window, the less
/// each of them costs, and the sooner all are done. `None` where `most` is 0.
fn largest_divisor(cap: u64, most: u64) -> Option<u32> {
    let most = most.min(cap).min(u64::from(MAX_PER_WINDOW));
    let divides = |by: &u64| cap.checked_rem(*by) == Some(0);
    let largest = (1..=most).rev().find(divides)?;
    u32::try_from(largest).ok()
}

/// The largest deposit of which the chain can still say in 64 bits how many units it pays for.
fn most_funds(price: u64, per: u64) -> Option<u64> {
    let units = u128::from(price)
        .checked_shl(u64::BITS)?
        .checked_sub(1)?
        .checked_div(u128::from(per))?;
    Some(u64::try_from(units).unwrap_or(u64::MAX))
}
