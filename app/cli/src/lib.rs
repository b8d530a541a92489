//! The `sluice` command as a library: [`run`] takes arguments and a ledger, so that tests run it on the embedded engine.
//!
//! A verb reads accounts, checks what it can, and hands a [`session::Plan`] to the session; everything that concerns all
//! verbs alike (keys, funds, simulation, compute units, sending) is the session's.

mod batch;
mod cmd;
mod config;
mod failure;
mod keys;
mod output;
mod parse;
mod session;

pub use {config::Cluster, failure::Exit};

use {
    clap::{CommandFactory, Parser, error::ErrorKind},
    config::{Global, Settings},
    failure::{Failure, Result},
    output::{Fields, Format},
    session::Session,
    sluice_client::Ledger,
    std::{ffi::OsString, io::Write},
};

/// Settles decentralised compute on Solana: networks, stake, jobs, proofs and rewards.
///
/// `--keypair` signs as whoever the verb needs: owner, operator, buyer, staker or creator. `--fee-payer` pays fees and rent.
/// Nothing is sent before every check and a simulation have passed.
#[derive(Parser)]
#[command(name = "sluice", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    noun: cmd::Noun,
}

/// The command line's definition, as the reference documents it.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Runs one command line: the result goes to `out`, or one line about what failed to `err`.
pub fn run<L: Ledger>(
    args: impl IntoIterator<Item = OsString>,
    connect: impl FnOnce(&Cluster) -> L,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let (format, result) = match Cli::try_parse_from(&args) {
        Ok(cli) => (cli.global.output, execute(cli, connect)),
        Err(error) => (Format::asked_for(&args), usage(&error, out)),
    };
    let written = result.and_then(|fields| {
        let exit = match &fields {
            Some(fields) if fields.is_partly() => Exit::Partly,
            _ => Exit::Ok,
        };
        let text = fields.map(|fields| fields.render(format));
        write(out, &text.unwrap_or_default()).map(|()| exit)
    });
    match written {
        Ok(exit) => exit,
        Err(failure) => {
            // Nowhere is left to say that the error stream is closed.
            let _ = writeln!(err, "{}", failure.render(format));
            failure.exit()
        }
    }
}

fn execute<L: Ledger>(cli: Cli, connect: impl FnOnce(&Cluster) -> L) -> Result<Option<Fields>> {
    let settings = Settings::resolve(cli.global)?;
    let ledger = connect(&settings.cluster);
    let mut session = Session::new(settings, ledger);
    if !cli.noun.is_offline() {
        session.require_program()?;
    }
    cli.noun.run(&mut session).map(Some)
}

/// Help and version are answers; anything else is one line.
fn usage(error: &clap::Error, out: &mut dyn Write) -> Result<Option<Fields>> {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            write(out, &error.render().to_string())?;
            Ok(None)
        }
        _ => Err(Failure::usage(&error.render().to_string())),
    }
}

fn write(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Output(error.to_string()))
}
