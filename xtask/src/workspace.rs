//! Where things are, and how to call cargo and other programs.

use {
    anyhow::{Context, Result, bail},
    serde::Deserialize,
    std::{
        env,
        ffi::OsString,
        path::{Path, PathBuf},
        process::{Command, Stdio},
    },
};

/// The program's package.
pub const PROGRAM: &str = "sluice";

#[derive(Deserialize)]
pub struct Workspace {
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub description: Option<String>,
    pub manifest_path: PathBuf,
    pub metadata: Option<Metadata>,
}

/// `[package.metadata]` of a manifest.
#[derive(Deserialize)]
pub struct Metadata {
    sluice: Option<Kernel>,
}

/// What the manifest of a kernel says of it.
#[derive(Deserialize)]
struct Kernel {
    /// The machines that it is for: `sbpf`, `wasm`.
    machines: Vec<String>,
}

impl Workspace {
    pub fn locate() -> Result<Self> {
        let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&metadata)
            .context("cargo metadata printed something else than metadata")
    }

    /// The manifest data of the program.
    pub fn program(&self) -> Result<&Package> {
        self.package(PROGRAM)
    }

    /// The version of a package of the workspace.
    pub fn version(&self, package: &str) -> Result<&str> {
        Ok(&self.package(package)?.version)
    }

    /// A package of the workspace.
    pub fn package(&self, name: &str) -> Result<&Package> {
        let found = self.packages.iter().find(|package| package.name == name);
        found.with_context(|| format!("the workspace has no package {name}"))
    }

    /// The packages of the workspace whose names begin with `prefix`, with what their names go on with.
    pub fn named<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let names = self.packages.iter().map(|package| package.name.as_str());
        names.filter_map(move |name| name.strip_prefix(prefix))
    }

    /// True unless the manifest of a kernel names the machines that it is for, and `machine` is none of them.
    pub fn is_for(&self, package: &str, machine: &str) -> Result<bool> {
        let metadata = self.package(package)?.metadata.as_ref();
        let kernel = metadata.and_then(|metadata| metadata.sluice.as_ref());
        Ok(kernel.is_none_or(|kernel| kernel.machines.iter().any(|one| one == machine)))
    }

    /// The folder for artefacts, as the rest of the workspace uses it.
    pub fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// A command of the workspace, where cargo leaves it.
    pub fn built(&self, name: &str) -> PathBuf {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.target().join("debug").join(name)
    }

    /// A path as one would type it from the root.
    pub fn relative<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The cargo that runs us, without what it told us of our own package: some build scripts (ring's) watch those variables, and
/// whatever depends on them would be compiled anew whenever xtask and a plain `cargo` take turns.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Where commands are looked for: in `folder` first.
pub fn first_in_path(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter();
    env::join_paths(folders.chain(env::split_paths(&path)))
        .with_context(|| format!("{} cannot stand in PATH", folder.display()))
}

/// Runs a command, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", name(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// Runs a command in place of this process where the system can do that, so that Ctrl-C reaches only the command.
pub fn replace(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        Err(error).with_context(|| format!("cannot run {}", name(command)))
    }
    #[cfg(not(unix))]
    run(command)
}

/// Runs a command and returns what it prints; its errors go where ours go.
pub fn output(command: &mut Command) -> Result<String> {
    let run = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", name(command)))?;
    if !run.status.success() {
        bail!("{} failed ({})", name(command), run.status);
    }
    String::from_utf8(run.stdout)
        .with_context(|| format!("{} printed something else than text", name(command)))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let first = command
        .get_args()
        .next()
        .unwrap_or_default()
        .to_string_lossy();
    format!("`{program} {first}`")
}
