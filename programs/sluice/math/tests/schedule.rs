//! `schedule` against 128-bit integers, and window by window where a job is short.

mod edges;

use edges::{any_i64, any_u32, any_u64, config, positive_u32, positive_u64};
use proptest::prelude::*;
use sluice_math::schedule::Schedule;

const MAX: u64 = u64::MAX;

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

/// Hours from 1,000 on, 100 units each: two whole windows and a half one.
const HOURS: Schedule = Schedule {
    start_at: 1_000,
    end_at: 1_000 + 9_000,
    window_secs: 3_600,
    cap: 100,
};

#[test]
fn a_job_of_two_and_a_half_hours_by_hand() {
    assert_eq!(HOURS.window_start(0), Some(1_000));
    assert_eq!(HOURS.window_end(0), Some(4_600));
    assert_eq!(HOURS.window_start(2), Some(8_200));
    assert_eq!(HOURS.window_end(2), Some(11_800));
    assert_eq!(HOURS.windows(), Some(3));
    assert_eq!(
        [0, 1, 2, 3, u32::MAX].map(|w| HOURS.cap_of(w)),
        [100, 100, 50, 0, 0].map(Some)
    );
    assert_eq!(
        [0, 1, 2, 3, u32::MAX].map(|w| HOURS.caps_from(w)),
        [250, 150, 50, 0, 0].map(Some)
    );
    assert_eq!(HOURS.all_closed_at(0), Some(11_800));
    assert_eq!(HOURS.all_closed_at(600), Some(12_400));
}

#[test]
fn the_end_of_a_job_cuts_its_last_window_by_hand() {
    for (length, windows, last, all) in [
        (-1, 0, 0, 0),
        (0, 0, 0, 0),
        (1, 1, 0, 0),
        (35, 1, 0, 0),
        (36, 1, 1, 1),
        (3_599, 1, 99, 99),
        (3_600, 1, 100, 100),
        (3_601, 2, 0, 100),
        (7_199, 2, 99, 199),
        (7_200, 2, 100, 200),
    ] {
        let s = Schedule {
            end_at: 1_000 + length,
            ..HOURS
        };
        assert_eq!(s.windows(), Some(windows), "{length} s");
        assert_eq!(
            s.cap_of(windows.saturating_sub(1)),
            Some(last),
            "{length} s"
        );
        assert_eq!(s.cap_of(windows), Some(0), "{length} s");
        assert_eq!(s.caps_from(0), Some(all), "{length} s");
    }
}

#[test]
fn first_open_by_hand() {
    for (now, grace, first) in [
        (i64::MIN, 0, 0),
        (0, 0, 0),
        (1_000, 0, 0),
        (4_599, 0, 0),
        (4_600, 0, 1),
        (4_600, 600, 0),
        (5_199, 600, 0),
        (5_200, 600, 1),
        (8_199, 0, 1),
        (8_200, 0, 2),
        // Past the end of the job it goes on counting.
        (11_800, 0, 3),
        (1_000 + 36_000, 0, 10),
        (1_000 + 36_000, u32::MAX, 0),
    ] {
        assert_eq!(
            HOURS.first_open(now, grace),
            Some(first),
            "at {now} with grace {grace}"
        );
    }
    let seconds = Schedule {
        start_at: 0,
        window_secs: 1,
        ..HOURS
    };
    assert_eq!(seconds.first_open(u32::MAX.into(), 0), Some(u32::MAX));
    assert_eq!(seconds.first_open(i64::from(u32::MAX) + 1, 0), None);
    assert_eq!(
        seconds.first_open(i64::from(u32::MAX) + 1, 1),
        Some(u32::MAX)
    );
}

#[test]
fn all_closed_at_by_hand() {
    let closed = |end_at, grace| Schedule { end_at, ..HOURS }.all_closed_at(grace);
    assert_eq!(closed(1_000, 600), Some(1_000));
    assert_eq!(closed(-5, 600), Some(-5));
    assert_eq!(closed(1_001, 600), Some(5_200));
    assert_eq!(closed(4_600, 600), Some(5_200));
    assert_eq!(closed(4_601, 600), Some(8_800));
    // The last window ends, or its grace does, past the end of time.
    let late = Schedule {
        start_at: i64::MAX - 3_600,
        end_at: i64::MAX,
        ..HOURS
    };
    assert_eq!(late.all_closed_at(0), Some(i64::MAX));
    assert_eq!(late.all_closed_at(1), None);
    assert_eq!(
        Schedule {
            start_at: i64::MAX - 10,
            ..late
        }
        .all_closed_at(0),
        None
    );
}

#[test]
fn paid_until_by_hand() {
    for (units, until) in [
        (0, 1_000),
        (99, 1_000),
        (100, 4_600),
        (199, 4_600),
        (200, 8_200),
        // The third window is cut, but a whole cap is what it takes to pay for a window.
        (250, 8_200),
        (300, 10_000),
        (MAX, 10_000),
    ] {
        assert_eq!(HOURS.paid_until(units), Some(until), "{units} units");
    }
    assert_eq!(
        Schedule {
            end_at: 500,
            ..HOURS
        }
        .paid_until(0),
        Some(500)
    );
    let endless = Schedule {
        start_at: i64::MIN,
        end_at: i64::MAX,
        window_secs: u32::MAX,
        cap: 1,
    };
    assert_eq!(endless.paid_until(MAX), Some(i64::MAX));
    assert_eq!(endless.paid_until(1), Some(i64::MIN + i64::from(u32::MAX)));
}

#[test]
fn what_does_not_fit_is_none() {
    let s = Schedule {
        start_at: i64::MAX - 3_600,
        end_at: i64::MAX,
        ..HOURS
    };
    assert_eq!(s.window_start(1), Some(i64::MAX));
    assert_eq!(s.window_end(0), Some(i64::MAX));
    assert_eq!(s.window_end(1), None);
    assert_eq!(s.window_start(2), None);
    // A window past the end of time starts after any end.
    assert_eq!(s.cap_of(2), Some(0));
    assert_eq!(s.caps_from(2), Some(0));

    let seconds = Schedule {
        start_at: 0,
        end_at: i64::from(u32::MAX),
        window_secs: 1,
        cap: 1,
    };
    assert_eq!(seconds.windows(), Some(u32::MAX));
    assert_eq!(seconds.all_closed_at(0), Some(i64::from(u32::MAX)));
    let longer = Schedule {
        end_at: seconds.end_at + 1,
        ..seconds
    };
    assert_eq!(longer.windows(), None);
    assert_eq!(longer.all_closed_at(0), None);
    assert_eq!(longer.caps_from(0), Some(1 << 32));

    assert_eq!(Schedule { cap: MAX, ..HOURS }.caps_from(0), None);
    assert_eq!(Schedule { cap: MAX, ..HOURS }.caps_from(1), None);
    assert_eq!(Schedule { cap: MAX, ..HOURS }.caps_from(2), Some(MAX / 2));
    assert_eq!(
        Schedule {
            cap: MAX,
            end_at: 4_600,
            ..HOURS
        }
        .caps_from(0),
        Some(MAX)
    );
    assert_eq!(Schedule { cap: MAX, ..HOURS }.cap_of(0), Some(MAX));
}

#[test]
fn a_zero_window_or_cap_divides_nothing() {
    for end_at in [0, 1_000, 10_000] {
        let s = Schedule {
            window_secs: 0,
            end_at,
            ..HOURS
        };
        assert_eq!(s.window_start(5), Some(1_000));
        assert_eq!(s.window_end(5), Some(1_000));
        assert_eq!(s.windows(), None);
        assert_eq!(s.cap_of(0), None);
        assert_eq!(s.caps_from(0), None);
        assert_eq!(s.first_open(5_000, 0), None);
        assert_eq!(s.all_closed_at(0), None);
        assert_eq!(s.paid_until(500), Some(end_at.min(1_000)));
    }
    let free = Schedule { cap: 0, ..HOURS };
    assert_eq!(free.cap_of(0), Some(0));
    assert_eq!(free.caps_from(0), Some(0));
    assert_eq!(free.paid_until(500), None);
}
