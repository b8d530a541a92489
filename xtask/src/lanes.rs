//! The test binaries of the workspace, in two lanes: those that mostly wait run beside all others.

use {
    crate::workspace::Workspace,
    anyhow::{Context, Result, bail},
    serde::Deserialize,
    std::{
        env,
        fs::{self, File},
        path::PathBuf,
        process::{Command, Stdio},
        thread,
        time::Instant,
    },
};

/// Workers and attesters as processes: minutes of windows that pass, in which little is computed, and dates that have to be met.
pub const PLAYS: &str = "agents";
/// The local chain, whose tests have dates, too.
const DATED: &str = "localnet";

/// A line of cargo's.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    manifest_path: Option<PathBuf>,
    executable: Option<PathBuf>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// A binary with tests.
struct Binary {
    name: String,
    source: PathBuf,
    path: PathBuf,
    /// Where its tests run: the package's folder, as cargo has it.
    folder: PathBuf,
}

/// Runs all binaries that `build`, a `cargo test --no-run` of any scope, gives; `plain` says what else a run of one needs. The one that is
/// called `expected` has to be among them.
///
/// # Errors
/// With the names of those that failed, once all have run.
pub fn run(
    workspace: &Workspace,
    build: &mut Command,
    expected: &str,
    plain: impl Fn(&mut Command) + Sync,
) -> Result<()> {
    let all = binaries(build)?;
    if !all.iter().any(|binary| binary.name == expected) {
        bail!("cargo built no tests that are called {expected}");
    }
    let (plays, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|binary| binary.name == PLAYS);
    let has_plays = !plays.is_empty();
    let lane = |binaries: &[Binary]| {
        let failed = binaries.iter().filter(|binary| {
            // Dates come first: who only computes makes room.
            let is_kind = has_plays && ![PLAYS, DATED].contains(&binary.name.as_str());
            let passed = binary.run(workspace, is_kind, &plain);
            passed.is_err_and(|error| {
                println!("{error:#}");
                true
            })
        });
        failed.map(|binary| binary.name.clone()).collect::<Vec<_>>()
    };
    let (mut failed, more) = thread::scope(|scope| {
        let beside = scope.spawn(|| lane(&plays));
        let failed = lane(&others);
        (
            failed,
            beside.join().unwrap_or_else(|_| vec![PLAYS.to_owned()]),
        )
    });
    failed.extend(more);
    if failed.is_empty() {
        return Ok(());
    }
    bail!("tests failed in {}", failed.join(", "))
}

/// What cargo builds for tests, in its order.
fn binaries(build: &mut Command) -> Result<Vec<Binary>> {
    let built = build
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    if !built.status.success() {
        bail!("the tests do not build ({})", built.status);
    }
    let text = String::from_utf8(built.stdout).context("cargo printed something else than JSON")?;
    let found = text.lines().filter_map(|line| {
        let message: Message = serde_json::from_str(line).ok()?;
        let target = message.target?;
        message.profile.filter(|profile| profile.test)?;
        Some(Binary {
            name: target.name,
            source: target.src_path,
            path: message.executable?,
            folder: message.manifest_path?.parent()?.to_owned(),
        })
    });
    Ok(found.collect())
}

impl Binary {
    /// Runs it, and prints what it says once it has ended. What it starts may outlive it, and is not waited for.
    fn run(
        &self,
        workspace: &Workspace,
        is_kind: bool,
        plain: &impl Fn(&mut Command),
    ) -> Result<()> {
        let mut command = if is_kind && cfg!(unix) {
            let mut command = Command::new("nice");
            command.arg(&self.path);
            command
        } else {
            Command::new(&self.path)
        };
        command
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder);
        // What cargo told us of our own package is none of theirs.
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PKG_") {
                command.env_remove(&name);
            }
        }
        plain(&mut command);
        let began = Instant::now();
        println!("     Running {}", workspace.relative(&self.source));
        let logs = workspace.target().join("tests");
        fs::create_dir_all(&logs)?;
        let name = self.path.file_name().unwrap_or_default();
        let log = logs.join(name).with_extension("log");
        let file = File::create(&log)?;
        let status = command.stdout(file.try_clone()?).stderr(file).status();
        let status = status.with_context(|| format!("cannot run {}", self.path.display()))?;
        let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        println!(
            "{said}     {} ended after {:.0} s",
            workspace.relative(&self.source),
            began.elapsed().as_secs_f64()
        );
        if !status.success() {
            bail!("{} failed ({status})", self.name);
        }
        Ok(())
    }
}
