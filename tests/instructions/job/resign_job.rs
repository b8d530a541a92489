use {
    sluice::state::EndCause,
    sluice_client::{Job, Ledger, Provider, instruction as ix},
    sluice_tests::world::{Site, TOKEN, Tamper},
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;

/// Seconds from the start to the end, and why.
fn end(job: &Job) -> (i64, u8) {
    (job.end_at - job.start_at, job.cause)
}

/// The provider's count of resignations and completed jobs.
fn record(site: &Site) -> (u64, u64) {
    let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
    (
        provider.record.jobs_resigned,
        provider.record.jobs_completed,
    )
}

#[test]
fn a_resigned_job_ends_after_the_notice_and_is_counted_at_its_release() {
    let mut site = Site::new();
    site.at(1_234);
    site.resign();
    assert_eq!(
        end(&site.state()),
        (1_234 + 2 * HOUR, EndCause::Resigned.byte())
    );
    assert_eq!(record(&site), (0, 0));
    site.wind_up();
    assert_eq!(record(&site), (1, 0));
    assert_eq!(site.vault(), 0);
}

#[test]
fn a_notice_that_does_not_move_the_end_is_refused_and_a_second_earlier_it_does() {
    for late in [8 * HOUR, 8 * HOUR + 1, 10 * HOUR - 1] {
        let mut site = Site::new();
        site.at(late);
        site.resign_refused("EndNotMoved");
    }
    let mut site = Site::new();
    site.at(8 * HOUR - 1);
    site.resign();
    assert_eq!(
        end(&site.state()),
        (10 * HOUR - 1, EndCause::Resigned.byte())
    );
}

#[test]
fn a_second_resignation_never_moves_the_end_later() {
    let mut site = Site::new();
    site.at(HOUR);
    site.resign();
    for secs in [HOUR, HOUR + 1, 3 * HOUR - 1] {
        site.at(secs);
        site.resign_refused("EndNotMoved");
        site.cancel_refused("EndNotMoved");
    }
    site.at(3 * HOUR);
    site.resign_refused("JobEnded");
    assert_eq!(end(&site.state()), (3 * HOUR, EndCause::Resigned.byte()));
}

#[test]
fn no_later_excuse_takes_a_resignation_off_the_record() {
    // Two windows of 100 units at 1.5 tokens are funded.
    let mut site = Site::with(|args| args.funds = 300 * TOKEN);
    site.at(HOUR);
    site.prove(0, 100);
    site.resign();
    site.at(2 * HOUR);
    site.prove(1, 100);
    // Nothing more is funded, so the end may come at once; the record keeps what was said first.
    site.resign();
    assert_eq!(end(&site.state()), (2 * HOUR, EndCause::Resigned.byte()));
    site.wind_up();
    // All that was due is proven.
    assert_eq!(record(&site), (1, 1));
}

#[test]
fn a_job_is_resigned_before_its_end_and_not_at_it_or_after_its_release() {
    let mut site = Site::with(|args| args.terms.notice_secs = 0);
    site.at(10 * HOUR - 1);
    site.resign();
    assert_eq!(
        end(&site.state()),
        (10 * HOUR - 1, EndCause::Resigned.byte())
    );
    let mut site = Site::new();
    site.at(10 * HOUR);
    site.resign_refused("JobEnded");
    site.settle();
    site.release();
    site.resign_refused("JobEnded");
}

#[test]
fn a_taken_job_is_left_after_the_notice_like_any_other() {
    for units in [None, Some(0), Some(1)] {
        let mut site = Site::taken();
        site.at(HOUR);
        if let Some(units) = units {
            site.prove(0, units);
        }
        site.resign();
        assert_eq!(end(&site.state()), (3 * HOUR, EndCause::Resigned.byte()));
    }
}

#[test]
fn an_accepted_job_without_a_proof_is_left_after_the_notice() {
    let mut site = Site::new();
    site.resign();
    assert_eq!(end(&site.state()), (2 * HOUR, EndCause::Resigned.byte()));
}

#[test]
fn a_job_with_less_than_one_cap_funded_is_left_at_once_and_off_the_record() {
    // 700 units are funded and a window carries 100.
    let mut site = Site::with(|args| args.funds = 1_050 * TOKEN);
    site.at(7 * HOUR);
    (0..6).for_each(|window| site.prove(window, 100));
    let mut enough = site;
    enough.at(7 * HOUR);
    enough.resign();
    assert_eq!(end(&enough.state()), (9 * HOUR, EndCause::Resigned.byte()));

    let mut site = Site::with(|args| args.funds = 1_050 * TOKEN);
    site.at(7 * HOUR);
    (0..6).for_each(|window| site.prove(window, 100));
    site.prove(6, 1);
    site.resign();
    assert_eq!(end(&site.state()), (7 * HOUR, EndCause::Excused.byte()));
    site.wind_up();
    assert_eq!(record(&site), (0, 1));
}

#[test]
fn an_excused_provider_that_waits_can_be_topped_up_into_the_notice() {
    let mut site = Site::with(|args| args.funds = 150 * TOKEN - 1);
    site.top_up(1);
    site.resign();
    assert_eq!(end(&site.state()), (2 * HOUR, EndCause::Resigned.byte()));
    let mut site = Site::with(|args| args.funds = 150 * TOKEN - 1);
    site.resign();
    assert_eq!(end(&site.state()), (0, EndCause::Excused.byte()));
}

#[test]
fn a_lost_quorum_frees_the_provider_at_once() {
    let mut site = Site::new();
    site.at(HOUR);
    site.world.leave(&site.set, 0);
    let mut still = site;
    still.resign();
    assert_eq!(end(&still.state()), (3 * HOUR, EndCause::Resigned.byte()));
    // Already resigned: that the quorum is lost later still moves the end to now, and clears the record.
    still.world.leave(&still.set, 1);
    still.at(HOUR + 1);
    still.resign();
    assert_eq!(end(&still.state()), (HOUR + 1, EndCause::QuorumLost.byte()));
    still.wind_up();
    assert_eq!(record(&still), (0, 0));
}

#[test]
fn windows_that_begin_within_the_notice_stay_provable_and_the_cut_one_by_its_part() {
    let mut site = Site::new();
    site.at(HOUR + HOUR / 2);
    site.resign();
    // The notice runs out half way through window 3.
    site.at(5 * HOUR);
    site.prove(2, 100);
    site.prove(3, 51);
    assert_eq!(site.state().units_pending, 150);
    site.proof_refused(4, 0, "WindowOutOfJob");
    // The grace of window 1 is what it was.
    site.at(14 * HOUR - 1);
    site.cosign(1, 100);
    site.at(14 * HOUR);
    site.proof_refused(1, 100, "StatementExpired");
    site.wind_up();
    assert_eq!(site.vault(), 0);
}

#[test]
fn only_the_operator_resigns() {
    let mut site = Site::new();
    let (resign, operator) = (site.resign_ix(), site.provider.operator.pubkey());
    let without = resign.unsigned(&operator);
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let owner = site.provider.owner.insecure_clone();
    let buyer = site.job.buyer.insecure_clone();
    let other = site.world.provider();
    for stranger in [owner, buyer, other.operator.insecure_clone()] {
        let bent = resign.with(&operator, &stranger.pubkey());
        site.world.refused(&[bent], &[&stranger], "NotOperator");
    }
    let bent = resign
        .with(&operator, &other.operator.pubkey())
        .with(&site.provider.address, &other.address);
    site.world
        .refused(&[bent], &[&other.operator], "WrongProvider");
    let absent = resign.with(&site.provider.address, &sluice_client::ID);
    let operator = site.provider.operator.insecure_clone();
    site.world.refused(&[absent], &[&operator], "NotOperator");
}

#[test]
fn another_incarnation_is_not_resigned() {
    let mut site = Site::new();
    let mut seen: Job = site.state();
    let operator = site.provider.operator.insecure_clone();
    for incarnation in [seen.incarnation - 1, seen.incarnation + 1] {
        seen.incarnation = incarnation;
        let resign = ix::resign_job(&operator.pubkey(), &site.job.address, &seen);
        site.world
            .refused(&[resign], &[&operator], "WrongIncarnation");
    }
}
