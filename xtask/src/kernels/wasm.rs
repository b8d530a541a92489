//! Kernels as WebAssembly modules, by the compiler of the route that the ELF takes.

use {
    crate::{
        program::{Route, upstream},
        workspace::{Workspace, first_in_path, output, run},
    },
    anyhow::{Result, bail},
    sluice_toolchain::wasm::{FLAGS, FLAGS_WITH_CORE, LINKER, TARGET},
    std::{
        path::{Path, PathBuf},
        process::Command,
    },
};

/// Compiles the libraries of `packages`; returns their modules, in order.
pub fn build(workspace: &Workspace, packages: &[&str], route: Route) -> Result<Vec<PathBuf>> {
    let mut build = match route {
        Route::Upstream => by_debian(workspace, packages)?,
        Route::PlatformTools => by_rustup(workspace, packages)?,
    };
    run(build.args(["--target", TARGET]))?;
    let release = upstream::folder(workspace).join(TARGET).join("release");
    let module = |package: &&str| release.join(format!("{}.wasm", package.replace('-', "_")));
    Ok(packages.iter().map(module).collect())
}

/// Debian's compiler, which compiles core as well, so that it ends a panic at once.
fn by_debian(workspace: &Workspace, packages: &[&str]) -> Result<Command> {
    let mut build = upstream::compiler(workspace, packages)?;
    build
        .arg("-Zbuild-std=core")
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS_WITH_CORE.join("\u{1f}"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER)
        .env("PATH", first_in_path(&linker()?)?);
    Ok(build)
}

/// The toolchain that runs us; Solana's compiler does not know the target.
fn by_rustup(workspace: &Workspace, packages: &[&str]) -> Result<Command> {
    if !libraries(&["--target", TARGET])?.is_dir() {
        bail!("the toolchain lacks its target: run `rustup target add {TARGET}`");
    }
    let mut build = upstream::pathless(workspace, packages)?;
    build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    Ok(build)
}

/// The folder of the linker.
fn linker() -> Result<PathBuf> {
    let folder = libraries(&[])?.with_file_name("bin");
    if !folder.join(LINKER).is_file() {
        bail!(
            "{} has no {LINKER}: install the toolchain by rustup",
            folder.display()
        );
    }
    Ok(folder)
}

/// Where the toolchain has the libraries of a target, its own if no other is named.
fn libraries(target: &[&str]) -> Result<PathBuf> {
    let printed = output(
        Command::new("rustc")
            .args(["--print", "target-libdir"])
            .args(target),
    )?;
    Ok(Path::new(printed.trim()).to_owned())
}
