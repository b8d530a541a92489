//! The route that needs nothing prebuilt by Solana: Debian's rustc and LLVM, std built from source, and our linker wrapper.

mod tools;

use {
    self::tools::{SBPF_LINKER, build_sbf_link, ensure_packages, ensure_sbpf_linker},
    crate::workspace::{Workspace, cargo, first_in_path, output, run},
    anyhow::{Context, Result},
    sluice_toolchain::{
        remap::{remap, write_changed},
        sbf::{FLAGS, LINKER, PRINT_SPECIFICATION, TARGET, specification},
    },
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

const RUSTC: &str = "/usr/bin/rustc";

/// What makes two ELFs of the same sources differ.
pub fn version() -> String {
    let rustc = Command::new(RUSTC).arg("-vV").output();
    let rustc = rustc
        .map(|run| String::from_utf8_lossy(&run.stdout).into_owned())
        .unwrap_or_default();
    format!("upstream, sbpf-linker {SBPF_LINKER}, {rustc}")
}

/// Compiles the libraries of `packages` for sBPF; returns their ELFs, in order.
pub fn build(workspace: &Workspace, packages: &[&str]) -> Result<Vec<PathBuf>> {
    let mut build = compiler(workspace, packages)?;
    let sbpf_linker = ensure_sbpf_linker(workspace)?;
    let sbf_link = build_sbf_link(workspace)?;

    let folder = folder(workspace);
    let specification = write_specification(&folder)?;
    forget_last_link(&folder, packages)?;

    build.arg("--target").arg(&specification).args([
        "-Zjson-target-spec",
        "-Zbuild-std=core,alloc,std,panic_abort",
    ]);
    build.arg("-Zbuild-std-features=compiler-builtins-mem");
    // Else std is unstable on a target that rustc does not know.
    build.env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1");
    build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    // By its name: the specification's contents are part of every symbol's hash, and cargo's fingerprints have the linker as it is
    // told. The machine's own path belongs in neither.
    build
        .env("CARGO_TARGET_SBF_LINKER", LINKER)
        .env("PATH", first_in_path(&sbf_link)?)
        .env("SBPF_LINKER", sbpf_linker);
    run(&mut build)?;
    let release = folder.join(TARGET).join("release");
    let elf = |package: &&str| release.join(format!("lib{}.so", package.replace('-', "_")));
    Ok(packages.iter().map(elf).collect())
}

/// Cargo, told to build the libraries of `packages` with Debian's compiler.
pub fn compiler(workspace: &Workspace, packages: &[&str]) -> Result<Command> {
    ensure_packages()?;
    let mut build = pathless(workspace, packages)?;
    build.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
    Ok(build)
}

/// Cargo, told to build the libraries of `packages` so that no path of this machine is in them.
pub fn pathless(workspace: &Workspace, packages: &[&str]) -> Result<Command> {
    let folder = folder(workspace);
    let mut build = cargo();
    build
        .current_dir(&workspace.root)
        .args(["build", "--locked", "--release", "--lib", "--target-dir"])
        .arg(&folder);
    for package in packages {
        build.args(["--package", package]);
    }
    remap(&mut build, &workspace.root, &folder)?;
    Ok(build)
}

/// Where everything is compiled: std once for all.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("sbf")
}

/// Writes the target's specification, made from that of the BPF target this rustc knows.
fn write_specification(folder: &Path) -> Result<PathBuf> {
    let mut rustc = Command::new(RUSTC);
    rustc.env("RUSTC_BOOTSTRAP", "1").args(PRINT_SPECIFICATION);
    let path = folder.join(format!("{TARGET}.json"));
    write_changed(&path, &specification(&output(&mut rustc)?)?)?;
    Ok(path)
}

/// Cargo does not notice a changed linker, so the packages themselves are compiled and linked anew whenever we are asked to.
fn forget_last_link(folder: &Path, packages: &[&str]) -> Result<()> {
    let fingerprints = folder.join(TARGET).join("release").join(".fingerprint");
    let Ok(entries) = fs::read_dir(fingerprints) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Named after the package and a hash.
        let package = name.rsplit_once('-').map(|(package, _)| package);
        if package.is_some_and(|package| packages.contains(&package)) {
            fs::remove_dir_all(entry.path())
                .with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}
