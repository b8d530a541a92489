//! What engines made of kernels on inputs, for people and for programs.

use {
    crate::{
        failure::Result,
        output::{Fields, Mood, Value},
        parse::hex,
        session::Session,
    },
    sluice_client::Ledger,
    sluice_run::kernel::{
        chain::{Outcome as Heard, Said},
        compare::{Bench, Difference, Given, Trial, differences, engines},
        found::{Input, Kernel},
    },
    sluice_work::{core::Kind, sandbox::Vm, undone::Undone},
    std::time::Duration,
};

/// Digits of a hash in a cell.
const DIGITS: usize = 8;

/// What the chain is called among the engines.
const CHAIN: &str = "chain";

type Outcome = std::result::Result<Given, Undone>;

/// Everything that was tried.
#[derive(Default)]
pub struct Results {
    /// For people: a line for each kernel and input.
    lines: Vec<Fields>,
    /// For programs: a row for each engine, too.
    trials: Vec<Fields>,
    differences: Vec<Fields>,
    /// Of each line: what it is about, and what most engines give.
    given: Vec<(Fields, Option<Outcome>)>,
    done: u64,
    undone: u64,
}

impl Results {
    /// Tries `kernels` on `inputs`.
    pub fn of(
        session: &Session<impl Ledger>,
        bench: &Bench,
        kernels: &[Kernel],
        inputs: &[Input],
    ) -> Result<Self> {
        let mut results = Self::default();
        let kinds = kinds(kernels);
        for kernel in kernels {
            for input in session.counted("runs the kernel on each input", inputs) {
                let trials = bench.tried(kernel, &input.read()?);
                results.add(kernel, input, &trials, &kinds);
            }
        }
        Ok(results)
    }

    fn add(&mut self, kernel: &Kernel, input: &Input, trials: &[Trial], kinds: &[Kind]) {
        let named = || {
            Fields::new()
                .with("kernel", kernel.name.clone())
                .with("input", input.name.clone())
        };
        let most = most_given(trials);
        let count = if most.is_some_and(|outcome| outcome.is_ok()) {
            &mut self.done
        } else {
            &mut self.undone
        };
        *count = count.saturating_add(1);
        let mut line = named().with("output", most.as_ref().map(told));
        for engine in kinds.iter().flat_map(|kind| engines(*kind)) {
            let trial = trials.iter().find(|trial| trial.engine == engine);
            line = line.with(
                engine.to_string().replace('-', "_"),
                trial.map(|trial| cell(trial, most)),
            );
        }
        self.lines.push(line);
        self.given.push((named(), most));
        self.trials
            .extend(trials.iter().map(|trial| data(named(), trial)));
        let found = differences(trials);
        let found = found.iter();
        self.differences
            .extend(found.map(|one| named().with("what", sentence(one))));
    }

    /// Adds what the chain gives for each line, in their order. What engines give is what the chain has to give, too; where they give
    /// nothing it may give something, for it has more of everything.
    pub fn heard(&mut self, said: &[Said]) {
        let given = std::mem::take(&mut self.given);
        let lines = std::mem::take(&mut self.lines);
        for ((line, (named, most)), said) in lines.into_iter().zip(given).zip(said) {
            let most = most.and_then(std::result::Result::ok);
            let (given, why) = match &said.outcome {
                Heard::Given(given) => (Some(*given), None),
                Heard::Failed(why) | Heard::NotAsked(why) => (None, Some(why.clone())),
            };
            let is_same = given.is_some() && given == most;
            let words = match given {
                Some(_) if is_same => "the same".to_owned(),
                Some(given) => told(&Ok(given)),
                None => why.clone().unwrap_or_default(),
            };
            self.lines
                .push(line.with("chain", words).with("compute_units", said.units));
            self.trials.push(
                named
                    .clone()
                    .with("engine", CHAIN)
                    .with("length", given.map(|given| given.len))
                    .with("sha256", given.map(|given| given.sha256))
                    .with("undone", why)
                    .with("compute_units", said.units),
            );
            let was_asked = !matches!(said.outcome, Heard::NotAsked(_));
            if was_asked && most.is_some() && !is_same {
                self.differences
                    .push(named.with("what", "the chain gives something else"));
            }
        }
    }

    /// True where somebody gave something else than another.
    pub const fn differ(&self) -> bool {
        !self.differences.is_empty()
    }

    /// The fields that tell it; the exit code says whether engines differ.
    pub fn told(self, fields: Fields) -> Fields {
        let differ = self.differ();
        let (word, mood) = if differ {
            ("differs", Mood::Bad)
        } else {
            ("same", Mood::Good)
        };
        let word = word.to_owned();
        let fields = fields
            .with("verdict", Value::State { word, mood })
            .with("done", self.done)
            .with("undone", self.undone)
            .said("results", Value::Table(self.lines))
            .data("trials", Value::Table(self.trials));
        if !differ {
            return fields.data("differences", Value::Table(vec![]));
        }
        fields
            .with("differences", Value::Table(self.differences))
            .incomplete()
    }
}

/// What any of the kernels is for, in order.
fn kinds(kernels: &[Kernel]) -> Vec<Kind> {
    let has = |kind: &Kind| {
        let mut codes = kernels.iter().flat_map(|kernel| &kernel.codes);
        codes.any(|code| code.kind == *kind)
    };
    [Kind::Sbpf, Kind::Wasm].into_iter().filter(has).collect()
}

/// The outcome that most trials have; the first of those that are as many.
fn most_given(trials: &[Trial]) -> Option<Outcome> {
    let count = |outcome: &Outcome| trials.iter().filter(|one| one.outcome == *outcome).count();
    let outcomes = trials.iter().map(|trial| trial.outcome);
    // Of several maxima the last is taken.
    outcomes.rev().max_by_key(count)
}

/// An outcome, short.
fn told(outcome: &Outcome) -> String {
    match outcome {
        Ok(given) => {
            let hash = hex(&given.sha256);
            let hash = hash.get(..DIGITS).unwrap_or(&hash);
            format!("{} B {hash}", given.len)
        }
        Err(why) => why.to_string(),
    }
}

/// The time, and the outcome where it is not that of the line.
fn cell(trial: &Trial, most: Option<Outcome>) -> String {
    if !trial.is_steady {
        return format!("{}, then other bytes", told(&trial.outcome));
    }
    if Some(trial.outcome) == most {
        millis(trial.time)
    } else {
        told(&trial.outcome)
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

fn data(named: Fields, trial: &Trial) -> Fields {
    let given = trial.outcome.ok();
    let micros = u64::try_from(trial.time.as_micros()).unwrap_or(u64::MAX);
    named
        .with("engine", trial.engine.to_string())
        .with("length", given.map(|given| given.len))
        .with("sha256", given.map(|given| given.sha256))
        .with("undone", trial.outcome.err().map(|why| why.to_string()))
        .with("steady", trial.is_steady)
        .with("micros", micros)
}

fn sentence(difference: &Difference) -> String {
    match difference {
        Difference::Itself(engine) => format!("{engine} gives other bytes the second time"),
        Difference::Engines(one, other) => format!("{one} and {other} differ"),
        Difference::Targets(sbpf, wasm) => {
            format!("built for sBPF ({sbpf}) it differs from WebAssembly ({wasm})")
        }
    }
}

/// What each engine for `kind` says of `code`.
pub fn admissions(bench: &Bench, kind: Kind, code: &[u8]) -> Vec<(Vm, Option<Undone>)> {
    let said = |engine: Vm| (engine, bench.admits(engine, code).err());
    engines(kind).map(said).into()
}
