//! The route of most users: `cargo build-sbf` with Solana's own compiler.

use {
    crate::workspace::{Workspace, cargo, run},
    anyhow::Result,
    std::path::PathBuf,
};

/// What `cargo build-sbf` says about itself, if it is installed.
pub fn version() -> Option<String> {
    let output = cargo().args(["build-sbf", "--version"]).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Compiles the libraries of `packages` for sBPF; returns their ELFs, in order.
pub fn build(workspace: &Workspace, packages: &[&str]) -> Result<Vec<PathBuf>> {
    let folder = workspace.target().join("sbf").join("platform-tools");
    let elf = |package: &&str| {
        let mut build = cargo();
        build
            .current_dir(&workspace.root)
            .env("CARGO_TARGET_DIR", &folder);
        build
            .args(["build-sbf", "--arch", "v3", "--manifest-path"])
            .arg(&workspace.package(package)?.manifest_path)
            .arg("--sbf-out-dir");
        run(build.arg(&folder).args(["--", "--locked"]))?;
        Ok(folder.join(format!("{}.so", package.replace('-', "_"))))
    };
    packages.iter().map(elf).collect()
}
