use {
    super::*,
    crate::order::Verify,
    sluice_work::{
        check::{Chunk, Claim, Fault},
        core::Core,
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sluice_math::tree::Hash,
        spec::{Rest, Spec},
    },
    std::{collections::HashMap, io},
};

const GO_ON: AtomicBool = AtomicBool::new(false);
const SEED: [u8; 32] = [7; 32];

/// What is here of a work, and what was given as right.
#[derive(Default)]
struct Here {
    blobs: HashMap<Hash, Vec<u8>>,
    right: Mutex<HashMap<u32, Vec<u8>>>,
    is_full: bool,
}

impl Blobs for Here {
    fn input(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        self.blobs.get(&chunk.input).cloned()
    }

    fn output(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        self.blobs.get(&chunk.output).cloned()
    }

    fn right(&self, chunk: &Chunk, output: Vec<u8>) -> io::Result<()> {
        if self.is_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let before = self.right.lock().unwrap().insert(chunk.index, output);
        assert_eq!(before, None, "it comes once");
        Ok(())
    }
}

impl Here {
    fn put(&mut self, blob: Vec<u8>) -> Hash {
        let name = hash::blob(&blob);
        self.blobs.insert(name, blob);
        name
    }
}

/// Ten chunks, one window; `claimed` is what the worker claims of them.
struct Stage {
    spec: Spec,
    inputs: Inputs,
    claimed: Vec<Option<Hash>>,
    here: Here,
}

fn input(number: u8) -> Vec<u8> {
    vec![number; 3]
}

fn stage() -> Stage {
    let mut here = Here::default();
    let names = (0..10).map(|number| here.put(input(number))).collect();
    let outputs = (0..10).map(|number| Some(here.put(twice(&input(number)).unwrap())));
    let claimed = outputs.collect();
    let inputs = Inputs::of(names).unwrap();
    let core = Core {
        salt: [0; 32],
        kernel: hash::blob(b"code"),
        inputs: inputs.root().unwrap(),
        units: 5,
        slash: 0,
        kernel_len: 4,
        count: 10,
        per_window: 10,
        answer_secs: 0,
        kind: Kind::Wasm,
        signers_answer: 0,
        reserved: [0; 6],
    };
    let rest = Rest {
        memory: 1 << 16,
        output: 6,
        chunk_millis: 1_000,
        ..Rest::default()
    };
    Stage {
        spec: Spec { core, rest },
        inputs,
        claimed,
        here,
    }
}

impl Stage {
    /// Claims a lie of these chunks, whose bytes are here.
    fn lying(mut self, of: &[usize]) -> Self {
        let lie = self.here.put(b"a lie!".to_vec());
        for place in of {
            self.claimed[*place] = Some(lie);
        }
        self
    }

    fn evidence(&self) -> Evidence {
        Evidence::of(0, self.claimed.clone(), None)
    }

    fn claim(&self) -> Claim {
        let shape = self.spec.core.shape().unwrap();
        Claim::of(&self.evidence(), &shape, &self.inputs).unwrap()
    }

    fn judge_by(
        &self,
        played: &Arc<Played>,
        verify: Verify,
        seed: &[u8; 32],
        stop: &AtomicBool,
    ) -> Result<Judged, Unjudged> {
        let window = Window {
            spec: &self.spec,
            inputs: &self.inputs,
            evidence: &self.evidence(),
            claim: &self.claim(),
        };
        judge(self.spec.core.kind, played.clone()).window(&window, &self.here, verify, seed, stop)
    }

    fn judge(&self, played: &Arc<Played>, verify: Verify) -> Judged {
        self.judge_by(played, verify, &SEED, &GO_ON).unwrap()
    }

    fn right(&self) -> Vec<u32> {
        let mut right: Vec<_> = self.here.right.lock().unwrap().keys().copied().collect();
        right.sort_unstable();
        right
    }
}

fn findings(judged: &Judged) -> Vec<Finding> {
    judged.chunks.iter().map(|(_, finding)| *finding).collect()
}

#[test]
fn an_honest_window_is_held_and_no_more_is_computed_than_was_asked_for() {
    for (verify, runs) in [
        (Verify::None, 0),
        (Verify::Some(0), 0),
        (Verify::Some(3), 3),
        (Verify::Some(100), 10),
        (Verify::All, 10),
    ] {
        let (stage, played) = (stage(), Played::both(twice));
        let judged = stage.judge(&played, verify);
        assert!(judged.is_held() && judged.first_false().is_none());
        let checked = findings(&judged).into_iter();
        let checked = checked.filter(|finding| *finding == Finding::Right).count();
        assert_eq!((played.ran().len(), checked), (runs, runs));
        assert!(stage.right().is_empty());
        let names: Vec<_> = judged
            .chunks
            .iter()
            .map(|(chunk, _)| Some(chunk.output))
            .collect();
        assert_eq!(names, stage.claimed);
    }
}

#[test]
fn a_second_start_looks_at_the_same_chunks_and_another_seed_or_claim_at_others() {
    let looked = |stage: &Stage, seed: u8| {
        let played = Played::both(twice);
        let judged = stage.judge_by(&played, Verify::Some(4), &[seed; 32], &GO_ON);
        judged.unwrap();
        let mut ran = played.ran();
        ran.sort();
        ran.dedup();
        assert_eq!(ran.len(), 4);
        ran
    };
    let whole = stage();
    assert_eq!(looked(&whole, 1), looked(&whole, 1));
    let others = (2..20).filter(|seed| looked(&whole, *seed) != looked(&whole, 1));
    assert!(others.count() > 12);
    // What is claimed decides, too: one chunk less is another sample.
    let mut less = stage();
    less.claimed[9] = None;
    let differ = (1..20).filter(|seed| looked(&less, *seed) != looked(&whole, *seed));
    assert!(differ.count() > 12);
}

#[test]
fn a_lie_in_the_sample_has_the_whole_window_computed_and_the_right_outputs_given() {
    let (mut found, mut missed) = (0, 0);
    for seed in 0..16 {
        let (stage, played) = (stage().lying(&[2, 8]), Played::both(twice));
        let judged = stage.judge_by(&played, Verify::Some(3), &[seed; 32], &GO_ON);
        let judged = judged.unwrap();
        let ran = played.ran();
        if let Some((chunk, fault)) = judged.first_false() {
            found += 1;
            assert_eq!((chunk.index, fault), (2, Fault::Output(2)));
            for (place, finding) in findings(&judged).into_iter().enumerate() {
                let index = u8::try_from(place).unwrap();
                let wanted = match index {
                    2 | 8 => Finding::False {
                        fault: Fault::Output(index.into()),
                        right: Some(hash::blob(&twice(&input(index)).unwrap())),
                        is_confirmed: true,
                    },
                    _ => Finding::Right,
                };
                assert_eq!(finding, wanted);
            }
            // Nothing is computed twice by the engine that workers have.
            assert_eq!(ran.len(), 10);
            assert_eq!(stage.right(), [2, 8]);
            let right = stage.here.right.lock().unwrap();
            assert_eq!(right[&8], twice(&input(8)).unwrap());
        } else {
            missed += 1;
            assert!(judged.is_held());
            assert!(ran.len() == 3 && !ran.contains(&input(2)) && !ran.contains(&input(8)));
        }
    }
    assert!(found > 0 && missed > 0);
}

#[test]
fn nobody_is_accused_where_the_engines_differ() {
    let lie = || b"a lie!".to_vec();
    for other in [Ok(lie()), Ok(b"third".to_vec()), Err(Undone::Trap)] {
        let stage = stage().lying(&[4]);
        let played = Played::new(twice, move |_| other.clone());
        let judged = stage.judge(&played, Verify::All);
        assert_eq!(findings(&judged)[4], Finding::Doubt(Doubt::Engines));
        assert!(judged.first_false().is_none() && !judged.is_held());
        assert!(stage.right().is_empty());
    }
    // The same where the engine that workers have gives nothing, and the other gives what is claimed.
    let played = Played::new(|_| Err(Undone::Trap), twice);
    let judged = stage().judge(&played, Verify::Some(2));
    let doubts = findings(&judged).into_iter();
    let doubts = doubts.filter(|finding| *finding == Finding::Doubt(Doubt::Engines));
    assert_eq!(doubts.count(), 2);
}

#[test]
fn an_interpreter_that_is_too_slow_shields_no_lie_and_confirms_none() {
    let stage = stage().lying(&[4]);
    let played = Played::new(twice, |_| Err(Undone::Time));
    let judged = stage.judge(&played, Verify::All);
    let finding = findings(&judged)[4];
    assert!(matches!(
        finding,
        Finding::False {
            is_confirmed: false,
            ..
        }
    ));
    assert_eq!(stage.right(), [4]);
    // It had more time than the chunk has.
    let runs = played.runs.lock().unwrap();
    let other = runs.iter().find(|(vm, ..)| *vm == Vm::Wasmi).unwrap();
    assert_eq!(other.2, 20_000);
}

#[test]
fn a_kernel_that_gives_nothing_is_false_and_a_machine_that_cannot_is_a_doubt() {
    for reason in [
        Undone::Trap,
        Undone::Steps,
        Undone::NoOutput,
        Undone::Output,
    ] {
        let stage = stage();
        let judged = stage.judge(&Played::both(move |_| Err(reason)), Verify::Some(1));
        let (chunk, fault) = judged.first_false().unwrap();
        assert_eq!((chunk.index, fault), (0, Fault::Undone(0, reason)));
        assert!(stage.right().is_empty());
    }
    for reason in [Undone::Time, Undone::Memory, Undone::Died, Undone::Stack] {
        let judged = stage().judge(&Played::both(move |_| Err(reason)), Verify::All);
        assert_eq!(
            findings(&judged),
            [Finding::Doubt(Doubt::Machine(reason)); 10]
        );
    }
}

#[test]
fn an_output_that_is_not_here_or_has_other_bytes_is_absent_until_it_is_computed() {
    let mut stage = stage();
    let (gone, other) = (stage.claimed[3].unwrap(), stage.claimed[6].unwrap());
    stage.here.blobs.remove(&gone);
    stage.here.blobs.insert(other, b"other bytes".to_vec());
    let judged = stage.judge(&Played::both(twice), Verify::None);
    let absent = [3, 6].map(|place| findings(&judged)[place]);
    assert_eq!(absent, [Finding::Absent; 2]);
    assert!(!judged.is_held());
    let judged = stage.judge(&Played::both(twice), Verify::All);
    assert!(judged.is_held());
    assert_eq!(stage.right(), [3, 6]);
}

#[test]
fn a_lie_that_hides_its_bytes_is_found_all_the_same() {
    let mut stage = stage().lying(&[1]);
    stage.here.blobs.remove(&hash::blob(b"a lie!"));
    let judged = stage.judge(&Played::both(twice), Verify::All);
    assert_eq!(judged.first_false().unwrap().1, Fault::Output(1));
    assert_eq!(stage.right(), [1]);
}

#[test]
fn an_input_that_changed_here_is_nobody_elses_fault_and_hides_no_other_lie() {
    let mut stage = stage().lying(&[2, 5]);
    stage
        .here
        .blobs
        .insert(hash::blob(&input(2)), b"changed".to_vec());
    stage.here.blobs.remove(&hash::blob(&input(9)));
    let judged = stage.judge(&Played::both(twice), Verify::All);
    assert_eq!(
        [2, 9].map(|place| findings(&judged)[place]),
        [Finding::NoInput; 2]
    );
    assert_eq!(judged.first_false().unwrap().1, Fault::Output(5));
}

#[test]
fn chunks_that_are_not_claimed_are_not_judged() {
    let mut stage = stage();
    (stage.claimed[0], stage.claimed[5]) = (None, None);
    let played = Played::both(twice);
    let judged = stage.judge(&played, Verify::All);
    let indexes: Vec<_> = judged.chunks.iter().map(|(chunk, _)| chunk.index).collect();
    assert_eq!(indexes, [1, 2, 3, 4, 6, 7, 8, 9]);
    stage.claimed = vec![None; 10];
    assert!(stage.judge(&played, Verify::Some(3)).chunks.is_empty());
}

#[test]
fn only_what_the_worker_signed_proves_a_claim_false() {
    let stage = stage();
    let (evidence, claim) = (stage.evidence(), stage.claim());
    let judge = judge(Kind::Wasm, Played::both(twice));
    let unjudged = |evidence: &Evidence, claim: Claim| {
        let window = Window {
            spec: &stage.spec,
            inputs: &stage.inputs,
            evidence,
            claim: &claim,
        };
        let judged = judge.window(&window, &stage.here, Verify::All, &SEED, &GO_ON);
        match judged.unwrap_err() {
            Unjudged::Claim { fault, is_provable } => (fault, is_provable),
            other => panic!("{other}"),
        }
    };
    let units = |units| Claim { units, ..claim };
    assert_eq!(unjudged(&evidence, units(49)), (Fault::Remainder, true));
    assert_eq!(unjudged(&evidence, units(55)), (Fault::TooMany, true));
    assert_eq!(unjudged(&evidence, units(45)), (Fault::Count, true));
    let mut less = stage.claimed.clone();
    less[3] = None;
    let less = Evidence::of(0, less, None);
    assert_eq!(unjudged(&less, claim), (Fault::Count, false));
    let digest = [1; 32];
    let other = Claim { digest, ..claim };
    assert_eq!(unjudged(&evidence, other), (Fault::Digest, false));
    let window = Evidence {
        window: 1,
        ..evidence
    };
    assert_eq!(unjudged(&window, claim), (Fault::Window, false));
}

#[test]
fn work_of_another_kernel_is_not_judged_by_this_one() {
    let mut stage = stage();
    stage.spec.core.kernel = [1; 32];
    let judged = stage.judge_by(&Played::both(twice), Verify::All, &SEED, &GO_ON);
    assert!(matches!(judged, Err(Unjudged::Kernel)));
}

#[test]
fn a_stop_ends_the_check_between_chunks() {
    let stop = Arc::new(AtomicBool::new(false));
    let stops = {
        let stop = stop.clone();
        move |input: &[u8]| {
            stop.store(true, Ordering::Relaxed);
            twice(input)
        }
    };
    let played = Played::both(stops);
    let judged = stage().judge_by(&played, Verify::All, &SEED, &stop);
    assert!(matches!(judged, Err(Unjudged::Stopped)));
    assert!(played.ran().len() <= 4, "one chunk a thread");
}

#[test]
fn a_right_output_that_cannot_be_kept_is_an_error() {
    let mut stage = stage().lying(&[1]);
    stage.here.is_full = true;
    let judged = stage.judge_by(&Played::both(twice), Verify::All, &SEED, &GO_ON);
    assert!(matches!(judged, Err(Unjudged::Kept(_))));
}

#[test]
fn chunks_run_at_once_and_never_more_than_there_are_threads() {
    let played = Played::both(|input| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        twice(input)
    });
    stage().judge(&played, Verify::All);
    let at_once = played.at_once.load(Ordering::SeqCst);
    assert!((2..=4).contains(&at_once), "{at_once}");
}
