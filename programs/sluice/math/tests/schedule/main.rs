//! `schedule` against 128-bit integers, and window by window where a job is short.

#[path = "../edges/mod.rs"]
mod edges;

mod by_hand;

use {
    edges::{any_i64, any_u32, any_u64, config, positive_u32, positive_u64},
    proptest::prelude::*,
    sluice_math::schedule::Schedule,
};

/// Any timetable at all, a zero window and cap and an end before the start among them.
fn any_schedule() -> impl Strategy<Value = Schedule> {
    let span = prop_oneof![
        any_i64(),
        any_u32().prop_map(i64::from),
        any_u32().prop_map(|secs| -i64::from(secs)),
    ];
    (any_i64(), span, any_u32(), any_u64(), any::<bool>()).prop_map(
        |(start_at, span, window_secs, cap, near)| Schedule {
            start_at,
            end_at: if near {
                start_at.saturating_add(span)
            } else {
                span
            },
            window_secs,
            cap,
        },
    )
}

/// A job of up to 24 windows and a part of one, at any time, of any window and cap; sometimes it ends at or
/// before its start, on the edge of a window, or a second off it.
fn short_schedule() -> impl Strategy<Value = Schedule> {
    let start = prop_oneof![
        -1_000_000..=1_000_000_i64,
        Just(i64::MIN),
        Just(1_700_000_000)
    ];
    let cut = prop_oneof![Just(0_u32), Just(1), Just(u32::MAX), any::<u32>()];
    (
        start,
        positive_u32(),
        0..=24_i64,
        cut,
        any_u64().prop_map(|cap| cap >> 5),
    )
        .prop_map(|(start_at, window_secs, whole, cut, cap)| {
            let window = i64::from(window_secs);
            let length = whole * window + i64::from(cut.min(window_secs - 1));
            // Ends a second before its start, when nothing is left of it.
            let length = if length == 0 && cap % 2 == 1 {
                -1
            } else {
                length
            };
            Schedule {
                start_at,
                end_at: start_at.saturating_add(length),
                window_secs,
                cap,
            }
        })
}

fn start_of(s: &Schedule, w: u64) -> i128 {
    i128::from(s.start_at) + i128::from(w) * i128::from(s.window_secs)
}

fn fit(time: i128) -> Option<i64> {
    i64::try_from(time).ok()
}

/// How many windows start before the end, in 128 bits; not for a zero window.
fn count(s: &Schedule) -> i128 {
    let length = i128::from(s.end_at) - i128::from(s.start_at);
    let window = i128::from(s.window_secs);
    if length <= 0 {
        0
    } else {
        (length + window - 1) / window
    }
}

/// The cap of window `w` by its definition, case by case; not for a zero window.
fn cap_by_definition(s: &Schedule, w: u64) -> u64 {
    let (start, end) = (start_of(s, w), i128::from(s.end_at));
    if start >= end {
        0
    } else if start_of(s, w + 1) <= end {
        s.cap
    } else {
        let part = i128::from(s.cap) * (end - start) / i128::from(s.window_secs);
        u64::try_from(part).unwrap()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn window_bounds_are_exact(s in any_schedule(), w in any_u32()) {
        prop_assert_eq!(s.window_start(w), fit(start_of(&s, w.into())));
        prop_assert_eq!(s.window_end(w), fit(start_of(&s, u64::from(w) + 1)));
    }

    #[test]
    fn windows_counts_those_that_start_before_the_end(s in any_schedule()) {
        let expected = (s.window_secs != 0).then(|| u32::try_from(count(&s)).ok()).flatten();
        prop_assert_eq!(s.windows(), expected);
    }

    #[test]
    fn windows_is_the_first_that_does_not_start_before_the_end(s in short_schedule()) {
        let brute = (0..).find(|&w| start_of(&s, w) >= i128::from(s.end_at)).unwrap();
        prop_assert_eq!(s.windows().map(u64::from), Some(brute));
    }

    #[test]
    fn cap_of_follows_its_definition(s in prop_oneof![any_schedule(), short_schedule()], w in prop_oneof![any_u32(), 0..=25_u32]) {
        let expected = (s.window_secs != 0).then(|| cap_by_definition(&s, w.into()));
        prop_assert_eq!(s.cap_of(w), expected);
    }

    #[test]
    fn cap_of_is_positive_at_most_up_to_the_last_window(s in short_schedule()) {
        let windows = s.windows().unwrap();
        prop_assert_eq!(s.cap_of(windows), Some(0));
        if windows > 1 {
            prop_assert_eq!(s.cap_of(windows - 2), Some(s.cap));
        }
    }

    #[test]
    fn caps_from_is_the_sum_of_caps(s in short_schedule(), w in 0..=26_u32) {
        let sum: u128 = (w..30).map(|w| u128::from(cap_by_definition(&s, w.into()))).sum();
        prop_assert_eq!(s.caps_from(w), u64::try_from(sum).ok());
    }

    #[test]
    fn caps_from_is_exact_for_any_timetable(s in any_schedule(), w in any_u32()) {
        let expected = (s.window_secs != 0).then(|| {
            let whole = ((i128::from(s.end_at) - i128::from(s.start_at)).max(0) / i128::from(s.window_secs)) as u128;
            let from = u128::from(w);
            let last = cap_by_definition(&s, u64::try_from(whole).unwrap());
            let cut = if whole >= from { last } else { 0 };
            (whole.saturating_sub(from) * u128::from(s.cap)).checked_add(cut.into())
        }).flatten().and_then(|sum| u64::try_from(sum).ok());
        prop_assert_eq!(s.caps_from(w), expected);
    }

    #[test]
    fn caps_from_never_grows_with_the_window(s in any_schedule(), w in any_u32(), more in any_u32()) {
        if let Some(sum) = s.caps_from(w) {
            prop_assert!(s.caps_from(w.saturating_add(more)).unwrap() <= sum);
        }
    }

    #[test]
    fn caps_from_never_falls_as_the_end_moves_later(s in prop_oneof![any_schedule(), short_schedule()], w in 0..=26_u32, more in any_u32()) {
        let later = Schedule { end_at: s.end_at.saturating_add(more.into()), ..s };
        if let Some(sum) = later.caps_from(w) {
            prop_assert!(s.caps_from(w).unwrap() <= sum);
        }
    }

    #[test]
    fn first_open_is_the_first_whose_grace_is_not_over(s in short_schedule(), windows in 0..=24_u32, nudge in -2..=2_i64, grace in any_u32()) {
        let now = s.window_end(windows).unwrap().saturating_add(i64::from(grace)).saturating_add(nudge);
        let brute = (0..).find(|&w: &u64| start_of(&s, w + 1) + i128::from(grace) > i128::from(now)).unwrap();
        prop_assert_eq!(s.first_open(now, grace).map(u64::from), Some(brute));
    }

    #[test]
    fn first_open_is_the_smallest_open_window_at_any_time(s in any_schedule(), now in any_i64(), grace in any_u32()) {
        let open = |w: u64| start_of(&s, w + 1) + i128::from(grace) > i128::from(now);
        match s.first_open(now, grace) {
            Some(w) => {
                prop_assert!(s.window_secs != 0 && open(w.into()));
                prop_assert!(w == 0 || !open(u64::from(w) - 1));
            }
            None => prop_assert!(s.window_secs == 0 || !open(u32::MAX.into())),
        }
    }

    #[test]
    fn all_closed_at_is_exact(s in any_schedule(), grace in any_u32()) {
        let expected = (s.window_secs != 0).then(|| u32::try_from(count(&s)).ok()).flatten().and_then(|windows| match windows {
            0 => Some(s.end_at),
            windows => fit(start_of(&s, windows.into()) + i128::from(grace)),
        });
        prop_assert_eq!(s.all_closed_at(grace), expected);
    }

    #[test]
    fn no_window_is_open_from_all_closed_at_on_and_the_last_is_before(s in short_schedule(), grace in any_u32()) {
        let (windows, closed_at) = (s.windows().unwrap(), s.all_closed_at(grace).unwrap());
        prop_assert!(s.first_open(closed_at, grace).unwrap() >= windows);
        if windows > 0 {
            prop_assert_eq!(s.first_open(closed_at - 1, grace), Some(windows - 1));
        }
    }

    #[test]
    fn paid_until_is_exact(s in any_schedule(), units in any_u64()) {
        let expected = units.checked_div(s.cap).map(|windows| start_of(&s, windows).min(s.end_at.into()));
        prop_assert_eq!(s.paid_until(units).map(i128::from), expected);
    }

    #[test]
    fn paid_until_counts_whole_windows_only(s in short_schedule(), cap in positive_u64(), windows in 0..=26_u32, more in any_u64()) {
        let s = Schedule { cap: (cap >> 5).max(1), ..s };
        let units = s.cap * u64::from(windows) + more % s.cap;
        prop_assert_eq!(s.paid_until(units), Some(s.window_start(windows).unwrap().min(s.end_at)));
    }
}
