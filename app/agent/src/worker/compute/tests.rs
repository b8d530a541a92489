//! Who gets the threads.

use {
    super::{
        Span, Task,
        queue::{Pick, Queue},
    },
    crate::{
        blobs::JobId,
        late::Late,
        worker::{
            Members,
            fetch::{Source, Work},
            folder::Cache,
            store::{Chunk, Names},
            tests::world,
        },
    },
    sluice_client::Address,
    sluice_work::{
        core::Kind,
        engine::Limits,
        inputs::Inputs,
        sandbox::{Package, Vm},
    },
    std::{collections::BTreeMap, convert::Infallible, sync::Arc, time::Duration},
    tempfile::TempDir,
};

fn task(job: u8, ends_at: i64, chunks: u32, place: &TempDir) -> Task {
    let spec = world::spec(Kind::Wasm);
    let id = JobId {
        job: Address::new_from_array([job; 32]),
        incarnation: 1,
    };
    let work = Work {
        id,
        node: id.job,
        shape: spec.core.shape().unwrap(),
        inputs: Inputs::default(),
        package: Package::new(Vm::Wasm, vec![]),
        limits: Limits::from(&spec.rest),
        names: Names {
            spec: [0; 32],
            list: [0; 32],
            kernel: [0; 32],
        },
        spec,
    };
    let world = world::World::new(Kind::Wasm);
    let ask: Arc<dyn Members> = Arc::<world::Peers>::clone(&world.peers);
    let source = Source {
        job: id.job,
        node: id.job,
        ask,
        members: vec![],
        cache: Arc::new(Cache::open(place.path(), 1).unwrap()),
        late: Arc::new(Late::new(Duration::from_secs(10))),
    };
    let span = Span {
        window: 0,
        ends_at,
        chunks: 0..chunks,
        most: chunks,
    };
    Task {
        work: Arc::new(work),
        source: Arc::new(source),
        spans: vec![span],
    }
}

fn queue(threads: usize, again: Duration, tasks: Vec<Task>) -> Queue {
    let mut queue = Queue::new(threads, again);
    queue
        .set(tasks, |_, _| {
            Ok::<_, Infallible>(BTreeMap::<u32, Chunk>::new())
        })
        .unwrap();
    queue
}

fn of(pick: &Pick) -> u8 {
    pick.task.work.id.job.to_bytes()[0]
}

#[test]
fn a_job_of_short_windows_and_endless_chunks_does_not_take_the_threads_of_another() {
    let place = TempDir::new().unwrap();
    // The hostile one's window always ends first.
    let tasks = vec![task(1, 10, 1_000, &place), task(2, 10_000, 1_000, &place)];
    let mut four = queue(4, Duration::ZERO, tasks);
    let picks: Vec<_> = (0..4).map(|_| four.take().unwrap()).collect();
    let mut jobs: Vec<_> = picks.iter().map(of).collect();
    jobs.sort_unstable();
    assert_eq!(jobs, [1, 1, 2, 2]);
    // What the honest one has done makes room for the honest one.
    four.became(&picks[2], Some(&Ok([0; 32])));
    assert_eq!(of(&four.take().unwrap()), 2);
}

#[test]
fn a_job_that_used_the_only_thread_for_long_waits_for_the_others() {
    let place = TempDir::new().unwrap();
    let tasks = vec![task(1, 10, 1_000, &place), task(2, 10_000, 1_000, &place)];
    let mut one = queue(1, Duration::ZERO, tasks);
    let pick = one.take().unwrap();
    assert_eq!(of(&pick), 1);
    one.became(&pick, Some(&Ok([0; 32])));
    // As long as both were given about the same, the window that ends first goes first.
    let pick = one.take().unwrap();
    assert_eq!(of(&pick), 1);
    one.gave(&pick.task.work.id, Duration::from_secs(61));
    one.became(&pick, None);
    for _ in 0..3 {
        let pick = one.take().unwrap();
        assert_eq!(of(&pick), 2);
        one.became(&pick, Some(&Ok([0; 32])));
    }
    one.gave(&task(2, 0, 1, &place).work.id, Duration::from_secs(30));
    assert_eq!(of(&one.take().unwrap()), 1);
}

#[test]
fn all_threads_are_a_job_s_when_no_other_has_anything_to_do() {
    let place = TempDir::new().unwrap();
    let tasks = vec![task(1, 10, 4, &place), task(2, 20, 1, &place)];
    let mut four = queue(4, Duration::ZERO, tasks);
    let jobs: Vec<_> = (0..5).map(|_| of(&four.take().unwrap())).collect();
    assert_eq!(jobs.iter().filter(|job| **job == 1).count(), 4);
    assert!(four.take().is_none());
}

#[test]
fn what_fails_again_and_again_waits_longer_each_time() {
    let place = TempDir::new().unwrap();
    let mut one = queue(1, Duration::from_millis(20), vec![task(1, 10, 1, &place)]);
    for tries in 0..3 {
        let pick = loop {
            match one.take() {
                Some(pick) => break pick,
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        assert_eq!(pick.tries, tries);
        one.became(&pick, None);
        assert!(one.take().is_none(), "{tries}");
    }
}
