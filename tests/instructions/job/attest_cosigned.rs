use {
    sluice_client::instruction as ix,
    sluice_tests::world::{Pull, Site, TOKEN},
};

const HOUR: i64 = 3_600;

#[test]
fn a_cosigned_window_is_earned_at_once() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 100);
    let job = site.state();
    assert_eq!((job.units_matured, job.units_pending), (100, 0));
    let entry = job.ring[0];
    assert_eq!(
        (entry.units, entry.window_plus_one, entry.signers),
        (0, 1, 0)
    );
    assert_eq!(job.last_proven, 1);
    assert_eq!(site.pull(Pull::Pay), 150 * TOKEN - 3_750_000);
    assert_eq!(site.pull(Pull::Treasury), 3_750_000);
    site.pull_refused(Pull::Attesters, "NothingDue");
}

#[test]
fn cosigned_work_earns_no_weight_and_no_record() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 100);
    let job = site.state();
    assert_eq!((job.quorum_windows, job.quorum_matured), (0, 0));
    let credit = ix::credit(&site.job.address, &job);
    site.world.refused(&[credit], &[], "NothingDue");
    site.settle();
    site.release();
    assert_eq!(site.world.node_state(&site.node).units, 0);
}

#[test]
fn a_cosigned_window_is_proven_between_its_end_and_its_graces_end() {
    let mut site = Site::new();
    site.at(HOUR - 1);
    site.cosigned_refused(0, 1, "WindowNotEnded");
    site.at(13 * HOUR);
    site.cosigned_refused(0, 1, "StatementExpired");
    site.at(13 * HOUR - 1);
    site.cosign(0, 1);
    site.at(14 * HOUR - 1);
    site.cosign(1, 1);
    site.at(11 * HOUR);
    site.cosigned_refused(10, 1, "WindowOutOfJob");
}

#[test]
fn a_window_proven_by_one_path_is_refused_on_the_other() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.cosign(0, 10);
    site.prove(1, 10);
    for units in [0, 10, 90] {
        site.proof_refused(0, units, "WindowAlreadyProven");
        site.cosigned_refused(0, units, "WindowAlreadyProven");
        site.cosigned_refused(1, units, "WindowAlreadyProven");
    }
}

#[test]
fn cap_and_funding_bind_the_cosigner_too() {
    // 210 units.
    let mut site = Site::with(|args| args.funds = 315 * TOKEN);
    site.at(4 * HOUR);
    site.cosign(0, 101);
    assert_eq!(site.state().units_matured, 100);
    site.prove(1, 60);
    site.cosign(2, u64::MAX);
    let job = site.state();
    assert_eq!((job.units_matured, job.units_pending), (150, 60));
    site.cosigned_refused(3, 1, "NothingWouldCount");
    site.proof_refused(3, 1, "NothingWouldCount");
    site.cosign(3, 0);
}

#[test]
fn a_cosigned_heartbeat_counts_as_proven() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 0);
    assert_eq!(site.state().last_proven, 1);
    site.cosigned_refused(0, 50, "WindowAlreadyProven");
}
