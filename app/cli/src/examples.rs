//! Examples of every verb, for its help, for `docs/cli.md` and for the manual pages.

use clap::{Command, builder::StyledStr};

/// Examples between blank lines: a sentence behind `#`, and the command, on more lines where one is too narrow.
const TEXT: &str = include_str!("examples.txt");

/// Words of the examples that are names of a profile.
const NAMES: [&str; 21] = [
    "share", "epoch", "main", "STAKE", "USDC", "REWARD", "measured", "mine", "render", "worker",
    "witness", "alice", "ops", "buyer", "first", "cheap", "ticket", "doubt", "bonus", "pool",
    "hour",
];

/// What stands above examples that need a profile.
const WITH_NAMES: &str = "Examples, with names of a profile (sluice config set name.NAME ADDRESS):";
const WITHOUT: &str = "Examples:";

/// The examples of the verb that `path` spells out, `sluice job open`: of each the sentence and the lines of the command.
pub fn of(path: &str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    TEXT.split("\n\n").filter_map(move |example| {
        let (sentence, command) = example.trim_end().split_once('\n')?;
        let arguments = command.strip_prefix(path)?;
        let is_whole = arguments.is_empty() || arguments.starts_with([' ', '\n']);
        let is_whole = is_whole && !(path == "sluice run" && is_verb_of_run(arguments));
        is_whole.then(|| (sentence.trim_start_matches("# "), command.lines().collect()))
    })
}

/// True for the verbs of the one noun that is a verb itself.
fn is_verb_of_run(arguments: &str) -> bool {
    let word = arguments.split_whitespace().next().unwrap_or_default();
    ["list", "resume", "cancel", "show", "bill"].contains(&word)
}

/// The command below `above`, with the examples of each verb behind its help.
pub fn added(command: Command, above: &str) -> Command {
    let path = match above {
        "" => command.get_name().to_owned(),
        above => format!("{above} {}", command.get_name()),
    };
    // One that has words of its own beside its verbs is a verb, too.
    let is_verb = !command.has_subcommands() || command.get_positionals().next().is_some();
    let text = is_verb.then(|| shown(&command, &path)).flatten();
    let command = match text {
        Some(text) => command.after_help(text),
        None => command,
    };
    command.mut_subcommands(|inner| added(inner, &path))
}

fn shown(command: &Command, path: &str) -> Option<StyledStr> {
    let mut examples = of(path).peekable();
    examples.peek()?;
    let mut text = String::new();
    let mut has_names = false;
    for (sentence, lines) in examples {
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}\n  # {sentence}"));
        for line in lines {
            has_names |= line.split_whitespace().any(|word| NAMES.contains(&word));
            text.push_str(&format!("\n  {line}"));
        }
    }
    let title = if has_names { WITH_NAMES } else { WITHOUT };
    let header = command.get_styles().get_header();
    Some(format!("{header}{title}{header:#}{text}").into())
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::{Cli, profile::Profile},
        clap::{ArgMatches, CommandFactory},
        solana_address::Address,
        std::{collections::BTreeSet, ffi::OsString, fs},
    };

    /// Every verb, as it is typed.
    fn verbs(command: &Command, path: &str, found: &mut Vec<String>) {
        if !command.has_subcommands() || command.get_positionals().next().is_some() {
            found.push(path.to_owned());
        }
        for inner in command.get_subcommands() {
            verbs(inner, &format!("{path} {}", inner.get_name()), found);
        }
    }

    /// All verbs with their examples.
    fn all() -> Vec<(String, String, Vec<&'static str>)> {
        let mut paths = vec![];
        verbs(&Cli::command(), "sluice", &mut paths);
        let of_one = |path: &String| {
            let path = path.clone();
            of(&path.clone())
                .map(|(sentence, lines)| (path.clone(), sentence.to_owned(), lines))
                .collect::<Vec<_>>()
        };
        paths.iter().flat_map(of_one).collect()
    }

    /// The words of an example, as a shell passes them on.
    fn words(lines: &[&str]) -> Vec<OsString> {
        let joined = lines.join(" ").replace(" \\ ", " ");
        let command = joined.split(" > ").next().unwrap().to_owned();
        command.split_whitespace().map(OsString::from).collect()
    }

    /// A profile that knows the names, and has the accounts that a command may leave out.
    fn profile() -> Profile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.toml");
        let mut text = "[profiles.main]\nnetwork = \"main\"\n[profiles.main.names]\n".to_owned();
        for (name, byte) in NAMES.iter().zip(1..) {
            let address = Address::new_from_array([byte; 32]);
            text.push_str(&format!("{name} = \"{address}\"\n"));
        }
        fs::write(&path, text).unwrap();
        Profile::load(&["--profile".into(), path.into()]).unwrap()
    }

    fn path_of(matches: &ArgMatches) -> String {
        let mut path = "sluice".to_owned();
        let mut inner = matches.subcommand();
        while let Some((name, below)) = inner {
            path = format!("{path} {name}");
            inner = below.subcommand();
        }
        path
    }

    #[test]
    fn every_verb_has_an_example_and_every_example_a_verb() {
        let mut paths = vec![];
        verbs(&Cli::command(), "sluice", &mut paths);
        for path in &paths {
            assert!(of(path).next().is_some(), "{path} has no example");
        }
        let shown = all();
        assert_eq!(shown.len(), TEXT.trim().split("\n\n").count());
        let different: BTreeSet<_> = shown.iter().map(|(_, _, lines)| lines).collect();
        assert_eq!(different.len(), shown.len());
    }

    #[test]
    fn every_example_is_a_command_of_the_verb_that_it_stands_under() {
        let profile = profile();
        for (path, _, lines) in all() {
            let words = words(&lines);
            let command = profile.applied(Cli::command());
            let matches = command.try_get_matches_from(&words);
            let matches = matches.unwrap_or_else(|error| panic!("{lines:?}: {error}"));
            assert_eq!(path_of(&matches), path);
            assert!(crate::parse(&words, &profile).is_ok(), "{lines:?}");
        }
    }

    #[test]
    fn every_example_fits_a_terminal_and_ends_its_sentence() {
        for (path, sentence, lines) in all() {
            assert!(sentence.ends_with('.'), "{path}: {sentence}");
            let sentence = format!("  # {sentence}");
            let lines = lines.iter().map(|line| format!("  {line}"));
            for line in lines.chain([sentence]) {
                assert!(line.chars().count() <= 80, "{path}: {line}");
            }
        }
        assert!(WITH_NAMES.len() <= 80);
    }

    #[test]
    fn names_are_told_to_be_of_a_profile_where_there_are_any() {
        let shown = |path: &str| shown(&Cli::command(), path).unwrap().to_string();
        assert!(shown("sluice job pay").starts_with(WITH_NAMES));
        assert!(shown("sluice config get").starts_with(WITHOUT));
        let used: BTreeSet<_> = all()
            .iter()
            .flat_map(|(_, _, lines)| words(lines))
            .filter_map(|word| word.into_string().ok())
            .collect();
        for name in NAMES {
            assert!(used.contains(name), "{name}");
        }
    }
}
