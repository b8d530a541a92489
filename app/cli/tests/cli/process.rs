//! The command as a process: its environment, its start, and what shells are told of it.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

pub const SLUICE: &str = env!("CARGO_BIN_EXE_sluice");
const OFFLINE: [&str; 4] = [
    "address",
    "provider",
    "11111111111111111111111111111112",
    "11111111111111111111111111111113",
];

fn run(args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(SLUICE);
    command.env("SLUICE_PROFILE", "/dev/null");
    command.env_remove("NO_DNA").args(args);
    command.envs(env.iter().copied()).output().unwrap()
}

pub fn text(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn folder(name: &str) -> PathBuf {
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

/// What `--help` may take: twenty milliseconds as it is shipped. Unoptimised, half of the time goes into moving the definitions of a
/// hundred verbs about.
const HELP: Duration = Duration::from_millis(if cfg!(debug_assertions) { 40 } else { 20 });

#[test]
fn help_is_printed_within_twenty_milliseconds() {
    // Other tests run beside this one: it waits until the machine is not theirs for as long as the command takes.
    let begun = Instant::now();
    let mut fastest = Duration::MAX;
    while fastest >= HELP && begun.elapsed() < Duration::from_secs(20) {
        let begin = Instant::now();
        text(&run(&["--help"], &[]));
        fastest = fastest.min(begin.elapsed());
    }
    assert!(fastest < HELP, "{fastest:?}");
}

#[test]
fn no_dna_makes_json_the_default_form() {
    assert!(text(&run(&OFFLINE, &[])).starts_with("address"));
    let told = text(&run(&OFFLINE, &[("NO_DNA", "1")]));
    serde_json::from_str::<serde_json::Value>(&told).unwrap();
    // An empty variable is none, and what is asked for is given.
    assert!(text(&run(&OFFLINE, &[("NO_DNA", "")])).starts_with("address"));
    let asked = [&OFFLINE[..], &["--output", "display"]].concat();
    assert!(text(&run(&asked, &[("NO_DNA", "1")])).starts_with("address"));
    let failed = run(&["job", "show", "nonsense"], &[("NO_DNA", "1")]);
    assert_eq!(failed.status.code(), Some(2));
    let told = serde_json::from_slice::<serde_json::Value>(&failed.stderr).unwrap();
    assert_eq!(told["error"]["name"], "Usage");
}

#[test]
fn no_variable_hides_the_help_of_a_noun() {
    let folder = folder("state").display().to_string();
    let address = OFFLINE[3];
    let all = [
        ("SLUICE_STATE_DIR", folder.as_str()),
        ("SLUICE_NETWORK", address),
        ("SLUICE_PROVIDER", address),
        ("SLUICE_NODE", address),
        ("NO_COLOR", "1"),
    ];
    let command = sluice_cli::command();
    let nouns = command
        .get_subcommands()
        // One that has words of its own is told that they are missing.
        .filter(|noun| noun.has_subcommands() && noun.get_positionals().next().is_none());
    for noun in nouns.map(clap::Command::get_name) {
        let expected = text(&run(&[noun], &[]));
        assert!(expected.contains("Usage: sluice"), "{expected}");
        assert_eq!(text(&run(&[noun], &all)), expected, "{noun}");
    }
    let inner = ["stake", "pool"];
    assert_eq!(text(&run(&inner, &all)), text(&run(&inner, &[])));
}

#[test]
fn every_shell_is_told_to_ask_the_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(&run(&["completions", shell], &[]));
        for word in ["sluice", "COMPLETE"] {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    fn names(command: &clap::Command, prefix: &str, all: &mut Vec<String>) {
        all.push(prefix.to_owned());
        for below in command.get_subcommands() {
            names(below, &format!("{prefix}-{}", below.get_name()), all);
        }
    }
    let folder = folder("man");
    text(&run(&["man", folder.to_str().unwrap()], &[]));
    let mut all = vec![];
    names(&sluice_cli::command(), "sluice", &mut all);
    assert!(all.len() > 100, "{}", all.len());
    for name in all {
        let page = fs::read_to_string(folder.join(format!("{name}.1"))).unwrap_or_default();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    let page = fs::read_to_string(folder.join("sluice-job-open.1")).unwrap();
    let (_, examples) = page.split_once(".SH EXAMPLES\n").unwrap();
    assert!(
        examples.contains("\\&sluice job open \\-\\-mint USDC"),
        "{examples}"
    );
    assert!(!page.contains(".SH EXTRA"), "{page}");
}

/// Runs the command for a reader that is gone at once.
fn goes_away(words: &[&str]) {
    let mut child = Command::new(SLUICE)
        .env("SLUICE_PROFILE", "/dev/null")
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{told}");
    assert_eq!(told, "", "{words:?}");
}

#[test]
fn a_reader_that_has_enough_ends_the_command_quietly() {
    for words in [
        &["completions", "zsh"][..],
        &["--help"],
        &["--version"],
        &["job"],
        &OFFLINE,
    ] {
        goes_away(words);
    }
}

#[test]
fn an_output_that_is_full_is_an_error() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = Command::new(SLUICE);
    command.env("SLUICE_PROFILE", "/dev/null");
    let ran = command.args(OFFLINE).stdout(full).output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let told = String::from_utf8(ran.stderr).unwrap();
    assert!(
        told.starts_with("error: the output could not be written"),
        "{told}"
    );
}

#[test]
fn help_is_a_command_of_its_own() {
    let (asked, told) = (["help", "job", "open"], ["job", "open", "--help"]);
    let asked = text(&run(&asked, &[]));
    assert!(asked.contains("--price"), "{asked}");
    assert_eq!(asked, text(&run(&told, &[])));
    assert_eq!(text(&run(&["help"], &[])), text(&run(&["--help"], &[])));
    assert!(text(&run(&["job", "help"], &[])).contains("top-up"));
}

#[test]
fn the_help_of_a_verb_ends_with_its_examples() {
    let told = text(&run(&["job", "open", "--help"], &[]));
    let (_, examples) = told
        .split_once("\nExamples, with names of a profile")
        .unwrap();
    assert!(
        examples.contains("\n  sluice job open --mint USDC"),
        "{told}"
    );
    // Of every verb, nothing in it is wider than a terminal.
    for words in [
        &["job", "open", "-h"][..],
        &["market", "--help"],
        &["airdrop", "-h"],
    ] {
        let told = text(&run(words, &[]));
        let (_, examples) = told.split_once("\nExamples").unwrap();
        assert!(examples.lines().all(|line| line.len() <= 80), "{examples}");
    }
    assert!(!text(&run(&["job", "--help"], &[])).contains("Examples"));
}

#[test]
fn help_is_coloured_where_colours_are_wanted() {
    let is_coloured = |env: &[(&str, &str)]| text(&run(&["--help"], env)).contains('\x1b');
    assert!(!is_coloured(&[]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

/// A keypair file in a folder of its own.
pub fn keypair(folder: &Path) -> PathBuf {
    let key = solana_keypair::Keypair::new();
    let path = folder.join("key.json");
    let bytes = serde_json::to_string(&key.to_bytes().to_vec()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}
