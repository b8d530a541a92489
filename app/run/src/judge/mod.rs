//! Results, computed again here: in the sandbox alone, whatever the kernel is.
//!
//! Every kernel has two engines here. The first is the one that workers have; the other is asked before anybody is said to lie, and
//! where the two differ nobody is.

mod trial;
mod window;

use {
    crate::order::Kernel,
    rayon::{
        ThreadPool, ThreadPoolBuilder,
        iter::{IntoParallelRefIterator, ParallelIterator},
    },
    sluice_work::{
        core::Kind,
        engine::Limits,
        sandbox::{Options, Package, Pool, Vm},
        undone::Undone,
    },
    std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thiserror::Error,
};
pub use {
    trial::{BadKernel, Trial, Wanted},
    window::{Blobs, Doubt, Finding, Judged, Unjudged, Window},
};

/// How much longer an interpreter may take than a compiler's code.
const SLOWER: u32 = 20;
/// Longest time that an interpreter is given for one chunk, milliseconds, if the chunk has less itself.
const PATIENCE: u32 = 60_000;

/// Runs kernels where strangers' code can do no harm.
pub trait Runner: Send + Sync {
    /// The kernel's output for `input`.
    ///
    /// # Errors
    /// Every [`Undone`].
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone>;
}

impl Runner for Pool {
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        Self::run(self, package, input, limits)
    }
}

/// This machine cannot start the threads that wait for kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this machine does not start the threads that run kernels")]
pub struct NoThreads;

/// A stop was asked for.
struct Stopped;

/// Runs one kernel, to try it and to judge what others say of it.
pub struct Judge {
    kind: Kind,
    /// For the engine that workers have.
    first: Package,
    /// For the engine that is asked before anything is called false.
    other: Package,
    limits: Limits,
    runner: Arc<dyn Runner>,
    threads: ThreadPool,
}

impl Judge {
    /// Runs `kernel` in processes of their own, on as many threads as there are processes. A chunk has these limits until
    /// [`Judge::bounded`] sets others.
    ///
    /// # Errors
    /// [`NoThreads`].
    pub fn new(kernel: &Kernel, limits: Limits, options: Options) -> Result<Self, NoThreads> {
        let threads = options.processes;
        Self::by(kernel, limits, Arc::new(Pool::new(options)), threads)
    }

    /// As [`Judge::new`], but what runs kernels is given: kernels of several judges can share one pool.
    ///
    /// # Errors
    /// [`NoThreads`].
    pub fn by(
        kernel: &Kernel,
        limits: Limits,
        runner: Arc<dyn Runner>,
        threads: usize,
    ) -> Result<Self, NoThreads> {
        let (first, other) = match kernel.kind {
            Kind::Wasm => (Vm::Wasm, Vm::Wasmi),
            Kind::Sbpf => (Vm::Sbpf, Vm::SbpfInterpreted),
        };
        let threads = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .thread_name(|number| format!("sluice-judge-{number}"))
            .build();
        Ok(Self {
            kind: kernel.kind,
            first: Package::new(first, kernel.code.clone()),
            other: Package::new(other, kernel.code.clone()),
            limits,
            runner,
            threads: threads.map_err(|_| NoThreads)?,
        })
    }

    /// With other limits of a chunk.
    #[must_use]
    pub fn bounded(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// What a chunk is given.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many kernels run at once.
    pub fn processes(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// The output for one input. It waits while as many others run as there are processes.
    ///
    /// # Errors
    /// Every [`Undone`].
    pub fn compute(&self, input: &[u8]) -> Result<Vec<u8>, Undone> {
        self.runner.run(&self.first, input, &self.limits)
    }

    /// What `work` gives for each of `items`, in order; on all threads of this judge, until a stop is asked for.
    fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        stop: &AtomicBool,
        work: impl Fn(&T) -> R + Sync,
    ) -> Result<Vec<R>, Stopped> {
        self.threads.install(|| {
            items
                .par_iter()
                .map(|item| {
                    if stop.load(Ordering::Relaxed) {
                        Err(Stopped)
                    } else {
                        Ok(work(item))
                    }
                })
                .collect()
        })
    }

    /// What the other engine gives, in the time that it takes; at most `patience` milliseconds if the chunk has less itself.
    fn by_other(&self, input: &[u8], limits: &Limits, patience: u32) -> Result<Vec<u8>, Undone> {
        let slower = limits.millis.saturating_mul(SLOWER).min(patience);
        let limits = Limits {
            millis: slower.max(limits.millis),
            ..*limits
        };
        self.runner.run(&self.other, input, &limits)
    }

    /// True of what the kernel does on every machine. Time, memory and processes are this machine's, and so is how much of a stack a
    /// compiler's code takes.
    const fn is_of_kernel(&self, reason: Undone) -> bool {
        match reason {
            Undone::Trap | Undone::Steps | Undone::NoOutput | Undone::Output => true,
            Undone::Stack => matches!(self.kind, Kind::Sbpf),
            Undone::Import
            | Undone::Code
            | Undone::Memory
            | Undone::Time
            | Undone::Input
            | Undone::Died => false,
        }
    }

    /// True if both engines say the same of an input, false if they do not; none where a machine's bounds kept one from saying it. Two
    /// that end without an output say the same: they may have other words for it.
    fn agree(
        &self,
        one: &Result<Vec<u8>, Undone>,
        other: &Result<Vec<u8>, Undone>,
    ) -> Option<bool> {
        let is_known = |ran: &Result<Vec<u8>, Undone>| match ran {
            Ok(_) => true,
            Err(reason) => self.is_of_kernel(*reason),
        };
        (is_known(one) && is_known(other)).then_some(match (one, other) {
            (Ok(one), Ok(other)) => one == other,
            (Err(_), Err(_)) => true,
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests;
