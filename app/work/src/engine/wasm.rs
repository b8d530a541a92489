//! WebAssembly by a compiler, `wasmtime`: what workers run.

use {
    super::admission::{
        FEATURES, INPUT, MEMORY, MODULE, OUTPUT, RUN, STACK_LEN, TABLE_ELEMENTS, admit,
    },
    crate::{
        core::Kind,
        engine::{Engine, Kernel, Limits, accept, given},
        undone::Undone,
    },
    std::{
        sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak, mpsc},
        thread,
        time::Duration,
    },
    wasmtime::{
        Caller, Config, Engine as Vm, Error, Extern, InstancePre, Linker, Memory, Module,
        ResourceLimiter, Store, Strategy, Trap, WasmFeatures,
    },
};

/// How often the clock is looked at while something runs.
const TICK: Duration = Duration::from_millis(10);

/// The engine.
pub struct Wasm {
    vm: Vm,
    clock: Arc<Clock>,
}

impl Wasm {
    /// The engine; a thread of its own watches the time.
    ///
    /// # Errors
    /// [`Undone::Code`] if the machine is none that code can be compiled for, or has no thread left.
    pub fn new() -> Result<Self, Undone> {
        let mut config = Config::new();
        config
            .strategy(Strategy::Cranelift)
            .wasm_features(WasmFeatures::all(), false)
            .wasm_features(WasmFeatures::from_bits_truncate(FEATURES.bits()), true)
            .cranelift_nan_canonicalization(true)
            .max_wasm_stack(STACK_LEN)
            .epoch_interruption(true)
            .memory_init_cow(false)
            .wasm_backtrace_max_frames(None);
        let vm = Vm::new(&config).map_err(|_| Undone::Code)?;
        let clock = Arc::new(Clock::default());
        let (ticking, weak) = (vm.weak(), Arc::downgrade(&clock));
        let (started, starting) = mpsc::channel();
        thread::Builder::new()
            .name("sluice-clock".into())
            .spawn(move || {
                let _ = started.send(());
                Clock::tick(&weak, || ticking.upgrade().map(|vm| vm.increment_epoch()));
            })
            .map_err(|_| Undone::Code)?;
        // A process that is shut in afterwards lets no thread begin.
        starting.recv().map_err(|_| Undone::Code)?;
        Ok(Self { vm, clock })
    }

    /// A kernel from what [`Kernel::compiled`] gave.
    ///
    /// # Errors
    /// [`Undone::Code`] if another build or another machine compiled it.
    ///
    /// # Safety
    /// `compiled` is machine code that is run as it is: it must come from `compiled` of this engine. Only [`crate::sandbox`]'s
    /// processes, which have nothing to lose, do this.
    #[allow(unsafe_code, reason = "machine code is trusted as it is")]
    pub unsafe fn reload(&self, compiled: &[u8]) -> Result<Box<dyn Kernel>, Undone> {
        // SAFETY: the caller vouches for the bytes.
        let module = unsafe { Module::deserialize(&self.vm, compiled) };
        self.linked(module.map_err(|_| Undone::Code)?)
    }

    fn linked(&self, module: Module) -> Result<Box<dyn Kernel>, Undone> {
        let mut linker = Linker::new(&self.vm);
        let link = || {
            linker.func_wrap(MODULE, INPUT, input)?;
            linker.func_wrap(MODULE, OUTPUT, output)?;
            linker.instantiate_pre(&module)
        };
        Ok(Box::new(Loaded {
            instance: { link }().map_err(|_| Undone::Code)?,
            clock: self.clock.clone(),
        }))
    }
}

impl Engine for Wasm {
    fn load(&self, code: &[u8]) -> Result<Box<dyn Kernel>, Undone> {
        admit(code)?;
        let module = Module::from_binary(&self.vm, code).map_err(|_| Undone::Code)?;
        self.linked(module)
    }
}

/// Moves the engine's epoch on while something runs.
#[derive(Default)]
struct Clock {
    running: Mutex<u64>,
    began: Condvar,
}

impl Clock {
    fn running(&self) -> MutexGuard<'_, u64> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ticks until clock or engine is gone.
    fn tick(clock: &Weak<Self>, increment: impl Fn() -> Option<()>) {
        while let Some(clock) = clock.upgrade() {
            let running = clock.running();
            if *running == 0 {
                // Wakes now and then to see whether the engine is still there.
                let waited = clock.began.wait_timeout(running, Duration::from_secs(1));
                drop(waited);
                continue;
            }
            drop(running);
            drop(clock);
            thread::sleep(TICK);
            if increment().is_none() {
                return;
            }
        }
    }

    fn begin(&self) -> Running<'_> {
        let mut running = self.running();
        *running = running.saturating_add(1);
        self.began.notify_one();
        Running(self)
    }
}

struct Running<'a>(&'a Clock);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut running = self.0.running();
        *running = running.saturating_sub(1);
    }
}

struct Loaded {
    instance: InstancePre<State>,
    clock: Arc<Clock>,
}

struct State {
    input: Vec<u8>,
    output: Option<Vec<u8>>,
    longest: u32,
    limiter: Limiter,
}

/// How wasmtime tells of a memory of more than 4 GiB; a test holds that it does.
const MORE_THAN_CAN_BE: &str = "memory growth exceeds memory type's limits";

/// Bounds memory and tables; remembers that it refused something, since the engine tells of it in words.
struct Limiter {
    memory: usize,
    refused: bool,
}

impl Limiter {
    fn bound(&mut self, fits: bool) -> wasmtime::Result<bool> {
        if fits {
            return Ok(true);
        }
        self.refused = true;
        Err(Error::msg("over the limit"))
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // What the module itself forbids is an answer of -1, as everywhere.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.bound(desired <= self.memory)
    }

    fn memory_grow_failed(&mut self, error: Error) -> wasmtime::Result<()> {
        // More than a memory can be is an answer of -1, as everywhere. What the machine refuses must not become one.
        self.bound(error.to_string() == MORE_THAN_CAN_BE).map(drop)
    }

    fn table_grow_failed(&mut self, _error: Error) -> wasmtime::Result<()> {
        self.bound(false).map(drop)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // More than a table can be is an answer of -1, as everywhere. At a table's own bound the interpreter traps, too.
        if u32::try_from(desired).is_err() {
            return Ok(false);
        }
        self.bound(desired <= TABLE_ELEMENTS.min(maximum.unwrap_or(TABLE_ELEMENTS)))
    }

    fn instances(&self) -> usize {
        1
    }
}

impl Kernel for Loaded {
    fn run(&self, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        accept(Kind::Wasm, input)?;
        let state = State {
            input: input.to_vec(),
            output: None,
            longest: limits.output,
            limiter: Limiter {
                memory: usize::try_from(limits.memory).unwrap_or(usize::MAX),
                refused: false,
            },
        };
        let mut store = Store::new(self.instance.module().engine(), state);
        store.limiter(|state| &mut state.limiter);
        let ticks = limits.time().as_millis() / TICK.as_millis();
        store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX).saturating_add(1));
        let running = self.clock.begin();
        let done = self.instance.instantiate(&mut store).and_then(|instance| {
            let run = instance.get_typed_func::<(), ()>(&mut store, RUN)?;
            run.call(&mut store, ())
        });
        drop(running);
        match done {
            Ok(()) => given(store.into_data().output, limits),
            Err(_) if store.data().limiter.refused => Err(Undone::Memory),
            Err(error) => Err(match error.downcast_ref::<Trap>() {
                Some(Trap::Interrupt) => Undone::Time,
                Some(Trap::StackOverflow) => Undone::Stack,
                _ => Undone::Trap,
            }),
        }
    }

    fn compiled(&self) -> Option<Vec<u8>> {
        self.instance.module().serialize().ok()
    }
}

fn memory(caller: &mut Caller<State>) -> wasmtime::Result<Memory> {
    let memory = caller.get_export(MEMORY).and_then(Extern::into_memory);
    memory.ok_or_else(|| Trap::MemoryOutOfBounds.into())
}

/// A part of `bytes`, by numbers as WebAssembly has them.
fn part(bytes: &[u8], from: i32, len: i32) -> wasmtime::Result<&[u8]> {
    let [from, len] = [from, len].map(|number| usize::try_from(number.cast_unsigned()));
    let part = bytes.get(from?..).zip(len.ok());
    part.and_then(|(rest, len)| rest.get(..len))
        .ok_or_else(|| Trap::MemoryOutOfBounds.into())
}

fn input(mut caller: Caller<State>, to: i32, from: i32, len: i32) -> wasmtime::Result<i32> {
    let memory = memory(&mut caller)?;
    let (bytes, state) = memory.data_and_store_mut(&mut caller);
    let part = part(&state.input, from, len)?;
    let to = usize::try_from(to.cast_unsigned())?;
    let place = bytes
        .get_mut(to..)
        .and_then(|rest| rest.get_mut(..part.len()));
    place.ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(part);
    Ok(i32::try_from(state.input.len())?)
}

fn output(mut caller: Caller<State>, from: i32, len: i32) -> wasmtime::Result<()> {
    let memory = memory(&mut caller)?;
    let (bytes, state) = memory.data_and_store_mut(&mut caller);
    let part = part(bytes, from, len)?;
    // What is too long is only counted: nobody keeps it.
    let kept = usize::try_from(state.longest).map_or(usize::MAX, |most| most.saturating_add(1));
    state.output = Some(part.get(..kept).unwrap_or(part).to_vec());
    Ok(())
}
