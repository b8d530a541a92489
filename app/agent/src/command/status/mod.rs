//! `sluice-agent status`: what a daemon has written down, read from its own file while it runs or not.

mod attester;
mod worker;

use {
    super::{print, read},
    crate::config::Config,
    anyhow::{Context, Result, ensure},
    clap::Args,
    rusqlite::{Connection, OpenFlags},
    serde::Serialize,
    sluice_client::{
        foreign::{Foreign, in_json},
        text,
    },
    solana_address::Address,
    std::{path::Path, time::Duration},
};

/// Rows of windows and of refusals that are shown.
const ROWS: u32 = 20;

#[derive(Args, Debug)]
pub struct Status {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Status {
    pub fn run(self, path: &Path) -> Result<()> {
        match read(path)? {
            Config::Worker(config) => {
                let view = worker::View::read(&config.work.state)?;
                self.show(&view, worker::View::text)
            }
            Config::Attester(config) => {
                let view = attester::View::read(&config.store.state)?;
                self.show(&view, attester::View::text)
            }
        }
    }

    fn show<V: Serialize>(&self, view: &V, text: impl Fn(&V) -> String) -> Result<()> {
        if self.json {
            print(&in_json(&serde_json::to_string_pretty(view)?))
        } else {
            print(&text(view))
        }
    }
}

/// A database of a daemon, to read only.
fn open(file: &Path) -> Result<Connection> {
    ensure!(
        file.exists(),
        "there is no state in {}: the daemon has not run with this configuration yet",
        file.display()
    );
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(file, flags).and_then(|connection| {
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(connection)
    });
    opened.with_context(|| format!("{} cannot be read", file.display()))
}

/// An address as it is in a row.
fn address(bytes: [u8; 32]) -> String {
    Address::new_from_array(bytes).to_string()
}

/// A stranger's text, or nothing.
fn foreign(text: Option<&Foreign>) -> String {
    text.map_or_else(String::new, ToString::to_string)
}

/// A date of the chain's clock.
fn date(unix: i64) -> String {
    text::date(unix)
}

/// A part of what is shown, under its title; nothing where it has no rows.
fn part(title: &str, table: &str) -> String {
    if table.is_empty() {
        String::new()
    } else {
        format!("\n{title}\n{table}\n")
    }
}

#[cfg(test)]
mod tests;
