//! What a worker has written down.

use {
    super::{ROWS, address, date, foreign, open, part},
    crate::{
        command::table,
        worker::store::{DRAIN, FILE},
    },
    anyhow::{Context, Result},
    rusqlite::{Connection, OptionalExtension, Row},
    serde::Serialize,
    sluice_client::{
        amount::{self, SOL_DECIMALS},
        foreign::Foreign,
    },
    std::path::Path,
};

/// What is shown of a worker.
#[derive(Debug, Serialize)]
pub struct View {
    drain: bool,
    spent: Option<Spent>,
    jobs: Vec<Job>,
    /// Those that are not proven or lost, and the last lost ones.
    waiting: Vec<Window>,
    refusals: Vec<Refusal>,
}

/// What a day has cost.
#[derive(Debug, Serialize)]
struct Spent {
    /// When the day began, unix seconds.
    day: i64,
    /// Lamports of fees and rent; decimal text.
    lamports: String,
}

/// A job, and how many of its chunks and windows are where.
#[derive(Debug, Serialize)]
struct Job {
    job: String,
    incarnation: String,
    node: String,
    stage: String,
    chunks_done: u32,
    chunks_not_done: u32,
    /// Windows that chunks are computed of.
    running: u32,
    sealed: u32,
    signed: u32,
    proven: u32,
    matured: u32,
    lost: u32,
    why: Option<Foreign>,
    at: i64,
}

/// A window that is not proven.
#[derive(Debug, Serialize)]
struct Window {
    job: String,
    window: u32,
    stage: String,
    units: String,
    signatures: u32,
    ends_at: i64,
    closes_at: i64,
    why: Option<Foreign>,
}

/// What a member refused, lately.
#[derive(Debug, Serialize)]
struct Refusal {
    at: i64,
    member: String,
    job: String,
    window: u32,
    code: Foreign,
    message: Foreign,
    chunk: Option<u32>,
    times: u32,
    is_final: bool,
}

const JOBS: &str = "
    SELECT job.job, job.incarnation, job.node, job.stage, job.reason, job.at,
        (SELECT count(output) FROM chunk WHERE chunk.job = job.job AND chunk.incarnation = job.incarnation),
        (SELECT count(undone) FROM chunk WHERE chunk.job = job.job AND chunk.incarnation = job.incarnation),
        (SELECT count(DISTINCT chunk.window) FROM chunk LEFT JOIN window AS done
            ON done.job = chunk.job AND done.incarnation = chunk.incarnation AND done.window = chunk.window
            WHERE chunk.job = job.job AND chunk.incarnation = job.incarnation AND done.window IS NULL),
        count(window.window) FILTER (WHERE window.stage = 'sealed'),
        count(window.window) FILTER (WHERE window.stage = 'signed'),
        count(window.window) FILTER (WHERE window.stage = 'proven'),
        count(window.window) FILTER (WHERE window.stage = 'matured'),
        count(window.window) FILTER (WHERE window.stage = 'lost')
    FROM job LEFT JOIN window ON window.job = job.job AND window.incarnation = job.incarnation
    GROUP BY job.job, job.incarnation ORDER BY job.at DESC, job.job";

const WAITING: &str = "
    SELECT window.job, window.window, window.stage, window.units, window.ends_at, window.closes_at, window.reason,
        (SELECT count(*) FROM countersignature AS one
            WHERE one.job = window.job AND one.incarnation = window.incarnation AND one.window = window.window)
    FROM window WHERE window.stage IN ('sealed', 'signed', 'lost')
    ORDER BY window.stage = 'lost', window.closes_at DESC LIMIT ?1";

const REFUSALS: &str = "
    SELECT at, member, job, window, code, message, chunk, times, is_final FROM refusal ORDER BY at DESC LIMIT ?1";

impl View {
    /// Reads what is in the folder of state.
    pub fn read(state: &Path) -> Result<Self> {
        let file = state.join(FILE);
        let connection = open(&file)?;
        Self::of(&connection).with_context(|| {
            format!(
                "{} is not of this version: start the worker once",
                file.display()
            )
        })
    }

    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        // One moment for all of it.
        let moment = connection.unchecked_transaction()?;
        let drain = moment
            .query_row("SELECT value FROM flag WHERE name = ?1", [DRAIN], |row| {
                row.get(0)
            })
            .optional()?;
        let spent = moment
            .query_row(
                "SELECT day, lamports FROM spent ORDER BY day DESC LIMIT 1",
                [],
                |row| {
                    let day: i64 = row.get(0)?;
                    Ok(Spent {
                        day: day.saturating_mul(86_400),
                        lamports: row.get::<_, i64>(1)?.cast_unsigned().to_string(),
                    })
                },
            )
            .optional()?;
        let jobs: rusqlite::Result<_> = moment.prepare(JOBS)?.query_map([], job)?.collect();
        let waiting: rusqlite::Result<_> = moment
            .prepare(WAITING)?
            .query_map([ROWS], window)?
            .collect();
        let refusals: rusqlite::Result<_> = moment
            .prepare(REFUSALS)?
            .query_map([ROWS], refusal)?
            .collect();
        Ok(Self {
            drain: drain.unwrap_or(false),
            spent,
            jobs: jobs?,
            waiting: waiting?,
            refusals: refusals?,
        })
    }

    /// For people.
    pub fn text(&self) -> String {
        let drain = if self.drain {
            "draining: no job is taken, those that are here are finished"
        } else {
            "takes jobs"
        };
        let mut out = format!("{drain}\n");
        if let Some(spent) = &self.spent {
            let lamports = spent.lamports.parse().unwrap_or(u64::MAX);
            let day = date(spent.day);
            let day = day.get(..10).unwrap_or(&day);
            let sol = amount::format(lamports, SOL_DECIMALS);
            out.push_str(&format!("{sol} SOL of fees and rent on {day}\n"));
        }
        if self.jobs.is_empty() {
            out.push_str("no job yet\n");
        }
        out.push_str(&part("Jobs", &self.jobs_text()));
        out.push_str(&part("Windows that wait", &self.waiting_text()));
        out.push_str(&part("Last refusals", &self.refusals_text()));
        out
    }

    fn jobs_text(&self) -> String {
        let head = [
            "job", "stage", "chunks", "not done", "running", "sealed", "signed", "proven",
            "matured", "lost", "why",
        ];
        let rows = self.jobs.iter().map(|job| {
            let count = |count: u32| count.to_string();
            [
                job.job.clone(),
                job.stage.clone(),
                count(job.chunks_done),
                count(job.chunks_not_done),
                count(job.running),
                count(job.sealed),
                count(job.signed),
                count(job.proven),
                count(job.matured),
                count(job.lost),
                foreign(job.why.as_ref()),
            ]
        });
        table::rows(head, rows)
    }

    fn waiting_text(&self) -> String {
        let head = [
            "job",
            "window",
            "stage",
            "units",
            "signed by",
            "ends",
            "closes",
            "why",
        ];
        let rows = self.waiting.iter().map(|window| {
            [
                window.job.clone(),
                window.window.to_string(),
                window.stage.clone(),
                window.units.clone(),
                window.signatures.to_string(),
                date(window.ends_at),
                date(window.closes_at),
                foreign(window.why.as_ref()),
            ]
        });
        table::rows(head, rows)
    }

    fn refusals_text(&self) -> String {
        let head = [
            "at", "member", "job", "window", "code", "chunk", "times", "said",
        ];
        let rows = self.refusals.iter().map(|refusal| {
            let last = if refusal.is_final { "; for good" } else { "" };
            [
                date(refusal.at),
                refusal.member.clone(),
                refusal.job.clone(),
                refusal.window.to_string(),
                refusal.code.to_string(),
                refusal
                    .chunk
                    .map_or_else(String::new, |chunk| chunk.to_string()),
                refusal.times.to_string(),
                format!("{}{last}", refusal.message),
            ]
        });
        table::rows(head, rows)
    }
}

fn job(row: &Row) -> rusqlite::Result<Job> {
    Ok(Job {
        job: address(row.get(0)?),
        incarnation: row.get::<_, i64>(1)?.cast_unsigned().to_string(),
        node: address(row.get(2)?),
        stage: row.get(3)?,
        why: row.get::<_, Option<String>>(4)?.map(Foreign::from),
        at: row.get(5)?,
        chunks_done: row.get(6)?,
        chunks_not_done: row.get(7)?,
        running: row.get(8)?,
        sealed: row.get(9)?,
        signed: row.get(10)?,
        proven: row.get(11)?,
        matured: row.get(12)?,
        lost: row.get(13)?,
    })
}

fn window(row: &Row) -> rusqlite::Result<Window> {
    Ok(Window {
        job: address(row.get(0)?),
        window: row.get(1)?,
        stage: row.get(2)?,
        units: row.get::<_, i64>(3)?.cast_unsigned().to_string(),
        ends_at: row.get(4)?,
        closes_at: row.get(5)?,
        why: row.get::<_, Option<String>>(6)?.map(Foreign::from),
        signatures: row.get(7)?,
    })
}

fn refusal(row: &Row) -> rusqlite::Result<Refusal> {
    Ok(Refusal {
        at: row.get(0)?,
        member: address(row.get(1)?),
        job: address(row.get(2)?),
        window: row.get(3)?,
        code: row.get::<_, String>(4)?.into(),
        message: row.get::<_, String>(5)?.into(),
        chunk: row.get(6)?,
        times: row.get(7)?,
        is_final: row.get(8)?,
    })
}
