//! One file of a journal, held by this process.

use {
    super::{
        error::{NotJournalled, Result, unusable},
        line::{Found, Stage, WORD_AT},
    },
    crate::held::{NotHeld, hold, is_at},
    solana_address::Address,
    std::{
        fs::{self, File, Metadata, OpenOptions},
        io::{self, Read, Seek, SeekFrom, Write},
        path::{Path, PathBuf},
        thread::sleep,
        time::{Duration, Instant},
    },
};

/// How long another process may hold the file before this one gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A file, locked.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines.
    len: u64,
    /// Where the last line that was added begins.
    last: u64,
    /// A write failed and could not be undone: what stands behind the whole lines is its own.
    is_torn: bool,
}

impl Place {
    /// Opens the file at `path`, or begins it, and reads what the journal of `key` says there. It is not changed.
    pub fn open(path: &Path, key: &Address) -> Result<(Self, Found)> {
        let failed = |cause| unusable(path, cause);
        let mut file = wait_for(path)?;
        require_own(path, &file.metadata().map_err(failed)?)?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).map_err(failed)?;
        let found =
            Found::read(&bytes, &key.to_string()).map_err(|line| NotJournalled::Damaged {
                key: *key,
                path: path.to_owned(),
                line,
            })?;
        let place = Self {
            path: path.to_owned(),
            file,
            len: found.len as u64,
            last: found.len as u64,
            is_torn: false,
        };
        Ok((place, found))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True when `path` is another name of this file.
    pub fn is_also(&self, path: &Path) -> bool {
        path.exists() && is_at(&self.file, path)
    }

    /// Fails when the file is not what this process left at its path.
    pub fn require_kept(&self) -> Result<()> {
        let len = self.file.metadata().map(|found| found.len());
        let is_kept = match len {
            Ok(len) => len == self.len || self.is_torn && len > self.len,
            Err(_) => false,
        };
        if is_kept && is_at(&self.file, &self.path) {
            Ok(())
        } else {
            Err(NotJournalled::Replaced(self.path.clone()))
        }
    }

    /// Brings the file to its whole lines, which it then ends with. The process before may have been killed between writing and
    /// syncing.
    pub fn clean(&mut self, lacks_end: bool) -> Result<()> {
        self.try_clean(lacks_end)
            .map_err(|cause| unusable(&self.path, cause))
    }

    fn try_clean(&mut self, lacks_end: bool) -> io::Result<()> {
        self.file.set_len(self.len)?;
        if lacks_end {
            self.file.seek(SeekFrom::Start(self.len))?;
            self.file.write_all(b"\n")?;
            self.len = self.len.saturating_add(1);
        }
        self.file.sync_all()?;
        // The file's name has to last as well as what is in it.
        self.path
            .parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }

    /// Writes `lines`, of which each was asked about before.
    pub fn copy(&mut self, lines: &[u8]) -> Result<()> {
        self.write(self.len, lines)?;
        self.keep(lines);
        Ok(())
    }

    /// Writes a line, whose word is still "adding", without counting it.
    pub fn add(&mut self, line: &[u8]) -> Result<()> {
        if self.is_torn {
            self.try_undo()
                .map_err(|cause| unusable(&self.path, cause))?;
        }
        self.write(self.len, line)
    }

    /// Says that the key is about to be asked about the line that was added.
    pub fn ask(&mut self) -> Result<()> {
        self.write(word_of(self.len), Stage::Asking.word().as_bytes())
    }

    /// Counts the line.
    pub const fn keep(&mut self, line: &[u8]) {
        self.last = self.len;
        self.len = self.len.saturating_add(line.len() as u64);
    }

    /// Says that the last line's signature was made. That is for people: should it fail, the line says that its key was asked.
    pub fn tell_signed(&mut self) {
        step();
        let _ = self
            .file
            .seek(SeekFrom::Start(word_of(self.last)))
            .and_then(|_| self.file.write_all(Stage::Signed.word().as_bytes()));
    }

    /// Takes the last line back, whose key certainly signed nothing.
    pub fn retract(&mut self) {
        self.len = self.last;
        self.undo();
    }

    /// Removes what stands behind the whole lines; if that fails, the next line removes it.
    pub fn undo(&mut self) {
        let _ = self.try_undo();
    }

    fn try_undo(&mut self) -> io::Result<()> {
        self.is_torn = true;
        self.file.set_len(self.len)?;
        self.sync()?;
        self.is_torn = false;
        Ok(())
    }

    /// From now on the file can only be read.
    #[cfg(test)]
    pub fn break_file(&mut self) {
        self.file = File::open(&self.path).unwrap();
    }

    /// On the disk before it returns.
    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<()> {
        self.try_write(at, bytes)
            .map_err(|cause| unusable(&self.path, cause))
    }

    fn try_write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.is_torn = true;
        self.file.seek(SeekFrom::Start(at))?;
        step();
        self.file.write_all(bytes)?;
        self.sync()?;
        self.is_torn = false;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        step();
        self.file.sync_data()?;
        step();
        Ok(())
    }
}

const fn word_of(line: u64) -> u64 {
    line.saturating_add(WORD_AT as u64)
}

/// The file at `path`, locked, once no other process holds it.
fn wait_for(path: &Path) -> Result<File> {
    let begin = Instant::now();
    loop {
        if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(unusable(path, io::Error::other("it is no file of its own")));
        }
        let file = create(path).map_err(|cause| unusable(path, cause))?;
        match hold(&file, path) {
            Ok(()) => return Ok(file),
            Err(NotHeld::Failed(cause)) => return Err(unusable(path, cause)),
            Err(NotHeld::Taken) if begin.elapsed() > PATIENCE => {
                return Err(NotJournalled::AtWork(path.to_owned()));
            }
            Err(NotHeld::Taken) => sleep(Duration::from_millis(20)),
        }
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Refuses a file that others may write, or remove.
#[cfg(unix)]
fn require_own(path: &Path, file: &Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    const BY_GROUP_OR_OTHERS: u32 = 0o022;
    const BY_OTHERS: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    if file.mode() & BY_GROUP_OR_OTHERS != 0 {
        return Err(NotJournalled::Exposed(path.to_owned()));
    }
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let mode = fs::metadata(folder)
        .map_err(|cause| unusable(folder, cause))?
        .mode();
    if mode & BY_OTHERS != 0 && mode & STICKY == 0 {
        return Err(NotJournalled::Exposed(folder.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn require_own(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// Where a process may be killed.
#[cfg(test)]
fn step() {
    super::crash::step();
}

#[cfg(not(test))]
const fn step() {}
