//! What the chain says of the windows of a job.

use {
    crate::store::Proof,
    sluice_client::{
        Address, Event, Job, Ledger, Result,
        ledger::history::{self, Span},
    },
    std::collections::BTreeMap,
};

/// What is decided by a window that nobody can prove any more waits so long for the block that says so to be settled, seconds.
pub const SETTLED_SECS: i64 = 20;

/// What the chain says of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is not proven, and may still be.
    Open,
    /// It is proven.
    Proven(Proof),
    /// The account does not reach back to it: history does.
    Forgotten,
    /// It is not proven, and can never be.
    Lost,
}

/// What the account of an accepted job says of a window at `now`; `None` where its numbers contradict each other.
pub fn said(job: &Job, window: u32, now: i64) -> Option<Said> {
    let slots = u32::try_from(job.ring.len()).ok()?;
    let slot = usize::try_from(window.checked_rem(slots)?).ok()?;
    let entry = job.ring.get(slot)?;
    let own = window.checked_add(1)?;
    if entry.window_plus_one == own {
        return Some(Said::Proven(Proof::Statement(entry.statement)));
    }
    if entry.window_plus_one > own {
        return Some(Said::Forgotten);
    }
    let schedule = job.schedule();
    if schedule.window_start(window)? >= job.end_at {
        return Some(Said::Lost);
    }
    let closes_at = schedule
        .window_end(window)?
        .checked_add(job.terms.grace_secs.into())?;
    let is_lost = now >= closes_at.checked_add(SETTLED_SECS)?;
    Some(if is_lost { Said::Lost } else { Said::Open })
}

/// The windows behind the first `windows` that have units which are not earned yet: nobody asked for them.
pub fn beyond(job: &Job, windows: u32) -> impl Iterator<Item = (u32, Proof)> {
    job.ring.iter().filter_map(move |entry| {
        let window = entry.window_plus_one.checked_sub(1)?;
        let is_asked = window < windows || entry.units == 0;
        (!is_asked).then_some((window, Proof::Statement(entry.statement)))
    })
}

/// Until when a window of the job can be challenged, unix seconds.
pub fn matures_at(job: &Job, window: u32) -> Option<i64> {
    let end = job.schedule().window_end(window)?;
    end.checked_add(job.terms.maturity_secs())
}

/// From when on an account of the job tells of every window that was proven, unix seconds.
pub fn last_look_at(job: &Job) -> Option<i64> {
    let closed_at = job.schedule().all_closed_at(job.terms.grace_secs)?;
    closed_at.checked_add(SETTLED_SECS)
}

/// What the chain's history tells of one incarnation of a job.
pub struct Past {
    /// Every window that was proven.
    pub proven: BTreeMap<u32, Proof>,
    /// It was closed.
    pub is_closed: bool,
    /// Nothing can have been proven that is not told.
    pub is_whole: bool,
    /// Base units that were returned, as last told.
    pub refunded: Option<u64>,
}

/// What history tells of one incarnation of a job.
///
/// # Errors
/// The ledger's, also where it keeps no history.
pub fn past(ledger: &impl Ledger, job: &Address, incarnation: u64) -> Result<Past> {
    let history = history::of(ledger)?;
    let mut past = Past {
        proven: BTreeMap::new(),
        is_closed: false,
        // The incarnation is the slot in which the job was opened.
        is_whole: history.first_slot()? <= incarnation,
        refunded: None,
    };
    let span = Span {
        since_slot: Some(incarnation),
        ..Span::default()
    };
    // The latest comes first.
    for entry in history.entries(job, &span)? {
        if entry.failed {
            continue;
        }
        let told = history.past(&entry)?;
        let logged = told.logged();
        past.is_whole &= !logged.truncated && !told.is_untold;
        for event in logged.events {
            past.take(job, incarnation, &event);
        }
    }
    Ok(past)
}

impl Past {
    fn take(&mut self, job: &Address, incarnation: u64, event: &Event) {
        match event {
            Event::WindowProven(proof) if proof.job == *job && proof.incarnation == incarnation => {
                self.proven
                    .insert(proof.window, Proof::Digest(proof.digest));
            }
            Event::JobClosed(closed) if closed.job == *job && closed.incarnation == incarnation => {
                self.is_closed = true;
            }
            Event::EscrowMoved(moved) if moved.job == *job => {
                self.refunded = self.refunded.max(Some(moved.refunded));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        bytemuck::Zeroable,
        sluice_client::{JobState, Terms},
    };

    /// Three windows of a hundred seconds from second 1,000, each to be proven within fifty.
    fn job() -> Job {
        Job {
            state: JobState::Active.byte(),
            start_at: 1_000,
            end_at: 1_300,
            terms: Terms {
                window_secs: 100,
                grace_secs: 50,
                challenge_secs: 30,
                cap: 10,
                price: 1,
                per: 1,
                ..Terms::zeroed()
            },
            ..Job::zeroed()
        }
    }

    #[test]
    fn a_window_is_lost_only_once_its_grace_is_long_over() {
        let job = job();
        for (now, expected) in [
            (1_000, Said::Open),
            (1_149, Said::Open),
            (1_169, Said::Open),
            (1_170, Said::Lost),
        ] {
            assert_eq!(said(&job, 0, now), Some(expected), "{now}");
        }
        assert_eq!(said(&job, 2, 1_369), Some(Said::Open));
        assert_eq!(said(&job, 2, 1_370), Some(Said::Lost));
        assert_eq!(matures_at(&job, 0), Some(1_180));
    }

    #[test]
    fn a_job_is_looked_at_until_nothing_more_of_it_can_be_proven() {
        let mut job = job();
        // The last window's grace is over at 1,350.
        assert_eq!(last_look_at(&job), Some(1_370));
        // A window that was cut has its grace from where it ends by the schedule.
        job.end_at = 1_201;
        assert_eq!(said(&job, 2, 1_369), Some(Said::Open));
        assert_eq!(last_look_at(&job), Some(1_370));
        job.end_at = 1_200;
        assert_eq!(last_look_at(&job), Some(1_270));
    }

    #[test]
    fn a_window_that_never_begins_is_lost_at_once() {
        let mut job = job();
        job.end_at = 1_100;
        assert_eq!(said(&job, 0, 1_099), Some(Said::Open));
        assert_eq!(said(&job, 1, 1_000), Some(Said::Lost));
        // A window that was cut can be proven still.
        job.end_at = 1_101;
        assert_eq!(said(&job, 1, 1_000), Some(Said::Open));
    }

    #[test]
    fn windows_that_nobody_asked_for_are_those_with_units_behind_the_last() {
        let mut job = job();
        for (slot, units) in [(0usize, 5), (1, 5), (2, 0)] {
            job.ring[slot].window_plus_one = u32::try_from(slot).unwrap() + 1;
            job.ring[slot].units = units;
            job.ring[slot].statement = [7; 24];
        }
        let found: Vec<_> = beyond(&job, 1).collect();
        assert_eq!(found, [(1, Proof::Statement([7; 24]))]);
        assert_eq!(beyond(&job, 2).count(), 0);
        assert_eq!(beyond(&job, 0).count(), 2);
    }

    #[test]
    fn what_the_account_forgot_is_neither_proven_nor_lost() {
        let mut job = job();
        job.end_at = 10_000;
        job.ring[0].window_plus_one = 17;
        job.ring[1].window_plus_one = 2;
        job.ring[1].statement = [7; 24];
        assert_eq!(said(&job, 0, 9_000), Some(Said::Forgotten));
        let proof = Proof::Statement([7; 24]);
        assert_eq!(said(&job, 1, 9_000), Some(Said::Proven(proof)));
        assert_eq!(
            said(&job, 16, 9_000),
            Some(Said::Proven(Proof::Statement([0; 24])))
        );
        // Its slot has an older window: it was not proven.
        assert_eq!(said(&job, 17, 1_000), Some(Said::Open));
        assert_eq!(said(&job, 17, 9_000), Some(Said::Lost));
    }
}
