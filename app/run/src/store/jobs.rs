//! The jobs of a run.

use {
    super::{Result, Store, address, integer, natural, word},
    rusqlite::{Row, params},
    sluice_client::{Address, Job},
};

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStage {
    /// It is written down, and may or may not be on the chain.
    Planned,
    /// It is on the chain.
    Taken,
    /// What becomes of every chunk of it is known; only money is left.
    Over,
    /// Nothing of it is the buyer's any more.
    Closed,
    /// It never came to the chain, and never will.
    Dropped,
}

const STAGES: [(JobStage, &str); 5] = [
    (JobStage::Planned, "planned"),
    (JobStage::Taken, "taken"),
    (JobStage::Over, "over"),
    (JobStage::Closed, "closed"),
    (JobStage::Dropped, "dropped"),
];

impl JobStage {
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

    /// True while something of it may still be the buyer's.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Planned | Self::Taken | Self::Over)
    }
}

/// A job that is about to be placed.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Number among the buyer's jobs.
    pub id: u64,
    /// Its address.
    pub job: Address,
    /// The offer that becomes it.
    pub offer: Address,
    /// The node.
    pub node: Address,
    /// The node's provider.
    pub provider: Address,
    /// The provider's owner.
    pub owner: Address,
    /// The attester set.
    pub set: Address,
    /// The specification, bytes.
    pub spec: Vec<u8>,
    /// The slot in which the offer was posted that it was planned on.
    pub offered: u64,
    /// Windows that its chunks take.
    pub windows: u32,
    /// How long it runs, seconds.
    pub length_secs: u64,
    /// Its first deposit, base units.
    pub funds: u64,
    /// What all of its chunks come to, base units.
    pub cost: u64,
    /// What its terms ask: base units ...
    pub price: u64,
    /// ... for so many units of work.
    pub per: u64,
}

/// A job.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its number in the run.
    pub number: u32,
    /// What was planned.
    pub plan: NewJob,
    /// How far it is.
    pub stage: JobStage,
    /// Which of the jobs at its address.
    pub incarnation: Option<u64>,
    /// What its statements begin with.
    pub context: Option<[u8; 32]>,
    /// Enough members have said that they will check it.
    pub is_admitted: bool,
    /// Base units that were deposited, as last seen ...
    pub funded: u64,
    /// ... and that were returned.
    pub refunded: u64,
    /// What was last said of it. It may hold a stranger's text.
    pub reason: Option<String>,
}

impl JobRow {
    /// Base units that it holds or has spent.
    pub const fn used(&self) -> u64 {
        match self.stage {
            JobStage::Dropped => 0,
            JobStage::Planned => self.plan.funds,
            _ => self.funded.saturating_sub(self.refunded),
        }
    }
}

const COLUMNS: &str = "number, id, job, offer, node, provider, owner, attester_set, spec, windows, length_secs, funds, cost, stage,
    incarnation, is_admitted, funded, refunded, reason, price, per, offered,
    context";

fn read(row: &Row) -> Result<JobRow> {
    Ok(JobRow {
        number: row.get(0)?,
        plan: NewJob {
            id: natural(row.get(1)?),
            job: address(row, 2)?,
            offer: address(row, 3)?,
            node: address(row, 4)?,
            provider: address(row, 5)?,
            owner: address(row, 6)?,
            set: address(row, 7)?,
            spec: row.get(8)?,
            windows: row.get(9)?,
            length_secs: natural(row.get(10)?),
            funds: natural(row.get(11)?),
            cost: natural(row.get(12)?),
            price: natural(row.get(19)?),
            per: natural(row.get(20)?),
            offered: natural(row.get(21)?),
        },
        stage: word(row, 13, JobStage::read)?,
        incarnation: row.get::<_, Option<i64>>(14)?.map(natural),
        context: row.get(22)?,
        is_admitted: row.get(15)?,
        funded: natural(row.get(16)?),
        refunded: natural(row.get(17)?),
        reason: row.get(18)?,
    })
}

impl Store {
    /// Writes down a job and gives it these chunks, all of which wait; the job's number.
    ///
    /// # Errors
    /// The database's, also where a chunk does not wait: then nothing is written.
    pub fn plan(&self, job: &NewJob, chunks: &[u32]) -> Result<u32> {
        self.transaction(|transaction| {
            transaction.execute(
                "INSERT INTO job (id, job, offer, node, provider, owner, attester_set, spec, windows, length_secs, funds, cost, stage, price, per, offered)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'planned', ?13, ?14, ?15)",
                params![
                    integer(job.id),
                    job.job.as_array(),
                    job.offer.as_array(),
                    job.node.as_array(),
                    job.provider.as_array(),
                    job.owner.as_array(),
                    job.set.as_array(),
                    job.spec,
                    job.windows,
                    integer(job.length_secs),
                    integer(job.funds),
                    integer(job.cost),
                    integer(job.price),
                    integer(job.per),
                    integer(job.offered),
                ],
            )?;
            let number = u32::try_from(transaction.last_insert_rowid()).unwrap_or(u32::MAX);
            for (position, chunk) in (0u32..).zip(chunks) {
                transaction.execute(
                    "INSERT INTO place (job, position, chunk) VALUES (?1, ?2, ?3)",
                    [number, position, *chunk],
                )?;
                let placed = transaction.execute(
                    "UPDATE chunk SET state = 'placed', job = ?1 WHERE number = ?2 AND state = 'waiting'",
                    [number, *chunk],
                )?;
                if placed != 1 {
                    return Err(rusqlite::Error::StatementChangedRows(placed));
                }
            }
            Ok(number)
        })
    }

    /// All jobs, in the order in which they were planned.
    ///
    /// # Errors
    /// The database's.
    pub fn jobs(&self) -> Result<Vec<JobRow>> {
        let connection = self.connection();
        let text = format!("SELECT {COLUMNS} FROM job ORDER BY number");
        let mut query = connection.prepare_cached(&text)?;
        let rows = query.query_map([], read)?;
        rows.collect()
    }

    /// How many jobs that came to the chain had a chunk.
    ///
    /// # Errors
    /// The database's.
    pub fn jobs_of(&self, chunk: u32) -> Result<u32> {
        let connection = self.connection();
        let mut query = connection.prepare_cached(
            "SELECT count(*) FROM place p JOIN job j ON j.number = p.job WHERE p.chunk = ?1 AND j.stage != 'dropped'",
        )?;
        query.query_row([chunk], |row| row.get(0))
    }

    /// A job that was planned is on the chain.
    ///
    /// # Errors
    /// The database's.
    pub fn taken(&self, number: u32, job: &Job) -> Result<()> {
        self.connection().execute(
            "UPDATE job SET stage = 'taken', incarnation = ?2, context = ?3, funded = ?4, refunded = ?5, reason = NULL
             WHERE number = ?1 AND stage = 'planned'",
            params![
                number,
                integer(job.incarnation),
                job.context,
                integer(job.funded),
                integer(job.refunded),
            ],
        )?;
        Ok(())
    }

    /// A job that was planned never comes to the chain: its chunks wait again.
    ///
    /// # Errors
    /// The database's.
    pub fn drop_job(&self, number: u32, reason: &str) -> Result<()> {
        self.transaction(|transaction| {
            let dropped = transaction.execute(
                "UPDATE job SET stage = 'dropped', reason = ?2 WHERE number = ?1 AND stage = 'planned'",
                params![number, reason],
            )?;
            if dropped == 1 {
                transaction.execute(
                    "UPDATE chunk SET state = 'waiting' WHERE job = ?1 AND state = 'placed'",
                    [number],
                )?;
            }
            Ok(())
        })
    }

    /// Sets how far a job is.
    ///
    /// # Errors
    /// The database's.
    pub fn set_stage(&self, number: u32, stage: JobStage) -> Result<()> {
        self.connection().execute(
            "UPDATE job SET stage = ?2, reason = CASE WHEN ?2 = 'closed' THEN NULL ELSE reason END WHERE number = ?1",
            params![number, stage.name()],
        )?;
        Ok(())
    }

    /// Enough members said that they will check a job.
    ///
    /// # Errors
    /// The database's.
    pub fn admitted(&self, number: u32) -> Result<()> {
        self.connection().execute(
            "UPDATE job SET is_admitted = 1, reason = NULL WHERE number = ?1",
            [number],
        )?;
        Ok(())
    }

    /// Notes what is in a job's escrow, base units.
    ///
    /// # Errors
    /// The database's.
    pub fn note_money(&self, number: u32, funded: u64, refunded: u64) -> Result<()> {
        self.connection().execute(
            "UPDATE job SET funded = ?2, refunded = ?3 WHERE number = ?1 AND (funded != ?2 OR refunded != ?3)",
            params![number, integer(funded), integer(refunded)],
        )?;
        Ok(())
    }

    /// Notes what is to be said of a job.
    ///
    /// # Errors
    /// The database's.
    pub fn note_reason(&self, number: u32, reason: &str) -> Result<()> {
        self.connection().execute(
            "UPDATE job SET reason = ?2 WHERE number = ?1 AND reason IS NOT ?2",
            params![number, reason],
        )?;
        Ok(())
    }
}
