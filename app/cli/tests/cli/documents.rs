//! Every command that a document, a doc comment or a message names exists, with its options.

use {
    clap::Command,
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// What names commands: documents, and the sources whose comments and sentences people read.
const READ: [&str; 10] = [
    "README.md",
    "CONTRIBUTING.md",
    "docs",
    "migrations",
    "app/client/README.md",
    "app/ts/README.md",
    "app/cli/src",
    "app/client/src",
    "app/run/src",
    "programs/sluice/src",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts at or under `path`; the changelog and old decisions may name what is gone.
fn texts(path: &Path, found: &mut Vec<(PathBuf, String)>) {
    if path.is_dir() {
        if path.ends_with("decisions") {
            return;
        }
        for entry in fs::read_dir(path).unwrap() {
            texts(&entry.unwrap().path(), found);
        }
    } else if path
        .extension()
        .is_some_and(|end| end == "md" || end == "rs")
    {
        found.push((path.to_owned(), fs::read_to_string(path).unwrap()));
    }
}

/// Command lines: whole lines of a code block, and what stands between backticks.
fn commands(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.filter_map(|line| {
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let line = line.strip_prefix("sluice ")?;
        Some(line.split('#').next().unwrap_or(line))
    });
    let quoted = text.split('`').filter_map(|code| {
        // Longer ones are what stands between two quotations.
        let code = code.strip_prefix("sluice ")?;
        (!code.contains('\n')).then_some(code)
    });
    lines.chain(quoted).collect()
}

/// What of `line` the command does not know; `a|b` stands for either.
fn unknown(root: &Command, line: &str) -> Option<String> {
    let mut command = root;
    let mut words = line.split_whitespace();
    while let Some(word) = words.next() {
        if matches!(word, "|" | ">" | "\\") {
            return None;
        }
        if word.starts_with('-') {
            let name = word.split('=').next().unwrap_or(word);
            if ["--help", "--version"].contains(&name) {
                continue;
            }
            let known = |arg: &&clap::Arg| match name.strip_prefix("--") {
                Some(long) => arg.get_long() == Some(long),
                None => arg
                    .get_short()
                    .is_some_and(|short| name == format!("-{short}")),
            };
            let Some(arg) = command.get_arguments().find(known) else {
                return Some(format!("{name} of `{}`", command.get_name()));
            };
            if arg.get_action().takes_values() && !word.contains('=') {
                words.next();
            }
        } else if command.has_subcommands() {
            let mut next = None;
            let has_words = command.get_positionals().next().is_some();
            for one in word.split('|') {
                match command.find_subcommand(one) {
                    Some(found) => next = Some(found),
                    // One that has words of its own beside its verbs.
                    None if has_words => break,
                    None => return Some(format!("{one} of `{}`", command.get_name())),
                }
            }
            match next {
                Some(next) => command = next,
                None if has_words => {}
                None => return None,
            }
        }
    }
    None
}

#[test]
fn every_command_that_is_named_exists() {
    let command = sluice_cli::command();
    let mut all = vec![];
    for path in READ {
        texts(&root().join(path), &mut all);
    }
    let mut seen = 0;
    for (path, text) in &all {
        for line in commands(text) {
            seen += 1;
            if let Some(what) = unknown(&command, line) {
                panic!("{}: there is no {what}: sluice {line}", path.display());
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn a_command_that_does_not_exist_is_noticed() {
    let command = sluice_cli::command();
    for line in [
        "job pay <job>",
        "-C file migrate plan|apply --manifest FILE",
        "--help",
    ] {
        assert_eq!(unknown(&command, line), None, "{line}");
    }
    for line in [
        "job repay",
        "jobs",
        "migrate plan|undo",
        "job pay --fast",
        "-C file jub",
    ] {
        assert!(unknown(&command, line).is_some(), "{line}");
    }
}
