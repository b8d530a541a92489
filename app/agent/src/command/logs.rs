//! What the daemons log, and how.

use {
    anyhow::{Result, anyhow},
    clap::ValueEnum,
    std::io,
    tracing_subscriber::EnvFilter,
};

/// How a log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// A filter that can be read.
pub fn filter(text: &str) -> Result<String, String> {
    let read = EnvFilter::try_new(text).map(|_| text.to_owned());
    read.map_err(|error| error.to_string())
}

/// Begins to log to standard error.
pub fn begin(format: LogFormat, filter: &str) -> Result<()> {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter)?)
        .with_writer(io::stderr);
    let begun = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    begun.map_err(|_| anyhow!("something else logs in this process already"))
}
