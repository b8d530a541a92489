use {
    super::*,
    sluice_work::spec::{BLOB_LEN, CHUNK_MILLIS},
    std::{thread, time::Duration},
};

static GO_ON: AtomicBool = AtomicBool::new(false);

fn inputs() -> Vec<(u32, Vec<u8>)> {
    vec![(0, vec![1; 10]), (50, vec![2; 30]), (99, vec![3; 20])]
}

/// A kernel that takes ten milliseconds for each byte: so far apart that a busy machine does not turn the order.
fn slow(input: &[u8]) -> Ran {
    let millis = u64::try_from(input.len()).unwrap() * 10;
    thread::sleep(Duration::from_millis(millis));
    twice(input)
}

#[test]
fn a_trial_tells_times_and_the_largest_output_and_compares_what_was_quickest() {
    let played = Played::new(slow, twice);
    let trial = judge(Kind::Wasm, played.clone()).trial(&inputs(), &GO_ON);
    let trial = trial.unwrap();
    assert_eq!((trial.done, trial.largest_output), (3, 60));
    assert!(trial.undone.is_empty() && trial.is_compared);
    assert!(trial.median_millis >= 200 && trial.longest_millis >= 300);
    assert!(trial.median_millis <= trial.longest_millis);
    let runs = played.runs.lock().unwrap();
    let others = runs.iter().filter(|(vm, ..)| *vm == Vm::Wasmi);
    // The first is the one that only loads.
    let others: Vec<_> = others.map(|(_, input, _)| input.len()).collect();
    assert_eq!(others, [10, 10]);
}

#[test]
fn every_engine_has_loaded_the_kernel_before_time_is_taken() {
    for (kind, engines) in [
        (Kind::Wasm, [Vm::Wasm, Vm::Wasmi, Vm::Wasm]),
        (Kind::Sbpf, [Vm::Sbpf, Vm::SbpfInterpreted, Vm::Sbpf]),
    ] {
        let played = Played::both(twice);
        judge(kind, played.clone())
            .trial(&inputs(), &GO_ON)
            .unwrap();
        let runs = played.runs.lock().unwrap();
        let first: Vec<_> = runs.iter().take(3).map(|(vm, ..)| *vm).collect();
        assert_eq!(first, engines);
    }
}

#[test]
fn an_engine_that_does_not_take_the_kernel_in_is_named() {
    for reason in [Undone::Code, Undone::Import] {
        let refuses = move |_: &[u8]| Err(reason);
        let first = judge(Kind::Wasm, Played::new(refuses, twice));
        let other = judge(Kind::Wasm, Played::new(twice, refuses));
        let interpreter = judge(Kind::Sbpf, Played::new(twice, refuses));
        for (judge, vm) in [
            (first, Vm::Wasm),
            (other, Vm::Wasmi),
            (interpreter, Vm::SbpfInterpreted),
        ] {
            let tried = judge.trial(&inputs(), &GO_ON);
            assert_eq!(tried, Err(BadKernel::Load(vm, reason)));
        }
    }
    let no_sandbox = judge(Kind::Wasm, Played::both(|_| Err(Undone::Died)));
    let tried = no_sandbox.trial(&inputs(), &GO_ON);
    assert_eq!(tried, Err(BadKernel::Machine));
}

#[test]
fn an_input_that_gives_nothing_is_told_and_is_no_error() {
    let traps = |input: &[u8]| match input.first() {
        Some(2) => Err(Undone::Trap),
        _ => twice(input),
    };
    let judged = judge(Kind::Wasm, Played::both(traps)).trial(&inputs(), &GO_ON);
    let trial = judged.unwrap();
    assert_eq!((trial.done, trial.largest_output), (2, 40));
    assert_eq!(trial.undone, [(50, Undone::Trap)]);
    let never = judge(Kind::Wasm, Played::both(|_| Err(Undone::Trap)));
    let trial = never.trial(&inputs(), &GO_ON).unwrap();
    assert_eq!((trial.done, trial.undone.len()), (0, 3));
    assert!(!trial.is_compared);
}

#[test]
fn engines_that_differ_are_an_error_and_one_that_is_slow_is_not() {
    for other in [Ok(vec![9]), Err(Undone::Trap), Err(Undone::NoOutput)] {
        let played = Played::new(twice, move |_| other.clone());
        let tried = judge(Kind::Wasm, played).trial(&inputs(), &GO_ON);
        assert!(matches!(tried, Err(BadKernel::Engines(_))), "{tried:?}");
    }
    for bound in [Undone::Time, Undone::Memory, Undone::Stack] {
        let played = Played::new(twice, move |_| Err(bound));
        let trial = judge(Kind::Wasm, played).trial(&inputs(), &GO_ON);
        assert!(!trial.unwrap().is_compared);
    }
}

#[test]
fn a_trial_stops_between_inputs() {
    let stop = Arc::new(AtomicBool::new(false));
    let stops = {
        let stop = stop.clone();
        move |input: &[u8]| {
            stop.store(input.first() == Some(&2), Ordering::Relaxed);
            twice(input)
        }
    };
    let played = Played::new(stops, twice);
    let tried = judge(Kind::Wasm, played.clone()).trial(&inputs(), &stop);
    assert_eq!(tried, Err(BadKernel::Stopped));
    assert!(!played.ran().contains(&vec![3; 20]));
}

#[test]
fn limits_follow_from_the_trial() {
    let trial = |longest_millis, largest_output| Trial {
        done: 3,
        longest_millis,
        largest_output,
        ..Trial::default()
    };
    let wasm = |trial| Wanted::default().limits(Kind::Wasm, &trial);
    let limits = |output, millis| Limits {
        memory: 64 << 20,
        output,
        millis,
    };
    assert_eq!(wasm(trial(1, 1)), limits(64 << 10, 250));
    assert_eq!(wasm(trial(101, 16 << 10)), limits(64 << 10, 1_010));
    assert_eq!(
        wasm(trial(5_000, (16 << 10) + 1)),
        limits(128 << 10, 50_000)
    );
    assert_eq!(
        wasm(trial(u32::MAX, u32::MAX)),
        limits(BLOB_LEN, CHUNK_MILLIS)
    );
    let sbpf = Wanted::default().limits(Kind::Sbpf, &trial(2, 3));
    let [memory, output, millis] = [0, 1_024, 250];
    assert_eq!(
        sbpf,
        Limits {
            memory,
            output,
            millis
        }
    );
}

#[test]
fn what_no_trial_knows_gets_the_most_that_there_is() {
    let nothing_done = Trial::default();
    let one_too_long = Trial {
        done: 2,
        longest_millis: 5,
        undone: vec![(7, Undone::Time)],
        ..Trial::default()
    };
    for trial in [nothing_done, one_too_long] {
        let limits = Wanted::default().limits(Kind::Wasm, &trial);
        assert_eq!(limits.millis, CHUNK_MILLIS);
    }
    let limits = Wanted::default().limits(Kind::Wasm, &Trial::default());
    assert_eq!(limits.output, BLOB_LEN);
}

#[test]
fn what_the_buyer_says_counts_before_and_after_the_trial() {
    let wanted = Wanted {
        memory: Some(1 << 16),
        output: Some(5),
        millis: Some(77),
    };
    let [memory, output, millis] = [1 << 16, 5, 77];
    let said = Limits {
        memory,
        output,
        millis,
    };
    assert_eq!(wanted.widest(Kind::Wasm), said);
    assert_eq!(wanted.limits(Kind::Wasm, &Trial::default()), said);
}
