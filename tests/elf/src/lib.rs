//! The program's ELF, and whether it was made from the sources as they are.
//!
//! `cargo xtask build` records which sources made the ELF; the tests refuse one that other sources made.

mod sources;

pub use sources::Sources;
use {
    sha2::{Digest, Sha256},
    std::{
        fs,
        path::{Path, PathBuf},
        sync::OnceLock,
    },
};

/// Where the ELF lies in the workspace at `root`.
pub fn deployed(root: &Path) -> PathBuf {
    root.join("target/deploy/sluice.so")
}

/// The ELF that the tests load.
///
/// # Panics
///
/// If it is missing, or other sources made it. The sources are read once in a process.
pub fn built() -> &'static Path {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match BUILT.get_or_init(|| current(&root)) {
        Ok(elf) => elf,
        Err(why) => panic!("{why}"),
    }
}

/// The ELF of the workspace at `root`, if the sources as they are made it.
fn current(root: &Path) -> Result<PathBuf, String> {
    let path = deployed(root);
    let Ok(elf) = fs::read(&path) else {
        return Err("target/deploy/sluice.so is missing: run `cargo xtask build`".to_owned());
    };
    let sources = Sources::read(root)
        .map_err(|error| format!("cannot read the program's sources: {error}"))?;
    if !sources.made(&elf) {
        return Err(
            "target/deploy/sluice.so was not made from the program's sources as they are: run `cargo xtask build`"
                .to_owned(),
        );
    }
    Ok(path)
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
