use {
    super::*,
    crate::order::Verify,
    sluice_client::Address as Key,
    tempfile::{TempDir, tempdir},
};

fn settings() -> Settings {
    Settings {
        id: "0123456789abcdef".to_owned(),
        began_at: 5,
        genesis: "G".to_owned(),
        network: Key::new_from_array([1; 32]),
        buyer: Key::new_from_array([2; 32]),
        mint: Key::new_from_array([3; 32]),
        kernel: "kernel.wasm".into(),
        kernel_hash: "ab".repeat(32),
        inputs: "inputs".into(),
        results: "results".into(),
        extension: None,
        title: "title".to_owned(),
        price: u64::MAX,
        per: 1,
        budget: u64::MAX,
        nodes: None,
        set: Some(Key::new_from_array([4; 32])),
        region: None,
        verify: Some(3),
        challenges: true,
        is_private_allowed: false,
        chunk_millis: 1,
        memory: 1 << 20,
        output: 1_024,
        most_millis: 1_000,
    }
}

fn store() -> (TempDir, Store) {
    let folder = tempdir().unwrap();
    let chunks: Vec<_> = (0..10u64)
        .map(|number| (format!("{number}.txt"), number, [7; 32]))
        .collect();
    let chunks = chunks
        .iter()
        .map(|(name, len, hash)| (name.as_str(), *len, hash));
    let store = Store::create(folder.path(), &settings(), chunks).unwrap();
    (folder, store)
}

#[test]
fn two_runs_that_are_not_done_never_have_one_folder_of_results() {
    let runs = tempdir().unwrap();
    let file = crate::inputs::Input {
        name: "a".to_owned(),
        len: 1,
        hash: [7; 32],
    };
    let inputs = crate::inputs::Folder::of("inputs".as_ref(), vec![file]);
    let out = tempdir().unwrap();
    let begin = |id: &str, results: &str| {
        let results = out.path().join(results);
        std::fs::create_dir_all(&results).unwrap();
        let settings = Settings {
            id: id.to_owned(),
            results,
            ..settings()
        };
        crate::runs::Held::create(runs.path(), &settings, &inputs)
    };
    let first = begin("01", "one").unwrap();
    begin("02", "another").unwrap();
    let refused = begin("03", "one").err().unwrap().to_string();
    assert!(refused.starts_with("the run 01 writes"), "{refused}");
    assert!(!runs.path().join("03").exists());
    first.store.fail(0, "nobody can").unwrap();
    // It is done, and its process has not ended.
    let refused = begin("03", "one").err().unwrap().to_string();
    assert!(refused.starts_with("another run writes"), "{refused}");
    drop(first);
    begin("03", "one").unwrap();
}

fn job(id: u64) -> NewJob {
    NewJob {
        id,
        job: Key::new_from_array([5; 32]),
        offer: Key::new_from_array([6; 32]),
        node: Key::new_from_array([7; 32]),
        provider: Key::new_from_array([8; 32]),
        owner: Key::new_from_array([9; 32]),
        set: Key::new_from_array([10; 32]),
        spec: vec![1, 2, 3],
        windows: 2,
        length_secs: 600,
        funds: 1_000,
        cost: 900,
        offered: 7,
        price: 3,
        per: 1,
    }
}

fn on_chain(incarnation: u64) -> sluice_client::Job {
    sluice_client::Job {
        incarnation,
        funded: 1_000,
        ..bytemuck::Zeroable::zeroed()
    }
}

fn window(job: u32, stage: WindowStage) -> WindowRow {
    WindowRow {
        job,
        window: 0,
        stage,
        proof: Some(Proof::Statement([1; 24])),
        matures_at: 100,
        seed: u64::MAX,
        reason: None,
    }
}

#[test]
fn a_run_is_read_as_it_was_written_and_no_second_one_begins_in_its_folder() {
    let (folder, store) = store();
    assert_eq!(store.settings().unwrap(), settings());
    assert_eq!(settings().verified(), Verify::Some(3));
    assert!(Store::create(folder.path(), &settings(), []).is_err());
    drop(store);
    let store = Store::open(folder.path()).unwrap().unwrap();
    assert_eq!(store.settings().unwrap(), settings());
    assert_eq!(store.counts().unwrap().waiting, 10);
    assert!(Store::open(tempdir().unwrap().path()).unwrap().is_none());
}

#[test]
fn a_chunk_is_in_one_job_at_a_time() {
    let (_folder, store) = store();
    let first = store.plan(&job(1), &[0, 1, 2]).unwrap();
    // All or nothing: 3 waits, 2 does not.
    assert!(store.plan(&job(2), &[3, 2]).is_err());
    let counts = store.counts().unwrap();
    assert_eq!((counts.waiting, counts.placed), (7, 3));
    assert_eq!(store.jobs().unwrap().len(), 1);
    store.drop_job(first, "the offer is gone").unwrap();
    let second = store.plan(&job(3), &[2, 0]).unwrap();
    assert_eq!(store.counts().unwrap().placed, 2);
    let numbers: Vec<_> = store.chunks_of(second).unwrap();
    let numbers: Vec<_> = numbers.iter().map(|chunk| chunk.number).collect();
    assert_eq!(numbers, [2, 0]);
    // What the first job does no longer counts.
    let lost = window(first, WindowStage::Lost);
    let waiting = Settled::Waiting { failed: false };
    store.settle_window(&lost, [(2, waiting)]).unwrap();
    assert_eq!(store.counts().unwrap().placed, 2);
}

#[test]
fn a_job_that_is_on_the_chain_is_not_dropped() {
    let (_folder, store) = store();
    let number = store.plan(&job(1), &[0]).unwrap();
    store.taken(number, &on_chain(u64::MAX)).unwrap();
    store.drop_job(number, "no").unwrap();
    let row = store.jobs().unwrap().remove(0);
    assert_eq!(
        (row.stage, row.incarnation),
        (JobStage::Taken, Some(u64::MAX))
    );
    assert_eq!(store.counts().unwrap().placed, 1);
}

#[test]
fn what_a_job_has_used_is_what_was_deposited_less_what_was_returned() {
    let (_folder, store) = store();
    let number = store.plan(&job(1), &[0]).unwrap();
    let used = |store: &Store| store.jobs().unwrap().iter().map(JobRow::used).sum::<u64>();
    assert_eq!(used(&store), 1_000);
    store.taken(number, &on_chain(1)).unwrap();
    store.note_money(number, 1_200, 300).unwrap();
    assert_eq!(used(&store), 900);
    store.set_stage(number, JobStage::Closed).unwrap();
    assert_eq!(used(&store), 900);
}

#[test]
fn a_chunk_that_its_node_left_out_waits_again_and_is_counted() {
    let (_folder, store) = store();
    let number = store.plan(&job(1), &[4, 5, 6]).unwrap();
    store.taken(number, &on_chain(1)).unwrap();
    let row = window(number, WindowStage::Held);
    let chunks = [
        (0, Settled::Done(By::Both)),
        (1, Settled::Waiting { failed: true }),
        (2, Settled::Here),
    ];
    store.settle_window(&row, chunks).unwrap();
    // Again, after a crash that did not happen.
    store.settle_window(&row, chunks).unwrap();
    let chunks = store.chunks_of(number).unwrap();
    let states: Vec<_> = chunks.iter().map(|one| (one.state, one.failures)).collect();
    assert_eq!(
        states,
        [
            (ChunkState::Done, 0),
            (ChunkState::Waiting, 1),
            (ChunkState::Here, 0)
        ]
    );
    assert_eq!(chunks[0].by, Some(By::Both));
    store.done_here(6).unwrap();
    store.done_here(5).unwrap();
    store.fail(5, "trap").unwrap();
    store.fail(4, "trap").unwrap();
    let counts = store.counts().unwrap();
    assert_eq!((counts.done, counts.failed, counts.settled()), (2, 1, 3));
    assert_eq!(
        store.chunk(5).unwrap().unwrap().reason.as_deref(),
        Some("trap")
    );
}

#[test]
fn a_window_that_was_proven_stays_what_it_became() {
    let (_folder, store) = store();
    let number = store.plan(&job(1), &[0]).unwrap();
    store.proven(&window(number, WindowStage::Proven)).unwrap();
    store
        .settle_window(&window(number, WindowStage::Held), [])
        .unwrap();
    store.proven(&window(number, WindowStage::Proven)).unwrap();
    let rows = store.windows().unwrap();
    assert_eq!(rows, [window(number, WindowStage::Held)]);
}
