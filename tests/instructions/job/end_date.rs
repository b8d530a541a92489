//! Windows that the end of the job cuts.
use sluice_tests::world::{Site, TOKEN};

const HOUR: i64 = 3_600;

/// A site whose job runs for this long.
fn lasting(secs: u64) -> Site {
    Site::with(|args| {
        args.length_secs = secs;
        args.funds = 10_000 * TOKEN;
    })
}

#[test]
fn the_window_that_the_end_cuts_counts_its_part_to_the_unit() {
    for (extra, cap) in [
        (1, 0),
        (35, 0),
        (36, 1),
        (71, 1),
        (1_799, 49),
        (1_800, 50),
        (3_599, 99),
    ] {
        let mut site = lasting(2 * 3_600 + extra);
        site.at(3 * HOUR);
        if cap == 0 {
            site.proof_refused(2, 1, "NothingWouldCount");
            site.prove(2, 0);
        } else {
            site.prove(2, 100);
        }
        assert_eq!(site.state().units_pending, cap, "{extra} seconds");
    }
}

#[test]
fn a_cut_window_is_proven_after_its_whole_length() {
    let mut site = lasting(3_600 + 10);
    site.at(2 * HOUR - 1);
    site.proof_refused(1, 0, "WindowNotEnded");
    site.at(2 * HOUR);
    site.prove(1, 0);
}

#[test]
fn a_job_shorter_than_a_window_has_one_cut_window() {
    let mut site = lasting(1_800);
    site.at(HOUR);
    site.prove(0, 100);
    assert_eq!(site.state().units_pending, 50);
    site.at(2 * HOUR);
    site.proof_refused(1, 0, "WindowOutOfJob");
}

#[test]
fn a_cancel_cuts_the_window_it_ends_in() {
    let mut site = lasting(10 * 3_600);
    site.at(5_000);
    site.cancel();
    // Two hours of notice: 1,400 of the 3,600 seconds of window 3.
    assert_eq!(site.state().end_at - site.state().start_at, 12_200);
    site.at(5 * HOUR);
    for window in 0..3 {
        site.prove(window, 100);
    }
    site.prove(3, 100);
    assert_eq!(site.state().ring[3].units, 38);
    site.proof_refused(4, 1, "WindowOutOfJob");
    site.proof_refused(4, 0, "WindowOutOfJob");
}

#[test]
fn a_cancel_takes_nothing_from_a_window_that_has_ended() {
    let mut site = Site::with(|args| args.terms.notice_secs = 0);
    site.at(HOUR);
    site.cancel();
    assert_eq!(site.state().end_at, site.world.now());
    site.prove(0, 100);
    assert_eq!(site.state().units_pending, 100);
    site.at(2 * HOUR);
    site.proof_refused(1, 0, "WindowOutOfJob");
}

#[test]
fn a_cancel_a_second_before_the_window_ends_costs_its_part_of_the_cap() {
    let mut site = Site::with(|args| args.terms.notice_secs = 0);
    site.at(HOUR - 1);
    site.cancel();
    site.at(HOUR);
    site.prove(0, 100);
    assert_eq!(site.state().units_pending, 99);
}

#[test]
fn a_cancel_at_a_windows_first_second_leaves_that_window_out() {
    let mut site = Site::with(|args| args.terms.notice_secs = 3_600);
    site.at(HOUR);
    site.cancel();
    site.at(3 * HOUR);
    site.prove(1, 100);
    assert_eq!(site.state().units_pending, 100);
    site.proof_refused(2, 0, "WindowOutOfJob");
}
