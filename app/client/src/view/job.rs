//! What a job comes to at one moment, from one read of its account.

mod end;

pub use end::{End, Leave};
use sluice::state::{EndCause, Job, JobState, Shortfall, Terms};

/// A job's escrow, dates and end, base units and unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobView {
    /// Earned by the provider, fees taken off, in all.
    pub earned: u64,
    /// Earned by the provider and not yet paid to it.
    pub owed: u64,
    /// Network fees earned and not yet swept.
    pub owed_treasury: u64,
    /// Attestation fees earned and not yet swept.
    pub owed_attesters: u64,
    /// What the provider will have earned more once everything pending has matured.
    pub pending: u64,
    /// When the first and the last pending window matures.
    pub pending_dates: Option<(i64, i64)>,
    /// What the provider will have earned more if every challenged window is upheld.
    pub frozen: u64,
    /// What the refund owner may take back now.
    pub refundable: u64,
    /// Escrow that windows still to be proven may earn.
    pub at_risk: u64,
    /// How long the funding lasts if every window is filled; `None` while open.
    pub paid_until: Option<i64>,
    /// From when on it can be released, if nothing more is proven; `None` unless active, and while a ruling is awaited.
    pub settles_at: Option<i64>,
    /// Units that count and that the node has not been credited yet.
    pub uncredited: u64,
    /// True when its last windows past their grace were all unproven.
    pub faulted: bool,
    /// True when every base unit deposited has left.
    pub owes_nothing: bool,
}

impl JobView {
    /// The view of `job` at `now`; matures a copy first. `None` when the account's numbers contradict each other.
    pub fn of(job: &Job, now: i64) -> Option<Self> {
        let mut job = *job;
        job.mature(now).ok()?;
        let earned = job.earned().ok()?;
        let more = |units| {
            let mut ahead = job;
            ahead.units_matured = job.units_matured.checked_add(units)?;
            let total = ahead.earned().ok()?.provider;
            Some(total.saturating_sub(earned.provider))
        };
        let refundable = job.refundable(now).ok()?;
        let counted = job.terms.gross(job.units_counted().ok()?).ok()?;
        let pending_dates = maturities(&job);
        let active = job.state == JobState::Active.byte();
        let settles_at = if active && job.units_frozen == 0 {
            let closed_at = job.schedule().all_closed_at(job.terms.grace_secs)?;
            Some(pending_dates.map_or(closed_at, |(_, last)| last.max(closed_at)))
        } else {
            None
        };
        Some(Self {
            earned: earned.provider,
            owed: earned.provider.saturating_sub(job.paid),
            owed_treasury: earned.treasury.saturating_sub(job.swept_treasury),
            owed_attesters: earned.attesters.saturating_sub(job.swept_attesters),
            pending: more(job.units_pending)?,
            pending_dates,
            frozen: more(job.units_frozen)?,
            refundable,
            at_risk: job
                .funded
                .saturating_sub(job.refunded)
                .saturating_sub(counted)
                .saturating_sub(refundable),
            paid_until: (job.state != JobState::Open.byte())
                .then(|| job.schedule().paid_until(job.units_funded))
                .flatten(),
            settles_at,
            uncredited: job.creditable().ok()?.saturating_sub(job.quorum_credited),
            faulted: active && job.is_faulted(now).ok()?,
            owes_nothing: job.owes_nothing(),
        })
    }
}

fn maturities(job: &Job) -> Option<(i64, i64)> {
    let dates = job
        .ring
        .iter()
        .filter(|entry| entry.units > 0)
        .filter_map(|entry| {
            let window = entry.window_plus_one.checked_sub(1)?;
            let end = job.schedule().window_end(window)?;
            end.checked_add(job.terms.maturity_secs())
        });
    dates.clone().min().zip(dates.max())
}

/// The windows of an active job that have ended by `now`, are not past their grace and not proven, oldest first. `None` when the
/// account's numbers contradict each other.
pub fn unproven_windows(job: &Job, now: i64) -> Option<Vec<u32>> {
    let schedule = job.schedule();
    let first = schedule.first_open(now, job.terms.grace_secs)?;
    let ended = schedule.first_open(now, 0)?.min(schedule.windows()?);
    let is_proven = |window: u32| {
        let mut ring = job.ring.iter();
        ring.any(|entry| entry.window_plus_one.checked_sub(1) == Some(window))
    };
    Some(
        (first..ended)
            .filter(|window| !is_proven(*window))
            .collect(),
    )
}

/// A state's name.
pub const fn state_name(job: &Job) -> &'static str {
    if job.state == JobState::Open.byte() {
        "open"
    } else if job.state == JobState::Active.byte() {
        "active"
    } else {
        "released"
    }
}

/// Why the job ends when it ends.
pub fn cause_name(job: &Job) -> &'static str {
    const CAUSES: [(EndCause, &str); 7] = [
        (EndCause::Length, "its time is over"),
        (EndCause::Cancelled, "the buyer cancelled"),
        (EndCause::Resigned, "the provider resigned"),
        (
            EndCause::Excused,
            "nobody paid for the next window, off the record",
        ),
        (EndCause::Faulted, "the last windows were all unproven"),
        (EndCause::QuorumLost, "the attester set lost its quorum"),
        (
            EndCause::Waived,
            "the provider gave it back, with nothing proven",
        ),
    ];
    CAUSES
        .iter()
        .find(|(cause, _)| cause.byte() == job.cause)
        .map_or("unknown", |(_, name)| *name)
}

/// Why the units of a job do not count for rewards and records.
pub const fn shortfall_name(shortfall: Shortfall) -> &'static str {
    match shortfall {
        Shortfall::Mint => "it pays in another mint than its set asks",
        Shortfall::Price => "it pays less for a unit than its set asks",
        Shortfall::Bond => "its provider's bond is smaller than its set asks",
        Shortfall::ChallengeBond => "its challengers' bond is larger than its set allows",
        Shortfall::ChallengeTime => "it can be challenged for a shorter time than its set asks",
        Shortfall::RulingTime => "its resolver has less time than its set asks",
    }
}

/// The least deposit that an offer's terms accept: the notice in whole windows and one window more, base units.
pub fn minimum_deposit(terms: &Terms) -> Option<u64> {
    let windows = terms
        .windows(u64::from(terms.notice_secs))
        .and_then(|windows| u64::from(windows).checked_add(1))?;
    let units = windows.checked_mul(terms.cap)?;
    sluice_math::wide::mul_div_ceil(units, terms.price, terms.per)
}

/// For how long a deposit of `funds` base units pays under `terms` if every window is filled, seconds: whole windows, and `length_secs` at
/// most. It is what [`JobView::paid_until`] tells of a job that begins with that deposit. `None` for terms without price, unit or cap.
pub fn pays_for(terms: &Terms, funds: u64, length_secs: u64) -> Option<u64> {
    let units = sluice_math::metering::units_funded(funds, terms.price, terms.per);
    // More units than fit pay for any length.
    let units = match units {
        Some(units) => units,
        None if terms.price == 0 => return None,
        None => u64::MAX,
    };
    let windows = units.checked_div(terms.cap)?;
    let secs = windows.saturating_mul(terms.window_secs.into());
    Some(secs.min(length_secs))
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable, sluice_math::metering};

    #[test]
    fn a_deposit_pays_for_whole_windows_and_not_beyond_the_length() {
        let terms = Terms {
            price: 10_000,
            per: 1,
            cap: 100,
            window_secs: 3_600,
            ..Terms::zeroed()
        };
        for (funds, length, secs) in [
            (0, 36_000, 0),
            (999_999, 36_000, 0),
            (1_000_000, 36_000, 3_600),
            (2_999_999, 36_000, 7_200),
            (2_999_999, 5_000, 5_000),
            (u64::MAX, u64::MAX, u64::MAX / 1_000_000 * 3_600),
        ] {
            assert_eq!(pays_for(&terms, funds, length), Some(secs), "{funds}");
        }
        // A base unit buys more than a window: the windows are counted by units and not by what each costs, rounded.
        let cheap = Terms {
            price: 1,
            per: 150,
            ..terms
        };
        assert_eq!(pays_for(&cheap, 2, 36_000), Some(3 * 3_600));
        // More units than 64 bits count.
        let free = Terms {
            per: u64::MAX,
            ..cheap
        };
        assert_eq!(pays_for(&free, 2, 36_000), Some(36_000));
        assert_eq!(pays_for(&Terms::zeroed(), 1, 1), None);
        let capless = Terms { cap: 0, ..terms };
        assert_eq!(pays_for(&capless, 1, 1), None);
    }

    #[test]
    fn a_deposit_pays_until_what_the_job_s_view_says() {
        for (funds, price, per, cap) in [
            (0, 7, 3, 11),
            (1_000, 7, 3, 11),
            (999, 1, 1_000, 1),
            (60_000, 999, 1_000, 7),
        ] {
            let mut job = Job {
                state: JobState::Active.byte(),
                start_at: 1_000,
                end_at: 1_000 + 86_400,
                ..Job::zeroed()
            };
            job.terms.price = price;
            (job.terms.per, job.terms.cap) = (per, cap);
            job.terms.window_secs = 3_600;
            job.fund(funds).unwrap();
            let secs = pays_for(&job.terms, funds, 86_400).unwrap();
            let until = JobView::of(&job, 1_000).unwrap().paid_until.unwrap();
            assert_eq!(until, 1_000 + i64::try_from(secs).unwrap());
        }
    }

    #[test]
    fn a_window_can_be_proven_from_its_end_to_the_end_of_its_grace() {
        let mut job = Job {
            start_at: 1_000,
            end_at: 1_250,
            terms: Terms {
                window_secs: 100,
                grace_secs: 150,
                cap: 1,
                ..Terms::zeroed()
            },
            ..Job::zeroed()
        };
        let windows = |job: &Job, now| unproven_windows(job, now).unwrap();
        assert_eq!(windows(&job, 1_099), [0u32; 0]);
        assert_eq!(windows(&job, 1_100), [0]);
        assert_eq!(windows(&job, 1_249), [0, 1]);
        assert_eq!(windows(&job, 1_250), [1]);
        // The third window is cut by the end, and there is no fourth.
        assert_eq!(windows(&job, 1_300), [1, 2]);
        assert_eq!(windows(&job, 1_449), [2]);
        assert_eq!(windows(&job, 1_450), [0u32; 0]);
        job.ring[1].window_plus_one = 2;
        assert_eq!(windows(&job, 1_300), [2]);
    }

    #[test]
    fn the_least_deposit_covers_the_notice_and_not_a_unit_less() {
        for (price, per, cap) in [(10_000, 1, 100), (7, 3, 11), (1, 1_000, 1), (999, 1_000, 7)] {
            let terms = Terms {
                price,
                per,
                cap,
                window_secs: 3_600,
                notice_secs: 3_601,
                ..Terms::zeroed()
            };
            let least = minimum_deposit(&terms).unwrap();
            let units = |funds| metering::units_funded(funds, price, per).unwrap();
            assert!(units(least) >= 3 * cap);
            assert!(units(least - 1) < 3 * cap);
        }
    }
}
