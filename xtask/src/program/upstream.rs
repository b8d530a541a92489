//! The route that needs nothing prebuilt by Solana: Debian's rustc and LLVM, std built from source, and our linker wrapper.

use {
    crate::{
        debian,
        workspace::{PROGRAM, Workspace, cargo, output, remaps, run},
    },
    anyhow::{Context, Result, bail},
    serde_json::{Value, json},
    std::{
        env,
        ffi::OsString,
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

const RUSTC: &str = "/usr/bin/rustc";
const LLVM_PREFIX: &str = "/usr/lib/llvm-22";
/// The LLVM that sbf-link and sbpf-linker are built against; rustc's bitcode must not be newer.
const LLVM_MAJOR: &str = "22";
const PACKAGES: [&str; 4] = ["rustc-web", "rust-web-src", "llvm-22", "llvm-22-dev"];
const SBPF_LINKER: &str = "0.2.6";
/// The linker wrapper's package and command.
const LINKER: &str = "sbf-link";
/// The target's name: that of its specification and of cargo's folder.
const TARGET: &str = "sbf";

/// What makes two ELFs of the same sources differ.
pub fn version() -> String {
    let rustc = Command::new(RUSTC).arg("-vV").output();
    let rustc = rustc
        .map(|run| String::from_utf8_lossy(&run.stdout).into_owned())
        .unwrap_or_default();
    format!("upstream, sbpf-linker {SBPF_LINKER}, {rustc}")
}

pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    ensure_packages()?;
    let sbpf_linker = ensure_sbpf_linker(workspace)?;
    let sbf_link = build_sbf_link(workspace)?;

    let folder = workspace.target().join("sbf");
    let specification = write_specification(&folder)?;
    forget_last_link(&folder)?;

    let mut build = cargo();
    build.current_dir(&workspace.root);
    build
        .args([
            "build",
            "--locked",
            "--release",
            "--package",
            PROGRAM,
            "--lib",
            "--target-dir",
        ])
        .arg(&folder);
    build.arg("--target").arg(&specification).args([
        "-Zjson-target-spec",
        "-Zbuild-std=core,alloc,std,panic_abort",
    ]);
    build.arg("-Zbuild-std-features=compiler-builtins-mem");
    build.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
    // Else std is unstable on a target that rustc does not know.
    build.env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1");
    build.env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\u{1f}"));
    remap(&mut build, workspace, &folder)?;
    // By its name: the specification's contents are part of every symbol's hash, and cargo's fingerprints have the linker as it is
    // told. The machine's own path belongs in neither.
    build
        .env("CARGO_TARGET_SBF_LINKER", LINKER)
        .env("PATH", first_in_path(&sbf_link)?)
        .env("SBPF_LINKER", sbpf_linker);
    run(&mut build)?;
    Ok(folder
        .join(TARGET)
        .join("release")
        .join(format!("lib{PROGRAM}.so")))
}

/// How the program is compiled. Cargo keeps what it compiled for as long as these are the same, so none may hold the machine's own
/// paths: a copied checkout would compile std and every dependency anew.
const RUSTFLAGS: [&str; 13] = [
    // Crates choose their on-chain code by this.
    "--cfg=target_os=\"solana\"",
    // std wants an architecture it knows, for the alignment its allocator promises; nothing else asks.
    "--cfg=target_arch=\"m68k\"",
    "-Aexplicit_builtin_cfgs_in_flags",
    "-Aunexpected_cfgs",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Clink-arg=--arch=v3",
    "-Clink-arg=--llvm-args=--bpf-stack-size=4096",
    // Instructions of later BPF processors that sBPF lacks.
    "-Clink-arg=--llvm-args=--disable-movsx",
    "-Clink-arg=--llvm-args=--disable-ldsx",
    // What needs a frame of its own stays a function: frames are 4 KiB, and all accounts are checked in one dispatcher, across
    // which the 16 bits of a jump must reach.
    "-Cllvm-args=--inline-max-stacksize=128",
    "-Clink-arg=--llvm-args=--inline-max-stacksize=128",
    // Of no path that is: with one of these cargo keeps all flags out of the hash in every symbol.
    "--remap-path-prefix=/sluice=/sluice",
];

/// Calls the compiler with the paths that must not be seen in what it makes.
const REMAPPED: &str = r#"#!/bin/sh
exec "$@" "$SLUICE_REMAP_WORKSPACE" "$SLUICE_REMAP_CARGO_HOME"
"#;

/// Makes the ELF the same wherever it is built, by a wrapper of the compiler: cargo counts its flags and not what a wrapper adds.
fn remap(build: &mut Command, workspace: &Workspace, folder: &Path) -> Result<()> {
    let wrapper = folder.join("rustc");
    write_changed(&wrapper, REMAPPED)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot make {} a command", wrapper.display()))?;
    }
    let [root, cargo_home] = remaps(workspace)?;
    build
        .env("RUSTC_WRAPPER", wrapper)
        .env("SLUICE_REMAP_WORKSPACE", root)
        .env("SLUICE_REMAP_CARGO_HOME", cargo_home);
    Ok(())
}

/// Makes sure that Debian's compiler, its library sources and LLVM are there, installing them if we may.
fn ensure_packages() -> Result<()> {
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
fn ensure_sbpf_linker(workspace: &Workspace) -> Result<PathBuf> {
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
fn build_sbf_link(workspace: &Workspace) -> Result<PathBuf> {
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

/// Where commands are looked for: in `folder` first.
fn first_in_path(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter();
    env::join_paths(folders.chain(env::split_paths(&path)))
        .with_context(|| format!("{} cannot stand in PATH", folder.display()))
}

/// Cargo does not notice a changed linker, so the program itself is compiled and linked anew whenever we are asked to.
fn forget_last_link(folder: &Path) -> Result<()> {
    let fingerprints = folder.join(TARGET).join("release").join(".fingerprint");
    let Ok(entries) = fs::read_dir(fingerprints) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with(&format!("{PROGRAM}-"))
        {
            fs::remove_dir_all(entry.path())
                .with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// Writes the target specification, made from that of the BPF target this rustc knows.
fn write_specification(folder: &Path) -> Result<PathBuf> {
    let mut rustc = Command::new(RUSTC);
    rustc.env("RUSTC_BOOTSTRAP", "1");
    rustc.args([
        "-Zunstable-options",
        "--print=target-spec-json",
        "--target=bpfel-unknown-none",
    ]);
    let specification = adapt(&output(&mut rustc)?)?;
    let path = folder.join(format!("{TARGET}.json"));
    write_changed(&path, &specification)?;
    Ok(path)
}

/// Writes a file, which keeps its time if it holds `text` already.
fn write_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn adapt(specification: &str) -> Result<String> {
    let mut specification: Value =
        serde_json::from_str(specification).context("rustc printed no target specification")?;
    let keys = specification
        .as_object_mut()
        .context("rustc printed no target specification")?;
    keys.remove("no-builtins");
    let changes = [
        // A platform layer of std that compiles, and that no program reaches.
        ("os", json!("zkvm")),
        ("atomic-cas", json!(true)),
        ("min-atomic-width", json!(8)),
        ("panic-strategy", json!("immediate-abort")),
        ("relocation-model", json!("static")),
        // The last BPF processor whose jumps sBPF has.
        ("cpu", json!("v3")),
        ("features", json!("+allows-misaligned-mem-access")),
    ];
    keys.extend(changes.map(|(key, value)| (key.to_string(), value)));
    Ok(format!("{specification:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cargo's fingerprints hold the flags: two checkouts that differ in their path alone have the same.
    #[cfg(unix)]
    #[test]
    fn the_checkouts_path_reaches_the_compiler_and_no_fingerprint() {
        let folder = env::temp_dir().join(format!("sluice-remap-{}", std::process::id()));
        let mut build = Command::new("cargo");
        let workspace = Workspace::at("/somewhere/else");
        remap(&mut build, &workspace, &folder).unwrap();
        let mut rustc = Command::new(folder.join("rustc"));
        for (name, value) in build.get_envs() {
            rustc.env(name, value.unwrap());
        }
        let told = output(rustc.args(["echo", "--crate-name"])).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let first = "--crate-name --remap-path-prefix=/somewhere/else=/workspace ";
        assert!(told.starts_with(first), "{told}");
        assert!(told.trim_end().ends_with("=/cargo"), "{told}");
    }

    #[test]
    fn the_specification_keeps_what_it_does_not_change() {
        let adapted = adapt(r#"{"arch":"bpf","no-builtins":true,"atomic-cas":false}"#).unwrap();
        let adapted: Value = serde_json::from_str(&adapted).unwrap();
        assert_eq!(adapted["arch"], "bpf");
        assert_eq!(adapted["atomic-cas"], true);
        assert_eq!(adapted["os"], "zkvm");
        assert!(adapted.get("no-builtins").is_none() && adapted.get("linker").is_none());
    }
}
