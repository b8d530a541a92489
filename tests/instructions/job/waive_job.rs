use {
    sluice::state::EndCause,
    sluice_client::{Job, JobState, Ledger, Record, StakePool, instruction as ix},
    sluice_tests::world::{Pull, Site, Stall, TOKEN, Tamper},
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;

/// The bond locked and the slots used.
fn held(site: &Site) -> (u64, u16) {
    let pool: StakePool = site.world.chain.get(&site.provider.pool).unwrap();
    (pool.locked, site.world.node_state(&site.node).slots_used)
}

/// Waives, and in the same second everything is refunded and released.
fn waived(site: &mut Site) -> Record {
    let funded = site.state().funded;
    site.waive();
    let job = site.state();
    assert_eq!(
        (job.end_at, job.cause),
        (job.start_at, EndCause::Waived.byte())
    );
    assert_eq!(site.pull(Pull::Refund), funded);
    site.release();
    assert_eq!((held(site), site.vault()), ((0, 0), 0));
    site.record()
}

#[test]
fn a_taken_job_is_given_back_at_once_with_slot_and_bond() {
    let mut site = Site::taken();
    assert_eq!(held(&site), (500 * TOKEN, 1));
    let record = waived(&mut site);
    let expected = Record {
        jobs_accepted: 1,
        jobs_waived: 1,
        ..Record::default()
    };
    assert_eq!(record, expected);
    site.world.advance(1);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn windows_that_ended_before_the_waiver_are_missed() {
    for (secs, missed) in [(HOUR - 1, 0), (HOUR, 1), (3 * HOUR + 5, 3), (40 * HOUR, 10)] {
        let mut site = Site::taken();
        site.at(secs);
        let record = waived(&mut site);
        assert_eq!((record.windows_missed, record.jobs_waived), (missed, 1));
        assert_eq!(record.jobs_completed, 0);
    }
}

#[test]
fn an_attacker_that_takes_every_slot_holds_none() {
    let mut stall = Stall::with(|args| args.slots = 4);
    let operator = stall.provider.operator.insecure_clone();
    for id in 1..=4 {
        let job = stall.take(id);
        let state = stall.world.job(&job.address);
        let steps = [
            ix::waive_job(&operator.pubkey(), &job.address, &state),
            ix::release_job(&job.address, &state),
        ];
        stall.world.ok(&steps, &[&operator]);
        stall.world.advance(1);
    }
    let pool: StakePool = stall.world.chain.get(&stall.provider.pool).unwrap();
    let node = stall.world.node_state(&stall.node);
    assert_eq!((pool.locked, node.slots_used), (0, 0));
}

#[test]
fn a_resignation_a_cancel_and_the_end_leave_the_waiver() {
    let mut site = Site::taken();
    site.resign();
    assert_eq!(waived(&mut site).jobs_resigned, 0);
    let mut site = Site::taken();
    site.cancel();
    site.at(2 * HOUR);
    assert_eq!(waived(&mut site).windows_missed, 2);
    let mut site = Site::taken();
    site.at(10 * HOUR);
    assert_eq!(waived(&mut site).windows_missed, 10);
}

#[test]
fn whatever_was_proven_forbids_the_waiver() {
    let prove: [fn(&mut Site); 3] = [
        |site| site.prove(0, 100),
        |site| site.prove(0, 0),
        |site| site.cosign(0, 1),
    ];
    for prove in prove {
        let mut site = Site::taken();
        site.at(HOUR);
        prove(&mut site);
        site.waive_refused("NotWaivable");
    }
    // Nor is a job waived that the provider chose itself.
    let mut site = Site::new();
    site.waive_refused("NotWaivable");
}

#[test]
fn a_job_is_waived_once_and_not_after_its_release() {
    let mut site = Site::taken();
    site.at(3 * HOUR);
    site.waive();
    site.waive_refused("EndNotMoved");
    site.release();
    site.waive_refused("WrongJobState");
    assert_eq!(site.record().windows_missed, 3);
}

#[test]
fn nothing_is_proven_after_a_waiver() {
    let mut site = Site::taken();
    site.at(HOUR);
    site.waive();
    site.proof_refused(0, 100, "WindowOutOfJob");
    site.cosigned_refused(0, 100, "WindowOutOfJob");
    site.cancel_refused("JobEnded");
    site.resign_refused("JobEnded");
    site.fault_refused("JobEnded");
}

#[test]
fn only_the_operator_waives() {
    let mut site = Site::taken();
    let (waive, operator) = (site.waive_ix(), site.provider.operator.pubkey());
    let without = waive.unsigned(&operator);
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let owner = site.provider.owner.insecure_clone();
    let buyer = site.job.buyer.insecure_clone();
    for stranger in [owner, buyer] {
        let bent = waive.with(&operator, &stranger.pubkey());
        site.world.refused(&[bent], &[&stranger], "NotOperator");
    }
}

#[test]
fn another_incarnation_is_not_waived() {
    let mut site = Site::taken();
    let mut seen: Job = site.state();
    let operator = site.provider.operator.insecure_clone();
    seen.incarnation += 1;
    let waive = ix::waive_job(&operator.pubkey(), &site.job.address, &seen);
    site.world
        .refused(&[waive], &[&operator], "WrongIncarnation");
    assert_eq!(site.state().state, JobState::Active.byte());
}
