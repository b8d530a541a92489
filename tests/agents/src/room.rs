//! A disk that fills: a small file system in memory. Only root can set one up.

use {
    anyhow::{Context, Result, ensure},
    std::{
        fs::{self, File},
        io::Write,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// The file that takes what is left.
const FILLER: &str = "filler";

/// A small disk. It goes, with all that is on it, when this is dropped.
pub struct Room {
    at: PathBuf,
}

/// True if this process may set up file systems.
pub fn is_allowed() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|told| told.stdout.trim_ascii() == b"0")
}

impl Room {
    /// A disk of so many KiB at this folder.
    ///
    /// # Errors
    /// Where it cannot be set up.
    pub fn at(folder: &Path, kib: u32) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let size = format!("size={kib}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder)
            .status()?;
        ensure!(mount.success(), "nothing is set up at {}", folder.display());
        Ok(Self {
            at: folder.to_owned(),
        })
    }

    /// Takes all that is left.
    ///
    /// # Errors
    /// Where there is room still.
    pub fn fill(&self) -> Result<()> {
        let mut filler = File::create(self.at.join(FILLER)).context("the filler")?;
        let mut bytes = vec![0u8; 1 << 20];
        while !bytes.is_empty() {
            if filler.write_all(&bytes).is_err() {
                bytes.truncate(bytes.len() / 2);
            }
        }
        Ok(())
    }

    /// Gives it back.
    ///
    /// # Errors
    /// The system's.
    pub fn clear(&self) -> Result<()> {
        Ok(fs::remove_file(self.at.join(FILLER))?)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // Lazily: a process that ends has files open there still.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}
