//! How many jobs, and within which time: the least time that places most.

use {
    super::{
        MOST_JOBS, Why,
        fit::Fit,
        pick::{Entry, Terms, classed, pick},
        share::share,
    },
    std::{cmp::Reverse, iter::successors},
};

/// Jobs with their chunks, and what they come to.
#[derive(Clone, Default)]
pub(super) struct Draft {
    /// Offers and how many chunks each gets.
    pub jobs: Vec<(Fit, u32)>,
    /// Chunks of all jobs.
    pub placed: u32,
    done_secs: u64,
    escrow: u64,
    cost: u64,
}

impl Draft {
    fn of(shares: Vec<(Entry, u32)>) -> Self {
        let mut draft = Self::default();
        for (Entry { fit, .. }, chunks) in shares {
            draft.placed = draft.placed.saturating_add(chunks);
            draft.done_secs = draft.done_secs.max(fit.done_secs(chunks));
            draft.escrow = draft.escrow.saturating_add(fit.funds(chunks));
            draft.cost = draft.cost.saturating_add(fit.cost(chunks));
            draft.jobs.push((fit, chunks));
        }
        draft
    }
}

/// What a search goes through.
pub(super) struct Search {
    /// All usable offers.
    all: Vec<Entry>,
    /// Those whose least deposit the budget reaches.
    within: Vec<Entry>,
    chunks: u32,
    /// Most jobs.
    jobs: usize,
    /// True where the buyer said how many jobs it wants.
    asked: bool,
    left: u64,
}

/// The least number from `low` to `high` for which `holds`; `high` where it holds for none below. It holds above every number for
/// which it holds.
fn least(mut low: u64, mut high: u64, mut holds: impl FnMut(u64) -> bool) -> u64 {
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    high
}

fn number(jobs: u64) -> usize {
    usize::try_from(jobs).unwrap_or(usize::MAX)
}

/// When every job of every offer would be done, seconds.
fn longest(entries: &[Entry]) -> u64 {
    let secs = entries
        .iter()
        .map(|entry| entry.fit.done_secs(entry.fit.most));
    secs.max().unwrap_or(0)
}

fn room(jobs: &[Entry], secs: u64) -> u64 {
    jobs.iter()
        .fold(0, |sum, entry| sum.saturating_add(entry.fit.capacity(secs)))
}

impl Search {
    /// For `chunks` chunks on `fits`, in at most `nodes` jobs, with `left` base units.
    pub(super) fn new(fits: Vec<Fit>, chunks: u32, nodes: Option<u32>, left: u64) -> Self {
        let all = classed(fits);
        let within = all.iter().filter(|entry| entry.fit.deposit <= left);
        let slots = all
            .iter()
            .fold(0_u32, |sum, entry| sum.saturating_add(entry.fit.slots));
        let most = MOST_JOBS.min(chunks).min(slots);
        let jobs = nodes.unwrap_or(most).min(most);
        Self {
            within: within.copied().collect(),
            all,
            chunks,
            jobs: number(jobs.into()),
            asked: nodes.is_some(),
            left,
        }
    }

    /// The best draft within the budget.
    pub(super) fn best(&self) -> Draft {
        let free = self.free(&self.all);
        if free.escrow <= self.left {
            return free;
        }
        // Fewer jobs need fewer deposits; more time lets cheaper offers do more. Of many jobs not every number is tried: a few more or less
        // of them change little.
        successors(Some(1_usize), |jobs| jobs.checked_add((jobs / 8).max(1)))
            .take_while(|jobs| *jobs <= self.jobs)
            .take_while(|jobs| self.reaches(*jobs))
            .flat_map(|jobs| self.within_budget(jobs))
            .min_by_key(|draft| self.key(draft))
            .unwrap_or_default()
    }

    /// Why `draft`, the best one, does not place all.
    pub(super) fn why(&self, draft: &Draft) -> Why {
        let deposits = self.all.iter().map(|entry| entry.fit.deposit);
        let Some(least_deposit) = deposits.min() else {
            return Why::NoOffer;
        };
        let free = self.free(&self.all);
        if draft.placed >= free.placed {
            return Why::Later;
        }
        Why::Budget {
            least_deposit,
            left: self.left,
            missing: free.escrow.saturating_sub(self.left),
        }
    }

    /// What makes a draft better, least first.
    fn key(&self, draft: &Draft) -> (Reverse<u32>, u64, usize, u64, u64) {
        let jobs = draft.jobs.len();
        let jobs = if self.asked {
            usize::MAX.saturating_sub(jobs)
        } else {
            jobs
        };
        let placed = Reverse(draft.placed);
        (placed, draft.done_secs, jobs, draft.cost, draft.escrow)
    }

    /// True when the smallest deposits of so many jobs are within the budget.
    fn reaches(&self, jobs: usize) -> bool {
        let least = self.within.iter().map(|entry| entry.fit.deposit).min();
        let jobs = u64::try_from(jobs).unwrap_or(u64::MAX);
        least.is_some_and(|least| least.saturating_mul(jobs) <= self.left)
    }

    /// What the offers would come to without a budget: as many jobs as asked for, or the fewest that take the least time.
    fn free(&self, entries: &[Entry]) -> Draft {
        let (goal, secs) = self.soonest(entries, self.jobs);
        let most = u64::try_from(self.jobs).unwrap_or(u64::MAX);
        let jobs = if self.asked {
            self.jobs
        } else {
            number(least(0, most, |jobs| {
                self.room(entries, number(jobs), secs) >= u64::from(goal)
            }))
        };
        self.draft(entries, jobs, secs, u64::MAX)
    }

    /// Drafts of `jobs` jobs within the budget.
    fn within_budget(&self, jobs: usize) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for entries in [&self.all, &self.within] {
            let (_, secs) = self.soonest(entries, jobs);
            drafts.push(self.draft(entries, jobs, secs, u64::MAX));
        }
        drafts.retain(|draft| draft.escrow <= self.left);
        let (goal, soonest) = self.soonest(&self.within, jobs);
        let (first, last) = (self.bounded(jobs, soonest), longest(&self.within));
        if first.placed < goal {
            let most = self.bounded(jobs, last).placed;
            let secs = least(soonest, last, |secs| {
                self.bounded(jobs, secs).placed >= most
            });
            drafts.push(self.bounded(jobs, secs));
        }
        if jobs == 1 {
            // One job is simple enough to try them all.
            let each = self.within.iter().map(|entry| {
                let one = std::slice::from_ref(entry);
                Draft::of(share(one, self.chunks, last, self.left))
            });
            drafts.extend(each);
        }
        drafts.push(first);
        drafts
    }

    /// The better draft of `jobs` jobs within `secs` and the budget: with the largest offers, or with the cheapest alone.
    fn bounded(&self, jobs: usize, secs: u64) -> Draft {
        let large = self.draft(&self.within, jobs, secs, self.left);
        let terms = Terms {
            jobs,
            largest: 0,
            secs,
            purse: self.left,
        };
        let cheapest = pick(&self.within, &terms);
        let cheap = Draft::of(share(&cheapest, self.chunks, secs, self.left));
        if self.key(&cheap) < self.key(&large) {
            cheap
        } else {
            large
        }
    }

    /// How many chunks `jobs` jobs can do at all, and the least time in which they do, seconds.
    fn soonest(&self, entries: &[Entry], jobs: usize) -> (u32, u64) {
        let last = longest(entries);
        let room = self.room(entries, jobs, last);
        let goal = room.min(u64::from(self.chunks));
        let secs = least(0, last, |secs| self.room(entries, jobs, secs) >= goal);
        (u32::try_from(goal).unwrap_or(self.chunks), secs)
    }

    /// Chunks that the `jobs` largest jobs do within `secs`.
    fn room(&self, entries: &[Entry], jobs: usize, secs: u64) -> u64 {
        let largest = Terms {
            jobs,
            largest: jobs,
            secs,
            purse: u64::MAX,
        };
        room(&pick(entries, &largest), secs)
    }

    /// `jobs` jobs that do within `secs` as much as so many can, with no more of the largest ones than that takes.
    fn draft(&self, entries: &[Entry], jobs: usize, secs: u64, purse: u64) -> Draft {
        let picked = |largest| {
            let terms = Terms {
                jobs,
                largest,
                secs,
                purse,
            };
            pick(entries, &terms)
        };
        let goal = self.room(entries, jobs, secs).min(u64::from(self.chunks));
        let most = u64::try_from(jobs).unwrap_or(u64::MAX);
        let mut largest = most;
        // Where the purse keeps even the largest from doing as much, nothing between does.
        if room(&picked(jobs), secs) >= goal {
            largest = least(0, most, |largest| {
                room(&picked(number(largest)), secs) >= goal
            });
        }
        Draft::of(share(&picked(number(largest)), self.chunks, secs, purse))
    }
}
