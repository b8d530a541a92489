//! The windows of a run's jobs, from when something became of each.

use {
    super::{
        Result, Store,
        chunks::{Settled, settle},
        integer, natural, word,
    },
    rusqlite::{Row, params},
};

/// What became of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowStage {
    /// A quorum proved it; its results are not here yet.
    Proven,
    /// What it claims is here, and nothing of it is known to be false.
    Held,
    /// Something that it claims is false: it is to be challenged.
    False,
    /// What it claims cannot be had: it is to be challenged.
    Withheld,
    /// It is challenged.
    Challenged,
    /// A ruling made it void: it is not paid.
    Void,
    /// It is paid, though it was false or its results could not be had.
    Upheld,
    /// It was not proven in time, or never began.
    Lost,
}

const STAGES: [(WindowStage, &str); 8] = [
    (WindowStage::Proven, "proven"),
    (WindowStage::Held, "held"),
    (WindowStage::False, "false"),
    (WindowStage::Withheld, "withheld"),
    (WindowStage::Challenged, "challenged"),
    (WindowStage::Void, "void"),
    (WindowStage::Upheld, "upheld"),
    (WindowStage::Lost, "lost"),
];

impl WindowStage {
    /// The stage's name.
    pub fn name(self) -> &'static str {
        let mut stages = STAGES.iter();
        stages
            .find(|(stage, _)| *stage == self)
            .map_or("", |(_, name)| name)
    }

    fn read(text: &str) -> Option<Self> {
        let mut stages = STAGES.iter();
        stages
            .find(|(_, name)| *name == text)
            .map(|(stage, _)| *stage)
    }

    /// True where nothing more is done about it.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Held | Self::Void | Self::Upheld | Self::Lost)
    }
}

/// What the chain tells of a window that was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The first bytes of the statement's hash, as a job's account has them.
    Statement([u8; 24]),
    /// The statement's digest, as the event has it.
    Digest([u8; 32]),
}

impl Proof {
    const fn bytes(&self) -> &[u8] {
        match self {
            Self::Statement(bytes) => bytes,
            Self::Digest(bytes) => bytes,
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let statement = bytes.try_into().map(Self::Statement);
        statement
            .or_else(|_| bytes.try_into().map(Self::Digest))
            .ok()
    }
}

/// A window of which something became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRow {
    /// Number of the job in the run.
    pub job: u32,
    /// The window of the job.
    pub window: u32,
    /// What became of it.
    pub stage: WindowStage,
    /// What it was proven by; none if it was not.
    pub proof: Option<Proof>,
    /// Until when it can be challenged, unix seconds.
    pub matures_at: i64,
    /// Which chunks of it are computed again follows from this number.
    pub seed: u64,
    /// Why it is as it is.
    pub reason: Option<String>,
}

fn read(row: &Row) -> Result<WindowRow> {
    Ok(WindowRow {
        job: row.get(0)?,
        window: row.get(1)?,
        stage: word(row, 2, WindowStage::read)?,
        proof: row
            .get::<_, Option<Vec<u8>>>(3)?
            .and_then(|bytes| Proof::read(&bytes)),
        matures_at: row.get(4)?,
        seed: natural(row.get(5)?),
        reason: row.get(6)?,
    })
}

impl Store {
    /// The windows of all jobs of which something became.
    ///
    /// # Errors
    /// The database's.
    pub fn windows(&self) -> Result<Vec<WindowRow>> {
        let connection = self.connection();
        let mut query = connection.prepare_cached(
            "SELECT job, window, stage, proof, matures_at, seed, reason FROM window ORDER BY job, window",
        )?;
        let rows = query.query_map([], read)?;
        rows.collect()
    }

    /// A window was proven. What is known of it stays.
    ///
    /// # Errors
    /// The database's.
    pub fn proven(&self, row: &WindowRow) -> Result<()> {
        self.connection().execute(
            "INSERT OR IGNORE INTO window (job, window, stage, proof, matures_at, seed) VALUES (?1, ?2, 'proven', ?3, ?4, ?5)",
            params![row.job, row.window, row.proof.as_ref().map(Proof::bytes), row.matures_at, integer(row.seed)],
        )?;
        Ok(())
    }

    /// What became of a window and of its chunks, by position in the job: all of it or nothing.
    ///
    /// # Errors
    /// The database's.
    pub fn settle_window(
        &self,
        row: &WindowRow,
        chunks: impl IntoIterator<Item = (u32, Settled)>,
    ) -> Result<()> {
        self.transaction(|transaction| {
            transaction.execute(
                "INSERT INTO window (job, window, stage, proof, matures_at, seed, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET stage = ?3, reason = ?7",
                params![
                    row.job,
                    row.window,
                    row.stage.name(),
                    row.proof.as_ref().map(Proof::bytes),
                    row.matures_at,
                    integer(row.seed),
                    row.reason,
                ],
            )?;
            for (position, to) in chunks {
                settle(transaction, row.job, position, to)?;
            }
            Ok(())
        })
    }
}
