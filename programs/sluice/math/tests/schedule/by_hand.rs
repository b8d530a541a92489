//! Timetables worked out by hand.

use sluice_math::schedule::Schedule;

const MAX: u64 = u64::MAX;

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
