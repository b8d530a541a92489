//! The jobs that a worker looked at or works on.

use {
    super::{Result, Store, job_id, key, malformed},
    crate::blobs::{JobId, Name},
    rusqlite::{OptionalExtension, Row, params, types::Type},
    solana_address::Address,
    std::{fmt, str::FromStr},
};

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStage {
    /// Members were asked; it is not admitted yet, or is refused here: the reason says why.
    Asked,
    /// Enough members admitted it. It is worked on from its acceptance on.
    Admitted,
    /// It was given back before anything was proven.
    Waived,
    /// It is released, or gone.
    Over,
}

const STAGES: [(JobStage, &str); 4] = [
    (JobStage::Asked, "asked"),
    (JobStage::Admitted, "admitted"),
    (JobStage::Waived, "waived"),
    (JobStage::Over, "over"),
];

impl fmt::Display for JobStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = STAGES.iter().find(|(stage, _)| stage == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for JobStage {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let stage = STAGES.iter().find(|(_, name)| *name == text);
        stage.map(|(stage, _)| *stage).ok_or(())
    }
}

/// The blobs that a job's work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// The specification.
    pub spec: Name,
    /// The list of inputs.
    pub list: Name,
    /// The kernel.
    pub kernel: Name,
}

/// A job, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Which.
    pub id: JobId,
    /// The node that works on it, or would.
    pub node: Address,
    /// How far it is.
    pub stage: JobStage,
    /// The blobs that its work is, once they are known.
    pub names: Option<Names>,
    /// Why it is no further. It may hold a stranger's text.
    pub reason: Option<String>,
    /// When this was written, unix seconds of the chain.
    pub at: i64,
}

const COLUMNS: &str = "job, incarnation, node, stage, spec, list, kernel, reason, at";

impl Store {
    /// Writes a job down, whatever was known of it.
    ///
    /// # Errors
    /// The database's.
    pub fn set_job(&self, row: &JobRow) -> Result<()> {
        let (job, incarnation) = key(&row.id);
        let names = row.names.as_ref();
        self.connection().execute(
            &format!(
                "INSERT OR REPLACE INTO job ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            ),
            params![
                job,
                incarnation,
                row.node.as_array(),
                row.stage.to_string(),
                names.map(|names| names.spec),
                names.map(|names| names.list),
                names.map(|names| names.kernel),
                row.reason,
                row.at
            ],
        )?;
        Ok(())
    }

    /// What is known of a job.
    ///
    /// # Errors
    /// The database's.
    pub fn job(&self, id: &JobId) -> Result<Option<JobRow>> {
        let (job, incarnation) = key(id);
        self.connection()
            .query_row(
                &format!("SELECT {COLUMNS} FROM job WHERE job = ?1 AND incarnation = ?2"),
                params![job, incarnation],
                read,
            )
            .optional()
    }

    /// All jobs, the latest first.
    ///
    /// # Errors
    /// The database's.
    pub fn jobs(&self) -> Result<Vec<JobRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare(&format!("SELECT {COLUMNS} FROM job ORDER BY at DESC, job"))?;
        let rows = statement.query_map([], read)?;
        rows.collect()
    }

    /// Forgets jobs on which nothing was done, written down before `before`, unix seconds of the chain.
    ///
    /// # Errors
    /// The database's.
    pub fn forget_asked(&self, before: i64) -> Result<usize> {
        self.connection().execute(
            "DELETE FROM job WHERE stage = ?1 AND at < ?2",
            params![JobStage::Asked.to_string(), before],
        )
    }
}

fn read(row: &Row) -> Result<JobRow> {
    let names = match (row.get(4)?, row.get(5)?, row.get(6)?) {
        (Some(spec), Some(list), Some(kernel)) => Some(Names { spec, list, kernel }),
        _ => None,
    };
    let stage: String = row.get(3)?;
    Ok(JobRow {
        id: job_id(row.get(0)?, row.get(1)?),
        node: Address::new_from_array(row.get(2)?),
        stage: stage.parse().map_err(|()| malformed(3, Type::Text))?,
        names,
        reason: row.get(7)?,
        at: row.get(8)?,
    })
}
