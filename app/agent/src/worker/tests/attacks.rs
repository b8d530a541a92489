//! Buyers, members, nodes and machines that make an honest worker lose windows, fees or its job.

use {
    super::world::*,
    crate::worker::folder::Folder,
    sluice_work::{core::Kind, evidence::Evidence, hash, undone::Undone},
    std::{
        io::ErrorKind,
        sync::mpsc::channel,
        thread,
        time::{Duration, SystemTime},
    },
    tempfile::TempDir,
};

fn fails(world: &World, input: u8, reason: Undone) {
    world.kernel.lock().unwrap().insert(input, Err(reason));
}

fn heals(world: &World, input: u8) {
    world.kernel.lock().unwrap().remove(&input);
}

fn times(world: &World, input: u8) -> usize {
    let ran = world.ran.lock().unwrap();
    ran.iter().filter(|one| **one == input).count()
}

fn done(world: &World, window: u32) -> usize {
    let row = world.window(window).unwrap();
    Evidence::from_bytes(&row.sealed.evidence).unwrap().done()
}

#[test]
fn a_process_that_dies_for_a_while_neither_stops_judged_work_nor_leaves_a_hole() {
    for kind in [Kind::Sbpf, Kind::Wasm] {
        let world = World::new(kind);
        fails(&world, 0, Undone::Died);
        let mut worker = world.open();
        world.until(&mut worker, "tried again", |world| times(world, 0) > 3);
        assert_eq!(world.stage(0), "");
        heals(&world, 0);
        world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
        assert_eq!((done(&world, 0), world.net.calls(RESIGN)), (4, 0));
    }
}

#[test]
fn a_busy_machine_s_time_and_memory_do_not_count_against_judged_chunks() {
    for reason in [Undone::Time, Undone::Memory] {
        let world = World::new(Kind::Sbpf);
        fails(&world, 0, reason);
        let mut worker = world.open();
        world.until(&mut worker, "tried again", |world| times(world, 0) > 2);
        heals(&world, 0);
        world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
        assert_eq!((done(&world, 0), world.net.calls(RESIGN)), (4, 0));
    }
}

#[test]
fn a_webassembly_chunk_has_a_second_try_at_its_time_and_no_third() {
    let world = World::new(Kind::Wasm);
    fails(&world, 1, Undone::Time);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    assert_eq!((times(&world, 1), done(&world, 0)), (2, 3));
}

#[test]
fn blobs_leave_the_disk_s_reserve_alone_and_no_half_blob_behind() {
    let place = TempDir::new().unwrap();
    let folder = Folder::open_with(place.path(), u64::MAX).unwrap();
    let refused = folder.put(b"output").unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::StorageFull);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    // What is in the way of the file itself leaves no part of it either.
    let folder = Folder::open_with(place.path(), 0).unwrap();
    let in_the_way = place.path().join(hex::encode(hash::blob(b"output")));
    std::fs::create_dir(&in_the_way).unwrap();
    folder.put(b"output").unwrap_err();
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn a_damaged_output_is_written_again() {
    let place = TempDir::new().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    let name = folder.put(b"output").unwrap();
    std::fs::write(place.path().join(hex::encode(name)), b"out").unwrap();
    assert_eq!(folder.put(b"output").unwrap(), name);
    assert_eq!(folder.get(&name).unwrap(), b"output");
}

#[test]
fn an_output_is_not_removed_between_its_file_and_the_row_that_names_it() {
    let place = TempDir::new().unwrap();
    let folder = std::sync::Arc::new(Folder::open(place.path()).unwrap());
    let name = folder.put(b"the same in every window").unwrap();
    let keeping = folder.keeping();
    let (told, tells) = channel();
    let other = std::sync::Arc::clone(&folder);
    thread::spawn(move || {
        let _removing = other.removing();
        other.remove(&name).unwrap();
        told.send(()).unwrap();
    });
    assert!(tells.recv_timeout(Duration::from_millis(50)).is_err());
    assert!(folder.has(&name));
    drop(keeping);
    tells.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(!folder.has(&name));
}

#[test]
fn outputs_that_nothing_names_are_removed_when_a_process_begins() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    drop(worker);
    let outputs = world.config.work.state.join("outputs");
    let folder = Folder::open(&outputs).unwrap();
    let [young, orphan] = [&b"young"[..], b"orphan"].map(|bytes| folder.put(bytes).unwrap());
    for (name, _) in folder.all().unwrap() {
        if name != young {
            let mut file = std::fs::File::options();
            let file = file
                .write(true)
                .open(outputs.join(hex::encode(name)))
                .unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(7_200))
                .unwrap();
        }
    }
    let mut worker = world.open();
    assert!(!folder.has(&orphan) && folder.has(&young) && folder.has(&hash::blob(&[1; 6])));
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
}

#[test]
fn members_that_name_other_blobs_for_a_while_cost_a_job_nothing() {
    let world = World::new(Kind::Wasm);
    let right = world.peers.names.lock().unwrap().clone();
    world.peers.names.lock().unwrap().spec = right.inputs;
    let mut worker = world.open();
    world.until(&mut worker, "told", |world| {
        let row = world.store().job(&id(0).job).unwrap();
        row.is_some_and(|row| row.reason.is_some())
    });
    *world.peers.names.lock().unwrap() = right;
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
}
