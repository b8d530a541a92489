//! Nodes of the chain that tell another time, list less than there is, and take long to send.

use {
    super::{
        odd::{self, Odd},
        world::*,
    },
    crate::worker::{
        Members, Turn, Worker,
        send::{Priority, Purse, Step, Steps, fake::Fake},
        store::{DRAIN, JobStage, Store},
    },
    sluice_client::{Address, ClientError, Instruction, Keypair, Signer, send::Plan},
    sluice_work::{core::Kind, hash},
    std::{
        cell::{Cell, RefCell},
        rc::Rc,
        sync::Arc,
        thread,
        time::{Duration, Instant},
    },
};

fn blind(world: &World) -> (Worker<Odd>, Rc<Cell<bool>>) {
    let is_blind = Rc::new(Cell::new(false));
    let ledger = Odd {
        net: world.net.clone(),
        is_blind: Rc::clone(&is_blind),
    };
    let ask: Arc<dyn Members> = Arc::<Peers>::clone(&world.peers);
    (odd::open(world, ledger, ask), is_blind)
}

fn until(worker: &mut Worker<Odd>, what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        worker.turn().unwrap();
        worker.rest(Duration::from_millis(10));
    }
}

#[test]
fn a_clock_that_is_minutes_ahead_for_a_moment_seals_nothing_early() {
    let world = World::new(Kind::Wasm);
    // One input is late, so that the window is not whole yet.
    let input = hash::blob(&[3; 3]);
    let blobs: Vec<_> = {
        let mut all = world.peers.all.lock().unwrap();
        all.iter_mut()
            .map(|peer| peer.blobs.remove(&input))
            .collect()
    };
    let mut worker = world.open();
    world.until(&mut worker, "computed", |world| {
        world.store().chunks(&id(0).job, 0..4).unwrap().len() == 3
    });
    // Past the moment at which it is sealed with what there is.
    world.net.now.set(START + 130);
    worker.turn().unwrap();
    world.net.now.set(START);
    world.rest(&mut worker);
    assert_eq!(world.stage(0), "");
    for (peer, blob) in world.peers.all.lock().unwrap().iter_mut().zip(blobs) {
        peer.blobs.extend(blob.map(|blob| (input, blob)));
    }
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    assert_eq!(world.window(0).unwrap().sealed.units, CAP);
}

#[test]
fn a_clock_that_is_an_hour_ahead_for_a_moment_gives_no_job_back_and_one_that_stays_is_believed() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.taken = 1);
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.denies = Some("chain");
    }
    let mut worker = world.open();
    world.rest(&mut worker);
    world.net.now.set(START + 3_600);
    worker.turn().unwrap();
    world.net.now.set(START + 1);
    world.rest(&mut worker);
    assert_eq!(world.net.calls(WAIVE), 0);
    world.at(90);
    world.until(&mut worker, "waived", |world| world.net.calls(WAIVE) == 1);
}

#[test]
fn a_list_that_lacks_a_job_ends_neither_its_windows_nor_a_worker_that_drains() {
    let world = World::new(Kind::Wasm);
    let (mut worker, is_blind) = blind(&world);
    until(&mut worker, "signed", || world.stage(0) == "signed");
    world.store().set_flag(DRAIN, true).unwrap();
    until(&mut worker, "resigned", || world.net.calls(RESIGN) == 1);
    is_blind.set(true);
    for _ in 0..5 {
        assert_ne!(worker.turn().unwrap(), Turn::Drained);
    }
    assert_eq!(world.stage(0), "signed");
    let row = world.store().job(&id(0).job).unwrap().unwrap();
    assert_eq!(row.stage, JobStage::Admitted);
    is_blind.set(false);
    world.at(100);
    until(&mut worker, "proven", || world.stage(0) == "proven");
}

#[test]
fn a_job_that_was_thought_over_goes_on_though_nobody_admits_it_again() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.taken = 1);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    let job = world.net.job();
    world.net.fake.borrow_mut().accounts.remove(&JOB);
    world.rest(&mut worker);
    assert_eq!(world.stage(0), "lost");
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.denies = Some("too_much");
    }
    world.net.put(JOB, &job);
    world.at(100);
    for window in 0..2 {
        world.until(&mut worker, "proven", |world| {
            world.at(100 + 100 * i64::from(window));
            world.stage(window) == "proven"
        });
    }
    assert_eq!(world.net.calls(WAIVE), 0);
}

#[test]
fn a_proof_that_does_not_stay_on_the_chain_is_sent_again() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    let before = world.net.job();
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    // The fork that had it is gone.
    world.net.put(JOB, &before);
    world.rest(&mut worker);
    assert_eq!(world.net.calls(ATTEST), 1);
    world.at(160);
    world.until(&mut worker, "proven again", |world| {
        world.net.calls(ATTEST) == 2 && world.stage(0) == "proven"
    });
}

#[test]
fn proofs_that_take_long_to_send_do_not_hold_up_seals() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.terms.grace_secs = 400);
    let mut worker = world.open();
    (0..4).for_each(|at| world.peers.set(at, Mood::Refuses("busy")));
    for window in 0..3 {
        world.at(100 * i64::from(window));
        world.until(&mut worker, "signed", |world| {
            world.stage(window) == "signed"
        });
    }
    let now = Rc::clone(&world.net.now);
    world.net.fake.borrow_mut().lands = Box::new(move |call, accounts| {
        thread::sleep(Duration::from_millis(60));
        execute(call, accounts, now.get()).unwrap();
    });
    (0..4).for_each(|at| world.peers.set(at, Mood::Honest));
    world.at(310);
    // Enough signatures of all three come before any proof is sent.
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(400));
        let before = world.net.calls(ATTEST);
        let turn = worker.turn().unwrap();
        let sent = world.net.calls(ATTEST) - before;
        assert!(sent <= 1, "{sent}");
        if sent == 1 {
            assert_eq!(turn, Turn::After(Duration::ZERO));
            break;
        }
    }
    world.until(&mut worker, "proven", |world| {
        (0..3).all(|window| world.stage(window) == "proven")
    });
    assert_eq!(world.net.calls(ATTEST), 3);
}

#[test]
fn a_proof_that_does_not_land_waits_for_one_that_was_not_tried() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.terms.grace_secs = 400);
    let mut worker = world.open();
    let tried = Rc::new(RefCell::new(vec![]));
    let told = Rc::clone(&tried);
    world.net.fake.borrow_mut().refuses = Box::new(move |(_, _, data), _| {
        if data.first() != Some(&ATTEST) {
            return None;
        }
        told.borrow_mut().push(data[1]);
        (data[1] == 0).then(|| ClientError::Rpc("the account is locked all the time".into()))
    });
    world.at(100);
    world.until(&mut worker, "tried", |_| !tried.borrow().is_empty());
    (0..4).for_each(|at| world.peers.set(at, Mood::Refuses("busy")));
    world.at(200);
    world.until(&mut worker, "signed", |world| world.stage(1) == "signed");
    (0..4).for_each(|at| world.peers.set(at, Mood::Honest));
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(400));
        tried.borrow_mut().clear();
        worker.turn().unwrap();
        worker.rest(Duration::from_millis(1));
        if tried.borrow().contains(&1) {
            break;
        }
    }
    assert_eq!(tried.borrow().first(), Some(&1));
}

#[test]
fn pulls_that_take_long_to_send_leave_the_rest_to_the_next_turn() {
    let payer = Rc::new(Keypair::new());
    let mut fake = Fake::new(payer.pubkey());
    let place = tempfile::TempDir::new().unwrap();
    let spent = Box::new(Arc::new(Store::open(place.path()).unwrap()));
    let mut purse = Purse::new(payer, 0, 10_000_000, spent);
    let step = |number: u8| Step {
        name: "pay",
        about: Address::new_from_array([number; 32]),
        pays: None,
        plan: Plan::of(Instruction {
            program_id: sluice_client::ID,
            accounts: vec![],
            data: vec![number; 900],
        }),
    };
    let mut short = Steps::within(Duration::ZERO);
    let mut left: Vec<u8> = (0..3).collect();
    for _ in 0..3 {
        let steps = left.iter().copied().map(step).collect();
        let done = short.send(&mut fake, &mut purse, Priority::Routine, START, steps);
        assert_eq!((done.len(), short.is_unfinished()), (1, left.len() > 1));
        left.remove(0);
    }
    let mut long = Steps::default();
    let steps = (0..3).map(step).collect();
    let done = long.send(&mut fake, &mut purse, Priority::Routine, START, steps);
    assert_eq!((done.len(), long.is_unfinished()), (3, false));
}
