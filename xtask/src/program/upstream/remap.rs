//! No path of the machine in what is compiled.

use {
    crate::workspace::{Workspace, remaps},
    anyhow::{Context, Result},
    std::{fs, path::Path, process::Command},
};

/// Calls the compiler with the paths that must not be seen in what it makes.
const REMAPPED: &str = r#"#!/bin/sh
exec "$@" "$SLUICE_REMAP_WORKSPACE" "$SLUICE_REMAP_CARGO_HOME"
"#;

/// Makes the ELF the same wherever it is built, by a wrapper of the compiler: cargo counts its flags and not what a wrapper adds.
pub fn remap(build: &mut Command, workspace: &Workspace, folder: &Path) -> Result<()> {
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

/// Writes a file, which keeps its time if it holds `text` already.
pub fn write_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use {super::*, crate::workspace::output, std::env};

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
}
