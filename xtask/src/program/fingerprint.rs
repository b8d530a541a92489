//! Tells whether the deployed ELF was made from the sources as they are, by their contents and not by their times.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::sha256;
use crate::workspace::Workspace;

/// Files and folders the ELF is made from or by. Folders count with everything in them.
const SOURCES: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "programs",
    "xtask/sbf-link/Cargo.toml",
    "xtask/sbf-link/src",
    "xtask/src/program.rs",
    "xtask/src/program",
];

pub struct Fingerprint {
    sources: String,
    stamp: PathBuf,
}

impl Fingerprint {
    pub fn of(workspace: &Workspace, route: &str) -> Result<Self> {
        let mut hasher = Sha256::new();
        hasher.update(route);
        for source in SOURCES {
            add(&mut hasher, &workspace.root, Path::new(source))?;
        }
        let sources = hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            sources,
            stamp: workspace.target().join("sbf").join("stamp"),
        })
    }

    /// The deployed ELF, if it is the one recorded for these sources.
    pub fn up_to_date(&self, deployed: &Path) -> Option<Vec<u8>> {
        let elf = fs::read(deployed).ok()?;
        let stamp = fs::read_to_string(&self.stamp).ok()?;
        (stamp == self.line(&elf)).then_some(elf)
    }

    /// Records that these sources made this ELF.
    pub fn record(&self, elf: &[u8]) -> Result<()> {
        if let Some(folder) = self.stamp.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::write(&self.stamp, self.line(elf))
            .with_context(|| format!("cannot write {}", self.stamp.display()))
    }

    fn line(&self, elf: &[u8]) -> String {
        format!("sources {}\nelf {}\n", self.sources, sha256(elf))
    }
}

/// Adds a file, or a folder in the order of its names. Names and lengths are hashed too, so that moves are seen.
fn add(hasher: &mut Sha256, root: &Path, relative: &Path) -> Result<()> {
    let path = root.join(relative);
    if path.is_dir() {
        let entries =
            fs::read_dir(&path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let mut names: Vec<_> = entries
            .with_context(|| format!("cannot list {}", path.display()))?
            .into_iter()
            .map(|entry| entry.file_name())
            .collect();
        names.sort();
        return names
            .iter()
            .try_for_each(|name| add(hasher, root, &relative.join(name)));
    }
    let contents = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = relative.as_os_str().as_encoded_bytes();
    for part in [name, contents.as_slice()] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(files: &[(&str, &str)]) -> Vec<u8> {
        let names: String = files
            .iter()
            .map(|(name, contents)| format!("{name}-{contents}-"))
            .collect();
        let root = std::env::temp_dir().join(format!(
            "fingerprint-{}-{}",
            std::process::id(),
            sha256(names.as_bytes())
        ));
        for (name, contents) in files {
            let path = root.join("src").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, contents).unwrap();
        }
        let mut hasher = Sha256::new();
        add(&mut hasher, &root, Path::new("src")).unwrap();
        fs::remove_dir_all(&root).unwrap();
        hasher.finalize().to_vec()
    }

    #[test]
    fn contents_and_names_count_and_times_do_not() {
        let first = hash_of(&[("a.rs", "one"), ("b/c.rs", "two")]);
        assert_eq!(first, hash_of(&[("b/c.rs", "two"), ("a.rs", "one")]));
        assert_ne!(first, hash_of(&[("a.rs", "one"), ("b/c.rs", "three")]));
        assert_ne!(first, hash_of(&[("a.rs", "one"), ("b/d.rs", "two")]));
        assert_ne!(first, hash_of(&[("a.rs", "on"), ("b/c.rs", "etwo")]));
    }
}
