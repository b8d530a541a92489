//! Which blobs a job's specification and inputs are, and which jobs this attester promised to check.

use {
    super::Store,
    crate::blobs::{JobId, Name},
    rusqlite::{OptionalExtension, Result, Row, params},
    solana_address::Address,
};

pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS admitted (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        spec BLOB NOT NULL,
        inputs BLOB NOT NULL,
        kernel BLOB NOT NULL,
        is_admitted INTEGER NOT NULL,
        load INTEGER NOT NULL,
        live_until INTEGER NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation)
    ) STRICT, WITHOUT ROWID;";

/// A job whose blobs are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The job.
    pub id: JobId,
    /// The blob that is the specification.
    pub spec: Name,
    /// The blob that is the list of inputs.
    pub inputs: Name,
    /// The blob that is the kernel.
    pub kernel: Name,
    /// Its windows will be checked.
    pub is_admitted: bool,
    /// Processes that checking it takes, millionths, if every chunk takes its longest time.
    pub load: u64,
    /// From when on nothing more of it can be proven, unix seconds of the chain.
    pub live_until: i64,
    /// Until when it is remembered.
    pub until: i64,
}

const COLUMNS: &str =
    "job, incarnation, spec, inputs, kernel, is_admitted, load, live_until, until";

fn read(row: &Row) -> Result<Admitted> {
    Ok(Admitted {
        id: JobId {
            job: Address::new_from_array(row.get(0)?),
            incarnation: row.get::<_, i64>(1)?.cast_unsigned(),
        },
        spec: row.get(2)?,
        inputs: row.get(3)?,
        kernel: row.get(4)?,
        is_admitted: row.get(5)?,
        load: row.get::<_, i64>(6)?.cast_unsigned(),
        live_until: row.get(7)?,
        until: row.get(8)?,
    })
}

impl Store {
    /// What is known of the job.
    ///
    /// # Errors
    /// The database's.
    pub fn admitted(&self, id: &JobId) -> Result<Option<Admitted>> {
        let (job, incarnation) = super::job(id);
        self.lock()
            .query_row(
                &format!("SELECT {COLUMNS} FROM admitted WHERE job = ?1 AND incarnation = ?2"),
                params![job, incarnation],
                read,
            )
            .optional()
    }

    /// Remembers it so.
    ///
    /// # Errors
    /// The database's.
    pub fn admit(&self, admitted: &Admitted) -> Result<()> {
        let (job, incarnation) = super::job(&admitted.id);
        self.lock().execute(
            &format!(
                "INSERT OR REPLACE INTO admitted ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            ),
            params![
                job,
                incarnation,
                admitted.spec,
                admitted.inputs,
                admitted.kernel,
                admitted.is_admitted,
                admitted.load.cast_signed(),
                admitted.live_until,
                admitted.until
            ],
        )?;
        Ok(())
    }

    /// All that is admitted and not forgotten.
    ///
    /// # Errors
    /// The database's.
    pub fn all_admitted(&self) -> Result<Vec<Admitted>> {
        let connection = self.lock();
        let mut statement =
            connection.prepare(&format!("SELECT {COLUMNS} FROM admitted WHERE is_admitted"))?;
        let rows = statement.query_map([], read)?;
        rows.collect()
    }

    /// Changes until when the job is live and remembered.
    ///
    /// # Errors
    /// The database's.
    pub fn date(&self, id: &JobId, live_until: i64, until: i64) -> Result<()> {
        let (job, incarnation) = super::job(id);
        self.lock().execute(
            "UPDATE admitted SET live_until = ?3, until = ?4 WHERE job = ?1 AND incarnation = ?2",
            params![job, incarnation, live_until, until],
        )?;
        Ok(())
    }

    /// Processes that checking the live jobs but this one takes, millionths.
    ///
    /// # Errors
    /// The database's.
    pub fn load(&self, but: &JobId, now: i64) -> Result<u64> {
        let (job, incarnation) = super::job(but);
        let load: i64 = self.lock().query_row(
            "SELECT COALESCE(SUM(load), 0) FROM admitted
             WHERE is_admitted AND live_until > ?3 AND NOT (job = ?1 AND incarnation = ?2)",
            params![job, incarnation, now],
            |row| row.get(0),
        )?;
        Ok(load.cast_unsigned())
    }
}
