//! When a worker gives a job back, or gives notice.

use {
    super::seal::dry_windows,
    sluice_client::{AttesterSet, EndCause, Job, view::job::End},
};

/// Whole windows that nobody pays for after which a job is left.
const DRY_WINDOWS: u32 = 2;
/// A job that is not admitted is given back so long before its first window ends, seconds; a quarter of a shorter window.
const WAIVED_BEFORE: u32 = 60;

/// What ends a job for its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It is given back: nothing of it is proven.
    Waive,
    /// It ends after its notice, or at once where nobody pays or no quorum is left.
    Resign(&'static str),
}

/// What is known of a job beside its account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Enough members admitted it, once.
    pub is_admitted: bool,
    /// Judged work whose first chunk of a window cannot be done.
    pub is_stuck: bool,
    /// The worker leaves.
    pub drains: bool,
}

/// Whether the provider leaves `job` at `now`.
pub fn leave(job: &Job, set: &AttesterSet, standing: Standing, now: i64) -> Option<Leave> {
    if job.taken == 1 && job.last_proven == 0 && !standing.is_admitted && job.start_at < job.end_at
    {
        let before = WAIVED_BEFORE.min(job.terms.window_secs / 4);
        let by = job
            .schedule()
            .window_end(0)?
            .saturating_sub(i64::from(before));
        if now >= by {
            return Some(Leave::Waive);
        }
    }
    let why = if standing.drains {
        "this worker leaves"
    } else if standing.is_stuck {
        "the first chunk of a window cannot be done"
    } else if dry_windows(job, now)? >= DRY_WINDOWS {
        "nobody pays for its windows"
    } else {
        return None;
    };
    let end = End::by_resigning(job, Some(set), now)?;
    // A notice that was given before ends sooner than another one.
    let ends_sooner = now < job.end_at && end.at < job.end_at;
    let is_given = job.cause == EndCause::Resigned.byte() && end.cause == EndCause::Resigned;
    (ends_sooner && !is_given).then_some(Leave::Resign(why))
}
