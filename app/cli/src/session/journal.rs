//! What makes a command that was broken off safe to run again.
//!
//! A transaction is noted in a file before it is sent, and the note goes when the command's result is told. A command that finds a
//! note of its own from an earlier run first finds out what became of that transaction, whose signature lets it land once at
//! most. A command is known again by its parsed arguments, what is in the files that they name, and its keys, on the same chain.

mod note;

pub use note::Left;

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::hex,
    },
    note::Note,
    sluice_client::{Ledger, ledger::Lifetime},
    solana_address::Address,
    solana_transaction::Transaction,
    std::{
        fs::{self, File, OpenOptions, TryLockError},
        io::{self, Read, Seek, Write},
        path::{Path, PathBuf},
    },
};

/// The notes of one command.
pub struct Journal {
    dir: Option<PathBuf>,
    /// Hash of what the command is to do, whoever signs.
    intent: String,
    /// The file, locked, once there is one.
    held: Option<(PathBuf, File)>,
    in_steps: bool,
    in_doubt: bool,
}

/// Whose command it is: who signs and who pays.
pub type Keys = [Address; 2];

impl Journal {
    /// The journal in `dir` of the command that `intent` describes; no file is touched yet.
    pub fn of(dir: Option<PathBuf>, intent: &str) -> Self {
        Self {
            dir,
            intent: short(intent.as_bytes()),
            held: None,
            in_steps: false,
            in_doubt: false,
        }
    }

    /// Keeps the note, whatever becomes of the command: it is not known what became of the transaction.
    pub const fn doubt(&mut self) {
        self.in_doubt = true;
    }

    /// True when it is not known what became of a transaction.
    pub const fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// Ends the command.
    pub fn close(&mut self) {
        if !self.in_doubt {
            self.forget();
        }
    }

    /// Sets whether the command goes on after this transaction, from what the chain then holds; returns what was set before.
    pub const fn in_steps(&mut self, in_steps: bool) -> bool {
        std::mem::replace(&mut self.in_steps, in_steps)
    }

    /// True when there is a note of this command, of any key on any chain.
    pub fn has_any(&self) -> bool {
        let Some(Ok(entries)) = self.dir.as_ref().map(fs::read_dir) else {
            return false;
        };
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with(&self.intent)
        })
    }

    /// The transaction that an earlier run of this command left on its way on this chain, if there is one. It stays in doubt
    /// until [`Self::settled`].
    pub fn left(&mut self, ledger: &impl Ledger, keys: &Keys) -> Result<Option<Left>> {
        let Some(dir) = &self.dir else {
            return Ok(None);
        };
        let path = self.path(dir, ledger, keys)?;
        let mut file = match OpenOptions::new().read(true).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(|error| unusable(&path, &error))?,
        };
        lock(&file, &path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| unusable(&path, &error))?;
        let left = Note::read(&text, &path)?;
        self.held = Some((path, file));
        match left {
            Some(_) => self.in_doubt = true,
            // A note is written whole before anything is sent: a torn one is of a transaction that was not.
            None => self.forget(),
        }
        Ok(left)
    }

    /// What became of the transaction is known.
    pub const fn settled(&mut self) {
        self.in_doubt = false;
    }

    /// Notes a transaction that is about to be sent.
    pub fn note(
        &mut self,
        ledger: &impl Ledger,
        keys: &Keys,
        transaction: &Transaction,
        lifetime: &Lifetime,
        fields: &Fields,
    ) -> Result<()> {
        let text = Note::of(transaction, lifetime, !self.in_steps, fields)?.text()?;
        if self.held.is_none() {
            self.held = Some(self.create(ledger, keys)?);
        }
        if let Some((path, file)) = &mut self.held {
            write(file, &text).map_err(|error| unusable(path, &error))?;
        }
        Ok(())
    }

    /// Removes the note.
    pub fn forget(&mut self) {
        if let Some((path, _file)) = self.held.take() {
            // What cannot be removed is found out about by the next run, as any other.
            let _ = fs::remove_file(path);
        }
    }

    fn create(&self, ledger: &impl Ledger, keys: &Keys) -> Result<(PathBuf, File)> {
        let dir = self.dir.as_ref().ok_or_else(|| {
            Failure::input(
                "there is no place to note transactions on their way: set HOME, or give --state-dir",
            )
        })?;
        fs::create_dir_all(dir).map_err(|error| unusable(dir, &error))?;
        let path = self.path(dir, ledger, keys)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => at_work(),
                _ => unusable(&path, &error),
            })?;
        lock(&file, &path)?;
        // The name has to last as well as what is in it.
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(|error| unusable(dir, &error))?;
        Ok((path, file))
    }

    fn path(&self, dir: &Path, ledger: &impl Ledger, keys: &Keys) -> Result<PathBuf> {
        let whose = keys
            .iter()
            .flat_map(|key| key.to_bytes())
            .collect::<Vec<_>>();
        let chain = ledger.genesis()?;
        Ok(dir.join(format!(
            "{}-{}-{}.json",
            self.intent,
            short(&whose),
            short(chain.as_bytes())
        )))
    }
}

/// Enough of a hash to tell commands, keys and chains apart.
fn short(bytes: &[u8]) -> String {
    let hash = sluice::hash::sha256(&[bytes]);
    hex(hash.first_chunk::<12>().unwrap_or(&[0; 12]))
}

/// Locks the file at `path`, which has to be the one that is there still.
fn lock(file: &File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Ok(()) if is_at(file, path) => Ok(()),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(at_work()),
        Err(TryLockError::Error(error)) => Err(unusable(path, &error)),
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |found: io::Result<fs::Metadata>| found.ok().map(|found| (found.dev(), found.ino()));
    of(file.metadata()).is_some_and(|own| of(fs::metadata(path)) == Some(own))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

fn at_work() -> Failure {
    Failure::input(
        "the same command is being run by another process: wait for it, then run this again",
    )
}

/// On the disk before it returns.
fn write(file: &mut File, text: &[u8]) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text)?;
    file.sync_data()
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}
