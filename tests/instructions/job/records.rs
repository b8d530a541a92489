//! What a job adds to the records: neither side can deny it or hide it.

use {
    sluice_client::Record,
    sluice_tests::world::{Site, TOKEN},
};

const HOUR: i64 = 3_600;

/// A job of ten windows of which every one is funded.
fn funded() -> Site {
    Site::with(|args| args.funds = 1_500 * TOKEN)
}

/// Releases the job and returns the record, which was empty before.
fn released(site: &mut Site) -> Record {
    assert_eq!(site.record(), Record::default());
    site.settle();
    site.release();
    site.record()
}

/// An accepted job of `proven` windows by a quorum and `missed` ones.
fn record(proven: u64, missed: u64, completed: u64) -> Record {
    Record {
        windows_missed: missed,
        windows_proven: proven,
        jobs_accepted: 1,
        jobs_completed: completed,
        ..Record::default()
    }
}

#[test]
fn a_provider_that_stays_silent_is_told_by_its_record() {
    let mut site = funded();
    assert_eq!(released(&mut site), record(0, 10, 0));
    // A sign of life is none of work.
    let mut site = funded();
    site.at(HOUR);
    site.prove(0, 0);
    assert_eq!(released(&mut site), record(0, 10, 0));
}

#[test]
fn every_window_that_was_due_completes_a_job() {
    let mut site = funded();
    site.at(10 * HOUR);
    (0..10).for_each(|window| site.prove(window, 1));
    assert_eq!(released(&mut site), record(10, 0, 1));
    let mut site = funded();
    site.at(10 * HOUR);
    (1..10).for_each(|window| site.prove(window, 100));
    assert_eq!(released(&mut site), record(9, 1, 0));
}

#[test]
fn a_cancel_in_the_last_moment_takes_no_completion_away() {
    let mut site = funded();
    site.at(8 * HOUR - 1);
    site.cancel();
    site.at(10 * HOUR);
    (0..10).for_each(|window| site.prove(window, 99));
    // The last window is cut by a second: nine are whole, and all of them are proven.
    assert_eq!(released(&mut site), record(9, 0, 1));
}

#[test]
fn a_job_without_a_whole_window_completes_nothing() {
    for length in [1, 3_599] {
        let mut site = Site::with(|args| args.length_secs = length);
        site.at(HOUR);
        if length > 1 {
            site.prove(0, 1);
        }
        assert_eq!(released(&mut site), record(0, 0, 0), "{length}");
    }
}

#[test]
fn cosigned_windows_are_not_missed_and_prove_nothing_to_others() {
    let mut site = funded();
    site.at(10 * HOUR);
    (0..4).for_each(|window| site.cosign(window, 100));
    (4..9).for_each(|window| site.prove(window, 100));
    assert_eq!(released(&mut site), record(5, 1, 0));
}

#[test]
fn windows_that_nobody_paid_for_are_excused() {
    // Two windows are funded.
    let mut site = Site::with(|args| args.funds = 300 * TOKEN);
    site.at(2 * HOUR);
    (0..2).for_each(|window| site.prove(window, 100));
    let job = released(&mut site);
    assert_eq!(job, record(2, 0, 1));
}

#[test]
fn a_top_up_excuses_what_was_dry_and_nothing_after_it() {
    let mut site = Site::with(|args| args.funds = 300 * TOKEN);
    site.at(2 * HOUR);
    (0..2).for_each(|window| site.prove(window, 100));
    site.at(5 * HOUR + 1);
    site.top_up(600 * TOKEN);
    assert_eq!(site.state().excused_windows, 3);
    // Paid for again: window 5 is worked, 6 to 9 are missed.
    site.at(6 * HOUR);
    site.prove(5, 100);
    assert_eq!(released(&mut site), record(3, 4, 0));
}

#[test]
fn dust_on_top_excuses_no_window_that_was_paid_for() {
    let mut site = funded();
    site.at(5 * HOUR);
    site.top_up(1);
    assert_eq!(site.state().excused_windows, 0);
    assert_eq!(released(&mut site), record(0, 10, 0));
}

#[test]
fn two_top_ups_excuse_a_window_once() {
    let mut site = Site::with(|args| args.funds = 149 * TOKEN);
    for hour in [2, 2, 3] {
        site.at(hour * HOUR);
        site.top_up(1);
        assert_eq!(site.state().excused_windows, hour as u32);
    }
    assert_eq!(released(&mut site), record(0, 0, 0));
}

#[test]
fn a_dry_window_that_is_funded_and_proven_after_all_makes_up_for_a_missed_one() {
    let mut site = Site::with(|args| args.funds = 149 * TOKEN);
    site.at(2 * HOUR);
    site.top_up(1_500 * TOKEN);
    site.prove(0, 100);
    site.prove(1, 100);
    let job = site.state();
    assert_eq!((job.excused_windows, job.worked_windows), (2, 2));
    // Of the eight that were due none was worked, but two that were not.
    assert_eq!(released(&mut site), record(2, 6, 0));
}

#[test]
fn a_fault_stands_on_the_record_unless_the_job_was_dry() {
    let long = |funds| {
        Site::with(move |args| {
            args.length_secs = 30 * 3_600;
            args.funds = funds;
        })
    };
    let mut site = long(1_500 * TOKEN);
    site.at(15 * HOUR);
    site.fault();
    let expected = Record {
        jobs_faulted: 1,
        ..record(0, 15, 0)
    };
    assert_eq!(released(&mut site), expected);
    let mut site = long(149 * TOKEN);
    site.at(15 * HOUR);
    site.fault();
    assert_eq!(released(&mut site), record(0, 0, 0));
}

#[test]
fn a_resignation_stands_beside_what_was_missed() {
    let mut site = funded();
    site.at(HOUR);
    site.prove(0, 100);
    site.resign();
    let expected = Record {
        jobs_resigned: 1,
        ..record(1, 2, 0)
    };
    assert_eq!(released(&mut site), expected);
}
