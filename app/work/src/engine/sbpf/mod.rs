//! The chain's own VM, with strictly less than the chain gives.
//!
//! A kernel is an sBPF v3 program without accounts. Whatever it does here without a trap, it does on the chain, too: registers,
//! addresses, memory and charges are those of loader v3. What could tell it where it runs is a trap here: the program's id behind the
//! input, writing to the input, and every system call but `abort`, `sol_panic_`, `sol_memcpy_`, `sol_memmove_`, `sol_memset_`,
//! `sol_memcmp_`, `sol_sha256` and `sol_set_return_data`.

mod host;
mod syscalls;

use {
    crate::{
        core::{Kind, SBPF_KERNEL_LEN},
        engine::{Engine, Kernel, Limits, accept, given},
        undone::Undone,
    },
    host::Host,
    solana_sbpf::{
        aligned_memory::AlignedMemory,
        ebpf::{
            CALL_IMM, HOST_ALIGN, INSN_SIZE, MM_HEAP_START, MM_INPUT_START, MM_STACK_START,
            get_insn,
        },
        elf::Executable,
        error::{EbpfError, ProgramResult},
        memory_region::{MemoryMapping, MemoryRegion},
        program::{BuiltinProgram, SBPFVersion},
        verifier::RequisiteVerifier,
        vm::{CallFrame, Config, EbpfVm, ExecutionMode},
    },
    std::sync::Arc,
};

/// Steps of a chunk, compute units as the chain counts them.
pub const STEPS: u64 = 1_000_000;
/// Bytes of the heap.
pub const HEAP_LEN: usize = 32 << 10;

/// How code is run. Outputs and steps are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Instruction by instruction.
    Interpreter,
    /// Compiled to the machine's code where the machine has a compiler (x86-64), else as [`Mode::Interpreter`].
    Jit,
}

/// The engine.
pub struct Sbpf {
    loader: Arc<BuiltinProgram<Host>>,
    mode: Mode,
}

impl Sbpf {
    /// The engine that runs code in this way.
    ///
    /// # Errors
    /// [`Undone::Code`] if the system calls cannot be told apart, which a test rules out.
    pub fn new(mode: Mode) -> Result<Self, Undone> {
        let config = Config {
            reject_broken_elfs: true,
            optimize_rodata: false,
            enabled_sbpf_versions: SBPFVersion::V3..=SBPFVersion::V3,
            // Register traces, symbols and the debugger stay off, as on validators.
            ..Config::default()
        };
        let mut loader = BuiltinProgram::new_loader(config);
        syscalls::register(&mut loader).map_err(|_| Undone::Code)?;
        Ok(Self {
            loader: Arc::new(loader),
            mode,
        })
    }

    fn admit(&self, code: &[u8]) -> Result<Executable<Host>, Undone> {
        let fits = u32::try_from(code.len()).is_ok_and(|len| len <= SBPF_KERNEL_LEN);
        if !fits {
            return Err(Undone::Code);
        }
        let executable = Executable::load(code, self.loader.clone()).map_err(|_| Undone::Code)?;
        executable
            .verify::<RequisiteVerifier>()
            .map_err(|_| Undone::Code)?;
        let (_, text) = executable.get_text_bytes();
        let calls = (0..text.len() / INSN_SIZE).map(|at| get_insn(text, at));
        // An immediate call whose source register is 0 is a system call, by the hash of its name.
        let mut calls = calls.filter(|insn| insn.opc == CALL_IMM && insn.src == 0);
        let registry = self.loader.get_function_registry();
        let known = |imm: i64| {
            let key = u32::from_le_bytes(i32::try_from(imm).unwrap_or_default().to_le_bytes());
            registry.lookup_by_key(key).is_some()
        };
        if calls.all(|insn| known(insn.imm)) {
            Ok(executable)
        } else {
            Err(Undone::Import)
        }
    }
}

impl Engine for Sbpf {
    fn load(&self, code: &[u8]) -> Result<Box<dyn Kernel>, Undone> {
        let executable = self.admit(code)?;
        let mut mode = Mode::Interpreter;
        #[cfg(all(target_arch = "x86_64", not(target_os = "windows")))]
        if self.mode == Mode::Jit {
            executable.jit_compile().map_err(|_| Undone::Code)?;
            mode = Mode::Jit;
        }
        Ok(Box::new(Loaded { executable, mode }))
    }
}

struct Loaded {
    executable: Executable<Host>,
    mode: Mode,
}

impl Loaded {
    /// Runs it on `input`: what it returned, and the steps it took.
    fn measured(&self, input: &[u8]) -> (Result<Option<Vec<u8>>, Undone>, u64) {
        let config = self.executable.get_config();
        let version = self.executable.get_sbpf_version();
        let mut stack = AlignedMemory::<HOST_ALIGN>::zero_filled(config.stack_size());
        let mut heap = AlignedMemory::<HOST_ALIGN>::zero_filled(HEAP_LEN);
        let parameters = AlignedMemory::<HOST_ALIGN>::from_slice(&parameters(input));
        let stack_len = stack.len();
        let regions = vec![
            self.executable.get_ro_region(),
            MemoryRegion::new(&raw mut *stack.as_slice_mut(), MM_STACK_START),
            MemoryRegion::new(&raw mut *heap.as_slice_mut(), MM_HEAP_START),
            MemoryRegion::new(&raw const *parameters.as_slice(), MM_INPUT_START),
        ];
        #[allow(unsafe_code, reason = "the VM's own memory is given to it by address")]
        // SAFETY: `executable`, `stack`, `heap` and `parameters` live until after the last use of the mapping, which dies with `host`
        // at the end of this function; nothing else touches them in the meantime; the two that are writable hold plain bytes.
        let mapping = unsafe { MemoryMapping::new(regions, config, version) };
        let Ok(mapping) = mapping else {
            return (Err(Undone::Code), 0);
        };
        let mut host = Host::new(mapping, STEPS);
        let mut vm = EbpfVm::new(
            self.executable.get_loader().clone(),
            version,
            &mut host,
            stack_len,
        );
        vm.registers[1] = MM_INPUT_START;
        vm.registers[2] = MM_INPUT_START.saturating_add(DATA_OFFSET);
        let mut mode = match self.mode {
            Mode::Interpreter => ExecutionMode::Interpreted,
            Mode::Jit => ExecutionMode::Jit,
        };
        let mut frames = vec![CallFrame::default(); config.max_call_depth];
        let (steps, result) = vm.execute_program(&self.executable, &mut mode, &mut frames);
        drop(vm);
        let output = match result {
            ProgramResult::Ok(0) => Ok(host.output.take()),
            ProgramResult::Ok(_) => Err(Undone::Trap),
            ProgramResult::Err(error) => Err(undone(error)),
        };
        (output, steps)
    }
}

impl Kernel for Loaded {
    fn run(&self, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        accept(Kind::Sbpf, input)?;
        given(self.measured(input).0?, limits)
    }
}

/// Steps that a chunk takes, compute units: what a kernel's author wants to know.
///
/// # Errors
/// As [`Kernel::run`].
pub fn steps(engine: &Sbpf, code: &[u8], input: &[u8]) -> Result<u64, Undone> {
    accept(Kind::Sbpf, input)?;
    let executable = engine.admit(code)?;
    let mode = Mode::Interpreter;
    let (output, steps) = Loaded { executable, mode }.measured(input);
    output?.ok_or(Undone::NoOutput)?;
    Ok(steps)
}

/// Where the data begins in the input region: behind the number of accounts and the data's length.
const DATA_OFFSET: u64 = 16;

/// The input region as loader v3 lays it out for an instruction without accounts; it ends with the data.
fn parameters(input: &[u8]) -> Vec<u8> {
    let mut parameters = Vec::with_capacity(input.len().saturating_add(16));
    parameters.extend_from_slice(&0u64.to_le_bytes());
    parameters.extend_from_slice(&u64::try_from(input.len()).unwrap_or(u64::MAX).to_le_bytes());
    parameters.extend_from_slice(input);
    parameters
}

fn undone(error: EbpfError) -> Undone {
    match error {
        EbpfError::ExceededMaxInstructions => Undone::Steps,
        EbpfError::CallDepthExceeded | EbpfError::StackAccessViolation(..) => Undone::Stack,
        EbpfError::SyscallError(error) => {
            error.downcast::<Undone>().map_or(Undone::Trap, |own| *own)
        }
        _ => Undone::Trap,
    }
}
