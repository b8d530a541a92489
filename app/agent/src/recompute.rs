//! How an attester computes a window again, before it signs.

use {
    sluice_work::{
        check::{Chunk, Claim, Fault, Part, claimed},
        evidence::Evidence,
        inputs::Inputs,
        spec::Spec,
        undone::Undone,
    },
    std::{
        sync::{
            Mutex, PoisonError,
            atomic::{AtomicUsize, Ordering},
        },
        thread,
    },
};

/// What a window is held against.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The job's specification, whose hash is the job's.
    pub spec: &'a Spec,
    /// Its list of inputs.
    pub inputs: &'a Inputs,
    /// What the worker says that it computed.
    pub evidence: &'a Evidence,
    /// What the worker signed.
    pub claim: &'a Claim,
}

/// Where the bytes of inputs and outputs are.
pub trait Source: Sync {
    /// The bytes of this name; `None` if they are not all there. An attester signs nothing of which somebody could not have the
    /// outputs.
    fn blob(&self, name: &[u8; 32]) -> Option<Vec<u8>>;

    /// True if they are all there, without reading them.
    fn has(&self, name: &[u8; 32]) -> bool;
}

/// Runs the window's kernel on an input.
pub type Run<'a> = dyn Fn(&[u8]) -> Result<Vec<u8>, Undone> + Sync + 'a;

/// Holds the window's claim to its evidence, sees that every output is there, and runs the kernel on the chunks at `places`, positions
/// among the chunks claimed; on `threads` threads.
///
/// # Errors
/// The first [`Fault`]: of the claim, else of the chunk with the lowest number.
pub fn recompute(
    window: &Window,
    places: &[u32],
    source: &dyn Source,
    run: &Run<'_>,
    threads: usize,
) -> Result<(), Fault> {
    let chunks = claimed(window.spec, window.inputs, window.evidence, window.claim)?;
    if let Some(chunk) = chunks.iter().find(|chunk| !source.has(&chunk.output)) {
        return Err(Fault::Missing(chunk.index, Part::Output));
    }
    let places = places
        .iter()
        .filter_map(|place| usize::try_from(*place).ok());
    let mut chosen: Vec<_> = places.filter_map(|place| chunks.get(place)).collect();
    chosen.sort_unstable_by_key(|chunk| chunk.index);
    let (next, found) = (AtomicUsize::new(0), Mutex::new(None::<(u32, Fault)>));
    let work = || {
        while let Some(chunk) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Err(fault) = check(chunk, source, run) else {
                continue;
            };
            // Chunks with lower numbers are under way or done: the lowest fault is the same however the threads are woven.
            next.fetch_max(chosen.len(), Ordering::Relaxed);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            if found.as_ref().is_none_or(|(index, _)| chunk.index < *index) {
                *found = Some((chunk.index, fault));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(chosen.len()) {
            scope.spawn(work);
        }
        work();
    });
    match found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((_, fault)) => Err(fault),
        None => Ok(()),
    }
}

fn check(chunk: &Chunk, source: &dyn Source, run: &Run<'_>) -> Result<(), Fault> {
    let input = source.blob(&chunk.input);
    let input = input.ok_or(Fault::Missing(chunk.index, Part::Input))?;
    chunk.check(&input, None, run)
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::sampling::Secret,
        sluice_work::{
            core::{Core, Kind},
            hash,
            spec::Rest,
        },
        solana_address::Address,
        std::collections::HashMap,
    };

    /// The kernel of these tests: it gives its input twice, and traps on an empty one.
    fn twice(input: &[u8]) -> Result<Vec<u8>, Undone> {
        if input.is_empty() {
            Err(Undone::Trap)
        } else {
            Ok(input.repeat(2))
        }
    }

    #[derive(Default)]
    struct Memory(HashMap<[u8; 32], Vec<u8>>);

    impl Memory {
        fn put(&mut self, blob: Vec<u8>) -> [u8; 32] {
            let name = hash::blob(&blob);
            self.0.insert(name, blob);
            name
        }
    }

    impl Source for Memory {
        fn blob(&self, name: &[u8; 32]) -> Option<Vec<u8>> {
            self.0.get(name).cloned()
        }

        fn has(&self, name: &[u8; 32]) -> bool {
            self.0.contains_key(name)
        }
    }

    struct Stage {
        spec: Spec,
        inputs: Inputs,
        outputs: Vec<[u8; 32]>,
        memory: Memory,
    }

    /// Ten chunks, one window.
    fn stage() -> Stage {
        let mut memory = Memory::default();
        let blobs: Vec<_> = (1..=10u8).map(|number| vec![number; 3]).collect();
        let names = blobs.iter().map(|blob| memory.put(blob.clone())).collect();
        let outputs = blobs
            .iter()
            .map(|blob| memory.put(twice(blob).unwrap()))
            .collect();
        let inputs = Inputs::of(names).unwrap();
        let core = Core {
            salt: [0; 32],
            kernel: [1; 32],
            inputs: inputs.root().unwrap(),
            units: 5,
            slash: 0,
            kernel_len: 1,
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
            outputs,
            memory,
        }
    }

    impl Stage {
        fn judge(&self, outputs: Vec<Option<[u8; 32]>>, places: &[u32]) -> Result<(), Fault> {
            let evidence = Evidence::of(0, outputs, None);
            let shape = self.spec.core.shape().unwrap();
            let claim = Claim::of(&evidence, &shape, &self.inputs).unwrap();
            let window = Window {
                spec: &self.spec,
                inputs: &self.inputs,
                evidence: &evidence,
                claim: &claim,
            };
            let judged: Vec<_> = [1, 4, 100]
                .map(|threads| recompute(&window, places, &self.memory, &twice, threads))
                .into();
            assert!(judged.iter().all(|one| *one == judged[0]), "{judged:?}");
            judged[0]
        }

        fn honest(&self) -> Vec<Option<[u8; 32]>> {
            self.outputs.iter().copied().map(Some).collect()
        }
    }

    const ALL: [u32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    #[test]
    fn an_honest_window_passes_whole_in_part_and_with_gaps() {
        let stage = stage();
        assert_eq!(stage.judge(stage.honest(), &ALL), Ok(()));
        assert_eq!(stage.judge(stage.honest(), &[3, 7]), Ok(()));
        let mut gaps = stage.honest();
        gaps[4] = None;
        gaps[9] = None;
        assert_eq!(stage.judge(gaps, &ALL), Ok(()));
        assert_eq!(stage.judge(vec![None; 10], &ALL), Ok(()));
    }

    #[test]
    fn the_lowest_chunk_that_is_false_is_named() {
        let mut stage = stage();
        let lie = stage.memory.put(b"a lie!".to_vec());
        for lies in [vec![0], vec![9], vec![3, 8], vec![2, 3, 4, 5, 6, 7, 8, 9]] {
            let mut outputs = stage.honest();
            for place in &lies {
                outputs[*place] = Some(lie);
            }
            let lowest = u32::try_from(lies[0]).unwrap();
            assert_eq!(
                stage.judge(outputs.clone(), &ALL),
                Err(Fault::Output(lowest))
            );
            // Who does not look there does not see it.
            let elsewhere: Vec<_> = ALL.into_iter().filter(|place| *place < lowest).collect();
            assert_eq!(stage.judge(outputs, &elsewhere), Ok(()));
        }
    }

    #[test]
    fn an_output_that_nobody_has_is_refused_wherever_it_is() {
        let mut stage = stage();
        stage.memory.0.remove(&stage.outputs[6]);
        let missing = Err(Fault::Missing(6, Part::Output));
        assert_eq!(stage.judge(stage.honest(), &[0]), missing);
        assert_eq!(stage.judge(stage.honest(), &[]), missing);
    }

    #[test]
    fn an_input_that_is_not_here_cannot_be_judged() {
        let mut stage = stage();
        let name = *stage.inputs.name(2).unwrap();
        stage.memory.0.remove(&name);
        assert_eq!(
            stage.judge(stage.honest(), &ALL),
            Err(Fault::Missing(2, Part::Input))
        );
        assert_eq!(stage.judge(stage.honest(), &[0, 1]), Ok(()));
    }

    /// What repairing what was found gains: the sample that found one lie is followed by the whole window, so the others are found.
    #[test]
    fn a_worker_that_repairs_after_a_refusal_gains_nothing() {
        let mut stage = stage();
        let lie = stage.memory.put(b"a lie!".to_vec());
        let honest = stage.honest();
        let mut outputs = honest.clone();
        outputs[1] = Some(lie);
        outputs[8] = Some(lie);
        let secret = Secret::from([3; 32]);
        let shape = stage.spec.core.shape().unwrap();
        let (mut asked, mut refused) = (0, false);
        loop {
            asked += 1;
            let evidence = Evidence::of(0, outputs.clone(), None);
            let claim = Claim::of(&evidence, &shape, &stage.inputs).unwrap();
            let claimed = crate::sampling::Claimed {
                job: &Address::new_from_array([1; 32]),
                incarnation: 1,
                window: 0,
                digest: &claim.digest,
                chunks: 10,
            };
            // The rule of `windows`: after a refusal, everything.
            let size = if refused { 10 } else { 4 };
            match stage.judge(outputs.clone(), &secret.places(&claimed, size)) {
                Ok(()) => break,
                Err(Fault::Output(found)) => {
                    refused = true;
                    let place = usize::try_from(found).unwrap();
                    outputs[place] = honest[place];
                }
                Err(fault) => panic!("{fault}"),
            }
        }
        assert!(asked <= 3);
        assert!(
            !refused || outputs == honest,
            "a lie passed after a refusal"
        );
    }
}
