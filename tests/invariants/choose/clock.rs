//! How time passes: not at all, by a second, to the second around a date that matters, or far.

use {
    super::Dice,
    sluice_tests::reference::{Job, JobState, Reference, rewards::RewardPool},
};

/// Seconds and slots until the next step.
pub fn pause(model: &Reference, now: i64, dice: &mut Dice) -> (i64, u64) {
    let secs = match dice.below(1_000) {
        0..=769 => 0,
        770..=819 => 1,
        820..=954 => to_a_date(model, now, dice),
        955..=994 => dice.below(60) as i64,
        // Two days at once end every job and pool: rarely.
        995 if dice.one_in(6) => to_a_change(model, now, dice).unwrap_or(0),
        995..=998 => dice.below(1_200) as i64,
        _ => dice.below(20_000) as i64,
    };
    let slots = match dice.below(10) {
        0..=3 => 0,
        4..=8 => 1,
        _ => dice.below(10),
    };
    (secs, slots)
}

/// To one of the next dates that matter, or a second before or after it.
fn to_a_date(model: &Reference, now: i64, dice: &mut Dice) -> i64 {
    let mut dates = dates(model, now);
    dates.retain(|date| *date > i128::from(now));
    dates.sort_unstable();
    dates.dedup();
    dates.truncate(3);
    let Some(date) = dice.pick_some(dates) else {
        return 0;
    };
    let around = i128::from(dice.below(3)) - 1;
    let secs = date + around - i128::from(now);
    // Dates far off are for the long jumps.
    if secs > 300 { 0 } else { secs.max(0) as i64 }
}

/// To the date of a pending change, two days off at first, or a second before or after it.
fn to_a_change(model: &Reference, now: i64, dice: &mut Dice) -> Option<i64> {
    let pending = model.networks.values().filter_map(|n| n.pending.as_ref());
    let coming = pending.map(|(due, _)| *due).filter(|due| *due > now);
    let due = dice.pick_some(coming.collect::<Vec<_>>())?;
    Some((due - now + dice.below(3) as i64 - 1).max(0))
}

fn dates(model: &Reference, now: i64) -> Vec<i128> {
    let jobs = model.jobs.values();
    let mut dates: Vec<i128> = jobs.flat_map(|job| moments_of_job(job, now)).collect();
    dates.extend(model.tickets.values().map(|t| i128::from(t.withdraw_at)));
    let disputes = model.challenges.values();
    let open = disputes.filter(|challenge| challenge.ruled.is_none());
    dates.extend(open.flat_map(|c| [c.rule_from, c.rule_until].map(i128::from)));
    let providers = model.providers.values();
    let commissions = providers.filter_map(|provider| provider.commissions.last());
    dates.extend(commissions.map(|(from, _)| i128::from(*from)));
    let pools = model.reward_pools.values();
    for pool in pools.filter(|pool| !is_over(pool, now)) {
        let since = (now - pool.terms.start_at).max(0) as u64;
        let current = since / u64::from(pool.terms.epoch_secs);
        let coming = [0, 1, 2].map(|ahead| pool.terms.starts(current + ahead));
        dates.extend(coming);
        dates.push(i128::from(pool.terms.end_at));
    }
    dates
}

/// True once every stream of a pool has ended too.
pub fn is_over(pool: &RewardPool, now: i64) -> bool {
    now > pool.terms.end_at + 3 * i64::from(pool.terms.epoch_secs)
}

/// When something about a job changes by itself, around `now`.
pub fn moments_of_job(job: &Job, now: i64) -> Vec<i128> {
    let mut dates = vec![i128::from(job.end_at)];
    if job.state == JobState::Active {
        let window = i64::from(job.terms.window_secs);
        let current = ((now - job.start_at) / window) as u32;
        let near = current.saturating_sub(18)..=current + 1;
        for w in near.chain(job.windows().last()) {
            dates.extend([job.ends(w), job.closes(w), job.matures(w)]);
        }
    }
    dates
}
