//! From a job to its proofs, and crashes in between.

use {
    super::world::*,
    crate::{
        windows::WindowId,
        worker::{
            seal,
            store::{JobStage, WindowStage},
        },
    },
    sluice_client::{
        Job, JobState, Signer,
        statement::{Journal, Path, Statement},
    },
    sluice_work::{core::Kind, hash},
    std::{collections::HashSet, time::Duration},
};

fn open(world: &World) {
    world.net.edit(|job| {
        *job = Job {
            state: JobState::Open.byte(),
            node: sluice_client::Address::default(),
            worker: sluice_client::Address::default(),
            context: [0; 32],
            start_at: 0,
            end_at: START + 10_000,
            ..*job
        };
    });
}

#[test]
fn a_job_goes_from_its_acceptance_to_a_proof_that_is_earned() {
    let world = World::new(Kind::Wasm);
    open(&world);
    let mut worker = world.open();
    world.until(&mut worker, "accepted", |world| {
        world.net.calls(ACCEPT) == 1
    });
    assert_eq!(
        world.store().job(&id(0).job).unwrap().unwrap().stage,
        JobStage::Admitted
    );
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    // Members have it before the window ends, and sign once it has.
    world.until(&mut worker, "asked", |world| world.peers.asked(0) > 0);
    world.at(99);
    world.rest(&mut worker);
    assert_eq!(
        (world.net.calls(ATTEST), world.stage(0).as_str()),
        (0, "signed")
    );
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    assert_eq!(world.net.calls(ATTEST), 1);
    assert_eq!(world.net.job().units_pending, CAP);
    // What is computed ahead is at most the next windows.
    assert!(world.ran.lock().unwrap().len() <= 6 * 4);
    world.at(100 + 380);
    world.net.edit(|job| job.mature(START + 480).unwrap());
    world.until(&mut worker, "matured", |world| world.stage(0) == "matured");
    // Nothing is sent, kept or accepted twice.
    assert_eq!(world.net.calls(ACCEPT), 1);
    let outputs = world.config.work.state.join("outputs");
    let kept = || {
        let names = (0..4u8).map(|chunk| hex::encode(hash::blob(&[chunk; 6])));
        names.filter(|name| outputs.join(name).exists()).count()
    };
    assert_eq!(kept(), 4);
    world.at(100 + 380 + 1_001);
    world.until(&mut worker, "cleared", |world| world.window(0).is_none());
    assert_eq!(kept(), 0);
}

#[test]
fn a_worker_that_dies_after_every_turn_signs_one_statement_of_each_window_and_proves_it_once() {
    let world = World::new(Kind::Wasm);
    for life in 0..140u8 {
        let mut worker = world.open();
        world.at(2 * i64::from(life));
        // They die after the first turn or a later one, and in the middle of what other threads do.
        for _ in 0..=life % 4 {
            worker.turn().unwrap();
            if life % 3 > 0 {
                worker.rest(Duration::from_millis(u64::from(life % 7)));
            }
        }
        drop(worker);
    }
    world.at(299);
    let mut worker = world.open();
    world.until(&mut worker, "the last", |world| world.stage(2) == "signed");
    world.at(300);
    world.until(&mut worker, "the last", |world| world.stage(2) == "proven");
    for window in 0..3 {
        assert_eq!(world.stage(window), "proven", "{window}");
        let all = world.peers.all.lock().unwrap();
        let claims = all.iter().flat_map(|peer| &peer.claims);
        let of_window = claims.filter(|claim| claim.window == window);
        let said: HashSet<_> = of_window
            .map(|claim| (claim.units, claim.digest, claim.signature))
            .collect();
        assert_eq!(said.len(), 1, "{window}");
    }
    assert_eq!(world.net.job().last_proven, 3);
    assert_eq!(world.net.calls(ATTEST), 3);
}

#[test]
fn a_window_that_was_sealed_is_signed_as_it_was_sealed_whatever_was_computed_since() {
    let world = World::new(Kind::Wasm);
    // Sealed, and the process died before it signed.
    let store = world.store();
    let mut worker = world.open();
    world.until(&mut worker, "a work", |world| world.stage(0) == "signed");
    let first = world.window(0).unwrap();
    drop(worker);
    store.forget_window(&id(0)).unwrap();
    assert!(store.seal(&id(0), &first.sealed).unwrap());
    store.forget_chunks(&id(0).job, Some(0)).unwrap();
    for number in 0..4 {
        store
            .set_chunk(&id(0), number, &Ok([number as u8; 32]))
            .unwrap();
    }
    let mut worker = world.open();
    world.until(&mut worker, "signed again", |world| {
        world.stage(0) == "signed"
    });
    let again = world.window(0).unwrap();
    assert_eq!(
        (again.signature, again.sealed),
        (first.signature, first.sealed)
    );
}

#[test]
fn a_second_statement_of_a_window_is_not_signed_though_the_store_was_lost() {
    let world = World::new(Kind::Wasm);
    // The journal, which lies beside the key in truth, knows what was signed before the store was lost.
    let key = world.worker_key.pubkey();
    let mut journal = Journal::open(&key, None, &world.config.work.state).unwrap();
    let other = Statement::of(&world.net.job(), 0, 10, [1; 32]);
    let signed = journal.sign(&other, Path::Quorum, world.worker_key.as_ref());
    signed.unwrap();
    drop(journal);
    let mut worker = world.open();
    world.until(&mut worker, "the next one", |world| {
        world.at(101);
        world.stage(1) == "signed"
    });
    let row = world.window(0).unwrap();
    assert_eq!((row.stage, row.signature), (WindowStage::Sealed, None));
    assert!(
        row.reason.unwrap().contains("another statement"),
        "it is told"
    );
    assert!(
        world
            .peers
            .all
            .lock()
            .unwrap()
            .iter()
            .all(|peer| peer.claims.iter().all(|claim| claim.window != 0))
    );
}

#[test]
fn a_proof_of_which_nobody_tells_what_became_is_looked_up_and_not_sent_twice() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.net.lands_untold.set(1);
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    assert_eq!(world.net.calls(ATTEST), 1);
    // One that never landed is sent again.
    world.net.fake.borrow_mut().fates = [crate::worker::send::fake::Fate::IsLost].into();
    world.at(200);
    world.until(&mut worker, "proven", |world| world.stage(1) == "proven");
    assert_eq!(world.net.calls(ATTEST), 2);
}

#[test]
fn another_statement_in_the_ring_is_told_and_nothing_is_sent() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.at(100);
    world
        .net
        .edit(|job| prove(job, 0, 10, [1; 32], 3, START + 100).unwrap());
    world.until(&mut worker, "lost", |world| world.stage(0) == "lost");
    world.rest(&mut worker);
    assert_eq!(world.net.calls(ATTEST), 0);
    let reason = world.window(0).unwrap().reason;
    assert_eq!(
        reason.as_deref(),
        Some("the chain has another statement of this window")
    );
    // The window after it goes on.
    world.at(200);
    world.until(&mut worker, "proven", |world| world.stage(1) == "proven");
}

#[test]
fn a_window_that_nobody_signs_is_lost_with_its_reasons_and_the_next_one_is_not() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    (0..4).for_each(|at| world.peers.set(at, Mood::Silent));
    world.at(170);
    world.until(&mut worker, "silence", |world| {
        world.store().refusals(&id(0)).unwrap().len() == 4
    });
    world.rest(&mut worker);
    let reason = world.window(0).unwrap().reason.unwrap();
    assert!(reason.starts_with("0 of 2 members signed"), "{reason}");
    assert!(reason.contains("silent"), "{reason}");
    world.at(180 + 30);
    world.until(&mut worker, "lost", |world| world.stage(0) == "lost");
    (0..4).for_each(|at| world.peers.set(at, Mood::Honest));
    world.until(&mut worker, "proven", |world| world.stage(1) == "proven");
    assert_eq!(world.net.calls(ATTEST), 1);
}

#[test]
fn a_node_that_tells_of_no_job_for_a_moment_loses_no_window() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    let job = world.net.job();
    world.net.fake.borrow_mut().accounts.remove(&JOB);
    world.rest(&mut worker);
    assert_eq!(world.stage(0), "lost");
    world.net.put(JOB, &job);
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn a_job_of_another_incarnation_is_another() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.net.edit(|job| job.incarnation = 10);
    let mut later: WindowId = id(0);
    later.job.incarnation = 10;
    // Its contexts differ in truth; here the journal sees the same statement.
    world.until(&mut worker, "the later one", |world| {
        world.store().window(&later).unwrap().is_some()
    });
    assert_eq!(world.stage(0), "lost");
    assert!(!seal::is_proven(&world.net.job(), 0));
}
