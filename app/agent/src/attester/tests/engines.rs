//! Kernels run by the real engines, in this process, and what can go wrong with a machine.

use {
    crate::attester::Kernels,
    sluice_work::{
        engine::{Engine, Kernel, Limits, wasm::Wasm, wasmi::Wasmi},
        sandbox::{Package, Vm},
        undone::Undone,
    },
    std::{
        collections::{HashMap, hash_map::Entry},
        sync::{
            Arc, LazyLock, Mutex,
            atomic::{AtomicBool, AtomicUsize, Ordering},
        },
        thread,
        time::Duration,
    },
};

/// Gives its input twice, and traps on one that begins with 255.
pub const TWICE: &str = r#"(module
    (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
    (import "sluice" "output" (func $output (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "run") (local $len i32)
        (local.set $len (call $input (i32.const 0) (i32.const 0) (i32.const 0)))
        (drop (call $input (i32.const 0) (i32.const 0) (local.get $len)))
        (drop (call $input (local.get $len) (i32.const 0) (local.get $len)))
        (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 255)) (then (unreachable)))
        (call $output (i32.const 0) (i32.mul (local.get $len) (i32.const 2)))))"#;

/// Compiling takes long where the compiler itself is not compiled for speed: every test has the same kernels.
static WASM: LazyLock<Wasm> = LazyLock::new(|| Wasm::new().unwrap());
static LOADED: LazyLock<Mutex<Loaded>> = LazyLock::new(Mutex::default);

type Loaded = HashMap<([u8; 32], bool), Arc<dyn Kernel>>;

fn loaded(package: &Package, is_other: bool) -> Result<Arc<dyn Kernel>, Undone> {
    let mut loaded = LOADED.lock().unwrap();
    let place = match loaded.entry((*package.name(), is_other)) {
        Entry::Occupied(kernel) => return Ok(kernel.get().clone()),
        Entry::Vacant(place) => place,
    };
    let kernel: Box<dyn Kernel> = if is_other {
        Wasmi::default().load(package.code())?
    } else {
        WASM.load(package.code())?
    };
    Ok(place.insert(kernel.into()).clone())
}

/// The engines. The chain's VM is played: it doubles whatever it is given.
#[derive(Default)]
pub struct InProcess {
    /// Runs by the first engine with an input.
    pub runs: AtomicUsize,
    /// What the first engine gives in the place of an output.
    pub fails: Mutex<Option<Undone>>,
    /// The other engine gives something else.
    pub differs: AtomicBool,
    /// How long a run takes, milliseconds.
    pub millis: AtomicUsize,
}

impl InProcess {
    /// The runs since the last call.
    pub fn take_runs(&self) -> usize {
        self.runs.swap(0, Ordering::SeqCst)
    }
}

impl Kernels for InProcess {
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        let is_other = package.vm() == Vm::Wasmi;
        if !input.is_empty() && !is_other {
            self.runs.fetch_add(1, Ordering::SeqCst);
            let millis = self.millis.load(Ordering::SeqCst);
            thread::sleep(Duration::from_millis(u64::try_from(millis).unwrap()));
            if let Some(reason) = *self.fails.lock().unwrap() {
                return Err(reason);
            }
        }
        if is_other && self.differs.load(Ordering::SeqCst) {
            return Ok(b"something else".to_vec());
        }
        if package.vm() == Vm::Sbpf {
            return Ok(input.repeat(2));
        }
        loaded(package, is_other)?.run(input, limits)
    }
}
