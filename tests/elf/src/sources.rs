//! What an ELF was made from, by the contents of the files and not by their times.

use {
    crate::{hex, sha256},
    sha2::{Digest, Sha256},
    std::{
        fs, io,
        path::{Path, PathBuf},
    },
};

/// Files and folders the ELF is made from or by. Folders count with everything in them.
const SOURCES: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "programs/sluice/Cargo.toml",
    "programs/sluice/src",
    "programs/sluice/math/Cargo.toml",
    "programs/sluice/math/src",
    "app/work/toolchain/Cargo.toml",
    "app/work/toolchain/src",
    "xtask/sbf-link/Cargo.toml",
    "xtask/sbf-link/src",
    "xtask/src/program.rs",
    "xtask/src/program",
];

/// The sources as they are, and the record of those that made the ELF.
pub struct Sources {
    sha256: String,
    record: PathBuf,
}

impl Sources {
    /// Those of the workspace at `root`.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut hasher = Sha256::new();
        for source in SOURCES {
            add(&mut hasher, root, Path::new(source))?;
        }
        Ok(Self {
            sha256: hex(&hasher.finalize()),
            record: root.join("target/sbf/stamp"),
        })
    }

    /// True if these sources are recorded as what made `elf`.
    pub fn made(&self, elf: &[u8]) -> bool {
        self.recorded().starts_with(&self.origin(elf))
    }

    /// True if they are, and `tools` as what made it of them.
    pub fn made_with(&self, tools: &str, elf: &[u8]) -> bool {
        self.recorded() == self.origin(elf) + &with(tools)
    }

    /// Records that `tools` made `elf` from these sources.
    ///
    /// # Errors
    ///
    /// If the record cannot be written.
    pub fn record(&self, tools: &str, elf: &[u8]) -> io::Result<()> {
        if let Some(folder) = self.record.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.record, self.origin(elf) + &with(tools))
    }

    /// Nothing if no ELF was made yet.
    fn recorded(&self) -> String {
        fs::read_to_string(&self.record).unwrap_or_default()
    }

    fn origin(&self, elf: &[u8]) -> String {
        format!("sources {}\nelf {}\n", self.sha256, sha256(elf))
    }
}

fn with(tools: &str) -> String {
    format!("tools {}\n", sha256(tools.as_bytes()))
}

/// Adds a file, or a folder in the order of its names. Names and lengths are hashed too, so that moves are seen.
fn add(hasher: &mut Sha256, root: &Path, relative: &Path) -> io::Result<()> {
    let path = root.join(relative);
    let named = |error: io::Error| io::Error::other(format!("{}: {error}", path.display()));
    if path.is_dir() {
        let entries =
            fs::read_dir(&path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let entries = entries.map_err(named)?.into_iter();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
        names.sort();
        return names
            .iter()
            .try_for_each(|name| add(hasher, root, &relative.join(name)));
    }
    let contents = fs::read(&path).map_err(named)?;
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

    /// A workspace in which each source holds its own name.
    struct Workspace(PathBuf);

    impl Workspace {
        fn new(name: &str) -> Self {
            let root =
                std::env::temp_dir().join(format!("sluice-elf-{}-{name}", std::process::id()));
            let workspace = Self(root);
            for source in SOURCES {
                let file = if source.ends_with("src") || source.ends_with("program") {
                    format!("{source}/a.rs")
                } else {
                    source.to_owned()
                };
                workspace.write(&file, source);
            }
            workspace
        }

        fn write(&self, file: &str, contents: &str) {
            let path = self.0.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, contents).unwrap();
        }

        fn sources(&self) -> Sources {
            Sources::read(&self.0).unwrap()
        }
    }

    impl Drop for Workspace {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn contents_and_names_count_and_times_do_not() {
        let workspace = Workspace::new("contents");
        let hash = || workspace.sources().sha256;
        let first = hash();
        for file in ["programs/sluice/src/a.rs", "Cargo.lock"] {
            let contents = fs::read_to_string(workspace.0.join(file)).unwrap();
            workspace.write(file, "other");
            assert_ne!(hash(), first, "{file}");
            workspace.write(file, &contents);
            assert_eq!(hash(), first, "{file}");
        }
        workspace.write("programs/sluice/math/tests/fees.rs", "a test");
        assert_eq!(hash(), first);
        let folder = workspace.0.join("programs/sluice/math/src");
        fs::rename(folder.join("a.rs"), folder.join("b.rs")).unwrap();
        assert_ne!(hash(), first);
    }

    #[test]
    fn an_elf_is_refused_when_a_source_changes() {
        let workspace = Workspace::new("refused");
        let current = || crate::current(&workspace.0);
        assert!(current().unwrap_err().contains("is missing"));
        workspace.write("target/deploy/sluice.so", "an ELF");
        assert!(current().unwrap_err().contains("was not made from"));
        workspace.sources().record("tools", b"an ELF").unwrap();
        assert_eq!(current(), Ok(crate::deployed(&workspace.0)));
        workspace.write("programs/sluice/src/a.rs", "a change");
        assert!(current().unwrap_err().contains("was not made from"));
        workspace.sources().record("tools", b"an ELF").unwrap();
        assert!(current().is_ok());
        workspace.write("target/deploy/sluice.so", "another ELF");
        assert!(current().unwrap_err().contains("run `cargo xtask build`"));
        fs::remove_file(workspace.0.join("Cargo.lock")).unwrap();
        assert!(current().unwrap_err().contains("Cargo.lock"));
    }

    #[test]
    fn an_elf_of_other_tools_is_built_anew_and_may_be_tested() {
        let workspace = Workspace::new("tools");
        let sources = workspace.sources();
        sources.record("platform-tools", b"an ELF").unwrap();
        assert!(sources.made_with("platform-tools", b"an ELF"));
        assert!(!sources.made_with("upstream", b"an ELF"));
        assert!(sources.made(b"an ELF"));
        assert!(!sources.made(b"another ELF"));
    }
}
