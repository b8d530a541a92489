//! What compiles kernels on this machine: cargo with the compiler of the person's toolchain, with Debian's, or with Solana's.

use {
    super::{Error, Result},
    serde_json::Value,
    sluice_toolchain::{sbf, wasm},
    std::{
        env,
        ffi::OsString,
        io::ErrorKind,
        path::{Path, PathBuf},
        process::{Command, Output},
    },
};

/// Debian's compiler, whose library sources are a package of their own.
const DEBIANS: &str = "/usr/bin/rustc";
/// What `sbf-link` calls.
const SBPF_LINKER: &str = "sbpf-linker";

/// What compiles to WebAssembly.
pub enum ForWasm {
    /// The toolchain has the target's libraries.
    Toolchain,
    /// Debian's compiler, which compiles core along; the folder of its linker.
    Debian { linker: PathBuf },
}

/// What compiles to sBPF.
pub enum ForSbpf {
    /// `cargo build-sbf`.
    PlatformTools,
    /// Debian's compiler and the linker of Sluice's repository; where what that calls lies.
    Debian { sbpf_linker: PathBuf },
}

/// What there is for WebAssembly, for a project in `folder`.
///
/// # Errors
/// There is nothing: what to install.
pub fn for_wasm(folder: &Path) -> Result<ForWasm> {
    let libraries = libraries(folder, &["--target", wasm::TARGET])?;
    if libraries.is_some_and(|libraries| libraries.is_dir()) {
        return Ok(ForWasm::Toolchain);
    }
    let bin = self::libraries(folder, &[])?.map(|libraries| libraries.with_file_name("bin"));
    let linker = bin.filter(|bin| bin.join(wasm::LINKER).is_file());
    match linker {
        Some(linker) if has_sources() => Ok(ForWasm::Debian { linker }),
        _ => Err(Error::Tool(format!(
            "the compiler lacks WebAssembly: run `rustup target add {}`",
            wasm::TARGET
        ))),
    }
}

/// What there is for sBPF; `None` where there is nothing.
///
/// # Errors
/// There is no cargo.
pub fn for_sbpf(folder: &Path) -> Result<Option<ForSbpf>> {
    let mut asked = cargo(folder);
    if ran(asked.args(["build-sbf", "--version"]))?
        .status
        .success()
    {
        return Ok(Some(ForSbpf::PlatformTools));
    }
    let linker = in_path(sbf::LINKER).and_then(|_| in_path(SBPF_LINKER));
    let linker = linker.filter(|_| has_sources());
    Ok(linker.map(|sbpf_linker| ForSbpf::Debian { sbpf_linker }))
}

/// Cargo in `folder`, without what another cargo that runs us told of its own package: some build scripts watch those variables.
pub fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Has `build` use Debian's compiler, and not what may stand around another one.
pub fn by_debian(build: &mut Command) -> &mut Command {
    build
        .env("RUSTC", DEBIANS)
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
}

/// What Debian's compiler says of the BPF target.
///
/// # Errors
/// It does not know that target.
pub fn bpf_specification(folder: &Path) -> Result<String> {
    let mut rustc = Command::new(DEBIANS);
    rustc.current_dir(folder).env("RUSTC_BOOTSTRAP", "1");
    let printed = ran(rustc.args(sbf::PRINT_SPECIFICATION))?;
    Ok(String::from_utf8_lossy(&printed.stdout).into_owned())
}

/// Where commands are looked for: in `folder` first.
pub fn first_in_path(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter();
    env::join_paths(folders.chain(env::split_paths(&path)))
        .map_err(|_| Error::Tool(format!("{} cannot stand in PATH", folder.display())))
}

/// What a command prints, however it ends.
///
/// # Errors
/// It is not there.
pub fn ran(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| {
        let name = command.get_program().to_string_lossy();
        match error.kind() {
            ErrorKind::NotFound => Error::Tool(format!(
                "there is no `{name}` on this machine: install Rust from rustup.rs"
            )),
            _ => Error::Tool(format!("`{name}` cannot be run: {error}")),
        }
    })
}

/// What cargo says of the package in `folder`.
///
/// # Errors
/// There is no package, or no cargo.
pub fn metadata(folder: &Path) -> Result<Value> {
    let mut asked = cargo(folder);
    asked.args(["metadata", "--no-deps", "--format-version", "1"]);
    let told = ran(asked.arg("--manifest-path").arg(folder.join("Cargo.toml")))?;
    if !told.status.success() {
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        return Err(Error::Given(format!(
            "cargo finds no package in {}: {said}",
            folder.display()
        )));
    }
    serde_json::from_slice(&told.stdout)
        .map_err(|_| Error::Tool("`cargo metadata` printed something else than that".to_owned()))
}

/// Where the toolchain of `folder` has the libraries of a target, its own if no other is named; `None` where it does not say.
fn libraries(folder: &Path, target: &[&str]) -> Result<Option<PathBuf>> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(folder);
    let printed = ran(rustc.args(["--print", "target-libdir"]).args(target))?;
    let path = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
    Ok(printed.status.success().then(|| path.into()))
}

/// True where Debian's compiler is there with the sources of its libraries.
fn has_sources() -> bool {
    let printed = Command::new(DEBIANS).args(["--print", "sysroot"]).output();
    printed.is_ok_and(|printed| {
        let sysroot = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
        Path::new(&sysroot)
            .join("lib/rustlib/src/rust/library/core/Cargo.toml")
            .is_file()
    })
}

/// Where a command is that a shell would find.
fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut places = env::split_paths(&path).map(|folder| folder.join(name));
    places.find(|place| place.is_file())
}
