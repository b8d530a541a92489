//! `stream` against 128-bit integers, and the promises of an epoch.

mod edges;

use {
    edges::{
        any_i64, any_u32, any_u64, ascending, config, fit, floor, partition, positive_u32,
        positive_u64,
    },
    proptest::{collection::vec, prelude::*},
    sluice_math::stream::{delegated, emission, epoch_of, epoch_start, share_of, streamed},
};

const MAX: u64 = u64::MAX;
const LONGEST: u64 = 0xFFFF_FFFF;

fn duration() -> impl Strategy<Value = u64> {
    positive_u32().prop_map(u64::from)
}

/// A duration and a moment of it, mostly inside.
fn moment() -> impl Strategy<Value = (u64, u64)> {
    (duration(), any_u64(), 0..=3_u8).prop_map(|(duration, elapsed, place)| match place {
        0 => (duration, elapsed),
        1 => (duration, duration - 1),
        _ => (duration, elapsed % duration),
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn emission_is_the_lesser_of_rate_and_ceiling(rate in any_u64(), ceiling in any_u64(), total in any_u64()) {
        let expected = u128::from(rate).min(u128::from(ceiling) * u128::from(total));
        prop_assert_eq!(Some(emission(rate, ceiling, total)), fit(expected));
    }

    #[test]
    fn share_of_is_exact(emission in any_u64(), units in any_u64(), total in any_u64(), part in any::<bool>()) {
        let units = if part { units.min(total) } else { units };
        let expected = if units > total { None } else { floor(emission, units, total) };
        prop_assert_eq!(share_of(emission, units, total), expected);
    }

    #[test]
    fn all_shares_together_get_at_most_the_emission_and_the_rate(
        rate in any_u64(),
        ceiling in any_u64(),
        total in positive_u64(),
        places in vec(any_u64(), 0..8),
    ) {
        let emitted = emission(rate, ceiling, total);
        let paid: u64 = partition(total, &places)
            .into_iter()
            .map(|units| share_of(emitted, units, total).unwrap())
            .sum();
        prop_assert!(paid <= emitted);
        prop_assert!(emitted <= rate);
    }

    #[test]
    fn a_single_share_gets_the_whole_emission(emitted in any_u64(), total in positive_u64()) {
        prop_assert_eq!(share_of(emitted, total, total), Some(emitted));
    }

    #[test]
    fn streamed_is_exact(share in any_u64(), (duration, elapsed) in moment()) {
        prop_assert_eq!(streamed(share, elapsed, duration), floor(share, elapsed.min(duration), duration));
    }

    #[test]
    fn streamed_refuses_exactly_zero_and_more_than_32_bits(share in any_u64(), elapsed in any_u64(), duration in any_u64()) {
        let expected = (1..=LONGEST).contains(&duration);
        prop_assert_eq!(streamed(share, elapsed, duration).is_some(), expected);
    }

    #[test]
    fn streamed_never_falls_as_time_passes(
        share in any_u64(),
        duration in duration(),
        (sooner, later) in prop_oneof![ascending(), (any_u32(), any_u32()).prop_map(|(a, b)| (a.min(b).into(), a.max(b).into()))],
    ) {
        prop_assert!(streamed(share, sooner, duration).unwrap() <= streamed(share, later, duration).unwrap());
    }

    #[test]
    fn nothing_has_streamed_at_the_start_and_all_at_the_end(share in any_u64(), duration in duration(), after in any_u64()) {
        prop_assert_eq!(streamed(share, 0, duration), Some(0));
        prop_assert_eq!(streamed(share, duration, duration), Some(share));
        prop_assert_eq!(streamed(share, duration.saturating_add(after), duration), Some(share));
    }

    #[test]
    fn delegated_is_exact(amount in any_u64(), bps in any::<u16>()) {
        let expected = (bps <= 10_000).then(|| floor(amount, bps.into(), 10_000)).flatten();
        prop_assert_eq!(delegated(amount, bps), expected);
    }

    #[test]
    fn neither_part_falls_as_the_amount_grows((less, more) in ascending(), bps in 0..=10_000u16) {
        let part = |amount| delegated(amount, bps).unwrap();
        prop_assert!(part(less) <= part(more));
        prop_assert!(less - part(less) <= more - part(more));
    }

    #[test]
    fn epoch_of_is_the_epoch_that_holds_now(now in any_i64(), start_at in any_i64(), secs in any_u32()) {
        let elapsed = i128::from(now) - i128::from(start_at);
        let whole = |parts: Option<i128>| parts.map(|parts| u64::try_from(parts).unwrap());
        let expected = (elapsed >= 0 && secs > 0).then(|| {
            let epoch = whole(elapsed.checked_div(i128::from(secs)));
            (epoch.unwrap(), whole(elapsed.checked_rem(i128::from(secs))).unwrap())
        });
        prop_assert_eq!(epoch_of(now, start_at, secs), expected);
        if let Some((epoch, into)) = expected {
            prop_assert_eq!(epoch_start(epoch, start_at, secs).and_then(|start| start.checked_add_unsigned(into)), Some(now));
            prop_assert!(epoch_start(epoch, start_at, secs).is_some_and(|start| start <= now));
            // The next epoch may start past the end of time, but never before now.
            let next = epoch.checked_add(1).and_then(|next| epoch_start(next, start_at, secs));
            prop_assert!(next.is_none_or(|next| next > now));
        }
    }

    #[test]
    fn epoch_start_is_exact(index in any_u64(), start_at in any_i64(), secs in any_u32()) {
        let expected = i64::try_from(i128::from(start_at) + i128::from(index) * i128::from(secs)).ok();
        prop_assert_eq!(epoch_start(index, start_at, secs), expected);
    }
}

#[test]
fn emission_by_hand() {
    for (rate, ceiling, total, emitted) in [
        (1_000, 10, 0, 0),
        (1_000, 10, 99, 990),
        (1_000, 10, 100, 1_000),
        (1_000, 10, 101, 1_000),
        (0, 10, 5, 0),
        (1_000, 0, 5, 0),
        (MAX, MAX, 2, MAX),
        (7, MAX, MAX, 7),
    ] {
        assert_eq!(
            emission(rate, ceiling, total),
            emitted,
            "{rate}, {ceiling} * {total}"
        );
    }
}

#[test]
fn share_of_by_hand() {
    for (emitted, units, total, share) in [
        (100, 1, 3, Some(33)),
        (100, 2, 3, Some(66)),
        (100, 3, 3, Some(100)),
        (100, 0, 3, Some(0)),
        (100, 4, 3, None),
        (0, 0, 0, None),
        (100, 0, 0, None),
        (100, 1, 0, None),
        (MAX, MAX - 1, MAX, Some(MAX - 1)),
    ] {
        assert_eq!(
            share_of(emitted, units, total),
            share,
            "{emitted} * {units} / {total}"
        );
    }
}

#[test]
fn streamed_by_hand() {
    for (share, elapsed, duration, paid) in [
        (100, 0, 10, Some(0)),
        (100, 1, 10, Some(10)),
        (100, 10, 10, Some(100)),
        (100, 11, 10, Some(100)),
        (100, MAX, 10, Some(100)),
        (7, 2, 3, Some(4)),
        (8, 2, 3, Some(5)),
        (2, 1, 3, Some(0)),
        (0, 2, 3, Some(0)),
        (5, 1, 0, None),
        (5, 0, 0, None),
        (MAX, 1, 1, Some(MAX)),
        (MAX, LONGEST, LONGEST, Some(MAX)),
        // MAX = LONGEST * (2^32 + 1), so every second streams the same.
        (MAX, 1, LONGEST, Some(4_294_967_297)),
        (
            MAX - 1,
            LONGEST - 1,
            LONGEST,
            Some(18_446_744_069_414_584_317),
        ),
        (5, 1, LONGEST + 1, None),
        (5, 1, MAX, None),
    ] {
        assert_eq!(
            streamed(share, elapsed, duration),
            paid,
            "{share} * {elapsed} / {duration}"
        );
    }
}

#[test]
fn delegated_by_hand() {
    for (amount, bps, part) in [
        (0, 10_000, Some(0)),
        (1, 9_999, Some(0)),
        (1, 10_000, Some(1)),
        (10_001, 1, Some(1)),
        (19_999, 5_000, Some(9_999)),
        (MAX, 10_000, Some(MAX)),
        (MAX, 9_999, Some(18_444_899_399_302_180_659)),
        (MAX, 0, Some(0)),
        (5, 10_001, None),
    ] {
        assert_eq!(delegated(amount, bps), part, "{bps} bps of {amount}");
    }
}

#[test]
fn epochs_by_hand() {
    for (now, start_at, secs, epoch) in [
        (100, 100, 60, Some((0, 0))),
        (99, 100, 60, None),
        (159, 100, 60, Some((0, 59))),
        (160, 100, 60, Some((1, 0))),
        (-1, -100, 60, Some((1, 39))),
        (100, 100, 0, None),
        (i64::MAX, i64::MIN, 1, Some((MAX, 0))),
        (i64::MIN, i64::MAX, 1, None),
    ] {
        assert_eq!(
            epoch_of(now, start_at, secs),
            epoch,
            "{now} from {start_at} by {secs}"
        );
    }
    for (index, start_at, secs, start) in [
        (0, 100, 60, Some(100)),
        (2, 100, 60, Some(220)),
        (2, -100, 60, Some(20)),
        (MAX, i64::MIN, 1, Some(i64::MAX)),
        (MAX, i64::MIN + 1, 1, None),
        (1 << 63, i64::MIN, 2, None),
        (MAX, i64::MIN, 2, None),
        (9, 100, 0, Some(100)),
    ] {
        assert_eq!(
            epoch_start(index, start_at, secs),
            start,
            "{index} from {start_at} by {secs}"
        );
    }
}
