//! The `sluice` command as a library: [`run`] takes arguments and a ledger, so that tests run it on the embedded engine.
//!
//! A verb reads accounts, checks what it can, and hands a [`session::Plan`] to the session; everything that concerns all
//! verbs alike (keys, funds, simulation, compute units, sending) is the session's.

mod archive;
mod batch;
mod cmd;
mod config;
mod failure;
mod keys;
mod output;
mod parse;
mod screen;
mod session;

pub use {config::Cluster, failure::Exit};

use {
    clap::{CommandFactory, Parser, error::ErrorKind},
    config::{Global, Settings},
    failure::{Failure, Result},
    output::{Fields, Format},
    screen::Screen,
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
    match Cli::try_parse_from(&args) {
        Ok(cli) => {
            let format = cli.global.format();
            let told = execute(cli, connect, format, out);
            report(told, format, err)
        }
        Err(error) => report(usage(&error, out), Format::asked_for(&args), err),
    }
}

/// Runs the command and tells its result. What it sent stays noted until it is told, or is known to have changed nothing.
fn execute<L: Ledger>(
    cli: Cli,
    connect: impl FnOnce(&Cluster) -> L,
    format: Format,
    out: &mut dyn Write,
) -> Result<Exit> {
    let intent = format!("{:?}", cli.noun);
    let settings = Settings::resolve(cli.global)?;
    let ledger = connect(&settings.cluster);
    let mut session = Session::new(settings, ledger, &intent);
    let told = perform(cli.noun, &mut session).and_then(|fields| {
        let text = fields.render(format);
        let exit = match &fields {
            fields if fields.is_partly() => Exit::Partly,
            fields if fields.is_incomplete() => Exit::Incomplete,
            _ => Exit::Ok,
        };
        write(out, &text).map(|()| exit)
    });
    if !matches!(told, Err(Failure::Output(_))) {
        session.close();
    }
    told
}

fn perform<L: Ledger>(noun: cmd::Noun, session: &mut Session<L>) -> Result<Fields> {
    if !noun.checks_program_itself() {
        session.require_program()?;
    }
    match session.resume()? {
        Some(fields) => Ok(fields),
        None => noun.run(session),
    }
}

/// Help and version are answers; anything else is one line.
fn usage(error: &clap::Error, out: &mut dyn Write) -> Result<Exit> {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            write(out, &error.render().to_string()).map(|()| Exit::Ok)
        }
        _ => Err(Failure::usage(&error.render().to_string())),
    }
}

fn report(told: Result<Exit>, format: Format, err: &mut dyn Write) -> Exit {
    told.unwrap_or_else(|failure| {
        // Nowhere is left to say that the error stream is closed.
        let _ = writeln!(err, "{}", failure.render(format));
        failure.exit()
    })
}

fn write(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Output(error.to_string()))
}

#[cfg(test)]
mod tests {
    use {super::*, std::collections::BTreeSet};

    #[test]
    fn no_option_of_a_command_hides_a_global_one() {
        fn walk(command: &clap::Command, global: &BTreeSet<&str>) {
            for arg in command.get_arguments().filter(|arg| !arg.is_global_set()) {
                let name = arg.get_id().as_str();
                assert!(
                    !global.contains(name),
                    "{}: {name}",
                    command.get_bin_name().unwrap_or_default()
                );
            }
            for inner in command.get_subcommands() {
                walk(inner, global);
            }
        }
        let command = Cli::command();
        let global = command
            .get_arguments()
            .filter(|arg| arg.is_global_set())
            .map(|arg| arg.get_id().as_str())
            .collect::<BTreeSet<_>>();
        assert!(global.contains("state_dir"));
        walk(&command, &global);
    }
}
