//! What the command line asks for, and how a failure is told.
//!
//! Results go to standard output, logs and failures to standard error. The exit code is 0 for what is done, 1 for a failure, which is one line
//! `error: ...`, and 2 for a command line that is none.

mod check;
mod drain;
#[cfg(test)]
mod few;
mod init;
mod logs;
mod status;
mod table;

use {
    crate::{
        attester,
        config::{Config, Role},
        worker,
    },
    anyhow::{Context, Result, bail},
    clap::{Args, CommandFactory, Parser, Subcommand},
    logs::LogFormat,
    sluice_client::{foreign, ledger::hosts_only},
    std::{
        io::{self, Write},
        path::{Path, PathBuf},
        process::ExitCode,
    },
};

const AFTER: &str = "\
Exit codes: 0 done, 1 failed (one line on standard error says why), 2 the command line is none.

A provider begins with `sluice-agent init worker`, an attester with `sluice-agent init attester`. \
docs/running.md tells the whole way to the first payment.";

/// The daemons of Sluice: a worker rents a machine out and is paid for what it computes, an attester signs what it has computed again.
#[derive(Debug, Parser)]
#[command(name = "sluice-agent", version, after_help = AFTER, disable_help_subcommand = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Args, Debug)]
struct Global {
    /// Configuration file of the process; paths in it are relative to its own folder
    #[arg(
        short,
        long,
        global = true,
        value_name = "PATH",
        default_value = "agent.toml",
        env = "SLUICE_AGENT_CONFIG"
    )]
    config: PathBuf,
    /// Form of the logs on standard error
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "text"
    )]
    log_format: LogFormat,
    /// What is logged: a level, or a list like `info,sluice_agent::http=debug`
    #[arg(long, global = true, value_name = "FILTER", default_value = "info", value_parser = logs::filter, env = "SLUICE_AGENT_LOG")]
    log: String,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Works until it is stopped: takes jobs, computes, has windows signed, proves them, and is paid
    Worker,
    /// Attests until it is stopped: keeps blobs, computes windows again, and signs those that are right
    Attester,
    /// Writes a configuration in which every option is explained, and the keys that it names
    #[command(after_help = init::AFTER)]
    Init {
        #[command(subcommand)]
        role: Box<init::Init>,
    },
    /// Says what keeps this machine from working or attesting, and what to do about it
    #[command(after_help = check::AFTER)]
    Check(check::Check),
    /// Shows what the daemon has done, what waits and why; the daemon may run or not
    Status(status::Status),
    /// Has the worker take no more jobs and finish those that it has
    #[command(after_help = drain::AFTER)]
    Drain(drain::Drain),
}

/// A command line that is none, where only running it tells.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(String);

/// The command's definition.
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Does what the command line says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has enough.
        Err(error) if is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", told(&error));
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

impl Cli {
    fn run(self) -> Result<()> {
        let config = &self.global.config;
        match self.verb {
            Verb::Worker => {
                logs::begin(self.global.log_format, &self.global.log)?;
                worker::run(*worker_of(config)?)
            }
            Verb::Attester => {
                logs::begin(self.global.log_format, &self.global.log)?;
                attester::run(*attester_of(config)?)
            }
            Verb::Init { role } => role.run(),
            Verb::Check(check) => check.run(config),
            Verb::Status(status) => status.run(config),
            Verb::Drain(drain) => drain.run(config),
        }
    }
}

fn worker_of(path: &Path) -> Result<Box<crate::config::Worker>> {
    match read(path)? {
        Config::Worker(worker) => Ok(worker),
        Config::Attester(_) => bail!(other(path, Role::Attester)),
    }
}

fn attester_of(path: &Path) -> Result<Box<crate::config::Attester>> {
    match read(path)? {
        Config::Attester(attester) => Ok(attester),
        Config::Worker(_) => bail!(other(path, Role::Worker)),
    }
}

/// That a configuration is of another role than the one asked for.
fn other(path: &Path, role: Role) -> String {
    let role = match role {
        Role::Worker => "a worker",
        Role::Attester => "an attester",
    };
    format!(
        "{} is the configuration of {role}: --config names another one",
        path.display()
    )
}

fn read(path: &Path) -> Result<Config> {
    Config::read(path).with_context(|| {
        let is_there = path.exists();
        if is_there {
            "the configuration cannot be used"
        } else {
            "there is no configuration: --config names one, and `sluice-agent init` writes one"
        }
    })
}

/// A failure in one line that nothing secret and nothing of a stranger's making gets into: URLs end at their host, and letters that move a
/// terminal's cursor or that nobody sees are escaped.
fn told(error: &anyhow::Error) -> String {
    let whole = format!("{error:#}");
    let words: Vec<_> = whole.split_whitespace().collect();
    foreign::shown(&hosts_only(&words.join(" ")))
}

fn is_closed(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints a result.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests;
