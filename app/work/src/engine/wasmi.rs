//! WebAssembly by an interpreter, `wasmi`: it checks on a sample what [`super::wasm`] gives. It shares no code with it but the parser
//! that admits kernels to both.

use {
    super::admission::{
        FEATURES, INPUT, MEMORY, MODULE, OUTPUT, RUN, STACK_LEN, TABLE_ELEMENTS, admit,
    },
    crate::{
        core::Kind,
        engine::{Engine, Kernel, Limits, accept, given},
        undone::Undone,
    },
    std::time::Instant,
    wasmi::{
        Caller, CompilationMode, Config, Engine as Vm, Error, Extern, Linker, Memory, Module,
        ResourceLimiter, Store, StoreLimits, StoreLimitsBuilder, TrapCode, TypedResumableCall,
        errors::{ErrorKind, InstantiationError, MemoryError, TableError},
    },
    wasmi_core::LimiterError,
    wasmparser::WasmFeatures,
};

/// Fuel between two looks at the clock.
const SLICE: u64 = 10_000_000;
/// What an interpreter needs of a stack for what a compiler keeps in registers.
const ROOMIER: usize = 16;
/// Least bytes of a compiler's stack that a call takes: where it returns to, and whose frame that is.
const CALL_LEN: usize = 16;

/// The engine.
pub struct Wasmi(Vm);

impl Default for Wasmi {
    fn default() -> Self {
        let has = |feature| FEATURES.contains(feature);
        let mut config = Config::default();
        config
            .wasm_mutable_global(has(WasmFeatures::MUTABLE_GLOBAL))
            .wasm_sign_extension(has(WasmFeatures::SIGN_EXTENSION))
            .wasm_saturating_float_to_int(has(WasmFeatures::SATURATING_FLOAT_TO_INT))
            .wasm_bulk_memory(has(WasmFeatures::BULK_MEMORY))
            .wasm_multi_value(has(WasmFeatures::MULTI_VALUE))
            .wasm_reference_types(has(WasmFeatures::REFERENCE_TYPES))
            .wasm_multi_memory(false)
            .wasm_tail_call(false)
            .wasm_extended_const(false)
            .wasm_custom_page_sizes(false)
            .wasm_wide_arithmetic(false)
            .floats(true)
            .allow_start_fn(false)
            .ignore_custom_sections(true)
            .consume_fuel(true)
            // What the compiler's code finishes with its stack must not run out of stack here.
            .set_max_recursion_depth(STACK_LEN / CALL_LEN)
            .set_max_stack_height(STACK_LEN * ROOMIER)
            .compilation_mode(CompilationMode::Eager);
        Self(Vm::new(&config))
    }
}

impl Engine for Wasmi {
    fn load(&self, code: &[u8]) -> Result<Box<dyn Kernel>, Undone> {
        admit(code)?;
        let module = Module::new(&self.0, code).map_err(|_| Undone::Code)?;
        let mut linker = Linker::new(&self.0);
        linker
            .func_wrap(MODULE, INPUT, input)
            .map_err(|_| Undone::Code)?;
        linker
            .func_wrap(MODULE, OUTPUT, output)
            .map_err(|_| Undone::Code)?;
        Ok(Box::new(Loaded { module, linker }))
    }
}

struct Loaded {
    module: Module,
    linker: Linker<State>,
}

struct State {
    input: Vec<u8>,
    output: Option<Vec<u8>>,
    longest: u32,
    limiter: Limiter,
}

/// Bounds memory and tables: what cannot grow is a trap.
struct Limiter(StoreLimits);

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        self.0.memory_growing(current, desired, maximum)
    }

    fn memory_grow_failed(&mut self, error: &MemoryError) -> Result<(), LimiterError> {
        // A slice that ends is no failure: the growth is tried again with the next one. The engine cannot do so for a table.
        if matches!(error, MemoryError::OutOfFuel { .. }) {
            return Ok(());
        }
        self.0.memory_grow_failed(error)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        self.0.table_growing(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, error: &TableError) -> Result<(), LimiterError> {
        self.0.table_grow_failed(error)
    }

    fn instances(&self) -> usize {
        self.0.instances()
    }

    fn tables(&self) -> usize {
        self.0.tables()
    }

    fn memories(&self) -> usize {
        self.0.memories()
    }
}

impl Kernel for Loaded {
    fn run(&self, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        accept(Kind::Wasm, input)?;
        let end = Instant::now().checked_add(limits.time());
        let memory = usize::try_from(limits.memory).unwrap_or(usize::MAX);
        let store_limits = StoreLimitsBuilder::new()
            .memory_size(memory)
            .table_elements(TABLE_ELEMENTS)
            .instances(1)
            .trap_on_grow_failure(true)
            .build();
        let state = State {
            input: input.to_vec(),
            output: None,
            longest: limits.output,
            limiter: Limiter(store_limits),
        };
        let mut store = Store::new(self.module.engine(), state);
        store.limiter(|state| &mut state.limiter);
        let refuel = |store: &mut Store<State>, more: u64| {
            if end.is_some_and(|end| Instant::now() >= end) {
                return Err(Undone::Time);
            }
            store.set_fuel(SLICE.max(more)).map_err(|_| Undone::Trap)
        };
        refuel(&mut store, 0)?;
        let instance = self
            .linker
            .instantiate_and_start(&mut store, &self.module)
            .map_err(|error| undone(&error))?;
        let run = instance
            .get_typed_func::<(), ()>(&store, RUN)
            .map_err(|_| Undone::Code)?;
        let mut call = run
            .call_resumable(&mut store, ())
            .map_err(|error| undone(&error))?;
        loop {
            call = match call {
                TypedResumableCall::Finished(()) => break,
                TypedResumableCall::HostTrap(trap) => return Err(undone(trap.host_error())),
                TypedResumableCall::OutOfFuel(stopped) => {
                    refuel(&mut store, stopped.required_fuel())?;
                    stopped.resume(&mut store).map_err(|error| undone(&error))?
                }
            };
        }
        given(store.into_data().output, limits)
    }
}

fn memory(caller: &Caller<State>) -> Result<Memory, Error> {
    let memory = caller.get_export(MEMORY).and_then(Extern::into_memory);
    memory.ok_or_else(|| Error::from(TrapCode::MemoryOutOfBounds))
}

/// A part of `bytes`, by numbers as WebAssembly has them.
fn part(bytes: &[u8], from: i32, len: i32) -> Option<&[u8]> {
    let [from, len] = [from, len].map(|number| usize::try_from(number.cast_unsigned()).ok());
    bytes.get(from?..)?.get(..len?)
}

fn input(mut caller: Caller<State>, to: i32, from: i32, len: i32) -> Result<i32, Error> {
    let outside = || Error::from(TrapCode::MemoryOutOfBounds);
    let memory = memory(&caller)?;
    let (bytes, state) = memory.data_and_store_mut(&mut caller);
    let part = part(&state.input, from, len).ok_or_else(outside)?;
    let to = usize::try_from(to.cast_unsigned()).map_err(|_| outside())?;
    let place = bytes
        .get_mut(to..)
        .and_then(|rest| rest.get_mut(..part.len()));
    place.ok_or_else(outside)?.copy_from_slice(part);
    i32::try_from(state.input.len()).map_err(|_| outside())
}

fn output(mut caller: Caller<State>, from: i32, len: i32) -> Result<(), Error> {
    let outside = || Error::from(TrapCode::MemoryOutOfBounds);
    let memory = memory(&caller)?;
    let (bytes, state) = memory.data_and_store_mut(&mut caller);
    let part = part(bytes, from, len).ok_or_else(outside)?;
    // What is too long is only counted: nobody keeps it.
    let kept = usize::try_from(state.longest).map_or(usize::MAX, |most| most.saturating_add(1));
    state.output = Some(part.get(..kept).unwrap_or(part).to_vec());
    Ok(())
}

fn undone(error: &Error) -> Undone {
    match error.kind() {
        ErrorKind::TrapCode(TrapCode::StackOverflow) => Undone::Stack,
        ErrorKind::TrapCode(TrapCode::GrowthOperationLimited)
        | ErrorKind::Instantiation(
            InstantiationError::FailedToInstantiateMemory(_)
            | InstantiationError::FailedToInstantiateTable(_),
        ) => Undone::Memory,
        _ => Undone::Trap,
    }
}
