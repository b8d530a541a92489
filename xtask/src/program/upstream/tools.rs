//! What the route is made of: Debian's packages, sbpf-linker and our wrapper of it.

use {
    super::RUSTC,
    crate::{
        debian,
        workspace::{Workspace, cargo, output, run},
    },
    anyhow::{Context, Result, bail},
    sluice_toolchain::sbf::LINKER,
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

const LLVM_PREFIX: &str = "/usr/lib/llvm-22";
/// The LLVM that sbf-link and sbpf-linker are built against; rustc's bitcode must not be newer.
const LLVM_MAJOR: &str = "22";
const PACKAGES: [&str; 4] = ["rustc-web", "rust-web-src", "llvm-22", "llvm-22-dev"];
pub const SBPF_LINKER: &str = "0.2.6";

/// Makes sure that Debian's compiler, its library sources and LLVM are there, installing them if we may.
pub fn ensure_packages() -> Result<()> {
    if packages_installed() {
        return check_llvm();
    }
    debian::install(
        &PACKAGES,
        "the upstream route needs Debian's rustc and LLVM, the other `cargo build-sbf`",
    )?;
    if !packages_installed() {
        bail!(
            "the Debian packages {} do not hold what the upstream route expects of them",
            PACKAGES.join(" ")
        );
    }
    check_llvm()
}

fn packages_installed() -> bool {
    let sysroot = Command::new(RUSTC).args(["--print", "sysroot"]).output();
    let library = sysroot.is_ok_and(|run| {
        let sysroot = String::from_utf8_lossy(&run.stdout).into_owned();
        Path::new(sysroot.trim())
            .join("lib/rustlib/src/rust/library/std/Cargo.toml")
            .is_file()
    });
    library && Path::new(LLVM_PREFIX).join("bin/llvm-config").is_file()
}

fn check_llvm() -> Result<()> {
    let version = output(Command::new(RUSTC).arg("-vV"))?;
    let llvm = version
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "))
        .unwrap_or("unknown");
    if llvm.split('.').next() != Some(LLVM_MAJOR) {
        bail!(
            "{RUSTC} is built on LLVM {llvm}, but the upstream route needs {LLVM_MAJOR}: install rustc-web in its place"
        );
    }
    Ok(())
}

/// Installs sbpf-linker into the target folder, unless it is there in the version we want.
pub fn ensure_sbpf_linker(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target().join("tools");
    let executable = tools.join("bin").join("sbpf-linker");
    let installed = fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
    if !executable.is_file() || !installed.contains(&format!("\"sbpf-linker {SBPF_LINKER} ")) {
        let mut install = cargo();
        // Unoptimised: LLVM does the work, and it is installed. What sbf-link is made of is compiled once for both.
        install.args([
            "install",
            "sbpf-linker",
            "--version",
            SBPF_LINKER,
            "--locked",
            "--force",
            "--debug",
            "--target-dir",
        ]);
        install.arg(tools_folder(workspace));
        install
            .args([
                "--no-default-features",
                "--features",
                "bpf-linker/llvm-22",
                "--root",
            ])
            .arg(&tools);
        install
            .env("LLVM_SYS_221_PREFIX", LLVM_PREFIX)
            .env("RUSTFLAGS", linked_with_llvm());
        run(&mut install).context("cannot install sbpf-linker")?;
    }
    Ok(executable)
}

/// Where the linker and its wrapper are compiled.
fn tools_folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("sbf").join("tools")
}

fn linked_with_llvm() -> String {
    format!("-L native={LLVM_PREFIX}/lib")
}

/// Builds the linker wrapper in a folder of its own, so as not to wait for other builds of the workspace; returns where it lies.
pub fn build_sbf_link(workspace: &Workspace) -> Result<PathBuf> {
    let folder = tools_folder(workspace);
    let mut build = cargo();
    build
        .current_dir(&workspace.root)
        .env("LLVM_SYS_221_PREFIX", LLVM_PREFIX)
        .env("RUSTFLAGS", linked_with_llvm());
    build.args(["build", "--locked", "--package", LINKER, "--target-dir"]);
    run(build.arg(&folder))?;
    Ok(folder.join("debug"))
}
