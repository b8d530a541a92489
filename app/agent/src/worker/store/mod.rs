//! What a worker remembers, in one SQLite file: whatever instant the machine stops at, what was written is there.
//!
//! Another process may read it, and may set a flag; only the worker writes the rest. What strangers wrote is in it as they wrote it:
//! who shows it wraps it in [`sluice_client::foreign::Foreign`].

mod chunks;
mod jobs;
#[cfg(test)]
mod tests;
mod windows;

use {
    crate::blobs::JobId,
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
    chunks::Chunk,
    jobs::{JobRow, JobStage, Names},
    windows::{Refusal, Sealed, WindowRow, WindowStage},
};

/// What the store's calls return: the database's errors.
pub type Result<T> = rusqlite::Result<T>;

/// The file's name in the folder of state.
pub const FILE: &str = "worker.sqlite";

/// The flag that ends the worker in good order.
pub const DRAIN: &str = "drain";

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS job (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        node BLOB NOT NULL,
        stage TEXT NOT NULL,
        spec BLOB,
        list BLOB,
        kernel BLOB,
        reason TEXT,
        at INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS chunk (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        number INTEGER NOT NULL,
        window INTEGER NOT NULL,
        output BLOB,
        undone INTEGER,
        PRIMARY KEY (job, incarnation, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS chunk_output ON chunk (output);
    CREATE TABLE IF NOT EXISTS window (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        window INTEGER NOT NULL,
        stage TEXT NOT NULL,
        units INTEGER NOT NULL,
        digest BLOB NOT NULL,
        evidence BLOB NOT NULL,
        signature BLOB,
        sealed_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        closes_at INTEGER NOT NULL,
        matures_at INTEGER NOT NULL,
        kept_until INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (job, incarnation, window)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS countersignature (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        window INTEGER NOT NULL,
        key BLOB NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (job, incarnation, window, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS refusal (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        window INTEGER NOT NULL,
        member BLOB NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        chunk INTEGER,
        is_final INTEGER NOT NULL,
        times INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation, window, member, code)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS spent (
        day INTEGER PRIMARY KEY,
        lamports INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS flag (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

/// The memory. Any number of threads may use it, one at a time.
pub struct Store(Mutex<Connection>);

impl Store {
    /// The memory in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// The database's, also where the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| {
            let kind = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
            rusqlite::Error::SqliteFailure(kind, Some(error.to_string()))
        })?;
        let connection = Connection::open(folder.join(FILE))?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Pages: the log beside the file stays at a MiB.
        connection.pragma_update(None, "wal_autocheckpoint", 256)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(TABLES)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Does several things at once, or nothing: what tables of other rooms are written with.
    ///
    /// # Errors
    /// The database's, and those of `write`: then nothing is written.
    pub fn transaction<T>(&self, write: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = write(&transaction)?;
        transaction.commit()?;
        Ok(written)
    }

    /// Lamports of fees and rent spent on `day`: days of the chain's clock since 1970.
    ///
    /// # Errors
    /// The database's.
    pub fn spent_on(&self, day: i64) -> Result<u64> {
        let spent = self
            .connection()
            .query_row(
                "SELECT lamports FROM spent WHERE day = ?1",
                params![day],
                |row| row.get::<_, i64>(0),
            )
            .optional()?;
        Ok(spent.map_or(0, i64::cast_unsigned))
    }

    /// Adds what is about to be spent on `day`. It is written before anything is sent, so that no crash makes a day's bound be passed.
    ///
    /// # Errors
    /// The database's: then nothing may be sent.
    pub fn spend(&self, day: i64, lamports: u64) -> Result<()> {
        self.transaction(|transaction| {
            let spent = transaction
                .query_row(
                    "SELECT lamports FROM spent WHERE day = ?1",
                    params![day],
                    |row| row.get::<_, i64>(0),
                )
                .optional()?
                .map_or(0, i64::cast_unsigned);
            transaction.execute(
                "INSERT OR REPLACE INTO spent (day, lamports) VALUES (?1, ?2)",
                params![day, spent.saturating_add(lamports).cast_signed()],
            )?;
            Ok(())
        })
    }

    /// Sets a flag, or takes it away.
    ///
    /// # Errors
    /// The database's.
    pub fn set_flag(&self, name: &str, value: bool) -> Result<()> {
        self.connection().execute(
            "INSERT OR REPLACE INTO flag (name, value) VALUES (?1, ?2)",
            params![name, value],
        )?;
        Ok(())
    }

    /// True if a flag is set.
    ///
    /// # Errors
    /// The database's.
    pub fn flag(&self, name: &str) -> Result<bool> {
        let value = self
            .connection()
            .query_row(
                "SELECT value FROM flag WHERE name = ?1",
                params![name],
                |row| row.get(0),
            )
            .optional()?;
        Ok(value.unwrap_or(false))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job's key in every table.
const fn key(id: &JobId) -> (&[u8; 32], i64) {
    (id.job.as_array(), id.incarnation.cast_signed())
}

fn job_id(job: [u8; 32], incarnation: i64) -> JobId {
    JobId {
        job: Address::new_from_array(job),
        incarnation: incarnation.cast_unsigned(),
    }
}

/// A column that holds what no version of this program wrote.
fn malformed(column: usize, of: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, of, Box::new(FromSqlError::InvalidType))
}
