//! Agents that do not behave, and how the tests know what they did: it follows from the input.

use {
    sluice_agent::{
        attester::{self, Kernels},
        config::Config,
        worker,
    },
    sluice_work::{
        engine::Limits,
        hash,
        sandbox::{EXEC, Options, Package, Pool, exec},
        undone::Undone,
    },
    std::{env, path::Path, process::ExitCode, sync::Arc, time::Duration},
};

/// One chunk in so many is computed wrongly by the liar.
pub const LIES: u64 = 50;

/// One chunk in so many takes the slow one a long time.
pub const DELAYS: u64 = 60;

/// How long it takes then: a worker is some windows ahead, and makes up for less.
pub const DELAY: Duration = Duration::from_secs(100);

/// One chunk in so many is computed wrongly by those who plot together.
pub const PLOTS: u64 = 4;

/// How long a chunk of the steady one takes.
pub const STEADY: Duration = Duration::from_secs(1);

/// True of inputs for which the liar flips a bit.
pub fn is_lie(input: &[u8]) -> bool {
    draw(input, 0).is_multiple_of(LIES)
}

/// True of inputs over which the slow one sleeps.
pub fn is_delay(input: &[u8]) -> bool {
    draw(input, 8).is_multiple_of(DELAYS)
}

/// True of inputs for which worker and members of a plot give the same false output.
pub fn is_plot(input: &[u8]) -> bool {
    draw(input, 16).is_multiple_of(PLOTS)
}

fn draw(input: &[u8], from: usize) -> u64 {
    let name = hash::blob(input);
    let bytes = name.get(from..).and_then(<[u8]>::first_chunk);
    u64::from_le_bytes(bytes.copied().unwrap_or_default())
}

/// What an agent computes in the place of the kernel's output.
pub type Bend = fn(&[u8], Vec<u8>) -> Vec<u8>;

/// The bin of an agent that runs kernels as they are, and then bends what they gave: `worker --config FILE`.
pub fn agent(bend: Bend) -> ExitCode {
    let words: Vec<_> = env::args().collect();
    if words.get(1).is_some_and(|word| word == EXEC) {
        return exec();
    }
    let Some(file) = words.last() else {
        return ExitCode::FAILURE;
    };
    match run(Path::new(file), bend) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: &Path, bend: Bend) -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_ansi(false).init();
    let bent = Bent {
        pool: Pool::new(Options::own()),
        bend,
    };
    match Config::read(file)? {
        Config::Worker(config) => {
            let runner = move |package: &Package, input: &[u8], limits: &Limits| {
                bent.run(package, input, limits)
            };
            worker::run_with(*config, Box::new(runner))?;
        }
        Config::Attester(config) => attester::run_with(*config, Arc::new(bent))?,
    }
    Ok(())
}

/// Kernels as they are, and what is made of their outputs.
struct Bent {
    pool: Pool,
    bend: Bend,
}

impl Kernels for Bent {
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        let output = self.pool.run(package, input, limits)?;
        Ok((self.bend)(input, output))
    }
}
