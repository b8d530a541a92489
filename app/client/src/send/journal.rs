//! What makes a run that was broken off safe to repeat.
//!
//! A transaction is noted in a file before it is sent, and the note goes when its result is told or kept. A run that finds a note of its
//! own from an earlier one first finds out what became of that transaction, whose signature lets it land once at most. A run
//! is known again by its intent and its keys, on the same chain: one file each, locked as long as a process is at work on it.

use {
    super::{
        Error, Left, Result,
        note::{self, Note},
    },
    crate::{
        held::{NotHeld, hold},
        hex,
        ledger::{Ledger, Lifetime},
    },
    serde::{Serialize, de::DeserializeOwned},
    solana_address::Address,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{
        fs::{self, File, OpenOptions, TryLockError},
        io::{self, Read, Seek, Write},
        path::{Path, PathBuf},
    },
};

/// The notes of one intent: what a command, or a daemon's task, is to do.
pub struct Journal {
    dir: Option<PathBuf>,
    /// Hash of what is to be done, whoever signs.
    intent: String,
    /// The file, locked, once there is one.
    held: Option<(PathBuf, File)>,
    in_steps: bool,
    in_doubt: bool,
}

/// Whose intent it is: who signs and who pays.
pub type Keys = [Address; 2];

impl Journal {
    /// The journal in `dir` of what `intent` describes; no file is touched yet. Without a directory nothing can be sent.
    pub fn of(dir: Option<PathBuf>, intent: &str) -> Self {
        Self {
            dir,
            intent: short(intent.as_bytes()),
            held: None,
            in_steps: false,
            in_doubt: false,
        }
    }

    /// Keeps the note until a later run: it is not known what became of the transaction.
    pub(super) const fn doubt(&mut self) {
        self.in_doubt = true;
    }

    /// Refuses to send anything after a transaction of which it is not known what became.
    pub const fn require_no_doubt(&self) -> Result<()> {
        if self.in_doubt {
            Err(Error::InDoubt)
        } else {
            Ok(())
        }
    }

    /// True when it is not known what became of a transaction.
    pub const fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// Ends the run, whose result is told or kept: its note goes, unless it is in doubt.
    pub fn close(&mut self) {
        if !self.in_doubt {
            self.forget();
        }
    }

    /// Sets whether the run goes on after this transaction, from what the chain then holds; returns what was set before.
    pub const fn in_steps(&mut self, in_steps: bool) -> bool {
        std::mem::replace(&mut self.in_steps, in_steps)
    }

    /// True when there is a note of this intent, of any key on any chain.
    pub fn has_any(&self) -> bool {
        let Some(Ok(entries)) = self.dir.as_ref().map(fs::read_dir) else {
            return false;
        };
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with(&self.intent)
        })
    }

    /// The transaction that an earlier run left on its way on this chain, if there is one, with its result as a `T`. It stays in doubt
    /// until [`Left::settle`] knows better.
    ///
    /// Fails when another process is at work on it, and when the note is of another version or result.
    pub fn left<T: DeserializeOwned>(
        &mut self,
        ledger: &impl Ledger,
        keys: &Keys,
    ) -> Result<Option<Left<T>>> {
        let Some(dir) = &self.dir else {
            return Ok(None);
        };
        let path = self.path(dir, ledger, keys)?;
        let mut file = match OpenOptions::new().read(true).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(|error| unusable(&path, error))?,
        };
        lock(&file, &path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| unusable(&path, error))?;
        let left = note::read(&text, &path)?;
        self.held = Some((path, file));
        match left {
            Some(_) => self.in_doubt = true,
            // A note is written whole before anything is sent: a torn one is of a transaction that was not.
            None => self.forget(),
        }
        Ok(left)
    }

    /// What became of the transaction is known.
    pub(super) const fn settled(&mut self) {
        self.in_doubt = false;
    }

    /// Notes a transaction that is about to be sent.
    pub(super) fn note(
        &mut self,
        ledger: &impl Ledger,
        keys: &Keys,
        transaction: &Transaction,
        lifetime: &Lifetime,
        result: &impl Serialize,
    ) -> Result<()> {
        let text = Note::of(transaction, lifetime, !self.in_steps, result)?.text()?;
        if self.held.is_none() {
            self.held = Some(self.create(ledger, keys)?);
        }
        if let Some((path, file)) = &mut self.held {
            write(file, &text).map_err(|error| unusable(path, error))?;
        }
        Ok(())
    }

    /// Removes the note.
    pub(super) fn forget(&mut self) {
        if let Some((path, _file)) = self.held.take() {
            // What cannot be removed is found out about by the next run, as any other.
            let _ = fs::remove_file(path);
        }
    }

    fn create(&self, ledger: &impl Ledger, keys: &Keys) -> Result<(PathBuf, File)> {
        let dir = self.dir.as_ref().ok_or(Error::NoDirectory)?;
        fs::create_dir_all(dir).map_err(|error| unusable(dir, error))?;
        let path = self.path(dir, ledger, keys)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => taken(&path),
                _ => unusable(&path, error),
            })?;
        lock(&file, &path)?;
        // The name has to last as well as what is in it.
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(|error| unusable(dir, error))?;
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

/// A transaction that was noted and whose result was not told: on its way, or left by a run that was broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Of the transaction.
    pub signature: Signature,
    /// When it was noted, unix seconds of this machine.
    pub at: i64,
    /// True while a process is at work on it.
    pub is_at_work: bool,
}

/// The transactions that are noted in `dir`, the oldest first; none where there is no such directory.
///
/// # Errors
///
/// When the directory cannot be read.
pub fn noted(dir: &Path) -> io::Result<Vec<Noted>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let mut found = vec![];
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        // One that was told meanwhile is gone.
        let Ok(file) = File::open(&path) else {
            continue;
        };
        let is_at_work = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        // Else whoever begins to work on it now would take this for a process that does.
        drop(file);
        let noted = fs::read_to_string(&path).ok();
        let noted = noted.and_then(|text| note::signed(&text));
        found.extend(noted.map(|(signature, at)| Noted {
            signature,
            at,
            is_at_work,
        }));
    }
    found.sort_by_key(|noted| noted.at);
    Ok(found)
}

/// Enough of a hash, in hexadecimal, to tell intents, keys and chains apart.
fn short(bytes: &[u8]) -> String {
    let mut digits = hex::encode(&sluice::hash::sha256(&[bytes]));
    digits.truncate(24);
    digits
}

/// Why there is a note at `path` already: somebody is at work on it, or a run was broken off.
fn taken(path: &Path) -> Error {
    let open = File::open(path).map_err(|error| unusable(path, error));
    match open.and_then(|file| lock(&file, path)) {
        Ok(()) => Error::LeftBehind,
        Err(why) => why,
    }
}

/// Locks the file at `path`, which has to be the one that is there still.
fn lock(file: &File, path: &Path) -> Result<()> {
    hold(file, path).map_err(|why| match why {
        NotHeld::Taken => Error::AtWork,
        NotHeld::Failed(cause) => unusable(path, cause),
    })
}

/// On the disk before it returns.
fn write(file: &mut File, text: &[u8]) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text)?;
    file.sync_data()
}

fn unusable(path: &Path, cause: io::Error) -> Error {
    Error::Unusable {
        path: path.to_owned(),
        cause,
    }
}
