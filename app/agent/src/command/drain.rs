//! `sluice-agent drain`: a worker takes no more jobs and finishes those that it has.

use {
    super::{print, worker_of},
    crate::worker::store::{DRAIN, FILE},
    anyhow::{Context, Result, ensure},
    clap::Args,
    rusqlite::{Connection, OpenFlags, params},
    std::{path::Path, time::Duration},
};

pub const AFTER: &str = "\
The worker withdraws its offers, accepts nothing, resigns its jobs with notice, finishes their windows, proves and claims them, and closes what can be \
closed. It need not run: it finds the flag when it starts. `sluice-agent status` shows how far it is.";

#[derive(Args, Debug)]
pub struct Drain {
    /// Take jobs again; what was resigned stays resigned
    #[arg(long)]
    undo: bool,
}

impl Drain {
    pub fn run(self, path: &Path) -> Result<()> {
        let config = worker_of(path)?;
        set(&config.work.state.join(FILE), !self.undo)?;
        print(if self.undo {
            "The worker takes jobs again. What it resigned in the meantime stays resigned."
        } else {
            "The worker takes no more jobs. It withdraws its offers, resigns its jobs with their notice, finishes and proves the windows until then, claims \
             what is earned, and closes what can be closed. Leave it running: `sluice-agent status` shows what is left. `sluice-agent drain --undo` takes \
             this back."
        })
    }
}

/// Sets the flag in the worker's file, which exists once the worker has run.
pub fn set(file: &Path, drain: bool) -> Result<()> {
    ensure!(
        file.exists(),
        "there is no state in {}: the worker has not run with this configuration yet",
        file.display()
    );
    let set = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute(
            "INSERT OR REPLACE INTO flag (name, value) VALUES (?1, ?2)",
            params![DRAIN, drain],
        )
    };
    let set: rusqlite::Result<_> = set();
    set.with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(())
}
