//! `cargo xtask test`: everything a change has to pass. CI calls exactly this.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    debian,
    demo::demo,
    fuzz, idl, program, typescript, whereabouts,
    workspace::{Workspace, cargo, run},
};

/// Where Debian's LLVM lies; the linker of the upstream route is checked and tested where it is there.
const LLVM_PREFIX: &str = "/usr/lib/llvm-22";

/// Tells tests where `sluice` is that was built already.
const COMMAND: &str = "SLUICE_COMMAND";

/// Build, check formatting and lints, run every test, fuzz for half a minute, compare IDL and compute-unit table, and run the demo
#[derive(Args)]
pub struct Test {
    /// Only build the program and run the tests of this instruction: `job/pay`, or of a whole noun: `job`
    what: Option<String>,
    /// Leave out the local chain, whose engine takes minutes to compile, and the TypeScript client, which is tested on it
    #[arg(long, conflicts_with = "what")]
    quick: bool,
}

impl Test {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        if let Some(what) = &self.what {
            return some(workspace, what);
        }
        let started = Instant::now();
        debian::ensure_openssl()?;
        if !self.quick {
            typescript::ensure_node()?;
        }
        step("program", || program::build(workspace, None).map(drop))?;
        step("format", || {
            run(cargo_in(workspace).args(["fmt", "--all", "--check"]))
        })?;
        step("lints", || {
            let mut build = linted(workspace);
            build.args(["build", "--locked", "--bins", "--tests", "--examples"]);
            run(self.scope(&mut build))
        })?;
        step("IDL", || idl::Idl { check: true }.run(workspace))?;
        step("tests", || {
            let mut test = linted(workspace);
            test.env(COMMAND, built(workspace, "sluice"));
            run(self.scope(test.args(["test", "--locked"])))
        })?;
        step("fuzzing", || fuzz::short(workspace))?;
        if !self.quick {
            step("TypeScript client", || typescript::test(workspace))?;
        }
        step("demo", || {
            demo(workspace, Command::new(built(workspace, "sluice-demo")))
        })?;
        println!(
            "everything passed in {:.0} s",
            started.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// The whole workspace, except what a quick test leaves out, and the linker where there is no LLVM to build it with.
    fn scope<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.arg("--workspace");
        if self.quick {
            command.args(["--exclude", "sluice-localnet"]);
        }
        if Path::new(LLVM_PREFIX).is_dir() {
            command.env("LLVM_SYS_221_PREFIX", LLVM_PREFIX)
        } else {
            command.args(["--exclude", "sbf-link"])
        }
    }
}

/// The inner loop: a fresh ELF, and the tests of what was changed.
fn some(workspace: &Workspace, what: &str) -> Result<()> {
    let (noun, name) = whereabouts::tests_of(workspace, what)?;
    debian::ensure_openssl()?;
    program::build(workspace, None)?;
    let mut test = cargo_in(workspace);
    test.args(["test", "--locked", "--test", &noun, "--"]);
    run(test.args(name.map(|name| format!("{name}::"))))
}

/// Cargo with Clippy in place of the compiler: what it built is what is tested, and nothing is compiled only to be read.
fn linted(workspace: &Workspace) -> Command {
    let driver = format!("clippy-driver{}", env::consts::EXE_SUFFIX);
    let beside = env::var_os("CARGO").map(|cargo| Path::new(&cargo).with_file_name(&driver));
    let beside = beside.filter(|path| path.exists());
    let mut command = cargo_in(workspace);
    command
        .env("RUSTC_WORKSPACE_WRAPPER", beside.unwrap_or(driver.into()))
        // As `cargo clippy -- --deny warnings` passes it on.
        .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    command
}

/// A command that the lints' step built.
fn built(workspace: &Workspace, name: &str) -> PathBuf {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    workspace.target().join("debug").join(name)
}

fn cargo_in(workspace: &Workspace) -> Command {
    let mut command = cargo();
    command.current_dir(&workspace.root);
    command
}

fn step(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("== {name}");
    let started = Instant::now();
    work().with_context(|| format!("the step '{name}' did not pass"))?;
    println!("== {name}: {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}
