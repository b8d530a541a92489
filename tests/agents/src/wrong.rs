//! Workers that do not behave, and how the tests know what they did: it follows from the input.

use {
    sluice_work::{
        engine::Limits,
        hash,
        sandbox::{EXEC, Options, Package, Pool, exec},
        undone::Undone,
    },
    std::{env, path::Path, process::ExitCode, time::Duration},
};

/// One chunk in so many is computed wrongly by the liar.
pub const LIES: u64 = 50;

/// One chunk in so many takes the slow one a long time.
pub const DELAYS: u64 = 60;

/// How long it takes then: a worker is some windows ahead, and makes up for less.
pub const DELAY: Duration = Duration::from_secs(100);

/// True of inputs for which the liar flips a bit.
pub fn is_lie(input: &[u8]) -> bool {
    draw(input, 0).is_multiple_of(LIES)
}

/// True of inputs over which the slow one sleeps.
pub fn is_delay(input: &[u8]) -> bool {
    draw(input, 8).is_multiple_of(DELAYS)
}

fn draw(input: &[u8], from: usize) -> u64 {
    let name = hash::blob(input);
    let bytes = name.get(from..).and_then(<[u8]>::first_chunk);
    u64::from_le_bytes(bytes.copied().unwrap_or_default())
}

/// What a worker computes in the place of the kernel's output.
pub type Bend = fn(&[u8], Vec<u8>) -> Vec<u8>;

/// The bin of a worker that runs kernels as they are, and then bends what they gave: `worker --config FILE`.
pub fn worker(bend: Bend) -> ExitCode {
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
    use sluice_agent::{config::Config, worker};
    let Config::Worker(config) = Config::read(file)? else {
        anyhow::bail!("that is no worker's configuration");
    };
    tracing_subscriber::fmt().with_ansi(false).init();
    let pool = Pool::new(Options::own());
    let runner =
        move |package: &Package, input: &[u8], limits: &Limits| -> Result<Vec<u8>, Undone> {
            let output = pool.run(package, input, limits)?;
            Ok(bend(input, output))
        };
    worker::run_with(*config, Box::new(runner))?;
    Ok(())
}
