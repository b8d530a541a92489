//! Offers, ends before the time, and registrations that close.

use super::*;

const OFFER: Id = 1;

fn post() -> Action {
    Action::PostOffer(Box::new(PostOffer {
        offer: OFFER,
        node: NODE,
        by: OPERATOR,
        terms: usual_job(0).terms,
        slots: 1,
        expires_at: START + 50,
    }))
}

/// The notice of 150 s takes two windows of 100 s: 30 units with one more, which are 45 base units.
fn take(incarnation: u64, funds: u64) -> Action {
    Action::TakeOffer(Box::new(TakeOffer {
        offer: OFFER,
        job: JOB,
        network: NETWORK,
        buyer: BUYER,
        seen: (incarnation, 3, 2),
        length_secs: 250,
        funds,
        cosigner: None,
        refund_owner: None,
        resolver: ADMIN,
        max_fee_bps: 500,
    }))
}

fn resign(incarnation: u64) -> Action {
    Action::ResignJob {
        job: JOB,
        by: OPERATOR,
        incarnation,
    }
}

fn fault(by: Key) -> Action {
    Action::FaultJob {
        job: JOB,
        by,
        incarnation: OPENED,
    }
}

#[test]
fn an_offer_is_taken_as_it_was_seen_and_for_the_notice_at_least() {
    let mut world = World::new();
    world.ok(START - 10, post());
    let seen = world.slot;
    world.refuse(START, take(seen - 1, 45), "WrongIncarnation");
    world.refuse(START, take(seen, 44), "DepositBelowNotice");
    world.refuse(START + 50, take(seen, 45), "OfferExpired");
    world.ok(START, take(seen, 45));
    let job = &world.model.jobs[&JOB];
    assert_eq!((job.start_at, job.end_at), (START, START + 250));
    assert_eq!(world.model.snapshot().offers[&OFFER].slots_left, 0);
    // Nothing was proven yet: it may be given back at once, and the record says so.
    let incarnation = job.incarnation;
    let waive = Action::WaiveJob {
        job: JOB,
        by: OPERATOR,
        incarnation,
    };
    world.ok(START + 1, waive);
    assert_eq!(world.model.jobs[&JOB].cause, Cause::Waived);
    world.ok(START + 1, Action::ReleaseJob { job: JOB });
    assert_eq!(world.model.snapshot().providers[&PROVIDER].record[5], 1);
    let clear = Action::CloseOffer {
        offer: OFFER,
        by: BUYER,
        shown: false,
    };
    world.ok(START + 1, clear);
}

#[test]
fn resigning_takes_the_notice_and_stands_on_the_record() {
    let mut world = World::new();
    world.start(60, |_| {});
    world.ok(START + 60, resign(OPENED));
    let job = &world.model.jobs[&JOB];
    assert_eq!((job.end_at, job.cause), (START + 210, Cause::Resigned));
    world.refuse(START + 60, resign(OPENED), "EndNotMoved");
    world.ok(START + 350, Action::ReleaseJob { job: JOB });
    let record = world.model.snapshot().providers[&PROVIDER];
    // Resigned, completed.
    assert_eq!((record.record[4], record.record[3]), (1, 0));
}

#[test]
fn a_job_is_faulted_once_its_last_closed_window_is_unproven() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.refuse(START + 149, fault(BUYER), "NotFaulted");
    world.refuse(START + 150, fault(101), "NotParty");
    world.ok(START + 150, fault(BUYER));
    assert_eq!(world.model.jobs[&JOB].cause, Cause::Faulted);
    // The window that runs can still be proven, as far as it ran.
    assert_eq!(world.ok(START + 200, world.attest(1, 9)).units, 5);
}

#[test]
fn a_window_proven_early_enough_keeps_a_job_from_being_faulted() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(START + 100, world.attest(0, 10));
    world.refuse(START + 249, fault(OPERATOR), "NotFaulted");
}

#[test]
fn a_lost_quorum_ends_a_job_without_notice() {
    let mut world = World::new();
    world.start(40, |_| {});
    for index in 0..2u8 {
        let leave = Action::LeaveSet {
            set: SET,
            attester: Id::from(index) + 1,
            index,
            by: Key::from(index) + 111,
        };
        world.ok(START + 10, leave);
    }
    world.ok(START + 20, cancel());
    let job = &world.model.jobs[&JOB];
    assert_eq!((job.end_at, job.cause), (START + 20, Cause::QuorumLost));
}

#[test]
fn a_node_closes_between_jobs_and_its_provider_after_it() {
    let mut world = World::new();
    world.start(40, |open| open.terms.notice_secs = 0);
    // Long after the node and its provider were registered.
    world.slot = 99;
    let node = Action::CloseNode {
        node: NODE,
        by: OWNER,
    };
    let provider = Action::CloseProvider {
        provider: PROVIDER,
        by: OWNER,
    };
    world.refuse(START, node.clone(), "StillInUse");
    world.refuse(START, provider.clone(), "StillInUse");
    world.ok(START, cancel());
    world.ok(START, Action::ReleaseJob { job: JOB });
    world.ok(START, node);
    world.ok(START, provider);
    // What the job owes is paid all the same.
    assert_eq!(world.moved(START, Action::Refund { job: JOB }), 40);
}
