//! What workers claimed of windows, here or to another member, and what came of looking at it.

use {
    super::Store,
    crate::{
        blobs::{JobId, Name},
        http::denied::Why,
        windows::WindowId,
        wire::Claimed,
    },
    rusqlite::{OptionalExtension, Result, Row, TransactionBehavior, params},
};

pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS claim (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        window INTEGER NOT NULL,
        statement BLOB NOT NULL,
        evidence BLOB NOT NULL,
        units INTEGER NOT NULL,
        digest BLOB NOT NULL,
        bytes BLOB,
        verdict TEXT NOT NULL,
        chunk INTEGER,
        until INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation, window, statement, evidence)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS guarded (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        window INTEGER NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation, window)
    ) STRICT, WITHOUT ROWID;";

/// Claims of one window that are remembered.
const OF_ONE_WINDOW: u32 = 8;

/// A statement with the evidence that was named for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The window.
    pub window: WindowId,
    /// The statement's hash.
    pub statement: [u8; 32],
    /// The blob that is the evidence.
    pub evidence: Name,
}

/// What came of looking at a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody looked, or nobody could.
    Unknown,
    /// A sample of its chunks is true.
    Sampled,
    /// All of its chunks are.
    True,
    /// Two engines differ.
    Engines,
    /// It is false, and where.
    False(Why, Option<u32>),
}

/// A claim, which the job's worker signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is about.
    pub subject: Subject,
    /// Units.
    pub units: u64,
    /// The statement's digest.
    pub digest: [u8; 32],
    /// The evidence, where another member told it.
    pub bytes: Option<Vec<u8>>,
    /// What came of looking at it.
    pub verdict: Verdict,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Sampled => "sampled",
            Self::True => "true",
            Self::Engines => "engines differ",
            Self::False(why, _) => why.code(),
        }
    }

    const fn chunk(self) -> Option<u32> {
        match self {
            Self::False(_, chunk) => chunk,
            _ => None,
        }
    }

    /// What nobody can read has to be looked at again.
    fn read(word: &str, chunk: Option<u32>) -> Self {
        let plain = [Self::Sampled, Self::True, Self::Engines];
        let plain = plain.into_iter().find(|one| one.word() == word);
        let fault = || Why::fault(word).map(|why| Self::False(why, chunk));
        plain.or_else(fault).unwrap_or(Self::Unknown)
    }
}

fn read(window: WindowId) -> impl Fn(&Row) -> Result<Claim> {
    move |row| {
        Ok(Claim {
            subject: Subject {
                window,
                statement: row.get(0)?,
                evidence: row.get(1)?,
            },
            units: row.get::<_, i64>(2)?.cast_unsigned(),
            digest: row.get(3)?,
            bytes: row.get(4)?,
            verdict: Verdict::read(&row.get::<_, String>(5)?, row.get(6)?),
        })
    }
}

impl Store {
    /// Remembers a claim, until then; false where so many of its window are remembered that this one is not. What the worker claims takes
    /// no room from what members found.
    ///
    /// # Errors
    /// The database's.
    pub fn claim(&self, claim: &Claim, until: i64) -> Result<bool> {
        let (job, incarnation, window) = super::window(&claim.subject.window);
        let mut connection = self.lock();
        // Another connection writes to the same file: it must not come between reading and writing.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let others: u32 = transaction.query_row(
            "SELECT COUNT(*) FROM claim WHERE job = ?1 AND incarnation = ?2 AND window = ?3
                AND NOT (statement = ?4 AND evidence = ?5) AND (bytes IS NULL) = ?6",
            params![
                job,
                incarnation,
                window,
                claim.subject.statement,
                claim.subject.evidence,
                claim.bytes.is_none()
            ],
            |row| row.get(0),
        )?;
        if others >= OF_ONE_WINDOW {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO claim
                (job, incarnation, window, statement, evidence, units, digest, bytes, verdict, chunk, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT DO UPDATE SET bytes = COALESCE(excluded.bytes, bytes)",
            params![
                job,
                incarnation,
                window,
                claim.subject.statement,
                claim.subject.evidence,
                claim.units.cast_signed(),
                claim.digest,
                claim.bytes,
                claim.verdict.word(),
                claim.verdict.chunk(),
                until
            ],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// What came of looking at the claim; [`Verdict::Unknown`] of one that is not remembered.
    ///
    /// # Errors
    /// The database's.
    pub fn verdict(&self, subject: &Subject) -> Result<Verdict> {
        let (job, incarnation, window) = super::window(&subject.window);
        let found = self
            .lock()
            .query_row(
                "SELECT verdict, chunk FROM claim
                 WHERE job = ?1 AND incarnation = ?2 AND window = ?3 AND statement = ?4 AND evidence = ?5",
                params![job, incarnation, window, subject.statement, subject.evidence],
                |row| Ok(Verdict::read(&row.get::<_, String>(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(found.unwrap_or(Verdict::Unknown))
    }

    /// Remembers what came of it. What was found false stays false, whoever looks at another part of it.
    ///
    /// # Errors
    /// The database's.
    pub fn judge(&self, subject: &Subject, verdict: Verdict) -> Result<()> {
        let (job, incarnation, window) = super::window(&subject.window);
        self.lock().execute(
            "UPDATE claim SET verdict = ?6, chunk = ?7
             WHERE job = ?1 AND incarnation = ?2 AND window = ?3 AND statement = ?4 AND evidence = ?5
                AND verdict IN (?8, ?9, ?10, ?11)",
            params![
                job,
                incarnation,
                window,
                subject.statement,
                subject.evidence,
                verdict.word(),
                verdict.chunk(),
                Verdict::Unknown.word(),
                Verdict::Sampled.word(),
                Verdict::True.word(),
                Verdict::Engines.word()
            ],
        )?;
        Ok(())
    }

    /// The claims of a window.
    ///
    /// # Errors
    /// The database's.
    pub fn claims_of(&self, id: &WindowId) -> Result<Vec<Claim>> {
        let (job, incarnation, window) = super::window(id);
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT statement, evidence, units, digest, bytes, verdict, chunk FROM claim
             WHERE job = ?1 AND incarnation = ?2 AND window = ?3",
        )?;
        let rows = statement.query_map(params![job, incarnation, window], read(*id))?;
        rows.collect()
    }

    /// What was claimed of a window, whatever came of it.
    ///
    /// # Errors
    /// The database's.
    pub fn claimed(&self, id: &WindowId) -> Result<Vec<Claimed>> {
        let (job, incarnation, window) = super::window(id);
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT units, digest, evidence FROM claim
             WHERE job = ?1 AND incarnation = ?2 AND window = ?3",
        )?;
        let rows = statement.query_map(params![job, incarnation, window], |row| {
            Ok(Claimed {
                units: row.get::<_, i64>(0)?.cast_unsigned(),
                digest: row.get(1)?,
                evidence: row.get(2)?,
            })
        })?;
        rows.collect()
    }

    /// Remembers the claims of a job until then, if they would be forgotten earlier.
    ///
    /// # Errors
    /// The database's.
    pub fn keep_claims(&self, id: &JobId, until: i64) -> Result<()> {
        let (job, incarnation) = super::job(id);
        self.lock().execute(
            "UPDATE claim SET until = ?3 WHERE job = ?1 AND incarnation = ?2 AND until < ?3",
            params![job, incarnation, until],
        )?;
        Ok(())
    }

    /// True if the guard is done with the window.
    ///
    /// # Errors
    /// The database's.
    pub fn is_guarded(&self, id: &WindowId) -> Result<bool> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT 1 FROM guarded WHERE job = ?1 AND incarnation = ?2 AND window = ?3",
        )?;
        statement.exists(super::window(id))
    }

    /// Remembers that the guard is done with the window.
    ///
    /// # Errors
    /// The database's.
    pub fn guarded(&self, id: &WindowId, until: i64) -> Result<()> {
        let (job, incarnation, window) = super::window(id);
        self.lock().execute(
            "INSERT OR IGNORE INTO guarded (job, incarnation, window, until) VALUES (?1, ?2, ?3, ?4)",
            params![job, incarnation, window, until],
        )?;
        Ok(())
    }
}
