//! How the chunks are divided among the jobs: cheapest first, evenly among those that cost the same.

use super::pick::Entry;

/// A job, how many chunks it can do within the time, and how many it gets.
struct Part {
    entry: Entry,
    room: u32,
    chunks: u32,
}

impl Part {
    fn spare(&self) -> u32 {
        self.room.saturating_sub(self.chunks)
    }
}

/// Divides up to `chunks` chunks among `jobs`, cheapest first, so that each gets at least one, none more than it does within
/// `secs`, and all deposits together stay within `purse`. The jobs are in their classes' order, no more than there are chunks, and
/// their least deposits together are within the purse.
pub(super) fn share(jobs: &[Entry], chunks: u32, secs: u64, purse: u64) -> Vec<(Entry, u32)> {
    let mut parts: Vec<Part> = jobs
        .iter()
        .map(|entry| Part {
            entry: *entry,
            room: u32::try_from(entry.fit.capacity(secs)).unwrap_or(u32::MAX),
            chunks: 1,
        })
        .collect();
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let rest = chunks.saturating_sub(count);
    evenly(&mut parts, rest);
    let funds = parts.iter().try_fold(0_u64, |sum, part| {
        sum.checked_add(part.entry.fit.funds(part.chunks))
    });
    if funds.is_none_or(|funds| funds > purse) {
        frugally(&mut parts, rest, purse);
    }
    let parts = parts.into_iter();
    parts.map(|part| (part.entry, part.chunks)).collect()
}

/// Gives `rest` more chunks to the cheapest class first, and within a class by what each has room for.
fn evenly(parts: &mut [Part], mut rest: u32) {
    for class in parts.chunk_by_mut(|a, b| a.entry.class == b.entry.class) {
        let room: u64 = class.iter().map(|part| u64::from(part.spare())).sum();
        let given = u64::from(rest).min(room);
        let mut left = given;
        for part in class.iter_mut() {
            // Both factors fit 32 bits, and the quotient is at most what the job has room for.
            let by = given
                .saturating_mul(u64::from(part.spare()))
                .checked_div(room)
                .and_then(|more| u32::try_from(more).ok())
                .unwrap_or(0);
            part.chunks = part.chunks.saturating_add(by);
            left = left.saturating_sub(u64::from(by));
        }
        // What rounding left is less than one chunk for each job that it was rounded down for.
        for part in class.iter_mut().filter(|part| part.spare() > 0) {
            let one = u32::from(left > 0);
            part.chunks = part.chunks.saturating_add(one);
            left = left.saturating_sub(u64::from(one));
        }
        rest = rest.saturating_sub(u32::try_from(given).unwrap_or(u32::MAX));
    }
}

/// Gives `rest` more chunks where the least deposits pay for them anyway, then the cheapest first as far as `purse` reaches.
fn frugally(parts: &mut [Part], mut rest: u32, purse: u64) {
    let deposits = parts.iter().fold(0_u64, |sum, part| {
        sum.saturating_add(part.entry.fit.deposit)
    });
    let mut left = purse.saturating_sub(deposits);
    for part in parts.iter_mut() {
        part.chunks = 1;
        let paid = part.entry.fit.affordable(part.entry.fit.deposit);
        rest = rest.saturating_sub(raise(part, paid, rest));
    }
    for part in parts.iter_mut() {
        let fit = part.entry.fit;
        let before = fit.funds(part.chunks);
        let paid = fit.affordable(before.saturating_add(left));
        rest = rest.saturating_sub(raise(part, paid, rest));
        left = left.saturating_sub(fit.funds(part.chunks).saturating_sub(before));
    }
}

/// Raises a job's chunks by up to `rest`, to `paid` at most; says by how many.
fn raise(part: &mut Part, paid: u64, rest: u32) -> u32 {
    let paid = u32::try_from(paid).unwrap_or(u32::MAX);
    let more = paid.saturating_sub(part.chunks).min(part.spare()).min(rest);
    part.chunks = part.chunks.saturating_add(more);
    more
}
