//! What makes a command that was broken off safe to run again.
//!
//! A transaction is noted in a file before it is sent, and the note goes when the command's result is told. A command that finds a
//! note of its own from an earlier run first finds out what became of that transaction, whose signature lets it land once at
//! most. A command is known again by its parsed arguments and where its keys are, on the same chain.

use {
    crate::{
        config::Settings,
        failure::{Failure, Result},
        output::Fields,
        parse::hex,
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    serde::{Deserialize, Serialize},
    sluice_client::{
        Ledger,
        ledger::{self, Lifetime},
    },
    solana_transaction::Transaction,
    std::{
        fs::{self, File, OpenOptions},
        io::{self, Read, Seek, Write},
        path::{Path, PathBuf},
    },
};

/// The note of one command.
pub struct Journal {
    dir: Option<PathBuf>,
    /// Hash of what tells this command from others.
    name: String,
    /// The file, locked, once there is one.
    held: Option<(PathBuf, File)>,
    in_steps: bool,
    in_doubt: bool,
}

/// What is in a note.
#[derive(Serialize, Deserialize)]
struct Note {
    /// The signed transaction, wire format in base64.
    transaction: String,
    lifetime: NotedLifetime,
    /// True when the command is done once this landed.
    is_last: bool,
    /// The command's result.
    fields: Fields,
}

#[derive(Serialize, Deserialize)]
enum NotedLifetime {
    Blockhash {
        hash: String,
        last_valid_block_height: u64,
        slot: u64,
    },
    Nonce {
        account: String,
        value: String,
        slot: u64,
    },
}

/// A transaction that an earlier run left on its way.
pub struct Left {
    pub transaction: Transaction,
    pub lifetime: Lifetime,
    pub is_last: bool,
    pub fields: Fields,
}

impl Journal {
    /// The journal of the command that `intent` describes; no file is touched yet.
    pub fn of(settings: &Settings, intent: &str) -> Self {
        let parts = [
            Some(intent),
            Some(&settings.keypair),
            settings.fee_payer.as_deref(),
            settings.memo.as_deref(),
        ];
        let identity: String = parts.iter().map(|part| format!("{part:?}")).collect();
        let hash = sluice::hash::sha256(&[identity.as_bytes()]);
        Self {
            dir: settings.state.clone(),
            name: hex(hash.first_chunk::<16>().unwrap_or(&[0; 16])),
            held: None,
            in_steps: false,
            in_doubt: false,
        }
    }

    /// Keeps the note, whatever becomes of the command: it is not known what became of the transaction.
    pub const fn doubt(&mut self) {
        self.in_doubt = true;
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

    /// The transaction that an earlier run of this command left on its way on this chain, if there is one.
    pub fn left(&mut self, ledger: &impl Ledger) -> Result<Option<Left>> {
        let Some(dir) = &self.dir else {
            return Ok(None);
        };
        if !has_note(dir, &self.name) {
            return Ok(None);
        }
        let path = self.path(dir, ledger)?;
        let Ok(mut file) = OpenOptions::new().read(true).write(true).open(&path) else {
            return Ok(None);
        };
        // Another run of the same command may be at work: what it does counts, so wait for it.
        file.lock().map_err(|error| unusable(&path, &error))?;
        if !path.exists() {
            return Ok(None);
        }
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| unusable(&path, &error))?;
        self.held = Some((path, file));
        // A note is written whole before anything is sent: a torn one is of a transaction that was not.
        let left = serde_json::from_str(&text).ok().and_then(Left::of);
        if left.is_none() {
            self.forget();
        }
        Ok(left)
    }

    /// Notes a transaction that is about to be sent.
    pub fn note(
        &mut self,
        ledger: &impl Ledger,
        transaction: &Transaction,
        lifetime: &Lifetime,
        fields: &Fields,
    ) -> Result<()> {
        let note = Note {
            transaction: BASE64_STANDARD.encode(ledger::wire(transaction)?),
            lifetime: lifetime.into(),
            is_last: !self.in_steps,
            fields: fields.clone(),
        };
        let text = serde_json::to_vec(&note)
            .map_err(|error| Failure::input(format!("the note cannot be written: {error}")))?;
        if self.held.is_none() {
            self.held = Some(self.create(ledger)?);
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

    fn create(&self, ledger: &impl Ledger) -> Result<(PathBuf, File)> {
        let dir = self.dir.as_ref().ok_or_else(|| {
            Failure::input(
                "there is no place to note transactions on their way: set HOME, or give --state-dir",
            )
        })?;
        fs::create_dir_all(dir).map_err(|error| unusable(dir, &error))?;
        let path = self.path(dir, ledger)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => at_work(),
                _ => unusable(&path, &error),
            })?;
        file.lock().map_err(|error| unusable(&path, &error))?;
        if path.exists() {
            Ok((path, file))
        } else {
            Err(at_work())
        }
    }

    fn path(&self, dir: &Path, ledger: &impl Ledger) -> Result<PathBuf> {
        let chain = hex(ledger
            .genesis()?
            .as_bytes()
            .first_chunk::<4>()
            .unwrap_or(&[0; 4]));
        Ok(dir.join(format!("{}-{chain}.json", self.name)))
    }
}

fn at_work() -> Failure {
    Failure::input(
        "the same command is being run by another process: wait for it, then run this again",
    )
}

/// True when some chain has a note of this name.
fn has_note(dir: &Path, name: &str) -> bool {
    fs::read_dir(dir).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with(name))
    })
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

impl Left {
    fn of(note: Note) -> Option<Self> {
        let wire = BASE64_STANDARD.decode(&note.transaction).ok()?;
        Some(Self {
            transaction: ledger::from_wire(&wire)?,
            lifetime: note.lifetime.read()?,
            is_last: note.is_last,
            fields: note.fields,
        })
    }
}

impl From<&Lifetime> for NotedLifetime {
    fn from(lifetime: &Lifetime) -> Self {
        match *lifetime {
            Lifetime::Blockhash {
                hash,
                last_valid_block_height,
                slot,
            } => Self::Blockhash {
                hash: hash.to_string(),
                last_valid_block_height,
                slot,
            },
            Lifetime::Nonce {
                account,
                value,
                slot,
            } => Self::Nonce {
                account: account.to_string(),
                value: value.to_string(),
                slot,
            },
        }
    }
}

impl NotedLifetime {
    fn read(&self) -> Option<Lifetime> {
        Some(match self {
            Self::Blockhash {
                hash,
                last_valid_block_height,
                slot,
            } => Lifetime::Blockhash {
                hash: hash.parse().ok()?,
                last_valid_block_height: *last_valid_block_height,
                slot: *slot,
            },
            Self::Nonce {
                account,
                value,
                slot,
            } => Lifetime::Nonce {
                account: account.parse().ok()?,
                value: value.parse().ok()?,
                slot: *slot,
            },
        })
    }
}
