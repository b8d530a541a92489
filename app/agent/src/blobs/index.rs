//! Which blob is held for which job, and until when.

use {
    super::{JobId, Name, NotKept, Put},
    rusqlite::{Connection, OptionalExtension, TransactionBehavior, params},
    solana_address::Address,
    std::path::Path,
};

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 256;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS held (
        name BLOB NOT NULL,
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        len INTEGER NOT NULL,
        signer BLOB NOT NULL,
        until INTEGER NOT NULL,
        whole INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation, name)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS held_name ON held (name);
    CREATE INDEX IF NOT EXISTS held_until ON held (until);";

/// Files that a job may have beside one for each [`LEAST`] bytes of its quota: a file takes room however short it is.
const FILES: u64 = 4_096;
/// See [`FILES`].
const LEAST: u64 = 512;

pub struct Index(Connection);

/// Numbers of 64 bits as the database has them: the same bits.
const fn bits(number: u64) -> i64 {
    number.cast_signed()
}

impl Index {
    pub fn open(file: &Path) -> Result<Self, NotKept> {
        let connection = Connection::open(file)?;
        connection.execute_batch(TABLES)?;
        Ok(Self(connection))
    }

    /// Holds a blob that is whole for a job.
    pub fn hold(&mut self, put: &Put) -> Result<(), NotKept> {
        self.enter(put, true)
    }

    /// Holds a blob that is coming.
    pub fn reserve(&mut self, put: &Put) -> Result<(), NotKept> {
        self.enter(put, false)
    }

    /// Where the job has room for it.
    fn enter(&mut self, put: &Put, whole: bool) -> Result<(), NotKept> {
        let (job, incarnation) = key(&put.job);
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.0.transaction_with_behavior(behavior)?;
        let known: Option<i64> = transaction
            .query_row(
                "SELECT len FROM held WHERE job = ?1 AND incarnation = ?2 AND name = ?3",
                params![job, incarnation, put.name],
                |row| row.get(0),
            )
            .optional()?;
        let (used, files): (i64, i64) = transaction.query_row(
            "SELECT COALESCE(SUM(len), 0), COUNT(*) FROM held WHERE job = ?1 AND incarnation = ?2",
            params![job, incarnation],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let most = FILES.saturating_add(put.quota / LEAST);
        if known.is_none() && files.cast_unsigned() >= most {
            return Err(NotKept::Quota { left: 0 });
        }
        let others = used
            .cast_unsigned()
            .saturating_sub(known.unwrap_or_default().cast_unsigned());
        let left = put.quota.saturating_sub(others);
        if put.len > left {
            return Err(NotKept::Quota { left });
        }
        transaction.execute(
            "INSERT INTO held (name, job, incarnation, len, signer, until, whole) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET len = excluded.len, signer = excluded.signer,
                until = MAX(until, excluded.until), whole = MAX(whole, excluded.whole)",
            params![put.name, job, incarnation, bits(put.len), put.by.as_array(), put.until, whole],
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// Holds it no more for this job.
    pub fn release(&mut self, put: &Put) -> Result<(), NotKept> {
        let (job, incarnation) = key(&put.job);
        self.0.execute(
            "DELETE FROM held WHERE job = ?1 AND incarnation = ?2 AND name = ?3",
            params![job, incarnation, put.name],
        )?;
        Ok(())
    }

    pub fn keep(&mut self, job: &JobId, until: i64) -> Result<(), NotKept> {
        let (job, incarnation) = key(job);
        self.0.execute(
            "UPDATE held SET until = ?3 WHERE job = ?1 AND incarnation = ?2",
            params![job, incarnation, until],
        )?;
        Ok(())
    }

    pub fn used(&mut self, job: &JobId) -> Result<u64, NotKept> {
        let (job, incarnation) = key(job);
        let used: i64 = self.0.query_row(
            "SELECT COALESCE(SUM(len), 0) FROM held WHERE job = ?1 AND incarnation = ?2",
            params![job, incarnation],
            |row| row.get(0),
        )?;
        Ok(used.cast_unsigned())
    }

    pub fn is_held(&mut self, name: &Name) -> Result<bool, NotKept> {
        let mut statement = self
            .0
            .prepare_cached("SELECT 1 FROM held WHERE name = ?1")?;
        Ok(statement.exists(params![name])?)
    }

    pub fn is_for(&mut self, job: &JobId, name: &Name) -> Result<bool, NotKept> {
        let (job, incarnation) = key(job);
        let mut statement = self.0.prepare_cached(
            "SELECT 1 FROM held WHERE job = ?1 AND incarnation = ?2 AND name = ?3 AND whole",
        )?;
        Ok(statement.exists(params![job, incarnation, name])?)
    }

    /// What is held and over.
    pub fn over(&mut self, now: i64) -> Result<Vec<(JobId, Name)>, NotKept> {
        let mut statement = self
            .0
            .prepare_cached("SELECT job, incarnation, name FROM held WHERE until < ?1")?;
        let rows = statement.query_map(params![now], |row| {
            let job = JobId {
                job: Address::new_from_array(row.get(0)?),
                incarnation: row.get::<_, i64>(1)?.cast_unsigned(),
            };
            Ok((job, row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// True if no other job has the blob.
    pub fn is_last(&mut self, job: &JobId, name: &Name) -> Result<bool, NotKept> {
        let (job, incarnation) = key(job);
        let mut statement = self.0.prepare_cached(
            "SELECT 1 FROM held WHERE name = ?3 AND whole AND (job <> ?1 OR incarnation <> ?2)",
        )?;
        Ok(!statement.exists(params![job, incarnation, name])?)
    }

    /// Ends what is over still.
    pub fn end(&mut self, job: &JobId, name: &Name, now: i64) -> Result<(), NotKept> {
        let (job, incarnation) = key(job);
        self.0.execute(
            "DELETE FROM held WHERE job = ?1 AND incarnation = ?2 AND name = ?3 AND until < ?4",
            params![job, incarnation, name, now],
        )?;
        Ok(())
    }
}

fn key(job: &JobId) -> (&[u8; 32], i64) {
    (job.job.as_array(), bits(job.incarnation))
}
