//! `cargo xtask test`: everything a change has to pass. CI calls exactly this.

use {
    crate::{
        debian,
        demo::demo,
        dependencies, fuzz, idl, kernels, lanes, program, typescript, whereabouts,
        workspace::{PROGRAM, Workspace, cargo, run},
    },
    anyhow::{Context, Result},
    clap::Args,
    std::{env, path::Path, process::Command, time::Instant},
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
        tell_room(workspace);
        debian::ensure_openssl()?;
        if !self.quick {
            typescript::ensure_node()?;
        }
        step("program", "3 min: the linker, std and the program", || {
            program::build(workspace, None).map(drop)
        })?;
        step("kernels", "1 min: core, once", || {
            kernels::build(workspace, None, None)
        })?;
        step("format", "1 s", || {
            run(cargo_in(workspace).args(["fmt", "--all", "--check"]))
        })?;
        step("lints", "15 min: about 1,200 crates, once", || {
            let mut build = linted(workspace);
            build.args(["build", "--locked", "--bins", "--tests", "--examples"]);
            run(self.scope(&mut build))
        })?;
        step("IDL", "30 s", || idl::Idl { check: true }.run(workspace))?;
        step("tests", "9 min", || {
            let mut build = linted(workspace);
            self.scope(build.args(["test", "--locked", "--no-run"]));
            let expected = if self.quick {
                "invariants"
            } else {
                lanes::PLAYS
            };
            lanes::run(workspace, &mut build, expected, |test| {
                test.env(COMMAND, workspace.built("sluice"));
            })
        })?;
        step("fuzzing", "1 to 2 min", || fuzz::short(workspace))?;
        step("documentation", "2 min", || documented(workspace))?;
        step("dependencies", "1 min: cargo-deny, once", || {
            dependencies::check(workspace)
        })?;
        if !self.quick {
            step("TypeScript client", "1 min", || typescript::test(workspace))?;
        }
        step("demo", "10 s", || {
            demo(workspace, Command::new(workspace.built("sluice-demo")))
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
            command.args(["--exclude", "sluice-agents-tests"]);
        }
        if Path::new(LLVM_PREFIX).is_dir() {
            command.env("LLVM_SYS_221_PREFIX", LLVM_PREFIX)
        } else {
            command.args(["--exclude", "sbf-link"])
        }
    }
}

/// What everything together takes where nothing is built yet, MiB.
const ROOM: u64 = 8 << 10;

/// Says so where the disk may be full before the end: a linker dies of that without a word. Where there is no `df`, nobody asks.
fn tell_room(workspace: &Workspace) {
    if workspace.target().join("debug").is_dir() {
        return;
    }
    let asked = Command::new("df")
        .args(["--output=avail", "--block-size=1M"])
        .arg(&workspace.root)
        .output();
    let told = asked.map(|run| String::from_utf8_lossy(&run.stdout).into_owned());
    let told = told.unwrap_or_default();
    let free = told.lines().nth(1).map(str::trim).map(str::parse::<u64>);
    if let Some(Ok(free)) = free
        && free < ROOM
    {
        println!(
            "== the disk has {free} MiB free and everything takes about {ROOM}: make room if it fills"
        );
    }
}

/// The inner loop: a fresh ELF, and the tests of what was changed.
fn some(workspace: &Workspace, what: &str) -> Result<()> {
    let (noun, name) = whereabouts::tests_of(workspace, what)?;
    debian::ensure_openssl()?;
    program::build(workspace, None)?;
    let mut test = cargo_in(workspace);
    // With the features that the whole workspace asks for, so that both commands use what either compiled.
    test.args(["test", "--locked", "--workspace", "--test", &noun, "--"]);
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

fn cargo_in(workspace: &Workspace) -> Command {
    let mut command = cargo();
    command.current_dir(&workspace.root);
    command
}

/// What the documentation is of, beside what is there by default.
const DOCUMENTED: &str = "sluice-client/embedded,sluice-client/found,sluice-work/sandbox,sluice-work/sbpf,sluice-work/wasm,sluice-work/wasmi";

/// Every link in the crates' documentation leads somewhere.
fn documented(workspace: &Workspace) -> Result<()> {
    let mut doc = cargo_in(workspace);
    doc.env("RUSTDOCFLAGS", "-Dwarnings")
        .args(["doc", "--locked", "--no-deps", "--features"])
        .arg(DOCUMENTED);
    for crate_name in [
        "sluice-math",
        "sluice-kernel",
        PROGRAM,
        "sluice-client",
        "sluice-work",
        "sluice-member",
        "sluice-run",
        "sluice-agent",
    ] {
        doc.args(["--package", crate_name]);
    }
    run(&mut doc)
}

/// Runs a step; `about` says how long it takes the first time, on two cores.
fn step(name: &str, about: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("== {name} (about {about})");
    let started = Instant::now();
    work().with_context(|| format!("the step '{name}' did not pass"))?;
    println!("== {name}: {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}
