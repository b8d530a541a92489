//! Chunks that are not done, inputs that nobody gives, escrows that run dry, windows that are cut.

use {
    super::world::*,
    sluice_work::{
        core::Kind,
        evidence::{Evidence, Stop},
        hash,
        undone::Undone,
    },
};

fn evidence(world: &World, window: u32) -> (Evidence, u64) {
    let row = world.window(window).unwrap();
    let evidence = Evidence::from_bytes(&row.sealed.evidence).unwrap();
    (evidence, row.sealed.units)
}

fn undone(world: &World, input: u8) {
    world
        .kernel
        .lock()
        .unwrap()
        .insert(input, Err(Undone::Trap));
}

#[test]
fn a_chunk_that_is_not_done_leaves_a_hole_and_the_others_are_claimed() {
    let world = World::new(Kind::Wasm);
    undone(&world, 1);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    let (evidence, units) = evidence(&world, 0);
    let done: Vec<_> = evidence.outputs.iter().map(Option::is_some).collect();
    assert_eq!((done, units), (vec![true, false, true, true], 3 * UNITS));
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn judged_work_claims_what_is_before_the_first_chunk_that_is_not_done() {
    let world = World::new(Kind::Sbpf);
    undone(&world, 2);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    let (evidence, units) = evidence(&world, 0);
    let stop = Stop {
        index: 2,
        reason: Undone::Trap,
    };
    assert_eq!((evidence.outputs.len(), evidence.stop), (2, Some(stop)));
    assert_eq!(units, 2 * UNITS);
    assert_eq!(world.net.calls(RESIGN), 0);
}

#[test]
fn judged_work_whose_first_chunk_cannot_be_done_is_sealed_with_nothing_and_resigned() {
    let world = World::new(Kind::Sbpf);
    undone(&world, 0);
    let mut worker = world.open();
    world.until(&mut worker, "resigned", |world| {
        world.net.calls(RESIGN) == 1
    });
    assert_eq!(evidence(&world, 0).1, 0);
    world.rest(&mut worker);
    // The notice is given once, and what can be done in it is done.
    assert_eq!(world.net.calls(RESIGN), 1);
    world.at(101);
    world.until(&mut worker, "the next", |world| world.stage(1) == "signed");
    assert_eq!(evidence(&world, 1).1, CAP);
    assert_eq!(world.net.calls(RESIGN), 1);
}

#[test]
fn a_window_whose_inputs_nobody_gives_is_sealed_with_nothing() {
    for kind in [Kind::Wasm, Kind::Sbpf] {
        let world = World::new(kind);
        for peer in &mut *world.peers.all.lock().unwrap() {
            (0..4u8).for_each(|chunk| {
                peer.blobs.remove(&hash::blob(&[chunk; 3]));
            });
        }
        let mut worker = world.open();
        world.at(119);
        world.until(&mut worker, "the next", |world| world.stage(1) == "signed");
        assert_eq!(world.stage(0), "");
        world.at(120);
        world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
        let (evidence, units) = evidence(&world, 0);
        assert_eq!((evidence.done(), evidence.stop, units), (0, None, 0));
        assert_eq!(world.net.calls(RESIGN), 0);
    }
}

#[test]
fn what_comes_late_is_sealed_at_a_quarter_of_the_grace_with_what_there_is() {
    let world = World::new(Kind::Wasm);
    for peer in &mut *world.peers.all.lock().unwrap() {
        peer.blobs.remove(&hash::blob(&[3; 3]));
    }
    let mut worker = world.open();
    world.at(119);
    world.rest(&mut worker);
    assert_eq!(world.stage(0), "");
    world.at(120);
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    assert_eq!(evidence(&world, 0).1, 3 * UNITS);
}

#[test]
fn only_what_is_funded_is_computed_sealed_and_claimed_and_a_dry_job_is_left_after_two_windows() {
    let world = World::new(Kind::Wasm);
    // One window and a half, and a part of a chunk.
    world.net.edit(|job| {
        (job.funded, job.units_funded) = (0, 0);
        job.fund(5 * (CAP + 2 * UNITS) + 7).unwrap();
    });
    let mut worker = world.open();
    for window in 0..2 {
        world.at(100 + 100 * i64::from(window));
        world.until(&mut worker, "proven", |world| {
            world.stage(window) == "proven"
        });
    }
    assert_eq!(evidence(&world, 1).1, 2 * UNITS);
    let mut ran = world.ran.lock().unwrap().clone();
    ran.sort_unstable();
    assert_eq!(ran, [0, 1, 2, 3, 4, 5]);
    world.at(399);
    world.rest(&mut worker);
    assert_eq!((world.net.calls(RESIGN), world.stage(2).as_str()), (0, ""));
    world.at(400);
    world.until(&mut worker, "resigned", |world| {
        world.net.calls(RESIGN) == 1
    });
    let job = world.net.job();
    assert_eq!(
        (job.end_at, job.cause),
        (START + 400, sluice_client::EndCause::Excused.byte())
    );
}

#[test]
fn a_dry_job_that_is_topped_up_in_time_goes_on() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| {
        (job.funded, job.units_funded) = (0, 0);
        job.fund(5 * CAP).unwrap();
    });
    let mut worker = world.open();
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    world.at(290);
    world.rest(&mut worker);
    world.net.edit(|job| {
        job.excuse(START + 290).unwrap();
        job.fund(5 * CAP).unwrap();
    });
    world.at(300);
    world.until(&mut worker, "proven", |world| world.stage(2) == "proven");
    assert_eq!((evidence(&world, 2).1, world.stage(1).as_str()), (CAP, ""));
    // The count begins anew.
    world.at(499);
    world.rest(&mut worker);
    assert_eq!(world.net.calls(RESIGN), 0);
}

#[test]
fn a_window_that_the_end_cuts_claims_whole_chunks_of_its_part() {
    let world = World::new(Kind::Wasm);
    // It ends within its second window: 60 of 100 seconds are 24 units, two chunks.
    world.net.edit(|job| job.end_at = START + 160);
    let mut worker = world.open();
    world.at(200);
    world.until(&mut worker, "proven", |world| world.stage(1) == "proven");
    assert_eq!(evidence(&world, 1).1, 2 * UNITS);
    assert_eq!(world.stage(2), "");
}

#[test]
fn no_window_is_sealed_that_a_notice_could_still_cut() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| job.terms.notice_secs = 50);
    let mut worker = world.open();
    world.at(49);
    world.until(&mut worker, "computed", |world| {
        world.store().chunks(&id(0).job, 0..4).unwrap().len() == 4
    });
    world.rest(&mut worker);
    assert_eq!(world.stage(0), "");
    // The buyer cancels: 10 seconds later the job ends, within the window.
    world.net.edit(|job| job.end_at = START + 75);
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    assert_eq!(evidence(&world, 0).1, 3 * UNITS);
}
