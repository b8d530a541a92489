//! Which windows of a job are to be worked, and when one is sealed with what.

use {
    super::{
        compute::Span,
        fetch::Work,
        store::{Chunk, Sealed, WindowRow, WindowStage},
    },
    sluice_client::Job,
    sluice_work::{
        check::Claim,
        core::Core,
        evidence::{Evidence, Stop},
        sluice_math::schedule::Schedule,
    },
    std::collections::BTreeMap,
};

/// Windows that are computed ahead of the one that runs, as far as they are funded.
const AHEAD: u32 = 4;

/// A window that is not sealed and can still be proven. Times are unix seconds of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its chunks, and as many of them as are funded and as its cap lets count.
    pub span: Span,
    /// When it starts.
    pub starts_at: i64,
    /// From then on it is sealed with what there is.
    pub seal_by: i64,
    /// A proof of nothing is worth its fee: without one, either side could end the job for its unproven windows.
    pub shows_life: bool,
}

/// True if the chain has a proof of this window, as far as it remembers.
pub fn is_proven(job: &Job, window: u32) -> bool {
    job.ring
        .iter()
        .any(|entry| entry.window_plus_one.checked_sub(1) == Some(window))
}

/// The windows of `job` that are to be worked at `now`, in their order; `rows` are those that were sealed. Units are given out to the
/// windows in their order: first to what is proven, then to what is sealed, then to these. `None` where the account's numbers contradict
/// each other.
pub fn due(job: &Job, work: &Work, rows: &[WindowRow], now: i64) -> Option<Vec<Due>> {
    let schedule = job.schedule();
    let mut free = job.units_funded.checked_sub(job.units_counted().ok()?)?;
    for row in rows.iter().filter(|row| waits(row, now)) {
        if !is_proven(job, row.id.window) {
            free = free.saturating_sub(row.sealed.units);
        }
    }
    let first = schedule.first_open(now, job.terms.grace_secs)?;
    let running = schedule.first_open(now, 0)?;
    let end = running
        .saturating_add(AHEAD)
        .saturating_add(1)
        .min(schedule.windows()?);
    let mut all = vec![];
    for window in first..end {
        if is_proven(job, window) || rows.iter().any(|row| row.id.window == window) {
            continue;
        }
        let one = of_window(job, &schedule, work, window, free)?;
        let units = work.shape.units_of(one.span.most)?;
        free = free.saturating_sub(units);
        all.push(one);
    }
    Some(all)
}

/// True for a sealed window that can still be proven.
const fn waits(row: &WindowRow, now: i64) -> bool {
    matches!(row.stage, WindowStage::Sealed | WindowStage::Signed) && now < row.sealed.closes_at
}

fn of_window(job: &Job, schedule: &Schedule, work: &Work, window: u32, free: u64) -> Option<Due> {
    let (first, count) = work.shape.due(window);
    let units = schedule.cap_of(window)?.min(free);
    let chunks = units.checked_div(work.shape.units())?;
    let most = u32::try_from(chunks).unwrap_or(u32::MAX).min(count);
    let ends_at = schedule.window_end(window)?;
    // Windows since the last one proven, this one included.
    let unproven = window.saturating_add(1).saturating_sub(job.last_proven);
    Some(Due {
        span: Span {
            window,
            ends_at,
            chunks: first..first.checked_add(count)?,
            most,
        },
        starts_at: schedule.window_start(window)?,
        seal_by: ends_at.checked_add(i64::from(job.terms.grace_secs / 4))?,
        shows_life: unproven >= job.terms.fault_windows,
    })
}

impl Due {
    /// The evidence that the window is sealed with at `now`, of what became of its chunks; `None` if it is not to be sealed yet, or at
    /// all: nothing of it is funded.
    ///
    /// It is sealed once nothing more is to be computed of it and no notice that anybody gives from now on can cut it, else at
    /// [`Due::seal_by`].
    pub fn evidence(
        &self,
        core: &Core,
        found: &BTreeMap<u32, Chunk>,
        notice_secs: u32,
        now: i64,
    ) -> Option<Evidence> {
        let Span {
            window,
            ends_at,
            chunks,
            most,
        } = &self.span;
        if *most == 0 {
            let is_over = chunks.is_empty() && self.shows_life && now >= *ends_at;
            return is_over.then(|| Evidence::of(*window, vec![], None));
        }
        let (mut outputs, mut done, mut stop, mut is_whole) = (vec![], 0u32, None, true);
        for index in chunks.clone() {
            if done >= *most {
                break;
            }
            let chunk = found.get(&index);
            match chunk {
                Some(Ok(output)) => {
                    outputs.push(Some(*output));
                    done = done.saturating_add(1);
                    continue;
                }
                Some(Err(reason)) if core.is_judged() => {
                    stop = Some(Stop {
                        index,
                        reason: *reason,
                    });
                }
                Some(Err(_)) => outputs.push(None),
                None => {
                    is_whole = false;
                    outputs.push(None);
                }
            }
            if core.is_judged() {
                break;
            }
        }
        let cannot_be_cut = *ends_at <= now.saturating_add(i64::from(notice_secs));
        let is_ready = is_whole && now >= self.starts_at && cannot_be_cut;
        (is_ready || now >= self.seal_by).then(|| Evidence::of(*window, outputs, stop))
    }

    /// What is written down of the window when it is sealed with `evidence` at `now`. `None` if the evidence is of another work, or a
    /// date does not fit.
    pub fn sealed(&self, job: &Job, work: &Work, evidence: &Evidence, now: i64) -> Option<Sealed> {
        let claim = Claim::of(evidence, &work.shape, &work.inputs).ok()?;
        let closes_at = self
            .span
            .ends_at
            .checked_add(i64::from(job.terms.grace_secs))?;
        let matures_at = self.span.ends_at.checked_add(job.terms.maturity_secs())?;
        Some(Sealed {
            units: claim.units,
            digest: claim.digest,
            evidence: evidence.to_bytes(),
            sealed_at: now,
            ends_at: self.span.ends_at,
            closes_at,
            matures_at,
            kept_until: matures_at.checked_add(i64::from(job.terms.ruling_secs))?,
        })
    }
}

/// Whole windows that ended since the last in which something was proven, of a job in which nobody paid for one more. A deposit that does
/// not pay for a window changes nothing, though the program excuses what was dry before it.
pub fn dry_windows(job: &Job, now: i64) -> Option<u32> {
    if !job.is_underfunded().ok()? {
        return Some(0);
    }
    let ended = job.schedule().whole_windows(now)?;
    Some(ended.saturating_sub(job.last_worked))
}

/// True for a window of judged work in which nothing is done, because its first chunk cannot be.
pub fn is_stuck(row: &WindowRow) -> bool {
    let evidence = Evidence::from_bytes(&row.sealed.evidence);
    evidence.is_some_and(|evidence| evidence.done() == 0 && evidence.stop.is_some())
}
