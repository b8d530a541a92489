use {
    sluice_client::Job,
    sluice_tests::world::{Pull, Site, TOKEN},
};

const HOUR: i64 = 3_600;
const GRACE: i64 = 12 * HOUR;

/// Units matured and pending.
fn units(job: &Job) -> (u64, u64) {
    (job.units_matured, job.units_pending)
}

#[test]
fn attest_enters_the_window_and_its_units_and_moves_no_money() {
    let mut site = Site::new();
    site.at(3 * HOUR);
    site.prove(2, 90);
    let job = site.state();
    let entry = job.ring[2];
    assert_eq!((entry.units, entry.window_plus_one), (90, 3));
    assert_eq!((entry.signers, entry.reserve), (0b111, [0; 2]));
    assert_eq!(units(&job), (0, 90));
    assert_eq!((job.last_proven, job.quorum_windows), (3, 1));
    assert_eq!((job.quorum_matured, job.quorum_credited), (0, 0));
    assert_eq!(site.vault(), 1_000 * TOKEN);
    assert_eq!(site.pull_all(), [0; 4]);
}

#[test]
fn a_window_is_proven_from_the_second_it_ends() {
    let mut site = Site::new();
    for window in 0..3 {
        let end = HOUR * (i64::from(window) + 1);
        site.at(end - 1);
        site.proof_refused(window, 1, "WindowNotEnded");
        site.at(end);
        site.prove(window, 1);
    }
}

#[test]
fn a_window_is_proven_until_the_second_before_its_grace_ends() {
    let mut site = Site::new();
    for window in 0..3 {
        let grace_end = HOUR * (i64::from(window) + 1) + GRACE;
        site.at(grace_end);
        site.proof_refused(window, 1, "StatementExpired");
        site.at(grace_end + 1);
        site.proof_refused(window, 1, "StatementExpired");
        site.at(grace_end - 1);
        site.prove(window, 1);
    }
}

#[test]
fn windows_are_proven_in_any_order() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    for (order, window) in [9, 0, 4, 2, 8, 1, 3, 7, 5, 6].into_iter().enumerate() {
        site.prove(window, 10 + u64::from(window));
        let job = site.state();
        assert_eq!(job.last_proven, 10);
        assert_eq!(job.quorum_windows, order as u32 + 1);
    }
    assert_eq!(site.state().units_pending, 145);
}

#[test]
fn a_window_is_proven_once() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 40);
    for units in [0, 1, 40, 60, 100] {
        site.proof_refused(0, units, "WindowAlreadyProven");
    }
    assert_eq!(site.state().units_pending, 40);
}

#[test]
fn units_above_the_cap_count_as_the_cap() {
    let mut site = Site::new();
    site.at(3 * HOUR);
    for (window, claimed) in [(0, 100), (1, 101), (2, u64::MAX)] {
        site.prove(window, claimed);
        assert_eq!(site.state().ring[window as usize].units, 100);
    }
}

#[test]
fn units_beyond_the_funds_do_not_count() {
    // 150 units at a token and a half.
    let mut site = Site::with(|args| args.funds = 225 * TOKEN);
    site.at(4 * HOUR);
    site.prove(0, 100);
    site.prove(1, 100);
    assert_eq!(site.state().ring[1].units, 50);
    for units in [1, 100, u64::MAX] {
        site.proof_refused(2, units, "NothingWouldCount");
    }
    // A heartbeat still counts as proven.
    site.prove(2, 0);
    site.top_up(3 * TOKEN / 2);
    site.prove(3, 100);
    assert_eq!(site.state().ring[3].units, 1);
    assert_eq!(units(&site.state()), (0, 151));
}

#[test]
fn matured_units_still_use_up_the_funding() {
    let mut site = Site::with(|args| args.funds = 150 * TOKEN);
    site.at(HOUR);
    site.prove(0, 100);
    // The second window is still in its grace; the first has matured.
    site.at(14 * HOUR - 1);
    site.proof_refused(1, 1, "NothingWouldCount");
    site.at(14 * HOUR);
    site.proof_refused(2, 1, "NothingWouldCount");
    site.pull(Pull::Pay);
    site.proof_refused(2, 1, "NothingWouldCount");
}

#[test]
fn a_statement_of_no_units_is_a_heartbeat() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 0);
    let job = site.state();
    assert_eq!((job.ring[0].units, job.ring[0].window_plus_one), (0, 1));
    // A sign of life, and no window of work.
    assert_eq!((job.last_proven, job.quorum_windows), (1, 0));
    assert_eq!(units(&job), (0, 0));
    site.proof_refused(0, 100, "WindowAlreadyProven");
    site.settle();
    site.release();
    let provider: sluice_client::Provider = {
        use sluice_client::Ledger;
        site.world.chain.get(&site.provider.address).unwrap()
    };
    assert_eq!(provider.record.windows_proven, 0);
}

#[test]
fn the_last_window_starts_before_the_end() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    site.prove(9, 100);
    site.proof_refused(10, 100, "WindowNotEnded");
    site.proof_refused(u32::MAX, 100, "WindowNotEnded");
    site.at(11 * HOUR);
    site.proof_refused(10, 100, "WindowOutOfJob");
    site.proof_refused(10, 0, "WindowOutOfJob");
}

#[test]
fn proving_matures_what_is_due() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 70);
    site.at(14 * HOUR);
    site.prove(9, 30);
    assert_eq!(units(&site.state()), (70, 30));
}
