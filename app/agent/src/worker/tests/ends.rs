//! Jobs that are given back, and a worker that leaves.

use {
    super::world::*,
    crate::worker::{
        Event, Turn,
        store::{DRAIN, JobStage},
    },
    sluice_client::{EndCause, JobState},
    sluice_work::core::Kind,
    std::time::Duration,
};

#[test]
fn a_taken_job_that_members_do_not_admit_is_given_back_before_its_first_window_ends() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.taken = 1);
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.denies = Some("blob_missing");
    }
    let mut worker = world.open();
    world.at(74);
    world.rest(&mut worker);
    assert_eq!(world.net.calls(WAIVE), 0);
    world.at(75);
    world.until(&mut worker, "waived", |world| world.net.calls(WAIVE) == 1);
    let job = world.net.job();
    assert_eq!(
        (job.cause, job.missed_windows),
        (EndCause::Waived.byte(), 0)
    );
    world.rest(&mut worker);
    assert_eq!((world.net.calls(WAIVE), world.net.calls(RESIGN)), (1, 0));
    assert_eq!(
        world.store().job(&id(0).job).unwrap().unwrap().stage,
        JobStage::Waived
    );
    assert!(world.ran.lock().unwrap().is_empty());
}

#[test]
fn a_taken_job_that_is_admitted_in_time_is_kept() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.taken = 1);
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.denies = Some("unnamed");
    }
    let mut worker = world.open();
    world.at(50);
    world.rest(&mut worker);
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.denies = None;
    }
    world.until(&mut worker, "admitted", |world| {
        let row = world.store().job(&id(0).job).unwrap();
        row.is_some_and(|row| row.stage == JobStage::Admitted)
    });
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    // A restart asks nobody for what was admitted, and gives nothing back.
    let asked = world
        .peers
        .admissions
        .load(std::sync::atomic::Ordering::SeqCst);
    drop(worker);
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.denies = Some("chain");
    }
    let mut worker = world.open();
    world.at(200);
    world.until(&mut worker, "proven", |world| world.stage(1) == "proven");
    assert_eq!(
        asked,
        world
            .peers
            .admissions
            .load(std::sync::atomic::Ordering::SeqCst)
    );
    assert_eq!(world.net.calls(WAIVE), 0);
}

#[test]
fn a_worker_that_drains_accepts_nothing_gives_notice_once_and_ends_when_all_is_released() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    // Another process says so.
    world.store().set_flag(DRAIN, true).unwrap();
    world.until(&mut worker, "resigned", |world| {
        world.net.calls(RESIGN) == 1
    });
    assert_eq!(world.net.job().end_at, START + 200);
    for window in 0..2 {
        world.at(100 + 100 * i64::from(window));
        world.until(&mut worker, "proven", |world| {
            world.stage(window) == "proven"
        });
    }
    world.rest(&mut worker);
    assert_eq!((world.net.calls(RESIGN), world.stage(2).as_str()), (1, ""));
    world.at(900);
    world.net.edit(|job| {
        job.mature(START + 900).unwrap();
        job.release(START + 900).unwrap();
        assert_eq!(job.state, JobState::Released.byte());
    });
    assert_eq!(worker.turn().unwrap(), Turn::Drained);
    assert_eq!([world.stage(0), world.stage(1)], ["matured", "matured"]);
    drop(worker);
    // An open job does not tempt it.
    world.net.edit(|job| {
        job.state = JobState::Open.byte();
        job.incarnation = 10;
    });
    let worker = world.open();
    worker.run().unwrap();
    assert_eq!(world.net.calls(ACCEPT), 0);
}

#[test]
fn a_process_that_is_told_to_end_finishes_its_turn_and_ends() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    // Told in the middle of a turn, it is not forgotten.
    worker.events().send(Event::Stop).unwrap();
    worker.turn().unwrap();
    assert!(worker.rest(Duration::from_secs(60)));
    worker.run().unwrap();
}

#[test]
fn a_node_that_falls_silent_ends_nothing() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.net.fake.borrow().is_silent.set(true);
    assert!(worker.turn().is_err());
    world.net.fake.borrow().is_silent.set(false);
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn a_days_bound_that_is_spent_stops_proofs_until_it_is_raised_and_says_so() {
    let mut world = World::new(Kind::Wasm);
    world.config.fees.lamports_a_day = 20_000 - 1;
    let mut worker = world.open();
    world.at(100);
    world.until(&mut worker, "told", |world| {
        let reason = world.window(0).and_then(|row| row.reason);
        reason.is_some_and(|why| why.contains("the day's bound"))
    });
    assert_eq!(world.net.calls(ATTEST), 0);
    drop(worker);
    world.config.fees.lamports_a_day = 20_000;
    let mut worker = world.open();
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    let spent = world.store().spent_on((START + 100) / 86_400).unwrap();
    // Payer, worker and two members.
    assert_eq!(spent, 20_000);
}
