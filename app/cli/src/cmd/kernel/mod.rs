//! `sluice kernel`: for people who write kernels. Only `check --on-chain` asks a cluster.

mod build;
mod chain;
mod check;
mod new;
mod results;
mod test;

use {
    crate::{failure::Result, output::Fields, screen::Screen, session::Session},
    clap::{Args, Subcommand, value_parser},
    sluice_client::Ledger,
    sluice_run::kernel::compare::Bench,
    sluice_work::{
        engine::Limits,
        spec::{BLOB_LEN, CHUNK_MILLIS},
    },
};

/// What is done with a kernel.
#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Makes a cargo project with a kernel that works, its test and two inputs; nothing is overwritten.
    New(new::New),
    /// Builds a project's kernel for WebAssembly, and for sBPF where the tools for that are there: target/kernel/NAME.wasm and .so.
    Build(build::Build),
    /// Runs kernels by every engine on every input, shut in, and compares: all have to give the same bytes, for both machines.
    Test(test::Test),
    /// Tells whether a file is a kernel: what it asks its machine for, what each engine says, and on inputs what it gives.
    Check(check::Check),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>, screen: &mut Screen) -> Result<Fields> {
        match self {
            Self::New(verb) => verb.run(session.is_dry_run()),
            Self::Build(verb) => verb.run(session, screen),
            Self::Test(verb) => verb.run(session),
            Self::Check(verb) => verb.run(session),
        }
    }
}

/// What a chunk is given.
#[derive(Args, Debug)]
struct Given {
    /// Longest time of a chunk, seconds; sBPF counts compute units instead.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u32).range(1..=i64::from(CHUNK_MILLIS / 1_000)))]
    time: u32,
    /// Most memory of a WebAssembly kernel, MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = value_parser!(u32).range(1..=1_024))]
    memory: u32,
}

impl Given {
    /// Where kernels are run within these bounds.
    fn bench(&self) -> Result<Bench> {
        Ok(Bench::new(Limits {
            memory: self.memory.saturating_mul(1 << 20),
            output: BLOB_LEN,
            millis: self.time.saturating_mul(1_000),
        })?)
    }
}
