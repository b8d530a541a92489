//! What a released job adds to the records: missed, proven, accepted, completed, resigned, waived, faulted, voided, slashes.

use super::*;

const RELEASE: Action = Action::ReleaseJob { job: JOB };

fn record(world: &World) -> [u64; 9] {
    let state = world.model.snapshot();
    assert_eq!(state.providers[&PROVIDER].record, state.nodes[&NODE].record);
    state.providers[&PROVIDER].record
}

/// Two whole windows and one that the end cuts, which is nobody's duty.
#[test]
fn a_job_is_completed_by_its_whole_windows() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 1));
    world.ok(1_200, world.attest(1, 1));
    world.refuse(1_349, RELEASE, "NotSettled");
    world.ok(1_350, RELEASE);
    assert_eq!(record(&world), [0, 2, 1, 1, 0, 0, 0, 0, 0]);
}

/// A heartbeat is no work, and what was cosigned is worked but not proven.
#[test]
fn a_window_is_missed_without_work_and_proven_by_a_quorum_only() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 0));
    world.ok(1_200, world.attest_cosigned(1, 1));
    world.ok(1_350, RELEASE);
    assert_eq!(record(&world), [1, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/// The set asks for a bond of 40.
#[test]
fn a_job_that_falls_short_is_paid_and_counts_for_nothing_but_what_is_bad() {
    let mut world = World::new();
    world.start(40, |open| open.terms.bond = 39);
    world.ok(1_100, world.attest(0, 10));
    let credit = Action::Credit {
        job: JOB,
        node: NODE,
    };
    world.refuse(1_180, credit, "JobDoesNotCount");
    assert_eq!(world.moved(1_180, Action::Pay { job: JOB }), 15);
    assert_eq!(world.ok(1_350, RELEASE).units, 0);
    assert_eq!(world.model.nodes[&NODE].units(), 0);
    assert_eq!(record(&world), [1, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/// 15 base units are 10 units, one window's. The second window ends while nothing is left: the top-up excuses it, and the first
/// is all that was due.
#[test]
fn a_dry_window_is_nobodys_duty() {
    let mut world = World::new();
    world.start(15, |_| {});
    world.ok(1_100, world.attest(0, 10));
    world.ok(1_210, top_up(15));
    let job = world.model.snapshot().jobs[&JOB];
    assert_eq!((job.excused_windows, job.last_excused), (1, 2));
    world.ok(1_350, RELEASE);
    assert_eq!(record(&world), [0, 1, 1, 1, 0, 0, 0, 0, 0]);
}

/// Topped up a second before the second window ends: nothing was over by then but what was worked.
#[test]
fn a_window_that_is_funded_before_it_ends_is_due() {
    let mut world = World::new();
    world.start(15, |_| {});
    world.ok(1_100, world.attest(0, 10));
    world.ok(1_199, top_up(15));
    assert_eq!(world.model.snapshot().jobs[&JOB].excused_windows, 0);
    world.ok(1_350, RELEASE);
    assert_eq!(record(&world), [1, 1, 1, 0, 0, 0, 0, 0, 0]);
}

/// 10 base units are 6 units, less than a window's 10: whoever ends the job, nobody is at fault.
#[test]
fn a_fault_while_dry_is_excused() {
    let mut world = World::new();
    world.start(10, |_| {});
    let fault = Action::FaultJob {
        job: JOB,
        by: BUYER,
        incarnation: OPENED,
    };
    world.ok(1_150, fault);
    let job = &world.model.jobs[&JOB];
    assert_eq!((job.end_at, job.cause), (1_150, Cause::Excused));
    world.ok(1_250, RELEASE);
    assert_eq!(record(&world), [0, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/// The same with everything paid for.
#[test]
fn a_fault_is_on_the_record_and_so_is_every_window() {
    let mut world = World::new();
    world.start(40, |_| {});
    let fault = Action::FaultJob {
        job: JOB,
        by: OPERATOR,
        incarnation: OPENED,
    };
    world.ok(1_150, fault);
    world.ok(1_250, RELEASE);
    assert_eq!(record(&world), [1, 0, 1, 0, 0, 0, 1, 0, 0]);
}

/// 45 base units are 30 units: the notice's two windows and one more.
#[test]
fn a_provider_that_waives_late_has_missed_the_windows_that_were_over() {
    let mut world = World::new();
    let post = PostOffer {
        offer: 1,
        node: NODE,
        by: OPERATOR,
        terms: usual_job(0).terms,
        slots: 1,
        expires_at: START + 50,
    };
    world.ok(START - 10, Action::PostOffer(Box::new(post)));
    let take = TakeOffer {
        offer: 1,
        job: JOB,
        network: NETWORK,
        buyer: BUYER,
        seen: (world.slot, 3, 2),
        length_secs: 250,
        funds: 45,
        cosigner: None,
        refund_owner: Some(STRANGER),
        resolver: ADMIN,
        max_fee_bps: 500,
    };
    world.ok(START, Action::TakeOffer(Box::new(take)));
    let incarnation = world.model.jobs[&JOB].incarnation;
    let waive = |by| Action::WaiveJob {
        job: JOB,
        by,
        incarnation,
    };
    world.refuse(1_200, waive(BUYER), "NotOperator");
    // Past the end too.
    world.ok(1_300, waive(OPERATOR));
    world.refuse(1_300, waive(OPERATOR), "EndNotMoved");
    assert_eq!(world.model.jobs[&JOB].end_at, START);
    assert_eq!(world.moved(1_300, Action::Refund { job: JOB }), 45);
    assert_eq!(world.wallet(STRANGER, PAY), 45);
    world.ok(1_300, RELEASE);
    assert_eq!(record(&world), [2, 0, 1, 0, 0, 1, 0, 0, 0]);
}

/// Only a job that was taken from an offer is given back.
#[test]
fn a_job_that_was_accepted_is_not_waived() {
    let mut world = World::new();
    world.start(40, |_| {});
    let waive = Action::WaiveJob {
        job: JOB,
        by: OPERATOR,
        incarnation: OPENED,
    };
    world.refuse(START, waive, "NotWaivable");
}

/// The notice of 150 s would lead past the end: after a void ruling there is none.
#[test]
fn a_buyer_that_was_lied_to_ends_its_job_at_once() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 10));
    let challenger = Holder::Wallet(CHALLENGER);
    world.model.mint_to(challenger, STAKE, 5);
    let challenge = Action::Challenge {
        job: JOB,
        by: CHALLENGER,
        incarnation: OPENED,
        window: 0,
        reason: 1,
        evidence: 2,
    };
    world.ok(1_120, challenge);
    world.refuse(1_209, cancel(), "EndNotMoved");
    let ruling = Ruling {
        void: true,
        lied: false,
        reason: 3,
        slash: 7,
        evidence: 4,
    };
    let rule = Action::RuleChallenge {
        challenge: (JOB, OPENED, 0),
        by: ADMIN,
        ruling,
    };
    world.ok(1_210, rule);
    world.ok(1_210, cancel());
    let job = &world.model.jobs[&JOB];
    assert_eq!((job.end_at, job.cause), (1_210, Cause::Cancelled));
    world.ok(1_350, RELEASE);
    // The void window was worked, so it is not missed besides.
    assert_eq!(record(&world), [1, 0, 1, 0, 0, 0, 0, 1, 1]);
}

#[test]
fn the_refund_owner_gets_the_refund_and_only_the_buyer_cancels() {
    let mut world = World::new();
    world.open(40, |open| open.refund_owner = Some(STRANGER));
    let by_the_owner = Action::CancelJob {
        job: JOB,
        by: STRANGER,
        incarnation: OPENED,
    };
    world.refuse(START, by_the_owner, "NotBuyer");
    world.ok(START, cancel());
    assert_eq!(world.moved(START, Action::Refund { job: JOB }), 40);
    assert_eq!(world.wallet(STRANGER, PAY), 40);
}
