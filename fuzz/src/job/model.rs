//! The same job kept the slow way: every window ever proven in a list, sums taken anew, in 128 bits.

use {
    super::actions::{Opening, Parts},
    sluice::state::Job,
};

/// What became of a proven window's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Pending,
    Frozen,
    Matured,
    Void,
}

/// A window that was proven.
#[derive(Clone, Copy, Debug)]
pub struct Proven {
    pub window: u32,
    pub units: u64,
    pub quorum: bool,
    pub phase: Phase,
}

/// Everything that a job's own totals have to agree with.
pub struct Model {
    pub opening: Opening,
    /// Start and end once it is active.
    pub dates: Option<(i64, i64)>,
    pub proven: Vec<Proven>,
    pub funded: u64,
    pub refunded: u64,
    pub released: bool,
    /// Of the gross pay, what cosigned windows raised it by when they came.
    gross_cosigned: i128,
}

/// `units * by / per`, rounded down; the product of two numbers of 64 bits has 128, and no sign.
fn floor(units: i128, by: u64, per: u64) -> i128 {
    let product = u128::try_from(units).expect("no count is negative") * u128::from(by);
    i128::try_from(product / u128::from(per)).expect("no amount has more than 127 bits")
}

impl Model {
    pub fn new(opening: Opening) -> Self {
        Self {
            opening,
            dates: None,
            proven: vec![],
            funded: opening.funds,
            refunded: 0,
            released: false,
            gross_cosigned: 0,
        }
    }

    fn window_secs(&self) -> i128 {
        self.opening.terms.window_secs.into()
    }

    fn grace(&self) -> i128 {
        self.opening.terms.grace_secs.into()
    }

    /// Seconds after its end at which a quorum's window matures.
    fn maturity(&self) -> i128 {
        self.grace() + i128::from(self.opening.terms.challenge_secs)
    }

    fn start_of(&self, start_at: i64, window: u32) -> i128 {
        i128::from(start_at) + i128::from(window) * self.window_secs()
    }

    /// When `window` ends; only of an active job.
    pub fn end_of(&self, window: u32) -> Option<i128> {
        let (start_at, _) = self.dates?;
        Some(self.start_of(start_at, window) + self.window_secs())
    }

    /// When the ruling on `window` may be spoken, and when it is too late to void it.
    pub fn ruling_of(&self, window: u32) -> Option<(i128, i128)> {
        let ruling = i128::from(self.opening.terms.ruling_secs);
        let until = self.end_of(window)? + self.maturity() + ruling;
        Some((until - ruling / 2, until))
    }

    /// What `window` may carry: the cap, or the part of it before the job's end.
    fn cap_of(&self, window: u32) -> i128 {
        let Some((start_at, end_at)) = self.dates else {
            return 0;
        };
        let left = i128::from(end_at) - self.start_of(start_at, window);
        let left = left.clamp(0, self.window_secs());
        i128::from(self.opening.terms.cap) * left / self.window_secs()
    }

    fn find(&self, window: u32) -> Option<&Proven> {
        self.proven.iter().find(|proven| proven.window == window)
    }

    fn sum(&self, count: impl Fn(&Proven) -> bool) -> i128 {
        let counted = self.proven.iter().filter(|proven| count(proven));
        counted.map(|proven| i128::from(proven.units)).sum()
    }

    fn units(&self, phase: Phase) -> i128 {
        self.sum(|proven| proven.phase == phase)
    }

    /// Units matured, pending and frozen.
    fn counted(&self) -> i128 {
        self.sum(|proven| proven.phase != Phase::Void)
    }

    fn gross(&self, units: i128) -> i128 {
        let terms = &self.opening.terms;
        floor(units, terms.price, terms.per)
    }

    fn units_funded(&self) -> i128 {
        let terms = &self.opening.terms;
        floor(self.funded.into(), terms.per, terms.price)
    }

    /// Enters a window; one that matures at once was cosigned.
    pub fn add(&mut self, proven: Proven) {
        let before = self.gross(self.units(Phase::Matured));
        self.proven.push(proven);
        if !proven.quorum {
            self.gross_cosigned += self.gross(self.units(Phase::Matured)) - before;
        }
    }

    /// Quorum units that whole base units were earned with.
    pub fn countable(&self) -> i128 {
        let terms = &self.opening.terms;
        let quorum = self.sum(|proven| proven.quorum && proven.phase == Phase::Matured);
        let own = self.gross(self.units(Phase::Matured)) - self.gross_cosigned;
        floor(self.gross(quorum).min(own), terms.per, terms.price)
    }

    /// Brings every pending window whose time has come to its maturity.
    pub fn mature(&mut self, now: i64) {
        let due: Vec<u32> = self
            .proven
            .iter()
            .filter(|proven| proven.phase == Phase::Pending)
            .map(|proven| proven.window)
            .filter(|window| {
                let end = self.end_of(*window);
                end.is_some_and(|end| i128::from(now) >= end + self.maturity())
            })
            .collect();
        for proven in &mut self.proven {
            if due.contains(&proven.window) {
                proven.phase = Phase::Matured;
            }
        }
    }

    /// The units that a claim is worth now; `None` when it is refused.
    pub fn claim(&self, now: i64, window: u32, units: u64) -> Option<u64> {
        let (_, end_at) = self.dates?;
        let (now, end) = (i128::from(now), self.end_of(window)?);
        let in_time = now >= end && now < end + self.grace();
        let of_job = end - self.window_secs() < i128::from(end_at);
        let room = self.units_funded() - self.counted();
        let worth = i128::from(units).min(self.cap_of(window)).min(room);
        let counts = units == 0 || worth > 0;
        let fits = !self.released && window < u32::MAX;
        (in_time && of_job && counts && fits && self.find(window).is_none())
            .then(|| u64::try_from(worth).expect("a claim is worth at most its units"))
    }

    /// True when `window` can be challenged now.
    pub fn is_challengeable(&self, now: i64, window: u32) -> bool {
        let proven = self.find(window);
        let pending =
            proven.is_some_and(|proven| proven.phase == Phase::Pending && proven.units > 0);
        let end = self.end_of(window);
        let in_time = end.is_some_and(|end| i128::from(now) < end + self.maturity());
        pending && in_time && self.opening.terms.challenge_secs > 0
    }

    /// How many windows are past their grace, whether or not the job reaches them.
    fn closed(&self, now: i64) -> i128 {
        let Some((start_at, _)) = self.dates else {
            return 0;
        };
        let since = i128::from(now) - i128::from(start_at) - self.grace();
        since.max(0) / self.window_secs()
    }

    /// True when the last windows past their grace, and all after them, were unproven.
    pub fn is_faulted(&self, now: i64) -> bool {
        let first = self.closed(now) - i128::from(self.opening.terms.fault_windows);
        let silent = self
            .proven
            .iter()
            .all(|proven| i128::from(proven.window) < first);
        first >= 0 && silent
    }

    /// The whole windows that ended by `now`, which a waiver leaves on the record as missed; `None` where there is none to be had:
    /// of a job that no offer was taken for, one with a proof of any worth, or one without time.
    pub fn waivable(&self, now: i64) -> Option<i128> {
        let (start_at, end_at) = self.dates.filter(|_| self.opening.taken)?;
        let until = i128::from(now.min(end_at)) - i128::from(start_at);
        let may = self.proven.is_empty() && start_at < end_at;
        may.then(|| until / self.window_secs())
    }

    /// Units of windows neither proven nor past their grace.
    fn usable(&self, now: i64) -> i128 {
        let Some((start_at, end_at)) = self.dates.filter(|_| !self.released) else {
            return 0;
        };
        let first = self.closed(now);
        let cap = i128::from(self.opening.terms.cap);
        let left = i128::from(end_at) - i128::from(start_at) - first * self.window_secs();
        let left = left.max(0);
        let all = left / self.window_secs() * cap
            + cap * (left % self.window_secs()) / self.window_secs();
        let proven = self
            .proven
            .iter()
            .map(|proven| proven.window)
            .filter(|window| i128::from(*window) >= first);
        all - proven.map(|window| self.cap_of(window)).sum::<i128>()
    }

    /// What a refund has to leave: pay of everything counted, and of everything that may still be proven.
    pub fn kept(&self, now: i64) -> i128 {
        self.gross(self.counted() + self.usable(now))
    }

    /// What the buyer may take back now.
    pub fn refundable(&self, now: i64) -> i128 {
        let over = match self.dates {
            None if now < self.opening.open_until => 0,
            None => i128::from(self.funded),
            Some(_) => i128::from(self.funded) - self.kept(now),
        };
        (over - i128::from(self.refunded)).max(0)
    }

    /// What the parties have earned: both fees of what a quorum earned, rounded down, then the attesters' part of them; of what was
    /// cosigned the network's fee alone.
    pub fn earned(&self) -> Parts {
        let gross = self.gross(self.units(Phase::Matured));
        let fee = i128::from(self.opening.fee_bps);
        let attestation = i128::from(self.opening.attestation_bps);
        let taken = (gross - self.gross_cosigned) * (fee + attestation) / 10_000;
        let of_cosigned = self.gross_cosigned * fee / 10_000;
        let attesters = (taken * attestation)
            .checked_div(fee + attestation)
            .unwrap_or(0);
        let fits = |part: i128| u64::try_from(part).expect("no part is more than the deposit");
        Parts {
            provider: fits(gross - taken - of_cosigned),
            treasury: fits(taken - attesters + of_cosigned),
            attesters: fits(attesters),
        }
    }

    /// True when nothing is pending or frozen.
    pub fn is_quiet(&self) -> bool {
        self.units(Phase::Pending) == 0 && self.units(Phase::Frozen) == 0
    }

    /// When the last window's grace ends.
    pub fn closes_at(&self) -> i128 {
        let Some((start_at, end_at)) = self.dates else {
            return 0;
        };
        let length = i128::from(end_at) - i128::from(start_at);
        let windows = (length.max(0) + self.window_secs() - 1) / self.window_secs();
        match windows {
            0 => i128::from(end_at),
            _ => i128::from(start_at) + windows * self.window_secs() + self.grace(),
        }
    }

    /// When everything proven has matured, and every ruling is due.
    pub fn settles_at(&self) -> i128 {
        let ruling = i128::from(self.opening.terms.ruling_secs);
        let dates = self.proven.iter().filter_map(|proven| {
            let end = self.end_of(proven.window)?;
            Some(end + self.maturity() + ruling)
        });
        dates.chain([self.closes_at()]).max().unwrap_or_default()
    }

    /// Holds every total of `job` against the list.
    pub fn check_units(&self, job: &Job) {
        let quorum = self.sum(|proven| proven.quorum && proven.phase == Phase::Matured);
        let ring: i128 = job.ring.iter().map(|entry| i128::from(entry.units)).sum();
        assert_eq!(i128::from(job.units_matured), self.units(Phase::Matured));
        assert_eq!(i128::from(job.units_pending), self.units(Phase::Pending));
        assert_eq!(i128::from(job.units_frozen), self.units(Phase::Frozen));
        assert_eq!(ring, self.units(Phase::Pending));
        assert_eq!(i128::from(job.quorum_matured), quorum);
        assert_eq!(i128::from(job.units_funded), self.units_funded());
        assert!(self.counted() <= self.units_funded());
    }
}
