//! The chunks of a run: what became of each input.

use {
    super::{Result, Store, natural, word},
    rusqlite::{OptionalExtension, Row, Transaction, params},
};

/// Where a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkState {
    /// No job has it.
    Waiting,
    /// A job has it, and its window may still be proven.
    Placed,
    /// It is to be computed here: nobody else does it, or what came was false.
    Here,
    /// Its result is in the folder of results.
    Done,
    /// Nobody can do it, for the reason that is noted.
    Failed,
}

const STATES: [(ChunkState, &str); 5] = [
    (ChunkState::Waiting, "waiting"),
    (ChunkState::Placed, "placed"),
    (ChunkState::Here, "here"),
    (ChunkState::Done, "done"),
    (ChunkState::Failed, "failed"),
];

impl ChunkState {
    /// The state's name.
    pub fn name(self) -> &'static str {
        let mut states = STATES.iter();
        states
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    fn read(text: &str) -> Option<Self> {
        let mut states = STATES.iter();
        states
            .find(|(_, name)| *name == text)
            .map(|(state, _)| *state)
    }
}

/// Who computed the result of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A node, in a window that a quorum proved; nobody computed it again here.
    Node,
    /// A node, and this machine came to the same.
    Both,
    /// This machine.
    Here,
}

const BYS: [(By, &str); 3] = [(By::Node, "node"), (By::Both, "both"), (By::Here, "here")];

impl By {
    /// The name.
    pub fn name(self) -> &'static str {
        let mut all = BYS.iter();
        all.find(|(by, _)| *by == self).map_or("", |(_, name)| name)
    }

    fn read(text: &str) -> Option<Self> {
        let mut all = BYS.iter();
        all.find(|(_, name)| *name == text).map(|(by, _)| *by)
    }
}

/// A chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkRow {
    /// Its number in the run.
    pub number: u32,
    /// Name of the file that its input is, and of the one that its result will be.
    pub name: String,
    /// Bytes of its input.
    pub len: u64,
    /// SHA-256 of its input.
    pub hash: [u8; 32],
    /// Where it is.
    pub state: ChunkState,
    /// Number of the job that has it, or had it last.
    pub job: Option<u32>,
    /// Who computed its result.
    pub by: Option<By>,
    /// Why it failed.
    pub reason: Option<String>,
    /// How many nodes did not do it in a window that they proved.
    pub failures: u32,
}

const COLUMNS: &str = "number, name, len, hash, state, job, by, reason, failures";

fn read(row: &Row) -> Result<ChunkRow> {
    Ok(ChunkRow {
        number: row.get(0)?,
        name: row.get(1)?,
        len: natural(row.get(2)?),
        hash: row.get(3)?,
        state: word(row, 4, ChunkState::read)?,
        job: row.get(5)?,
        by: row
            .get::<_, Option<String>>(6)?
            .and_then(|text| By::read(&text)),
        reason: row.get(7)?,
        failures: row.get(8)?,
    })
}

/// How many chunks are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In no job.
    pub waiting: u32,
    /// In a job.
    pub placed: u32,
    /// To be computed here.
    pub here: u32,
    /// With a result.
    pub done: u32,
    /// That nobody can do.
    pub failed: u32,
}

impl Counts {
    /// All of them.
    pub const fn all(&self) -> u32 {
        self.waiting
            .saturating_add(self.placed)
            .saturating_add(self.here)
            .saturating_add(self.done)
            .saturating_add(self.failed)
    }

    /// Those that nothing more is done about.
    pub const fn settled(&self) -> u32 {
        self.done.saturating_add(self.failed)
    }
}

impl Store {
    /// How many chunks are where.
    ///
    /// # Errors
    /// The database's.
    pub fn counts(&self) -> Result<Counts> {
        let connection = self.connection();
        let mut query =
            connection.prepare_cached("SELECT state, count(*) FROM chunk GROUP BY state")?;
        let rows = query.query_map([], |row| {
            Ok((word(row, 0, ChunkState::read)?, row.get::<_, u32>(1)?))
        })?;
        let mut counts = Counts::default();
        for row in rows {
            let (state, count) = row?;
            match state {
                ChunkState::Waiting => counts.waiting = count,
                ChunkState::Placed => counts.placed = count,
                ChunkState::Here => counts.here = count,
                ChunkState::Done => counts.done = count,
                ChunkState::Failed => counts.failed = count,
            }
        }
        Ok(counts)
    }

    /// A chunk.
    ///
    /// # Errors
    /// The database's.
    pub fn chunk(&self, number: u32) -> Result<Option<ChunkRow>> {
        let connection = self.connection();
        let text = format!("SELECT {COLUMNS} FROM chunk WHERE number = ?1");
        let mut query = connection.prepare_cached(&text)?;
        query.query_row([number], read).optional()
    }

    /// The chunks in a state, in their order.
    ///
    /// # Errors
    /// The database's.
    pub fn chunks_in(&self, state: ChunkState) -> Result<Vec<ChunkRow>> {
        let connection = self.connection();
        let text = format!("SELECT {COLUMNS} FROM chunk WHERE state = ?1 ORDER BY number");
        let mut query = connection.prepare_cached(&text)?;
        let rows = query.query_map([state.name()], read)?;
        rows.collect()
    }

    /// All chunks, in their order.
    ///
    /// # Errors
    /// The database's.
    pub fn chunks(&self) -> Result<Vec<ChunkRow>> {
        let connection = self.connection();
        let text = format!("SELECT {COLUMNS} FROM chunk ORDER BY number");
        let mut query = connection.prepare_cached(&text)?;
        let rows = query.query_map([], read)?;
        rows.collect()
    }

    /// The chunks of a job by position, each with its position.
    ///
    /// # Errors
    /// The database's.
    pub fn chunks_of(&self, job: u32) -> Result<Vec<ChunkRow>> {
        let connection = self.connection();
        let text =
            "SELECT c.number, c.name, c.len, c.hash, c.state, c.job, c.by, c.reason, c.failures
            FROM place p JOIN chunk c ON c.number = p.chunk WHERE p.job = ?1 ORDER BY p.position";
        let mut query = connection.prepare_cached(text)?;
        let rows = query.query_map([job], read)?;
        rows.collect()
    }

    /// How many chunks nodes have finished in a job.
    ///
    /// # Errors
    /// The database's.
    pub fn done_in(&self, job: u32) -> Result<u32> {
        let connection = self.connection();
        let mut query = connection.prepare_cached(
            "SELECT count(*) FROM chunk WHERE job = ?1 AND state = 'done' AND by != 'here'",
        )?;
        query.query_row([job], |row| row.get(0))
    }

    /// The result of a chunk that this machine computed is in its folder.
    ///
    /// # Errors
    /// The database's.
    pub fn done_here(&self, number: u32) -> Result<()> {
        self.connection().execute(
            "UPDATE chunk SET state = 'done', by = 'here', reason = NULL WHERE number = ?1 AND state = 'here'",
            [number],
        )?;
        Ok(())
    }

    /// Nobody can do a chunk.
    ///
    /// # Errors
    /// The database's.
    pub fn fail(&self, number: u32, reason: &str) -> Result<()> {
        self.connection().execute(
            "UPDATE chunk SET state = 'failed', reason = ?2 WHERE number = ?1 AND state IN ('waiting', 'here')",
            params![number, reason],
        )?;
        Ok(())
    }

    /// Chunks that no job is to have are computed here.
    ///
    /// # Errors
    /// The database's.
    pub fn compute_here(&self, numbers: &[u32]) -> Result<()> {
        self.transaction(|transaction| {
            for number in numbers {
                transaction.execute(
                    "UPDATE chunk SET state = 'here' WHERE number = ?1 AND state = 'waiting'",
                    [number],
                )?;
            }
            Ok(())
        })
    }
}

/// What became of a chunk of a window that is settled: it goes on from being placed only in the job that has it.
pub(super) fn settle(
    transaction: &Transaction,
    job: u32,
    position: u32,
    to: Settled,
) -> Result<()> {
    const OF: &str = "number = (SELECT chunk FROM place WHERE job = ?1 AND position = ?2)
        AND job = ?1 AND state = 'placed'";
    let text = match to {
        Settled::Done(by) => format!(
            "UPDATE chunk SET state = 'done', by = '{}' WHERE {OF}",
            by.name()
        ),
        Settled::Waiting { failed: false } => {
            format!("UPDATE chunk SET state = 'waiting' WHERE {OF}")
        }
        Settled::Waiting { failed: true } => {
            format!("UPDATE chunk SET state = 'waiting', failures = failures + 1 WHERE {OF}")
        }
        Settled::Here => format!("UPDATE chunk SET state = 'here' WHERE {OF}"),
    };
    transaction.execute(&text, params![job, position])?;
    Ok(())
}

/// What becomes of a chunk that a job had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Its result is in its folder.
    Done(By),
    /// It is placed again. `failed`: its node proved the window without it.
    Waiting {
        /// It counts against the chunk.
        failed: bool,
    },
    /// It is computed here.
    Here,
}
