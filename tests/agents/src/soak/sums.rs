//! The arithmetic of a job, written a second time: nothing here is computed by the code that is tested.

use sluice_client::Job;

/// A gross amount, divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// All of it.
    pub gross: u64,
    /// To the provider's owner.
    pub provider: u64,
    /// To the treasury.
    pub treasury: u64,
    /// To the owner of the attesters' fee.
    pub attesters: u64,
}

/// What so many units of this job earn, rounded down.
pub fn gross(job: &Job, units: u64) -> u64 {
    part(units, job.terms.price, job.terms.per)
}

/// The same, divided: both fees together are rounded down, then the attesters' part of them.
pub fn split(job: &Job, units: u64) -> Split {
    let gross = gross(job, units);
    let (network, own) = (u64::from(job.fee_bps), u64::from(job.attestation_bps));
    let both = network.saturating_add(own);
    let fees = part(gross, both, 10_000);
    let attesters = part(fees, own, both);
    Split {
        gross,
        provider: gross.saturating_sub(fees),
        treasury: fees.saturating_sub(attesters),
        attesters,
    }
}

/// `of * times / by`, rounded down.
fn part(of: u64, times: u64, by: u64) -> u64 {
    let product = u128::from(of).saturating_mul(times.into());
    let part = product.checked_div(by.into()).unwrap_or_default();
    u64::try_from(part).unwrap_or(u64::MAX)
}

/// When a window ends.
pub fn end(job: &Job, window: u32) -> i64 {
    let windows = i64::from(window).saturating_add(1);
    let length = windows.saturating_mul(job.terms.window_secs.into());
    job.start_at.saturating_add(length)
}

/// From when on what was proven of a window is earned.
pub fn ripe(job: &Job, window: u32) -> i64 {
    let after = i64::from(job.terms.grace_secs).saturating_add(job.terms.challenge_secs.into());
    end(job, window).saturating_add(after)
}

/// Most units that a window can count: less than the cap where the job ends in it, none behind that.
pub fn cap(job: &Job, window: u32) -> u64 {
    let length = i64::from(job.terms.window_secs);
    let begin = end(job, window).saturating_sub(length);
    let left = job.end_at.saturating_sub(begin).clamp(0, length);
    part(
        job.terms.cap,
        u64::try_from(left).unwrap_or_default(),
        job.terms.window_secs.into(),
    )
}

/// Units that can still be proven at a time: the caps of all windows that are neither proven nor past their grace.
pub fn usable(job: &Job, at: i64) -> u64 {
    let is_proven = |window: u32| {
        let mut ring = job.ring.iter();
        ring.any(|entry| entry.window_plus_one == window.saturating_add(1))
    };
    let windows = (0..u32::MAX).take_while(|window| cap(job, *window) > 0);
    let grace = i64::from(job.terms.grace_secs);
    windows
        .filter(|window| end(job, *window).saturating_add(grace) > at && !is_proven(*window))
        .fold(0, |sum, window| sum.saturating_add(cap(job, window)))
}
