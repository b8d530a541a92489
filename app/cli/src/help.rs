//! Help as people read it: the options that every command takes are listed once, in `sluice --help`.

use {
    crate::examples,
    clap::{Command, error::ErrorKind},
    std::ffi::OsString,
};

/// What the help of `sluice` itself has, and that of no noun.
const OF_THE_ROOT: &str = "Usage: sluice [OPTIONS] <COMMAND>";

/// Where a noun or verb says that there are more options.
const ELSEWHERE: &str = "\nOptions that every command takes: `sluice --help`\n";

/// The help that answers `args`, and what follows it; `None` where `error` is something else.
pub fn answer(
    error: &clap::Error,
    root: impl FnOnce() -> Command,
    args: &[OsString],
) -> Option<(clap::Error, &'static str)> {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if !is_help || error.render().to_string().contains(OF_THE_ROOT) {
        return None;
    }
    // A command hands its global options down as they are.
    let root = root().mut_args(|arg| {
        let is_global = arg.is_global_set();
        arg.hide(is_global)
    });
    let brief = examples::added(root, "").try_get_matches_from(args).err()?;
    Some((brief, ELSEWHERE))
}
