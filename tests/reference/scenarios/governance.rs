//! Changes, handover and pauses.

use super::*;

const SECOND: Key = 13;
const TIMELOCK: i64 = 10 * DAY as i64;
const LIFE: i64 = 14 * DAY as i64;

fn params() -> NetworkParams {
    NetworkParams {
        guardian: SECOND,
        resolver: SECOND,
        treasury: 14,
        min_stake: 7,
        min_bond: 8,
        unbonding_secs: 11 * DAY,
        timelock_secs: 12 * DAY,
        fee_bps: 250,
    }
}

fn propose(by: Key, params: NetworkParams) -> Action {
    let network = NETWORK;
    Action::ProposeChange {
        network,
        by,
        params,
    }
}

fn apply() -> Action {
    Action::ApplyChange { network: NETWORK }
}

fn pause(by: Key, secs: u32) -> Action {
    let network = NETWORK;
    Action::Pause { network, by, secs }
}

#[test]
fn a_change_waits_for_the_timelock_in_force_and_lapses() {
    let mut world = World::new();
    world.refuse(START, apply(), "NoPendingChange");
    world.refuse(START, propose(GUARDIAN, params()), "NotAdmin");
    let dear = NetworkParams {
        fee_bps: 1_001,
        ..params()
    };
    world.refuse(START, propose(ADMIN, dear), "FeeTooHigh");
    world.ok(START, propose(ADMIN, params()));
    world.refuse(START + TIMELOCK - 1, apply(), "ChangeNotDue");
    world.refuse(START + TIMELOCK + LIFE, apply(), "ChangeExpired");
    // Proposed again when it was due: the clock starts anew.
    let again = START + TIMELOCK;
    world.ok(again, propose(ADMIN, params()));
    world.refuse(again + TIMELOCK - 1, apply(), "ChangeNotDue");
    world.ok(again + TIMELOCK + LIFE - 1, apply());
    assert_eq!(world.model.networks[&NETWORK].params, params());
    world.refuse(again + TIMELOCK + LIFE - 1, apply(), "NoPendingChange");
}

#[test]
fn a_handover_drops_what_the_old_admin_proposed() {
    let mut world = World::new();
    let network = NETWORK;
    let name = |by, candidate| Action::NameAdmin {
        network,
        by,
        candidate,
    };
    let accept = |by| Action::AcceptAdmin { network, by };
    world.refuse(START, accept(SECOND), "NotCandidate");
    world.ok(START, name(ADMIN, Some(SECOND)));
    world.ok(START, name(ADMIN, None));
    world.refuse(START, accept(SECOND), "NotCandidate");
    world.ok(START, name(ADMIN, Some(SECOND)));
    world.ok(START, propose(ADMIN, params()));
    world.ok(START, accept(SECOND));
    world.refuse(START + TIMELOCK, apply(), "NoPendingChange");
    world.refuse(START, accept(SECOND), "NotCandidate");
    world.refuse(START, name(ADMIN, None), "NotAdmin");
    world.refuse(START, propose(ADMIN, params()), "NotAdmin");
    world.ok(START, propose(SECOND, params()));
}

#[test]
fn a_pause_is_followed_by_intake_for_as_long() {
    let mut world = World::new();
    let stake = Action::Stake {
        pool: POOL,
        by: OWNER,
        amount: 5,
    };
    world.refuse(START, pause(ADMIN, 1), "NotGuardian");
    world.refuse(START, pause(GUARDIAN, 0), "NotPaused");
    world.refuse(START, pause(GUARDIAN, 7 * DAY + 1), "PauseTooLong");
    world.ok(START, pause(GUARDIAN, 100));
    world.refuse(START, stake.clone(), "Paused");
    world.refuse(START + 99, stake.clone(), "Paused");
    world.ok(START + 100, stake.clone());
    world.refuse(START + 199, pause(GUARDIAN, 1), "PausedTooRecently");
    world.ok(START + 200, pause(GUARDIAN, 7 * DAY));
    world.refuse(START + 201, pause(GUARDIAN, 1), "PausedTooRecently");
    world.ok(START + 230, pause(GUARDIAN, 0));
    world.ok(START + 230, stake);
    world.refuse(START + 259, pause(GUARDIAN, 1), "PausedTooRecently");
    world.ok(START + 260, pause(GUARDIAN, 1));
}

#[test]
fn a_change_reaches_neither_an_open_job_nor_a_ticket() {
    let mut world = World::new();
    world.ok(START, propose(ADMIN, params()));
    let due = START + TIMELOCK;
    world.open(40, |open| {
        open.open_until = due + 5;
        open.cosigner = None;
    });
    let unstake = Action::Unstake {
        pool: POOL,
        by: OWNER,
        shares: 30,
        nonce: 0,
    };
    world.ok(START, unstake);
    let before = world.model.snapshot();
    world.ok(due, apply());
    let after = world.model.snapshot();
    assert_eq!((before.jobs, before.tickets), (after.jobs, after.tickets));
    assert_eq!(world.model.jobs[&JOB].fee_bps, 200);
    world.ok(due, accept());
    assert_eq!(world.model.jobs[&JOB].fee_bps, 200);
}
