//! Which windows can be challenged, and until when.

use super::*;

#[test]
fn a_window_can_be_challenged_until_it_matures() {
    for window in [0, 7] {
        let mut site = Site::new();
        let end = i64::from(window + 1) * HOUR;
        site.at(end);
        site.prove(window, 100);
        site.at(end + 13 * HOUR);
        site.challenge_refused(window, "NotChallengeable");
        site.at(end + 13 * HOUR - 1);
        let objection = site.challenge(window);
        let state = site.world.challenge_state(&objection);
        let start = site.state().start_at;
        assert_eq!(state.rule_from, start + end + 13 * HOUR + RULING / 2);
        assert_eq!(state.rule_until, start + end + 13 * HOUR + RULING);
    }
}

#[test]
fn a_window_proven_in_the_last_second_of_grace_has_its_whole_challenge_time() {
    let mut site = Site::new();
    site.at(13 * HOUR - 1);
    site.prove(0, 100);
    site.at(MATURE - 1);
    site.challenge(0);
}

#[test]
fn what_matured_earlier_stays_earned_when_a_later_window_is_challenged() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 40);
    site.at(MATURE);
    site.challenge(1);
    // Maturing is left to whoever needs it.
    let job = site.state();
    assert_eq!((job.units_pending, job.units_frozen), (100, 40));
    site.challenge_refused(0, "NotChallengeable");
    assert_eq!(site.pull(Pull::Pay), 144_750_000);
    let job = site.state();
    assert_eq!(
        (job.units_matured, job.units_pending, job.units_frozen),
        (100, 0, 40)
    );
}

#[test]
fn without_a_challenge_time_nothing_can_be_challenged() {
    let mut site = Site::with(|args| args.terms.challenge_secs = 0);
    site.at(HOUR);
    site.prove(0, 100);
    site.challenge_refused(0, "NotChallengeable");
    site.at(13 * HOUR - 1);
    site.challenge_refused(0, "NotChallengeable");
}

#[test]
fn only_units_of_a_quorum_can_be_challenged() {
    let mut site = Site::new();
    site.at(4 * HOUR);
    site.prove(0, 0);
    site.cosign(1, 100);
    site.prove(2, 1);
    for window in [0, 1, 3, 9, 16, 18, 2 + (1 << 16), u32::MAX] {
        site.challenge_refused(window, "NotChallengeable");
    }
    site.challenge(2);
}

#[test]
fn a_window_is_challenged_once_for_ever() {
    for ruling in [upheld(), void(0)] {
        let (mut site, objection) = Site::challenged();
        site.challenge_refused(0, "Custom(0)");
        site.rule(&objection, ruling);
        site.challenge_refused(0, "Custom(0)");
        site.world.settle_challenge(&objection);
        site.challenge_refused(0, "NotChallengeable");
        // Not for its date only: the units are gone.
        site.at(2 * HOUR);
        site.challenge_refused(0, "NotChallengeable");
    }
}

#[test]
fn every_window_can_be_challenged_beside_the_others() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    for window in 0..10 {
        site.prove(window, 10);
    }
    let all: Vec<_> = (0..10).map(|window| site.challenge(window)).collect();
    let job = site.state();
    assert_eq!((job.units_pending, job.units_frozen), (0, 100));
    assert_eq!(site.pool().challenge_bonds, 100 * TOKEN);
    for (window, objection) in all.iter().enumerate() {
        let ruling = if window % 2 == 0 {
            upheld()
        } else {
            void(TOKEN)
        };
        site.rule(objection, ruling);
    }
    let job = site.state();
    assert_eq!((job.units_matured, job.units_frozen), (50, 0));
    assert_eq!((job.quorum_windows, job.slashes), (5, 5));
    for objection in &all {
        site.world.settle_challenge(objection);
    }
    let pool = site.pool();
    assert_eq!((pool.challenge_bonds, pool.slashed), (0, 5 * TOKEN));
    assert_eq!(pool.locked, 495 * TOKEN);
}

#[test]
fn windows_of_a_job_that_ended_or_lost_its_quorum_can_be_challenged() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.cancel();
    site.at(10 * HOUR);
    site.challenge(0);

    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    for index in 0..4 {
        site.world.leave(&site.set, index);
    }
    let challenge = site.challenge(0);
    site.cancel();
    site.rule(&challenge, void(TOKEN));
    assert_eq!(site.pool().slashed, TOKEN);
}

#[test]
fn nothing_of_a_released_job_can_be_challenged() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    site.release();
    site.challenge_refused(0, "NotChallengeable");
    site.at(HOUR);
    site.challenge_refused(0, "NotChallengeable");
}
