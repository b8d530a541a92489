//! Which proofs a job accepts, and who may take it.

use super::*;

#[test]
fn a_window_is_provable_from_its_end_until_its_grace() {
    let mut world = World::new();
    world.refuse(START, Action::Mature { job: JOB }, MISSING);
    world.start(40, |_| {});
    world.refuse(1_099, world.attest(0, 1), "WindowNotEnded");
    world.refuse(1_150, world.attest(0, 1), "StatementExpired");
    world.refuse(1_400, world.attest(3, 1), "WindowOutOfJob");
    world.ok(1_149, world.attest(0, 1));
    world.refuse(1_149, world.attest(0, 1), "WindowAlreadyProven");
    world.refuse(1_149, world.attest_cosigned(0, 1), "WindowAlreadyProven");
    // Later windows may come first, and the first stays proven.
    world.ok(1_300, world.attest(2, 1));
    assert_eq!(world.model.snapshot().jobs[&JOB].last_proven, 3);
}

/// 10 base units cover 6 units: window 0 uses them up, then only heartbeats are left.
#[test]
fn a_claim_that_counts_nothing_is_refused_and_a_heartbeat_is_not() {
    let mut world = World::new();
    world.start(10, |_| {});
    assert_eq!(world.ok(1_100, world.attest(0, 9)).units, 6);
    world.refuse(1_200, world.attest(1, 1), "NothingWouldCount");
    assert_eq!(world.ok(1_200, world.attest(1, 0)).units, 0);
    world.refuse(1_200, world.attest(1, 0), "WindowAlreadyProven");
    let job = world.model.snapshot().jobs[&JOB];
    assert_eq!((job.quorum_windows, job.units_pending), (1, 0));
    // A heartbeat shows life and is no work.
    assert_eq!((job.last_proven, job.worked_windows), (2, 1));
    assert_eq!(job.units_matured, 6);
}

#[test]
fn a_quorum_is_the_worker_and_exactly_so_many_live_members() {
    let mut world = World::new();
    world.start(40, |_| {});
    let now = 1_100;
    let mut refuse = |members, keys: &[Key], error| {
        let attest = world.attest_by(0, 1, members, keys);
        world.refuse(now, attest, error);
    };
    refuse(0x10, &[101, WORKER, 102], "WorkerNotSigned");
    refuse(0x10, &[WORKER, 101], "WrongSignerCount");
    refuse(0x210, &[WORKER, 101, 102, 103], "WrongSignerCount");
    refuse(0x00, &[WORKER, 101, 101], "MembersNotAscending");
    refuse(0x01, &[WORKER, 102, 101], "MembersNotAscending");
    refuse(0x210, &[WORKER, 101, 102], "MembersNotAscending");
    refuse(0x30, &[WORKER, 101, 104], "MemberNotLive");
    refuse(0x20, &[WORKER, 101, 102], "NotAMember");

    let leave = Action::LeaveSet {
        set: SET,
        attester: 2,
        index: 1,
        by: 112,
    };
    world.ok(now, leave.clone());
    world.refuse(now, leave, "NotLive");
    world.refuse(now, world.attest(0, 1), "MemberNotLive");
    world.ok(now, world.attest_by(0, 1, 0x20, &[WORKER, 101, 103]));
}

#[test]
fn a_statement_means_one_window_of_one_job() {
    let mut world = World::new();
    world.open(40, |_| {});
    let claim = claimed(0, 1);
    let mut statement = Statement {
        path: Path::Quorum,
        network: NETWORK,
        job: JOB,
        incarnation: OPENED,
        node: NODE,
        claimed: claim,
    };
    let attest = |statement| Action::Attest {
        job: JOB,
        set: SET,
        claimed: claim,
        members: 0x10,
        signed: Some(Signed {
            statement,
            keys: vec![WORKER, 101, 102],
        }),
    };
    world.refuse(START, attest(statement), "WrongStatement");
    world.ok(START, accept());
    statement.incarnation += 1;
    world.refuse(1_100, attest(statement), "WrongStatement");
    statement.incarnation = OPENED;
    statement.path = Path::Cosigned;
    world.refuse(1_100, attest(statement), "WrongStatement");
    statement.path = Path::Quorum;
    world.ok(1_100, attest(statement));
    let none = Action::AttestCosigned {
        job: JOB,
        claimed: claim,
        signed: None,
    };
    world.refuse(1_100, none, "NoSignatures");
}

#[test]
fn accepting_needs_stake_a_slot_and_a_live_set() {
    let mut world = World::new();
    world.open(40, |open| open.terms.bond = 201);
    world.refuse(START, accept(), "StakeTooLow");
    let mut world = World::new();
    world.open(40, |_| {});
    let stranger = Action::AcceptJob {
        job: JOB,
        provider: PROVIDER,
        node: NODE,
        by: OWNER,
        incarnation: OPENED,
    };
    world.refuse(START, stranger, "NotOperator");
    world.refuse(START + 100, accept(), "JobEnded");
    for (attester, index, by) in [(1, 0, 111), (2, 1, 112)] {
        let set = SET;
        world.ok(
            0,
            Action::LeaveSet {
                set,
                attester,
                index,
                by,
            },
        );
    }
    world.refuse(START, accept(), "NoQuorum");
}

#[test]
fn a_node_takes_as_many_jobs_as_it_has_slots() {
    let mut world = World::new();
    for job in 1..=3 {
        world.open(40, |open| open.job = job);
    }
    let accept = |job| Action::AcceptJob {
        job,
        provider: PROVIDER,
        node: NODE,
        by: OPERATOR,
        incarnation: OPENED,
    };
    world.ok(START, accept(1));
    world.refuse(START, accept(1), "WrongJobState");
    world.ok(START, accept(2));
    world.refuse(START, accept(3), "NoFreeSlot");
    assert_eq!(world.model.locked(POOL), 80);
    world.ok(1_350, Action::ReleaseJob { job: 1 });
    assert_eq!(world.model.locked(POOL), 40);
}
