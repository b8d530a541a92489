//! Sixteen entries: a window's slot is its number modulo sixteen.
use sluice_tests::world::{Site, TOKEN};

const HOUR: i64 = 3_600;

/// Forty windows; grace and challenge time in windows, sixteen together.
fn long(grace: u32, challenge: u32) -> Site {
    Site::with(|args| {
        args.terms.grace_secs = grace * 3_600;
        args.terms.challenge_secs = challenge * 3_600;
        args.length_secs = 40 * 3_600;
        args.funds = 10_000 * TOKEN;
    })
}

#[test]
fn a_window_takes_the_slot_of_the_sixteenth_before_it_in_the_second_that_one_matures() {
    for (grace, challenge) in [(16, 0), (8, 8), (1, 15)] {
        let mut site = long(grace, challenge);
        site.at(HOUR);
        site.prove(0, 70);
        site.at(17 * HOUR - 1);
        site.proof_refused(16, 30, "WindowNotEnded");
        assert_eq!(site.state().units_pending, 70);
        site.at(17 * HOUR);
        site.prove(16, 30);
        let job = site.state();
        assert_eq!((job.units_matured, job.units_pending), (70, 30));
        assert_eq!((job.ring[0].units, job.ring[0].window_plus_one), (30, 17));
    }
}

#[test]
fn a_window_proven_in_its_last_second_is_not_lost_to_its_successor() {
    let mut site = long(16, 0);
    site.at(17 * HOUR - 1);
    site.prove(0, 70);
    site.world.advance(1);
    site.prove(16, 30);
    let job = site.state();
    assert_eq!((job.units_matured, job.units_pending), (70, 30));
}

#[test]
fn a_window_whose_slot_was_taken_stays_unprovable() {
    let mut site = long(16, 0);
    site.at(HOUR);
    site.prove(0, 70);
    site.at(17 * HOUR);
    site.proof_refused(0, 30, "StatementExpired");
    site.prove(16, 0);
    site.proof_refused(0, 30, "StatementExpired");
    site.cosigned_refused(0, 30, "StatementExpired");
    site.proof_refused(16, 30, "WindowAlreadyProven");
}

#[test]
fn the_slot_of_an_unproven_window_is_free_for_any_that_shares_it() {
    let mut site = long(16, 0);
    site.at(40 * HOUR);
    site.prove(32, 5);
    site.proof_refused(16, 5, "StatementExpired");
    site.prove(25, 5);
    site.prove(39, 5);
    assert_eq!(site.state().units_pending, 15);
}

#[test]
fn an_entry_keeps_its_window_after_it_matured() {
    let mut site = long(8, 0);
    site.at(8 * HOUR);
    site.cosign(7, 10);
    site.prove(6, 10);
    site.at(15 * HOUR);
    site.world.ok(
        &[sluice_client::instruction::mature(&site.job.address)],
        &[],
    );
    let job = site.state();
    assert_eq!((job.ring[6].units, job.ring[6].window_plus_one), (0, 7));
    assert_eq!((job.ring[7].units, job.ring[7].window_plus_one), (0, 8));
    // Window 7 is still in its grace.
    site.cosigned_refused(7, 90, "WindowAlreadyProven");
    site.proof_refused(7, 90, "WindowAlreadyProven");
}

#[test]
fn sixteen_pending_windows_all_mature() {
    let mut site = long(8, 8);
    for window in 0..16 {
        site.at((i64::from(window) + 1) * HOUR);
        site.prove(window, 10 + u64::from(window));
    }
    assert_eq!(site.state().units_pending, 280);
    site.at(32 * HOUR);
    site.world.ok(
        &[sluice_client::instruction::mature(&site.job.address)],
        &[],
    );
    assert_eq!(
        (site.state().units_matured, site.state().units_pending),
        (280, 0)
    );
}

#[test]
fn a_whole_job_of_forty_windows_counts_every_unit_once() {
    let mut site = long(8, 8);
    let mut total = 0;
    for window in 0..40 {
        site.at((i64::from(window) + 1) * HOUR);
        let units = 3 * u64::from(window) % 101;
        site.prove(window, units);
        site.proof_refused(window, 1, "WindowAlreadyProven");
        total += units;
        let job = site.state();
        assert_eq!(job.units_matured + job.units_pending, total);
        let in_ring: u64 = job.ring.iter().map(|entry| entry.units).sum();
        assert_eq!(in_ring, job.units_pending);
    }
    site.settle();
    site.release();
    assert_eq!(site.state().units_matured, total);
    assert_eq!(site.world.node_state(&site.node).units, total);
}
