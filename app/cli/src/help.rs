//! Help as people read it: the options that every command takes are listed once, in `sluice --help`.

use clap::{Command, error::ErrorKind};

/// Where a noun or verb says that there are more options.
const ELSEWHERE: &str = "Options that every command takes: `sluice --help`";

/// True for what is answered with help.
pub fn is_asked(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// The command whose nouns and verbs list their own options alone.
pub fn brief(mut command: Command) -> Command {
    // It hands the global options down.
    command.build();
    command.mut_subcommands(own)
}

fn own(command: Command) -> Command {
    let command = command
        .mut_args(|arg| {
            let is_global = arg.is_global_set();
            let is_hidden = arg.is_hide_set();
            arg.hide(is_global || is_hidden)
        })
        .after_help(ELSEWHERE);
    command.mut_subcommands(own)
}
