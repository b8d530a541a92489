//! Each kernel by each engine on each input, in the sandbox, and who differs.

use {
    super::{Error, Result, found::Kernel},
    sluice_work::{
        core::Kind,
        engine::Limits,
        hash,
        sandbox::{Confinement, Options, Package, Pool, Vm},
        undone::Undone,
    },
    std::time::{Duration, Instant},
};

/// A module that does nothing.
const NOTHING: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\0\
    \x07\x10\x02\x06memory\x02\0\x03run\0\0\x0a\x04\x01\x02\0\x0b";

/// The engines that run kernels for a machine: the one that workers use, and the one that checks it.
pub const fn engines(kind: Kind) -> [Vm; 2] {
    match kind {
        Kind::Wasm => [Vm::Wasm, Vm::Wasmi],
        Kind::Sbpf => [Vm::Sbpf, Vm::SbpfInterpreted],
    }
}

/// An output, by what tells it from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its bytes.
    pub len: u64,
    /// Its name: SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// What an engine makes of a kernel and an input.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The engine.
    pub engine: Vm,
    /// What the kernel is for.
    pub kind: Kind,
    /// The output, or why there is none.
    pub outcome: std::result::Result<Given, Undone>,
    /// False where it gave something else the second time.
    pub is_steady: bool,
    /// What the chunk took once the kernel was loaded, with its way into the sandbox and back.
    pub time: Duration,
}

/// Two answers where one is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// An engine gave something else the second time.
    Itself(Vm),
    /// Two engines of one machine.
    Engines(Vm, Vm),
    /// The kernel for one machine, and the same kernel for the other.
    Targets(Vm, Vm),
}

/// A place where kernels are run.
pub struct Bench {
    pool: Pool,
    limits: Limits,
}

impl Bench {
    /// One that starts this very program anew, which has to call [`sluice_work::sandbox::exec`] then. Whatever it runs is shut in: on
    /// Linux it can call its kernel for nothing but memory, time and an answer, elsewhere limits hold it.
    ///
    /// # Errors
    /// This machine does not let processes be shut in.
    pub fn new(limits: Limits) -> Result<Self> {
        let mut options = Options {
            processes: 1,
            ..Options::own()
        };
        if !cfg!(target_os = "linux") {
            options.least = Confinement::Limits;
        }
        let pool = Pool::new(options);
        let nothing = Package::new(Vm::Wasmi, NOTHING.to_vec());
        match pool.run(&nothing, &[], &limits) {
            Err(Undone::NoOutput) => Ok(Self { pool, limits }),
            _ => Err(Error::Tool(
                "no kernel is run here: this machine lets no process be shut in (seccomp)"
                    .to_owned(),
            )),
        }
    }

    /// Whether `engine` takes `code` for a kernel, without an answer from it.
    ///
    /// # Errors
    /// Why not.
    pub fn admits(&self, engine: Vm, code: &[u8]) -> std::result::Result<(), Undone> {
        let package = Package::new(engine, code.to_vec());
        let at_once = Limits {
            millis: 1,
            ..self.limits
        };
        match self.pool.run(&package, &[], &at_once) {
            Err(why @ (Undone::Code | Undone::Import | Undone::Died)) => Err(why),
            _ => Ok(()),
        }
    }

    /// What every engine makes of `kernel` on `input`. Each that gives something is asked twice.
    pub fn tried(&self, kernel: &Kernel, input: &[u8]) -> Vec<Trial> {
        let codes = kernel.codes.iter();
        let trials = codes.flat_map(|code| {
            engines(code.kind).map(|engine| {
                let package = Package::new(engine, code.bytes.clone());
                self.one(&package, code.kind, input)
            })
        });
        trials.collect()
    }

    fn one(&self, package: &Package, kind: Kind, input: &[u8]) -> Trial {
        let run = || {
            let began = Instant::now();
            let ran = self.pool.run(package, input, &self.limits);
            let given = ran.map(|output| Given {
                len: u64::try_from(output.len()).unwrap_or(u64::MAX),
                sha256: hash::blob(&output),
            });
            (given, began.elapsed())
        };
        let (outcome, mut time) = run();
        let mut is_steady = true;
        if outcome.is_ok() {
            let (again, second) = run();
            is_steady = !contradict(&outcome, &again);
            // The first time the kernel was loaded, too.
            time = second;
        }
        Trial {
            engine: package.vm(),
            kind,
            outcome,
            is_steady,
            time,
        }
    }
}

/// Who differs among trials of one kernel on one input.
pub fn differences(trials: &[Trial]) -> Vec<Difference> {
    let mut found = vec![];
    let unsteady = trials.iter().filter(|trial| !trial.is_steady);
    found.extend(unsteady.map(|trial| Difference::Itself(trial.engine)));
    let of = |kind| trials.iter().filter(move |trial| trial.kind == kind);
    for kind in [Kind::Sbpf, Kind::Wasm] {
        let mut own = of(kind);
        if let (Some(first), Some(second)) = (own.next(), own.next()) {
            let exactly = kind == Kind::Sbpf && !is_of_machine(first) && !is_of_machine(second);
            let differ = if exactly {
                first.outcome != second.outcome
            } else {
                contradict(&first.outcome, &second.outcome)
            };
            if differ {
                found.push(Difference::Engines(first.engine, second.engine));
            }
        }
    }
    if let (Some(sbpf), Some(wasm)) = (of(Kind::Sbpf).next(), of(Kind::Wasm).next())
        && contradict(&sbpf.outcome, &wasm.outcome)
    {
        found.push(Difference::Targets(sbpf.engine, wasm.engine));
    }
    found
}

/// True for what says nothing of the kernel: the machine was slow, or lost a process.
const fn is_of_machine(trial: &Trial) -> bool {
    matches!(trial.outcome, Err(Undone::Time | Undone::Died))
}

/// Whether one of two outcomes must be wrong: two outputs that are not the same, or one and a refusal. Who reaches a bound that the
/// other has not, or not yet, contradicts nobody.
fn contradict(
    one: &std::result::Result<Given, Undone>,
    other: &std::result::Result<Given, Undone>,
) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => one != other,
        (Ok(_), Err(why)) | (Err(why), Ok(_)) => !is_bound(*why),
        (Err(_), Err(_)) => false,
    }
}

/// True where a bound was reached that engines and machines do not have in common.
const fn is_bound(why: Undone) -> bool {
    match why {
        Undone::Stack
        | Undone::Steps
        | Undone::Memory
        | Undone::Time
        | Undone::Input
        | Undone::Died => true,
        Undone::Trap | Undone::Import | Undone::Code | Undone::NoOutput | Undone::Output => false,
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        Difference::{Engines, Itself, Targets},
        Vm::{Sbpf, SbpfInterpreted, Wasm, Wasmi},
    };

    type Outcome = std::result::Result<Given, Undone>;

    fn given(byte: u8) -> Outcome {
        Ok(Given {
            len: 1,
            sha256: [byte; 32],
        })
    }

    fn trial((engine, kind, outcome): (Vm, Kind, Outcome)) -> Trial {
        Trial {
            engine,
            kind,
            outcome,
            is_steady: true,
            time: Duration::ZERO,
        }
    }

    /// Of the four engines in order.
    fn found(outcomes: [Outcome; 4]) -> Vec<Difference> {
        let [jit, interpreted, compiled, checked] = outcomes;
        let trials = [
            (Sbpf, Kind::Sbpf, jit),
            (SbpfInterpreted, Kind::Sbpf, interpreted),
            (Wasm, Kind::Wasm, compiled),
            (Wasmi, Kind::Wasm, checked),
        ];
        differences(&trials.map(trial))
    }

    #[test]
    fn the_same_bytes_or_the_same_refusal_everywhere_is_no_difference() {
        assert_eq!(found([given(1); 4]), []);
        for why in [Undone::Trap, Undone::NoOutput, Undone::Steps, Undone::Time] {
            assert_eq!(found([Err(why); 4]), []);
        }
    }

    #[test]
    fn other_bytes_are_a_difference_wherever_they_are() {
        let (one, other) = (given(1), given(2));
        let [jit, compiled] = [Vm::Sbpf, Vm::Wasm];
        assert_eq!(found([one, one, other, other]), [Targets(jit, compiled)]);
        assert_eq!(
            found([one, other, one, one]),
            [Engines(jit, SbpfInterpreted)]
        );
        assert_eq!(found([one, one, one, other]), [Engines(compiled, Wasmi)]);
        let all = [
            Engines(jit, SbpfInterpreted),
            Engines(compiled, Wasmi),
            Targets(jit, compiled),
        ];
        assert_eq!(found([one, other, other, one]), all);
    }

    #[test]
    fn a_refusal_of_one_is_a_difference_and_a_bound_of_one_is_none() {
        let one = given(1);
        for (why, differs) in [
            (Undone::Trap, true),
            (Undone::NoOutput, true),
            (Undone::Steps, false),
            (Undone::Input, false),
        ] {
            assert_eq!(
                found([Err(why), Err(why), one, one]).len(),
                usize::from(differs),
                "{why}"
            );
        }
        // Both engines of the chain's machine count the same steps.
        assert_eq!(found([one, Err(Undone::Steps), one, one]).len(), 1);
        assert_eq!(found([one, Err(Undone::Time), one, Err(Undone::Time)]), []);
        assert_eq!(found([one, one, Err(Undone::Stack), one]), []);
    }

    #[test]
    fn who_changes_his_mind_is_named() {
        let mut trial = trial((Vm::Wasm, Kind::Wasm, given(1)));
        trial.is_steady = false;
        assert_eq!(differences(&[trial]), [Itself(Vm::Wasm)]);
    }
}
