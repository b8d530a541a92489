//! Streaming rewards: what an epoch emits, a share's part of it, and how much of that has streamed.

use {
    crate::{metering::BPS, wide::mul_div_floor},
    core::num::{NonZeroU32, NonZeroU64},
};

/// What an epoch in which `total_units` were reported emits, in base units of the pool's mint: the pool's
/// `rate` per epoch, but at most `ceiling` per unit. Exact and total.
pub fn emission(rate: u64, ceiling: u64, total_units: u64) -> u64 {
    // Where this saturates, the true product is above any rate.
    rate.min(ceiling.saturating_mul(total_units))
}

/// The part of `emission` base units that `units` of `total_units` earn: rounded down, so that the parts
/// of all shares together never exceed the emission.
///
/// `None` if `total_units` is zero or less than `units`.
pub fn share_of(emission: u64, units: u64, total_units: u64) -> Option<u64> {
    if units > total_units {
        return None;
    }
    mul_div_floor(emission, units, total_units)
}

/// How much of `share` base units has streamed `elapsed_secs` into a stream of `duration_secs`:
/// `share * min(elapsed, duration) / duration` rounded down. It never falls as time passes and is the whole
/// share from the end on.
///
/// `None` if `duration_secs` is zero or more than `u32::MAX`.
pub fn streamed(share: u64, elapsed_secs: u64, duration_secs: u64) -> Option<u64> {
    let duration: NonZeroU64 = NonZeroU32::new(u32::try_from(duration_secs).ok()?)?.into();
    let elapsed = elapsed_secs.min(duration_secs);
    // The first product is at most `share`, the second less than 2^64 (both factors fit 32 bits), and the
    // sum at most `share`.
    let whole = (share / duration).wrapping_mul(elapsed);
    let rest = (share % duration).wrapping_mul(elapsed) / duration;
    Some(whole.wrapping_add(rest))
}

/// The part of `amount` base units that goes to delegators, who get `delegators_bps` basis points of it: rounded down, so
/// it never falls as `amount` grows, and neither does the rest.
///
/// `None` if `delegators_bps` is more than 10,000.
pub fn delegated(amount: u64, delegators_bps: u16) -> Option<u64> {
    let bps = u64::from(delegators_bps);
    if bps > BPS {
        return None;
    }
    // Both products are at most `amount` and 10^8, the sum at most `amount`.
    let whole = (amount / BPS).wrapping_mul(bps);
    let rest = (amount % BPS).wrapping_mul(bps) / BPS;
    Some(whole.wrapping_add(rest))
}

/// The epoch that `now` falls in, counted from 0 at `start_at`, for epochs of `epoch_secs` seconds, and the seconds into it.
///
/// `None` before `start_at`, or if `epoch_secs` is zero.
pub fn epoch_of(now: i64, start_at: i64, epoch_secs: u32) -> Option<(u64, u64)> {
    if now < start_at {
        return None;
    }
    let (since, length) = (now.abs_diff(start_at), u64::from(epoch_secs));
    Some((since.checked_div(length)?, since.checked_rem(length)?))
}

/// When epoch `index` starts, in Unix seconds: `start_at + index * epoch_secs`, exact.
///
/// `None` if that does not fit `i64`.
pub fn epoch_start(index: u64, start_at: i64, epoch_secs: u32) -> Option<i64> {
    start_at.checked_add_unsigned(index.checked_mul(u64::from(epoch_secs))?)
}
