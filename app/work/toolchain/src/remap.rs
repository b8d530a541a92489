//! No path of the machine in what is compiled.

use {
    crate::{Error, Result},
    std::{
        env, fs, io,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// Calls the compiler with the paths that must not be seen in what it makes.
const REMAPPED: &str = r#"#!/bin/sh
exec "$@" "$SLUICE_REMAP_WORKSPACE" "$SLUICE_REMAP_CARGO_HOME"
"#;

/// Makes what is compiled the same wherever it is built, by a wrapper of the compiler in `folder`: cargo counts its flags and not what
/// a wrapper adds. `root` is where the sources lie.
///
/// # Errors
/// The wrapper cannot be written.
pub fn remap(build: &mut Command, root: &Path, folder: &Path) -> Result<()> {
    let wrapper = folder.join("rustc");
    write_changed(&wrapper, REMAPPED)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))
            .map_err(file("cannot make a command of", &wrapper))?;
    }
    let [root, cargo_home] = remaps(root)?;
    build
        .env("RUSTC_WRAPPER", wrapper)
        .env("SLUICE_REMAP_WORKSPACE", root)
        .env("SLUICE_REMAP_CARGO_HOME", cargo_home);
    Ok(())
}

/// Flags by which what rustc makes of the sources at `root` holds no path of this machine: the same bytes wherever they are made.
///
/// # Errors
/// Nobody says where cargo keeps its things.
pub fn remaps(root: &Path) -> Result<[String; 2]> {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    let cargo_home =
        cargo_home.ok_or_else(|| Error::unfit("neither CARGO_HOME nor HOME is set"))?;
    let remap = |from: &Path, to| format!("--remap-path-prefix={}={to}", from.display());
    Ok([remap(root, "/workspace"), remap(&cargo_home, "/cargo")])
}

/// Writes a file, which keeps its time if it holds `text` already.
///
/// # Errors
/// It cannot be written.
pub fn write_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(file("cannot create", folder))?;
    }
    fs::write(path, text).map_err(file("cannot write", path))
}

/// Says what was to be done with which file.
fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let what = format!("{what} {}", path.display());
    move |error| Error::File { what, error }
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
        remap(&mut build, Path::new("/somewhere/else"), &folder).unwrap();
        let mut rustc = Command::new(folder.join("rustc"));
        for (name, value) in build.get_envs() {
            rustc.env(name, value.unwrap());
        }
        let told = rustc.args(["echo", "--crate-name"]).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let first = "--crate-name --remap-path-prefix=/somewhere/else=/workspace ";
        assert!(told.starts_with(first), "{told}");
        assert!(told.trim_end().ends_with("=/cargo"), "{told}");
    }
}
