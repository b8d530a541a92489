//! A kernel, tried before anybody is paid to run it.

use {
    super::Judge,
    sluice_work::{
        core::Kind,
        engine::Limits,
        sandbox::Vm,
        spec::{BLOB_LEN, CHUNK_MILLIS, SBPF_OUTPUT_LEN},
        undone::Undone,
    },
    std::{
        sync::atomic::{AtomicBool, Ordering},
        time::{Duration, Instant},
    },
    thiserror::Error,
};

/// How long a kernel may run when it is only seen whether it loads, milliseconds.
const WARM_UP: u32 = 1_000;
/// How long a chunk may take in a trial, milliseconds, where the buyer does not say how long one takes.
const TRIAL: u32 = 60_000;
/// How long the interpreter may take in a trial, milliseconds.
const INTERPRETED: u32 = 20_000;
/// A chunk is given so many times the longest time that one took here.
const SLACK: u32 = 10;
/// The shortest time that a chunk is given, milliseconds: a machine is busy with other things at times.
const LEAST_MILLIS: u32 = 250;
/// A WebAssembly kernel's memory where the buyer says nothing of it.
const MEMORY: u32 = 64 << 20;
/// The least that an output of a WebAssembly kernel may have.
const LEAST_OUTPUT: u32 = 64 << 10;

/// What a buyer says of a chunk's limits. What is absent follows from the kind and a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Most bytes of memory.
    pub memory: Option<u32>,
    /// Most bytes of an output.
    pub output: Option<u32>,
    /// Longest time, milliseconds.
    pub millis: Option<u32>,
}

/// How a kernel did with a few inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Chunks that were done.
    pub done: u32,
    /// The time that half of the chunks done took at most, milliseconds, rounded up.
    pub median_millis: u32,
    /// The longest time that a chunk took, milliseconds, rounded up.
    pub longest_millis: u32,
    /// Bytes of the largest output.
    pub largest_output: u32,
    /// The inputs by number that gave nothing, and why: it need not be the kernel's fault.
    pub undone: Vec<(u32, Undone)>,
    /// True if the other engine gave the same for an input; false if it took too long, or there was nothing to compare.
    pub is_compared: bool,
}

/// Why a kernel cannot be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadKernel {
    /// An engine that members have does not take it in.
    #[error("the engine `{0}` does not take the kernel in: {1}")]
    Load(Vm, Undone),
    /// This machine does not run kernels, or not this one.
    #[error("this machine could not try the kernel in a process of its own")]
    Machine,
    /// Engines that members hold against each other give different outputs: nobody would sign such work.
    #[error("two engines give different outputs for input {0}: no member would sign this work")]
    Engines(u32),
    /// A stop was asked for.
    #[error("the trial was stopped")]
    Stopped,
}

impl Wanted {
    /// What a chunk is given in a trial: the most of what is not said.
    pub fn widest(&self, kind: Kind) -> Limits {
        let (memory, output) = match kind {
            Kind::Wasm => (MEMORY, BLOB_LEN),
            Kind::Sbpf => (0, SBPF_OUTPUT_LEN),
        };
        self.over(Limits {
            memory,
            output,
            millis: TRIAL,
        })
    }

    /// What a chunk is given after a trial. Where an input took longer than the trial gave it, or none was done, nobody knows how long
    /// one takes: it is given the longest time that there is, and an output of any length where none was seen.
    pub fn limits(&self, kind: Kind, trial: &Trial) -> Limits {
        let widest = self.widest(kind);
        let is_done = trial.done > 0;
        let is_timed = is_done && trial.undone.iter().all(|(_, why)| *why != Undone::Time);
        let millis = trial.longest_millis.saturating_mul(SLACK);
        let output = trial.largest_output.saturating_mul(4);
        let output = output.checked_next_power_of_two().unwrap_or(BLOB_LEN);
        self.over(Limits {
            memory: widest.memory,
            output: match kind {
                Kind::Wasm if is_done => output.clamp(LEAST_OUTPUT, BLOB_LEN),
                Kind::Wasm => BLOB_LEN,
                Kind::Sbpf => SBPF_OUTPUT_LEN,
            },
            millis: if is_timed {
                millis.clamp(LEAST_MILLIS, CHUNK_MILLIS)
            } else {
                CHUNK_MILLIS
            },
        })
    }

    fn over(&self, found: Limits) -> Limits {
        Limits {
            memory: self.memory.unwrap_or(found.memory),
            output: self.output.unwrap_or(found.output),
            millis: self.millis.unwrap_or(found.millis),
        }
    }
}

impl Judge {
    /// Tries the kernel with a few inputs, by number, one after the other. Every engine has it loaded before any time is taken, and what
    /// is done in the shortest time is done by the other engine, too.
    ///
    /// # Errors
    /// See [`BadKernel`]. That an input gives nothing is none.
    pub fn trial(&self, inputs: &[(u32, Vec<u8>)], stop: &AtomicBool) -> Result<Trial, BadKernel> {
        let go_on = || match stop.load(Ordering::Relaxed) {
            true => Err(BadKernel::Stopped),
            false => Ok(()),
        };
        go_on()?;
        self.load(inputs.first().map_or(&[], |(_, input)| input.as_slice()))?;
        let (mut trial, mut done) = (Trial::default(), Vec::new());
        for (index, input) in inputs {
            go_on()?;
            let began = Instant::now();
            match self.compute(input) {
                Ok(output) => done.push((millis(began.elapsed()), *index, input, output)),
                Err(reason) => trial.undone.push((*index, reason)),
            }
        }
        done.sort_by_key(|(millis, ..)| *millis);
        let last = done.len().saturating_sub(1);
        let took = |place: usize| done.get(place).map_or(0, |(millis, ..)| *millis);
        let lens = done.iter().map(|(.., output)| output.len());
        trial.done = u32::try_from(done.len()).unwrap_or(u32::MAX);
        trial.median_millis = took(last / 2);
        trial.longest_millis = took(last);
        trial.largest_output = u32::try_from(lens.max().unwrap_or(0)).unwrap_or(u32::MAX);
        go_on()?;
        if let Some((_, index, input, output)) = done.into_iter().next() {
            trial.is_compared = self.compared(index, input, output)?;
        }
        Ok(trial)
    }

    /// Sees whether every engine takes the kernel in. What it does with the input does not matter.
    fn load(&self, input: &[u8]) -> Result<(), BadKernel> {
        let limits = Limits {
            millis: self.limits.millis.min(WARM_UP),
            ..self.limits
        };
        for package in [&self.first, &self.other] {
            match self.runner.run(package, input, &limits) {
                Err(reason @ (Undone::Code | Undone::Import)) => {
                    return Err(BadKernel::Load(package.vm(), reason));
                }
                Err(Undone::Died) => return Err(BadKernel::Machine),
                _ => {}
            }
        }
        Ok(())
    }

    /// True if the other engine gives this output, too; false where it does not say.
    fn compared(&self, index: u32, input: &[u8], output: Vec<u8>) -> Result<bool, BadKernel> {
        let limits = Limits {
            millis: self.limits.millis.min(INTERPRETED),
            ..self.limits
        };
        let other = self.by_other(input, &limits, INTERPRETED);
        match self.agree(&Ok(output), &other) {
            Some(false) => Err(BadKernel::Engines(index)),
            agree => Ok(agree.is_some()),
        }
    }
}

/// Milliseconds, rounded up.
fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_micros().div_ceil(1_000)).unwrap_or(u32::MAX)
}
