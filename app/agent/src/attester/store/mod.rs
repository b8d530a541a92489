//! What an attester remembers beside blobs and windows: one SQLite file, which is this process's alone.

mod admitted;
mod claims;
mod outbox;
mod start;

use {
    crate::{blobs::JobId, windows::WindowId},
    rusqlite::{Connection, Result},
    std::{
        path::{Path, PathBuf},
        sync::{Mutex, MutexGuard, PoisonError},
    },
};
pub use {
    admitted::Admitted,
    claims::{Claim, Subject, Verdict},
    outbox::Letter,
    start::Place,
};

/// The memory.
pub struct Store {
    file: PathBuf,
    connection: Mutex<Connection>,
}

impl Store {
    /// The memory in `file`, which is made if it is not there.
    ///
    /// # Errors
    /// The database's.
    pub fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 256; PRAGMA synchronous = FULL;")?;
        for tables in [
            admitted::TABLES,
            claims::TABLES,
            outbox::TABLES,
            start::TABLES,
        ] {
            connection.execute_batch(tables)?;
        }
        Ok(Self {
            file: file.to_owned(),
            connection: Mutex::new(connection),
        })
    }

    /// Forgets what is over at `now`, unix seconds of the chain.
    ///
    /// # Errors
    /// The database's.
    pub fn forget(&self, now: i64) -> Result<()> {
        let connection = self.lock();
        for over in [
            "DELETE FROM admitted WHERE until < ?1",
            "DELETE FROM claim WHERE until < ?1",
            "DELETE FROM guarded WHERE until < ?1",
            "DELETE FROM letter WHERE until < ?1",
        ] {
            connection.execute(over, [now])?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job as the database has it: numbers of 64 bits are the same bits.
const fn job(id: &JobId) -> (&[u8; 32], i64) {
    (id.job.as_array(), id.incarnation.cast_signed())
}

const fn window(id: &WindowId) -> (&[u8; 32], i64, u32) {
    let (job, incarnation) = job(&id.job);
    (job, incarnation, id.window)
}
