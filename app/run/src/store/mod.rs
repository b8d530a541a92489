//! What is remembered of a run, in one SQLite file: whatever instant the machine stops at, what was written is there, and a second start goes
//! on from it.
//!
//! One process works on a run at a time; another one may read it, and may ask it to cancel. What strangers wrote is in it as they wrote
//! it: who shows it wraps it in [`sluice_client::foreign::Foreign`].

mod chunks;
mod jobs;
#[cfg(test)]
mod tests;
mod windows;

use {
    crate::settings::Settings,
    rusqlite::{
        Connection, OptionalExtension, Transaction, TransactionBehavior, params,
        types::{FromSqlError, Type},
    },
    solana_address::Address,
    std::{
        fs,
        path::Path,
        sync::{Mutex, MutexGuard, PoisonError},
        time::Duration,
    },
};
pub use {
    chunks::{By, ChunkRow, ChunkState, Counts, Settled},
    jobs::{JobRow, JobStage, NewJob},
    windows::{Proof, WindowRow, WindowStage},
};

/// The database's errors.
pub type Error = rusqlite::Error;

/// What the store's calls return: the database's errors.
pub type Result<T> = rusqlite::Result<T>;

/// The file's name in the folder of a run.
pub const FILE: &str = "run.sqlite";

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS chunk (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        len INTEGER NOT NULL,
        hash BLOB NOT NULL,
        state TEXT NOT NULL,
        job INTEGER,
        by TEXT,
        reason TEXT,
        failures INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS chunk_state ON chunk (state, number);
    CREATE TABLE IF NOT EXISTS job (
        number INTEGER PRIMARY KEY,
        id INTEGER NOT NULL,
        job BLOB NOT NULL,
        offer BLOB NOT NULL,
        node BLOB NOT NULL,
        provider BLOB NOT NULL,
        owner BLOB NOT NULL,
        attester_set BLOB NOT NULL,
        spec BLOB NOT NULL,
        windows INTEGER NOT NULL,
        length_secs INTEGER NOT NULL,
        funds INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        price INTEGER NOT NULL,
        per INTEGER NOT NULL,
        offered INTEGER NOT NULL,
        context BLOB,
        stage TEXT NOT NULL,
        incarnation INTEGER,
        is_admitted INTEGER NOT NULL DEFAULT 0,
        funded INTEGER NOT NULL DEFAULT 0,
        refunded INTEGER NOT NULL DEFAULT 0,
        reason TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS place (
        job INTEGER NOT NULL,
        position INTEGER NOT NULL,
        chunk INTEGER NOT NULL,
        PRIMARY KEY (job, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS place_chunk ON place (chunk);
    CREATE TABLE IF NOT EXISTS window (
        job INTEGER NOT NULL,
        window INTEGER NOT NULL,
        stage TEXT NOT NULL,
        proof BLOB,
        matures_at INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (job, window)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS signature (
        signature TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

/// The memory. Any number of threads may use it, one at a time.
pub struct Store(Mutex<Connection>);

impl Store {
    /// A new run in `folder`, which is made: its settings and its chunks, all of it or nothing.
    ///
    /// # Errors
    /// The database's, also where the folder cannot be made or has a run already.
    pub fn create<'a>(
        folder: &Path,
        settings: &Settings,
        chunks: impl IntoIterator<Item = (&'a str, u64, &'a [u8; 32])>,
    ) -> Result<Self> {
        make(folder)?;
        let store = Self::at(folder)?;
        store.transaction(|transaction| {
            let text = serde_json::to_string(settings).map_err(unwritten)?;
            // A second run in the same folder is refused by the key.
            transaction.execute(
                "INSERT INTO setting (name, value) VALUES ('settings', ?1)",
                [text],
            )?;
            let mut insert = transaction.prepare(
                "INSERT INTO chunk (number, name, len, hash, state) VALUES (?1, ?2, ?3, ?4, 'waiting')",
            )?;
            for (number, (name, len, hash)) in (0u32..).zip(chunks) {
                insert.execute(params![number, name, integer(len), hash])?;
            }
            Ok(())
        })?;
        Ok(store)
    }

    /// The run in `folder`; `None` where there is none, or one that was not written whole.
    ///
    /// # Errors
    /// The database's.
    pub fn open(folder: &Path) -> Result<Option<Self>> {
        if !folder.join(FILE).is_file() {
            return Ok(None);
        }
        let store = Self::at(folder)?;
        Ok(store.setting("settings")?.map(|_| store))
    }

    fn at(folder: &Path) -> Result<Self> {
        let connection = Connection::open(folder.join(FILE))?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Pages: the log beside the file stays at a MiB.
        connection.pragma_update(None, "wal_autocheckpoint", 256)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(TABLES)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// What the buyer asked for.
    ///
    /// # Errors
    /// The database's, and where what is written cannot be read.
    pub fn settings(&self) -> Result<Settings> {
        let text = self.setting("settings")?.unwrap_or_default();
        serde_json::from_str(&text).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
        })
    }

    /// Asks for something else from now on.
    ///
    /// # Errors
    /// The database's.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        let text = serde_json::to_string(settings).map_err(unwritten)?;
        self.set("settings", &text)
    }

    /// A value that was set.
    ///
    /// # Errors
    /// The database's.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        let connection = self.connection();
        let mut query = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        query.query_row([name], |row| row.get(0)).optional()
    }

    /// Sets a value.
    ///
    /// # Errors
    /// The database's.
    pub fn set(&self, name: &str, value: &str) -> Result<()> {
        self.connection().execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            [name, value],
        )?;
        Ok(())
    }

    /// Notes a transaction that was sent for this run.
    ///
    /// # Errors
    /// The database's.
    pub fn note_signature(&self, signature: &str, at: i64) -> Result<()> {
        self.connection().execute(
            "INSERT OR IGNORE INTO signature (signature, at) VALUES (?1, ?2)",
            params![signature, at],
        )?;
        Ok(())
    }

    /// The transactions that were sent for this run, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub fn signatures(&self) -> Result<Vec<String>> {
        let connection = self.connection();
        let mut query =
            connection.prepare_cached("SELECT signature FROM signature ORDER BY at, signature")?;
        let rows = query.query_map([], |row| row.get(0))?;
        rows.collect()
    }

    /// Does several things at once, or nothing.
    fn transaction<T>(&self, write: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = write(&transaction)?;
        transaction.commit()?;
        Ok(written)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The folder, readable by its owner alone: what is bought is nobody's business.
fn make(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        let kind = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
        rusqlite::Error::SqliteFailure(kind, Some(error.to_string()))
    })
}

fn unwritten(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// A number of 64 bits as the database has it: the same bits.
const fn integer(value: u64) -> i64 {
    value.cast_signed()
}

const fn natural(value: i64) -> u64 {
    value.cast_unsigned()
}

fn address(row: &rusqlite::Row, column: usize) -> Result<Address> {
    let bytes: [u8; 32] = row.get(column)?;
    Ok(Address::new_from_array(bytes))
}

/// One of the words that a column has.
fn word<T>(row: &rusqlite::Row, column: usize, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    read(&text).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            Type::Text,
            Box::new(FromSqlError::InvalidType),
        )
    })
}
