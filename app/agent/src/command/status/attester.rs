//! What an attester has written down.

use {
    super::{ROWS, address, date, open, part},
    crate::command::table,
    anyhow::{Context, Result},
    rusqlite::{Connection, OptionalExtension, Row},
    serde::Serialize,
    sluice_client::{amount::counted, foreign::Foreign},
    std::{collections::HashMap, path::Path},
};

/// The files in the folder of state.
const FILE: &str = "attester.sqlite";
const BLOBS: &str = "blobs/index.sqlite";

/// What is shown of an attester.
#[derive(Debug, Serialize)]
pub struct View {
    /// It signs no window that ended before, unix seconds of the chain.
    since: Option<i64>,
    jobs: Vec<Job>,
    windows: Windows,
    /// Findings that other members were not told yet.
    untold: u32,
    /// Providers whose next windows are computed in full.
    watched: Vec<Watched>,
    refusals: Vec<Refusal>,
}

/// A job that something is kept of.
#[derive(Debug, Serialize)]
struct Job {
    job: String,
    incarnation: String,
    is_admitted: bool,
    blobs: u32,
    /// Blobs of which a part is here.
    parts: u32,
    /// Decimal text.
    bytes: String,
    until: i64,
}

/// Windows by what came of looking at them.
#[derive(Debug, Default, Serialize)]
struct Windows {
    claimed: u32,
    found_true: u32,
    found_false: u32,
    engines_differ: u32,
    undecided: u32,
}

/// A provider that was refused for what it computed.
#[derive(Debug, Serialize)]
struct Watched {
    provider: String,
    windows: u32,
}

/// A claim that was found false.
#[derive(Debug, Serialize)]
struct Refusal {
    job: String,
    window: u32,
    code: Foreign,
    chunk: Option<u32>,
}

const HELD: &str = "
    SELECT job, incarnation, count(*) FILTER (WHERE whole), count(*) FILTER (WHERE NOT whole), sum(len), max(until)
    FROM held GROUP BY job, incarnation ORDER BY max(until) DESC, job";

const CLAIMS: &str = "
    SELECT count(*), count(*) FILTER (WHERE verdict IN ('true', 'sampled')), count(*) FILTER (WHERE verdict = 'engines differ'),
        count(*) FILTER (WHERE verdict = 'unknown')
    FROM claim";

const FALSE: &str = "
    SELECT job, window, verdict, chunk FROM claim WHERE verdict NOT IN ('true', 'sampled', 'unknown', 'engines differ')
    ORDER BY until DESC, window DESC LIMIT ?1";

impl View {
    /// Reads what is in the folder of state.
    pub fn read(state: &Path) -> Result<Self> {
        let [file, blobs] = [FILE, BLOBS].map(|name| state.join(name));
        let (memory, index) = (open(&file)?, open(&blobs)?);
        Self::of(&memory, &index).with_context(|| {
            format!(
                "{} is not of this version: start the attester once",
                file.display()
            )
        })
    }

    fn of(memory: &Connection, index: &Connection) -> rusqlite::Result<Self> {
        let moment = memory.unchecked_transaction()?;
        let since = moment
            .query_row("SELECT at FROM start", [], |row| row.get(0))
            .optional()?;
        let admitted: rusqlite::Result<HashMap<([u8; 32], i64), bool>> = moment
            .prepare("SELECT job, incarnation, is_admitted FROM admitted")?
            .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
            .collect();
        let admitted = admitted?;
        let jobs: rusqlite::Result<_> = index
            .prepare(HELD)?
            .query_map([], |row| job(row, &admitted))?
            .collect();
        let watched: rusqlite::Result<_> = moment
            .prepare("SELECT provider, windows FROM watched WHERE windows > 0 ORDER BY windows DESC LIMIT ?1")?
            .query_map([ROWS], |row| {
                Ok(Watched {
                    provider: address(row.get(0)?),
                    windows: row.get(1)?,
                })
            })?
            .collect();
        let refusals: rusqlite::Result<_> =
            moment.prepare(FALSE)?.query_map([ROWS], refusal)?.collect();
        Ok(Self {
            since,
            jobs: jobs?,
            windows: moment.query_row(CLAIMS, [], windows)?,
            untold: moment.query_row("SELECT count(*) FROM letter", [], |row| row.get(0))?,
            watched: watched?,
            refusals: refusals?,
        })
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = self.since.map_or_else(String::new, |since| {
            format!("signs windows that ended after {}\n", date(since))
        });
        let Windows {
            claimed,
            found_true,
            found_false,
            engines_differ,
            undecided,
        } = self.windows;
        out.push_str(&format!(
            "{}: {found_true} true, {found_false} false, {engines_differ} on which engines differ, {undecided} not decided\n",
            counted(claimed, "claim of a window")
        ));
        if self.untold > 0 {
            let untold = counted(self.untold, "finding");
            out.push_str(&format!("{untold} not told to other members yet\n"));
        }
        if self.jobs.is_empty() {
            out.push_str("no job yet\n");
        }
        out.push_str(&part("Jobs", &self.jobs_text()));
        let watched = self
            .watched
            .iter()
            .map(|one| [one.provider.clone(), one.windows.to_string()]);
        out.push_str(&part(
            "Providers whose windows are computed in full",
            &table::rows(["provider", "windows left"], watched),
        ));
        let refusals = self.refusals.iter().map(|refusal| {
            let chunk = refusal
                .chunk
                .map_or_else(String::new, |chunk| chunk.to_string());
            [
                refusal.job.clone(),
                refusal.window.to_string(),
                refusal.code.to_string(),
                chunk,
            ]
        });
        out.push_str(&part(
            "Last claims found false",
            &table::rows(["job", "window", "code", "chunk"], refusals),
        ));
        out
    }

    fn jobs_text(&self) -> String {
        let rows = self.jobs.iter().map(|job| {
            let admitted = if job.is_admitted { "yes" } else { "no" };
            [
                job.job.clone(),
                admitted.to_owned(),
                job.blobs.to_string(),
                job.parts.to_string(),
                job.bytes.clone(),
                date(job.until),
            ]
        });
        table::rows(
            ["job", "admitted", "blobs", "parts", "bytes", "kept until"],
            rows,
        )
    }
}

fn job(row: &Row, admitted: &HashMap<([u8; 32], i64), bool>) -> rusqlite::Result<Job> {
    let id: ([u8; 32], i64) = (row.get(0)?, row.get(1)?);
    Ok(Job {
        job: address(id.0),
        incarnation: id.1.cast_unsigned().to_string(),
        is_admitted: admitted.get(&id).copied().unwrap_or(false),
        blobs: row.get(2)?,
        parts: row.get(3)?,
        bytes: row.get::<_, i64>(4)?.to_string(),
        until: row.get(5)?,
    })
}

fn windows(row: &Row) -> rusqlite::Result<Windows> {
    let [claimed, found_true, engines_differ, undecided] =
        [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
    let others = [found_true, engines_differ, undecided];
    Ok(Windows {
        claimed,
        found_true,
        found_false: others.into_iter().fold(claimed, u32::saturating_sub),
        engines_differ,
        undecided,
    })
}

fn refusal(row: &Row) -> rusqlite::Result<Refusal> {
    Ok(Refusal {
        job: address(row.get(0)?),
        window: row.get(1)?,
        code: row.get::<_, String>(2)?.into(),
        chunk: row.get(3)?,
    })
}
