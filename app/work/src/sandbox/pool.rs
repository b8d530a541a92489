//! Processes that run kernels, as many at once as there is room for.

use {
    super::{
        cache::Cache,
        child::Child,
        confine::Confinement,
        wire::{COMPILED_LEN, Load, Reply, Request, Vm},
    },
    crate::{engine::Limits, hash, undone::Undone},
    sluice_math::tree::Hash,
    std::{
        path::PathBuf,
        sync::{Condvar, Mutex, MutexGuard, PoisonError},
        thread,
        time::Duration,
    },
};

/// What a process may write to besides a kernel's memory: the engine, a compiler at work, the largest input and output.
const ENGINE_DATA: u64 = 768 << 20;
/// What a process has over a chunk's time until it is killed.
const GRACE: Duration = Duration::from_secs(1);
/// A process is retired after this time at work, long before its own limit.
const RETIRED: Duration = Duration::from_secs(3_600);

/// A kernel and what runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    vm: Vm,
    code: Vec<u8>,
    name: Hash,
}

impl Package {
    /// This code, for this engine.
    pub fn new(vm: Vm, code: Vec<u8>) -> Self {
        let name = hash::blob(&code);
        Self { vm, code, name }
    }

    /// What runs it.
    pub const fn vm(&self) -> Vm {
        self.vm
    }

    /// The code.
    pub fn code(&self) -> &[u8] {
        &self.code
    }

    /// SHA-256 of the code.
    pub const fn name(&self) -> &Hash {
        &self.name
    }
}

/// How a pool works.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program that calls [`super::exec`] when its first argument is [`super::EXEC`].
    pub program: PathBuf,
    /// Most processes at once, at least one.
    pub processes: usize,
    /// Most bytes of compiled code that are kept.
    pub cache: usize,
    /// Longest time for taking a kernel in, compiling included.
    pub load: Duration,
    /// How far a process has to be shut in at least.
    pub least: Confinement,
}

impl Options {
    /// This very program, a process for each core, 256 MiB of compiled code, a minute for each kernel, and all confinement of Linux.
    pub fn own() -> Self {
        let own = if cfg!(target_os = "linux") {
            // What runs, even where the file was replaced in the meantime.
            PathBuf::from("/proc/self/exe")
        } else {
            std::env::current_exe().unwrap_or_default()
        };
        Self {
            program: own,
            processes: thread::available_parallelism().map_or(1, usize::from),
            cache: 256 << 20,
            load: Duration::from_secs(60),
            least: Confinement::Calls,
        }
    }
}

/// Processes that run kernels. Any number of threads may use it; each waits until a process is free.
pub struct Pool {
    options: Options,
    state: Mutex<State>,
    freed: Condvar,
    cache: Mutex<Cache>,
}

/// A process serves one kernel, with one bound of memory.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Purpose {
    vm: Vm,
    kernel: Hash,
    memory: u32,
}

#[derive(Default)]
struct State {
    busy: usize,
    /// Processes that wait for more of their kernel; the one used last is last.
    idle: Vec<(Purpose, Child)>,
}

impl Pool {
    /// A pool without a process yet.
    pub fn new(options: Options) -> Self {
        let cache = Mutex::new(Cache::new(options.cache));
        Self {
            options,
            state: Mutex::default(),
            freed: Condvar::new(),
            cache,
        }
    }

    /// The kernel's output for `input`.
    ///
    /// # Errors
    /// Every [`Undone`].
    pub fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        let purpose = Purpose {
            vm: package.vm,
            kernel: package.name,
            memory: limits.memory,
        };
        let mut slot = self.slot(purpose);
        if let Some(child) = slot.child.take() {
            let ran = slot.work(child, input, limits);
            // What died while it waited did so for no fault of this input.
            if ran != Err(Undone::Died) {
                return ran;
            }
        }
        let child = self.loaded(package, limits)?;
        slot.work(child, input, limits)
    }

    /// Processes that live now.
    pub fn processes(&self) -> usize {
        let state = self.state();
        state.busy.saturating_add(state.idle.len())
    }

    /// Bytes of compiled code that are kept.
    pub fn cached(&self) -> usize {
        self.cache().bytes()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room, and takes a process that has the kernel, if one waits.
    fn slot(&self, purpose: Purpose) -> Slot<'_> {
        let mut state = self.state();
        while state.busy >= self.options.processes.max(1) {
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.busy = state.busy.saturating_add(1);
        let ready = state.idle.iter().rposition(|(its, _)| *its == purpose);
        let child = ready.map(|at| state.idle.remove(at).1);
        let room = self.options.processes.max(1).saturating_sub(state.busy);
        let surplus = state.idle.len().saturating_sub(room);
        let ended: Vec<_> = state.idle.drain(..surplus).collect();
        drop(state);
        drop(ended);
        Slot {
            pool: self,
            purpose,
            child,
        }
    }

    /// A new process with the kernel.
    fn loaded(&self, package: &Package, limits: &Limits) -> Result<Child, Undone> {
        // The interpreter takes up to twice a memory's size when it grows.
        let memories = if package.vm == Vm::Wasmi { 2 } else { 1 };
        let memory = u64::from(limits.memory).saturating_mul(memories);
        let data = ENGINE_DATA.saturating_add(memory);
        let mut child = Child::start(&self.options.program, package.vm, data)?;
        if child.confinement < self.options.least {
            return Err(Undone::Died);
        }
        // Only the compiler's own processes are given machine code, or believed to have some: one that interprets the same kernel, to
        // check the compiler, must not write what the compiler's will run.
        let compiles = package.vm == Vm::Wasm && self.options.cache > 0;
        let compiled = compiles.then(|| self.cache().get(&package.name)).flatten();
        let keep = compiles && compiled.is_none();
        let load = Load {
            code: package.code.clone(),
            compiled: compiled.as_deref().cloned(),
            keep,
        };
        match child.ask(
            &Request::Load(load),
            self.options.load,
            COMPILED_LEN.saturating_add(64),
        )? {
            Reply::Loaded(Ok(gave)) => {
                if let Some(gave) = gave.filter(|_| keep) {
                    self.cache().put(package.name, gave);
                }
                Ok(child)
            }
            Reply::Loaded(Err(reason)) => {
                if compiles {
                    self.cache().forget(&package.name);
                }
                Err(reason)
            }
            Reply::Ready(_) | Reply::Ran(_) => Err(Undone::Died),
        }
    }
}

/// The room of one process.
struct Slot<'a> {
    pool: &'a Pool,
    purpose: Purpose,
    /// The process that waits for more of its kernel when the room is given back.
    child: Option<Child>,
}

impl Slot<'_> {
    /// Runs it once; the process waits for more if it is still good.
    fn work(&mut self, mut child: Child, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        let longest = usize::try_from(limits.output).unwrap_or(usize::MAX);
        let most = longest.saturating_add(64);
        let time = limits.time().saturating_add(GRACE);
        let request = Request::Run {
            input: input.to_vec(),
            limits: *limits,
        };
        let Reply::Ran(ran) = child.ask(&request, time, most)? else {
            return Err(Undone::Died);
        };
        if child.spent < RETIRED {
            self.child = Some(child);
        }
        // The process may lie about everything but this.
        match ran {
            Ok(output) if output.is_empty() => Err(Undone::NoOutput),
            Ok(output) if output.len() > longest => Err(Undone::Output),
            ran => ran,
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        // At once: a process that works and waits would count twice, and be ended for those that wait for room.
        state.busy = state.busy.saturating_sub(1);
        let child = self.child.take();
        state.idle.extend(child.map(|child| (self.purpose, child)));
        drop(state);
        self.pool.freed.notify_one();
    }
}
