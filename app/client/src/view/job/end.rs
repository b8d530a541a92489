//! How a party ends a job, and the steps by which a buyer leaves one.

use {
    super::JobView,
    sluice::state::{AttesterSet, EndCause, Job, JobState},
};

/// When a job ends, and why, once a party has moved its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Unix seconds.
    pub at: i64,
    /// Why.
    pub cause: EndCause,
}

impl End {
    /// Ended by `cause` after `notice_secs`. The program refuses to move an end later.
    fn after(job: &Job, notice_secs: u32, cause: EndCause, now: i64) -> Self {
        let at = now.saturating_add(i64::from(notice_secs));
        Self {
            at: job.end_at.min(at),
            cause,
        }
    }

    /// If the buyer cancels at `now`: at once while the job is open, without a quorum and after a window was ruled void, else after
    /// the notice. `set` is the one that the terms name; an open job does without.
    pub fn by_cancelling(job: &Job, set: Option<&AttesterSet>, now: i64) -> Self {
        let notice = job.terms.notice_secs;
        let (notice, cause) = if job.state == JobState::Open.byte() {
            (0, EndCause::Cancelled)
        } else if lost_quorum(set) {
            (0, EndCause::QuorumLost)
        } else if job.void_windows >= 1 {
            (0, EndCause::Cancelled)
        } else {
            (notice, EndCause::Cancelled)
        };
        Self::after(job, notice, cause, now)
    }

    /// If the provider resigns at `now`: at once without a quorum and where nobody pays for the next window, else after the notice.
    /// `None` when the account's numbers contradict each other.
    pub fn by_resigning(job: &Job, set: Option<&AttesterSet>, now: i64) -> Option<Self> {
        let (notice, cause) = if lost_quorum(set) {
            (0, EndCause::QuorumLost)
        } else if job.is_underfunded().ok()? {
            (0, EndCause::Excused)
        } else {
            (job.terms.notice_secs, EndCause::Resigned)
        };
        Some(Self::after(job, notice, cause, now))
    }

    /// If a party ends a job at `now` whose last windows were unproven; nobody's fault where nobody pays for the next one. `None`
    /// when the account's numbers contradict each other.
    pub fn by_fault(job: &Job, now: i64) -> Option<Self> {
        let cause = if job.is_underfunded().ok()? {
            EndCause::Excused
        } else {
            EndCause::Faulted
        };
        Some(Self::after(job, 0, cause, now))
    }
}

fn lost_quorum(set: Option<&AttesterSet>) -> bool {
    set.is_some_and(|set| !set.has_quorum())
}

/// The next step of a buyer who leaves a job and takes its money along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// End it at once: its last windows were unproven.
    Fault,
    /// Give notice.
    Cancel,
    /// Wait until the notice is over, unix seconds.
    Notice(i64),
    /// Release it: it has settled.
    Release,
    /// Take back what can no longer be earned.
    Refund,
    /// What can be had is had. The rest settles at this date; `None` where none is left, or a ruling is awaited.
    Left(Option<i64>),
}

impl Leave {
    /// The step that is next at `now`, of a job whose view is `view`: both read after the last step landed, for a fault ends the job
    /// at the time at which it lands.
    pub const fn next(job: &Job, view: &JobView, now: i64) -> Self {
        if job.state != JobState::Released.byte() && now < job.end_at {
            // A second notice would end no earlier: the first cancel stands unless the job can be faulted now.
            return if view.faulted {
                Self::Fault
            } else if job.cause == EndCause::Length.byte() {
                Self::Cancel
            } else {
                Self::Notice(job.end_at)
            };
        }
        match view.settles_at {
            Some(at) if now >= at => Self::Release,
            _ if view.refundable > 0 => Self::Refund,
            rest => Self::Left(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable, sluice::state::Terms};

    const NOW: i64 = 1_000;

    /// Runs until 9,000 and pays for ten windows of ten units.
    fn job() -> Job {
        Job {
            state: JobState::Active.byte(),
            start_at: 900,
            end_at: 9_000,
            units_funded: 100,
            terms: Terms {
                cap: 10,
                notice_secs: 60,
                ..Terms::zeroed()
            },
            ..Job::zeroed()
        }
    }

    const fn end(at: i64, cause: EndCause) -> End {
        End { at, cause }
    }

    #[test]
    fn a_buyer_gives_notice_unless_the_job_is_open_without_quorum_or_void() {
        let mut job = job();
        let quorum = AttesterSet::zeroed();
        let lost = AttesterSet {
            threshold: 1,
            ..AttesterSet::zeroed()
        };
        let cancel = End::by_cancelling;
        let notice = end(1_060, EndCause::Cancelled);
        assert_eq!(cancel(&job, Some(&quorum), NOW), notice);
        assert_eq!(cancel(&job, None, NOW), notice);
        assert_eq!(
            cancel(&job, Some(&lost), NOW),
            end(NOW, EndCause::QuorumLost)
        );
        job.void_windows = 1;
        let at_once = end(NOW, EndCause::Cancelled);
        assert_eq!(cancel(&job, Some(&quorum), NOW), at_once);
        job.void_windows = 0;
        job.end_at = 1_010;
        assert_eq!(cancel(&job, None, NOW), end(1_010, EndCause::Cancelled));
        job.state = JobState::Open.byte();
        assert_eq!(cancel(&job, Some(&lost), NOW), at_once);
    }

    #[test]
    fn a_provider_is_excused_where_the_next_window_is_not_paid_for() {
        let mut job = job();
        let resign = |job: &Job, set| End::by_resigning(job, set, NOW).unwrap();
        assert_eq!(resign(&job, None), end(1_060, EndCause::Resigned));
        assert_eq!(End::by_fault(&job, NOW), Some(end(NOW, EndCause::Faulted)));
        job.units_matured = 91;
        assert_eq!(resign(&job, None), end(NOW, EndCause::Excused));
        assert_eq!(End::by_fault(&job, NOW), Some(end(NOW, EndCause::Excused)));
        let lost = AttesterSet {
            threshold: 1,
            ..AttesterSet::zeroed()
        };
        assert_eq!(resign(&job, Some(&lost)), end(NOW, EndCause::QuorumLost));
        job.units_matured = 101;
        assert_eq!(End::by_resigning(&job, None, NOW), None);
    }

    #[test]
    fn a_buyer_leaves_step_by_step() {
        let mut job = job();
        let mut view = JobView {
            earned: 0,
            owed: 0,
            owed_treasury: 0,
            owed_attesters: 0,
            pending: 0,
            pending_dates: None,
            frozen: 0,
            refundable: 5,
            at_risk: 0,
            paid_until: None,
            settles_at: Some(9_500),
            uncredited: 0,
            faulted: true,
            owes_nothing: false,
        };
        assert_eq!(Leave::next(&job, &view, NOW), Leave::Fault);
        view.faulted = false;
        assert_eq!(Leave::next(&job, &view, NOW), Leave::Cancel);
        job.cause = EndCause::Cancelled.byte();
        assert_eq!(Leave::next(&job, &view, 8_999), Leave::Notice(9_000));
        assert_eq!(Leave::next(&job, &view, 9_000), Leave::Refund);
        assert_eq!(Leave::next(&job, &view, 9_500), Leave::Release);
        view.refundable = 0;
        assert_eq!(Leave::next(&job, &view, 9_000), Leave::Left(Some(9_500)));
        job.state = JobState::Released.byte();
        view.settles_at = None;
        assert_eq!(Leave::next(&job, &view, NOW), Leave::Left(None));
    }
}
