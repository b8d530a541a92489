use {
    sluice_client::instruction as ix,
    sluice_tests::world::{Pull, Site},
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

#[test]
fn a_quorum_window_matures_in_the_second_its_challenge_time_ends() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    let mature = ix::mature(&site.job.address);
    for early in [HOUR, 13 * HOUR, 14 * HOUR - 1] {
        site.at(early);
        site.world.refused(from_ref(&mature), &[], "NothingDue");
    }
    site.at(14 * HOUR);
    site.world.ok(&[mature], &[]);
    let job = site.state();
    assert_eq!((job.units_matured, job.units_pending), (100, 0));
    assert_eq!(job.quorum_matured, 100);
}

#[test]
fn a_window_proven_late_matures_no_later() {
    let mut site = Site::new();
    site.at(13 * HOUR - 1);
    site.prove(0, 100);
    site.at(14 * HOUR);
    site.world.ok(&[ix::mature(&site.job.address)], &[]);
    assert_eq!(site.state().units_matured, 100);
}

#[test]
fn maturing_twice_is_maturing_once() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.at(14 * HOUR);
    let mature = ix::mature(&site.job.address);
    site.world.ok(from_ref(&mature), &[]);
    let once = bytemuck::bytes_of(&site.state()).to_vec();
    site.world.refused(from_ref(&mature), &[], "NothingDue");
    site.at(20 * HOUR);
    site.world
        .refused(&[mature.clone(), mature], &[], "NothingDue");
    assert_eq!(bytemuck::bytes_of(&site.state()), once);
}

#[test]
fn each_window_matures_on_its_own_date() {
    let mut site = Site::new();
    site.at(4 * HOUR);
    for window in 0..4 {
        site.prove(window, 10);
    }
    let mature = ix::mature(&site.job.address);
    for (hours, matured) in [(14, 10), (15, 20), (17, 40)] {
        site.at(hours * HOUR);
        site.world.ok(from_ref(&mature), &[]);
        let job = site.state();
        assert_eq!(
            (job.units_matured, job.units_pending),
            (matured, 40 - matured)
        );
    }
}

#[test]
fn every_pull_and_the_credit_mature_by_themselves() {
    let sites = [Pull::Pay, Pull::Treasury, Pull::Attesters].map(|what| {
        let mut site = Site::new();
        site.at(HOUR);
        site.prove(0, 100);
        site.at(14 * HOUR);
        assert!(site.pull(what) > 0);
        site
    });
    assert!(sites.iter().all(|site| site.state().units_matured == 100));
}

#[test]
fn an_open_job_has_nothing_to_mature() {
    let mut site = Site::new();
    let mature = ix::mature(&site.job.address);
    site.world.refused(&[mature], &[], "NothingDue");
}
