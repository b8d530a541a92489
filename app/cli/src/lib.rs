//! The `sluice` command as a library: [`run`] takes arguments and a ledger, so that tests run it on the embedded engine.
//!
//! A verb reads accounts, checks what it can, and hands a plan to the session; everything that concerns all verbs alike
//! (keys, funds, simulation, compute units, sending) is the session's.

mod batch;
mod cmd;
mod completion;
mod config;
mod examples;
mod failure;
mod format;
mod help;
mod idl;
mod keys;
mod options;
mod output;
mod parse;
mod profile;
mod progress;
mod remedy;
mod screen;
mod secrets;
mod session;
mod usage;

use {
    clap::{CommandFactory, FromArgMatches, Parser, error::ErrorKind},
    config::Settings,
    failure::{Failure, Result},
    format::Format,
    options::Global,
    output::{Fields, Looks},
    profile::Profile,
    progress::Progress,
    screen::Screen,
    secrets::Secrets,
    session::Session,
    sluice_client::{Ledger, waiting::Onlooker},
    solana_address::Address,
    std::{ffi::OsString, fs, io::Write, sync::Arc},
};
pub use {config::Cluster, failure::Exit, output::Terminal};

/// Settles decentralised compute on Solana: networks, stake, jobs, proofs and rewards.
///
/// `--keypair` signs as whoever the verb needs: owner, operator, buyer, staker or creator. `--fee-payer` pays fees and rent.
/// Nothing is sent before every check and a simulation have passed.
#[derive(Parser)]
#[command(name = "sluice", version)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    noun: cmd::Noun,
}

/// The command line's definition, as the reference documents it: no profile changes it.
pub fn command() -> clap::Command {
    // `help` would repeat the whole tree.
    let command = Cli::command().disable_help_subcommand(true);
    let mut command = examples::added(command, "");
    command.build();
    command
}

/// Answers a shell that asks, by the environment, how a command line goes on; `None` where none asks. No cluster is asked.
pub fn complete(args: &[OsString], err: &mut dyn Write) -> Option<Exit> {
    completion::answer(|| Cli::command().disable_help_subcommand(true), args, err)
}

/// Runs one command line: the result goes to `out`, or one line about what failed to `err`. `connect` makes the ledger, which may tell the
/// onlooker when its node is silent.
pub fn run<L: Ledger>(
    args: impl IntoIterator<Item = OsString>,
    terminal: Terminal,
    connect: impl FnOnce(&Cluster, Arc<dyn Onlooker>) -> L,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let (profile, fault) = match Profile::load(&args) {
        Ok(profile) => (profile, None),
        Err(fault) => (Profile::default(), Some(fault)),
    };
    let looks = Looks::on(&terminal).naming(profile.names());
    let told = match (parse(&args, &profile), fault) {
        (Ok(cli), Some(fault)) if !cli.noun.examines() => Err((fault, Format::asked_for(&args))),
        // Without its names, what is wrong with the words cannot be told.
        (Err(error), Some(fault)) if !is_answer(&error) => Err((fault, Format::asked_for(&args))),
        (Ok(cli), fault) => {
            let profile = match fault {
                Some(fault) => Profile::without_file(&fault),
                None => profile,
            };
            let format = cli.global.format();
            // Programs read every row and every column, on a terminal too.
            let wide = cli.global.wide || format != Format::Display;
            let progress = Arc::new(Progress::on(&terminal, format));
            let mut screen = Screen::new(format, looks.wide(wide), Arc::clone(&progress), out, err);
            let told = execute(cli, &args, profile, connect, &progress, &mut screen);
            progress.clear();
            told.map_err(|failure| (failure, format))
        }
        (Err(error), _) => usage(
            &error,
            &args,
            &profile,
            &mut Screen::new(Format::asked_for(&args), looks, Arc::default(), out, err),
        )
        .map_err(|failure| (failure, Format::asked_for(&args))),
    };
    told.unwrap_or_else(|(failure, format)| {
        // Nowhere is left to say that the error stream is closed, and nobody to tell where the output is.
        if !matches!(failure, Failure::Closed) {
            let _ = writeln!(err, "{}", failure.render(format, &Secrets::in_words(&args)));
        }
        failure.exit()
    })
}

/// The words, read with the profile's names and defaults.
fn parse(args: &[OsString], profile: &Profile) -> std::result::Result<Cli, clap::Error> {
    let command = profile.applied(Cli::command());
    let mut matches = command.try_get_matches_from(args)?;
    let has_rows = has_rows(&matches);
    let cli = Cli::from_arg_matches_mut(&mut matches);
    let cli = cli.map_err(|error| error.format(&mut Cli::command()))?;
    if cli.global.format() == Format::Csv && !has_rows {
        let says = "--output csv is for lists, the market and statements: this command has no rows";
        return Err(Cli::command().error(ErrorKind::ArgumentConflict, says));
    }
    Ok(cli)
}

/// True for a command that ends in rows: one that pages them, a statement, and a bill.
fn has_rows(matches: &clap::ArgMatches) -> bool {
    let (mut at, mut is_statement) = (matches, false);
    while let Some((name, inner)) = at.subcommand() {
        is_statement |= name == "statement" || name == "bill";
        at = inner;
    }
    is_statement || at.try_contains_id("page").is_ok()
}

/// Runs the command and tells its result. What it sent stays noted until it is told, or is known to have changed nothing.
fn execute<L: Ledger>(
    cli: Cli,
    args: &[OsString],
    profile: Profile,
    connect: impl FnOnce(&Cluster, Arc<dyn Onlooker>) -> L,
    progress: &Arc<Progress>,
    screen: &mut Screen,
) -> Result<Exit> {
    let noun = format!("{:?}", cli.noun);
    let intent = format!("{noun} {:?}", contents(&noun, args));
    let settings = match cli.noun {
        // It may make the file, and mend what stands there.
        cmd::Noun::Config(_) => Settings::resolve(cli.global, None),
        cmd::Noun::Doctor(doctor) => match Settings::resolve(cli.global, profile.url()) {
            Ok(settings) => Ok(settings.within(cmd::PATIENCE)),
            Err(why) => {
                let fields = doctor.without_cluster(&profile, &why);
                let text = fields.render(screen.format, &screen.looks);
                return screen.rendered(&text).map(|()| Exit::Incomplete);
            }
        },
        _ => profile
            .require()
            .and_then(|()| Settings::resolve(cli.global, profile.url())),
    }?;
    let onlooker: Arc<dyn Onlooker> = Arc::<Progress>::clone(progress);
    let ledger = connect(&settings.cluster, onlooker);
    let looks = screen.looks.clone();
    let progress = Arc::clone(progress);
    let mut session = Session::new(settings, profile, ledger, &intent, looks, progress);
    let mut exit = Exit::Ok;
    let told = perform(cli.noun, named(&noun), &mut session, screen).and_then(|fields| {
        exit = match &fields {
            Some(fields) if fields.is_partly() => Exit::Partly,
            Some(fields) if fields.is_incomplete() => Exit::Incomplete,
            _ => Exit::Ok,
        };
        screen.looks = session.looks();
        let text = fields.map(|fields| fields.render(screen.format, &screen.looks));
        screen.rendered(&text.unwrap_or_default())
    });
    if !matches!(told, Err(Failure::Output(_) | Failure::Closed)) {
        session.close();
    }
    match told {
        // Whatever else was done or failed.
        Ok(()) | Err(Failure::Closed) if session.is_in_doubt() => Ok(Exit::Unknown),
        Ok(()) | Err(Failure::Closed) => Ok(exit),
        Err(failure) => Err(failure),
    }
}

/// The addresses in a command's parsed form: most of them are of accounts that it reads.
fn named(noun: &str) -> Vec<Address> {
    let words = noun.split(|c: char| !c.is_ascii_alphanumeric());
    // An address of 32 bytes is 32 to 44 digits of base 58.
    let words = words.filter(|word| (32..=44).contains(&word.len()));
    words.filter_map(|word| word.parse().ok()).collect()
}

/// Hashes of the files that the command itself names, by words that its parsed form shows: with other contents it is another
/// command. Global options are none of it, so that a configuration file may turn to another node.
fn contents(noun: &str, args: &[OsString]) -> Vec<[u8; 32]> {
    args.iter()
        .filter_map(|word| word.to_str())
        .map(|word| match word.split_once('=') {
            Some((option, path)) if option.starts_with("--") => path,
            _ => word,
        })
        .filter(|word| noun.contains(&format!("{word:?}")))
        .filter(|word| fs::metadata(word).is_ok_and(|found| found.is_file()))
        .filter_map(|word| Some(sluice::hash::sha256(&[&fs::read(word).ok()?])))
        .collect()
}

fn perform<L: Ledger>(
    noun: cmd::Noun,
    named: Vec<Address>,
    session: &mut Session<L>,
    screen: &mut Screen,
) -> Result<Option<Fields>> {
    if !noun.needs_no_program() {
        session.begin(named)?;
    }
    if noun.waits_for_changes() {
        session.ledger.read_afresh();
    }
    if session.is_proposal() && noun.signs_what_is_no_instruction() {
        return Err(Failure::input(
            "this signs or sends what is there already: --as-instruction prints what a command would send itself",
        ));
    }
    match session.resume()? {
        Some(fields) => Ok(Some(fields)),
        None => {
            let result = noun.run(session, screen)?;
            Ok(result.map(|fields| session.with_proposal(fields)))
        }
    }
}

/// True for help and version.
fn is_answer(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// Help and version are answers; anything else is one line.
fn usage(
    error: &clap::Error,
    args: &[OsString],
    profile: &Profile,
    screen: &mut Screen,
) -> Result<Exit> {
    if !is_answer(error) {
        return Err(Failure::Usage(usage::sentence(error)));
    }
    let brief = help::answer(error, || profile.applied(Cli::command()), args);
    let (error, after) = brief
        .as_ref()
        .map_or((error, ""), |(brief, after)| (brief, *after));
    let help = error.render();
    let text = if screen.looks.colored {
        help.ansi().to_string()
    } else {
        help.to_string()
    };
    screen.rendered(&(text + after)).map(|()| Exit::Ok)
}

#[cfg(test)]
mod tests {
    use {super::*, std::collections::BTreeSet};

    #[test]
    fn a_command_names_the_addresses_among_its_words() {
        let [network, job] = [7, 8].map(|byte| Address::new_from_array([byte; 32]));
        let words = [
            "sluice",
            "crank",
            "--network",
            &network.to_string(),
            &job.to_string(),
        ];
        let noun = Cli::try_parse_from(words).unwrap().noun;
        let mut found = named(&format!("{noun:?}"));
        found.sort_unstable();
        assert_eq!(found, [network, job]);
    }

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

    #[test]
    fn no_variable_stands_for_an_option_where_a_verb_is_missing() {
        // Clap counts a variable as a given argument, and then misses the verb where it would print help.
        fn walk(command: &clap::Command) {
            for arg in command.get_arguments() {
                let is_read_by_clap = arg.get_env().is_some();
                let is_above = arg.is_global_set() || command.has_subcommands();
                assert!(
                    !(is_read_by_clap && is_above),
                    "{}: {}",
                    command.get_name(),
                    arg.get_id()
                );
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&command());
    }
}
