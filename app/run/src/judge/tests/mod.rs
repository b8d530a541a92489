//! Kernels that are played: what each engine gives is said by the test.

mod claims;
mod stage;
mod trial;
mod window;

use {
    super::*,
    std::sync::{Mutex, atomic::AtomicUsize},
};

pub type Ran = Result<Vec<u8>, Undone>;

/// What an engine gives for an input.
pub type Plays = Box<dyn Fn(&[u8]) -> Ran + Send + Sync>;

/// Two engines of one kernel.
pub struct Played {
    pub first: Plays,
    pub other: Plays,
    /// Every run: by which engine, of what, and how long it was allowed to take.
    pub runs: Mutex<Vec<(Vm, Vec<u8>, u32)>>,
    /// How many run now, and how many did at once.
    now: AtomicUsize,
    pub at_once: AtomicUsize,
}

impl Runner for Played {
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Ran {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.at_once.fetch_max(now, Ordering::SeqCst);
        let run = (package.vm(), input.to_vec(), limits.millis);
        self.runs.lock().unwrap().push(run);
        let ran = match package.vm() {
            Vm::Wasm | Vm::Sbpf => (self.first)(input),
            Vm::Wasmi | Vm::SbpfInterpreted => (self.other)(input),
        };
        self.now.fetch_sub(1, Ordering::SeqCst);
        ran
    }
}

impl Played {
    pub fn new(
        first: impl Fn(&[u8]) -> Ran + Send + Sync + 'static,
        other: impl Fn(&[u8]) -> Ran + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            first: Box::new(first),
            other: Box::new(other),
            runs: Mutex::default(),
            now: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
        })
    }

    /// Both engines say this.
    pub fn both(plays: impl Fn(&[u8]) -> Ran + Send + Sync + Clone + 'static) -> Arc<Self> {
        Self::new(plays.clone(), plays)
    }

    /// What the first engine ran since the last call.
    pub fn ran(&self) -> Vec<Vec<u8>> {
        let runs = std::mem::take(&mut *self.runs.lock().unwrap());
        let first = runs.into_iter().filter(|(vm, ..)| *vm == Vm::Wasm);
        first.map(|(_, input, _)| input).collect()
    }
}

/// The kernel of these tests: it gives its input twice.
pub fn twice(input: &[u8]) -> Ran {
    Ok(input.repeat(2))
}

pub const LIMITS: Limits = Limits {
    memory: 1 << 20,
    output: 1 << 10,
    millis: 500,
};

pub fn judge(kind: Kind, runner: Arc<Played>) -> Judge {
    let kernel = Kernel {
        kind,
        code: b"code".to_vec(),
    };
    Judge::by(&kernel, LIMITS, runner, 4).unwrap()
}
