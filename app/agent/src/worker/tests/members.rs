//! Members that are late, silent, lie, refuse, and lose what they are given.

use {
    super::world::*,
    sluice_client::Signer,
    sluice_work::{core::Kind, hash},
};

#[test]
fn late_silent_and_lying_members_do_not_count_and_two_honest_ones_do() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    let moods = [
        Mood::Liar,
        Mood::Silent,
        Mood::Honest,
        Mood::Refuses("output"),
    ];
    moods
        .into_iter()
        .enumerate()
        .for_each(|(at, mood)| world.peers.set(at, mood));
    world.at(100);
    world.until(&mut worker, "answers", |world| {
        let refused = world.store().refusals(&id(0)).unwrap().len();
        refused == 3 && world.store().countersignatures(&id(0)).unwrap().len() == 1
    });
    world.rest(&mut worker);
    assert_eq!(
        (world.net.calls(ATTEST), world.stage(0).as_str()),
        (0, "signed")
    );
    let signed = world.store().countersignatures(&id(0)).unwrap();
    let honest = world.peers.all.lock().unwrap()[2].key.pubkey();
    assert_eq!(
        signed.iter().map(|one| one.key).collect::<Vec<_>>(),
        [honest]
    );
    let refusals = world.store().refusals(&id(0)).unwrap();
    let told = |code: &str| refusals.iter().find(|one| one.code == code).unwrap();
    assert!(told("wrong_signature").is_final && told("output").is_final);
    assert!(!told("silent").is_final);
    // Who refused for good, or lied, is not asked again, also not after a restart.
    let asked = [0, 3].map(|at| world.peers.asked(at));
    drop(worker);
    let mut worker = world.open();
    world.peers.set(1, Mood::Honest);
    world.at(150);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    assert_eq!(asked, [0, 3].map(|at| world.peers.asked(at)));
    assert_eq!(world.net.calls(ATTEST), 1);
}

#[test]
fn a_busy_member_is_asked_again_and_one_that_is_early_at_the_windows_end() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    (0..3).for_each(|at| world.peers.set(at, Mood::Refuses("busy")));
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.until(&mut worker, "asked", |world| {
        world.peers.asked(0) > 3 && world.peers.asked(3) > 0
    });
    assert_eq!(world.peers.asked(3), 1, "early: not before the window ends");
    let busy = world.store().refusals(&id(0)).unwrap();
    assert!(busy.iter().all(|one| one.code == "busy" && !one.is_final));
    world.at(100);
    (0..3).for_each(|at| world.peers.set(at, Mood::Honest));
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn a_member_that_loses_blobs_is_given_them_again() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "asked", |world| {
        world.stage(0) == "signed" && world.peers.asked(1) > 0
    });
    {
        let mut all = world.peers.all.lock().unwrap();
        (2..4).for_each(|at| all[at].mood = Mood::Silent);
        // One lost an output, one everything.
        let output = hash::blob(&[1; 6]);
        assert!(all[0].blobs.remove(&output).is_some());
        all[1].blobs.clear();
    }
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn a_member_that_did_not_admit_the_job_is_asked_to_and_signs() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    for (at, peer) in world.peers.all.lock().unwrap().iter_mut().enumerate() {
        if at < 2 {
            peer.mood = Mood::Silent;
        } else {
            peer.is_stranger = true;
            // It lost what it would have to admit, too.
            peer.blobs.remove(&hash::blob(b"kernel"));
        }
    }
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn members_who_left_the_set_are_not_asked_and_their_signatures_do_not_count() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.at(100);
    (1..4).for_each(|at| world.peers.set(at, Mood::Silent));
    world.until(&mut worker, "one", |world| {
        world.store().countersignatures(&id(0)).unwrap().len() == 1
    });
    let mut set: sluice_client::AttesterSet = world.net.get(&world.set_key);
    set.live = 0b1110;
    world.net.put(world.set_key, &set);
    world.peers.set(1, Mood::Honest);
    world.until(&mut worker, "two", |world| {
        world.store().countersignatures(&id(0)).unwrap().len() == 2
    });
    world.rest(&mut worker);
    assert_eq!(world.net.calls(ATTEST), 0);
    world.peers.set(2, Mood::Honest);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn an_open_job_is_accepted_only_once_enough_members_admit_it() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| {
        job.state = sluice_client::JobState::Open.byte();
        (job.node, job.worker) = Default::default();
    });
    (0..3).for_each(|at| world.peers.all.lock().unwrap()[at].denies = Some("too_much"));
    let mut worker = world.open();
    world.until(&mut worker, "refused", |world| {
        let row = world.store().job(&id(0).job).unwrap();
        row.is_some_and(|row| row.reason.is_some_and(|why| why.contains("too_much")))
    });
    assert_eq!(world.net.calls(ACCEPT), 0);
    world.peers.all.lock().unwrap()[0].denies = None;
    world.until(&mut worker, "accepted", |world| {
        world.net.calls(ACCEPT) == 1
    });
}

#[test]
fn an_open_job_that_pays_too_little_or_cannot_be_done_here_is_not_accepted() {
    type Edit = fn(&mut World);
    let cases: [(&str, Edit); 6] = [
        ("less than 6 for 1", |world| {
            world.config.accept.price[0].price = 6
        }),
        ("no least price", |world| world.config.accept.price.clear()),
        ("no slot", |world| {
            let mut node: sluice_client::Node = world.net.get(&world.node_key);
            node.slots_used = 1;
            world.net.put(world.node_key, &node);
        }),
        ("stake does not cover", |world| {
            world.net.edit(|job| job.terms.bond = 1_001)
        }),
        ("more than 999", |world| {
            world.config.work.most_chunk_millis = 999
        }),
        ("cap is another", |world| {
            world.net.edit(|job| job.terms.cap = CAP + UNITS)
        }),
    ];
    for (told, edit) in cases {
        let mut world = World::new(Kind::Wasm);
        world.net.edit(|job| {
            job.state = sluice_client::JobState::Open.byte();
            (job.node, job.worker) = Default::default();
        });
        edit(&mut world);
        let mut worker = world.open();
        world.until(&mut worker, told, |world| {
            let row = world.store().job(&id(0).job).unwrap();
            row.is_some_and(|row| row.reason.is_some_and(|why| why.contains(told)))
        });
        world.rest(&mut worker);
        assert_eq!(world.net.calls(ACCEPT), 0, "{told}");
    }
}
