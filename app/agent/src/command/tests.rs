use {
    super::*,
    clap::Command,
    std::{fs, path::PathBuf},
};

const RUNNING: &str = include_str!("../../../../docs/running.md");

/// Every verb with its path from the root.
fn verbs(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
    for verb in command.get_subcommands() {
        let path = format!("{path} {}", verb.get_name());
        if verb.has_subcommands() {
            verbs(verb, &path, found);
        } else {
            found.push((path, verb.clone()));
        }
    }
}

fn all() -> Vec<(String, Command)> {
    let mut found = vec![];
    let mut command = definition();
    // Global options reach verbs here.
    command.build();
    verbs(&command, "sluice-agent", &mut found);
    found
}

#[test]
fn every_verb_has_a_help_of_sentences_and_a_place_in_the_documents() {
    definition().debug_assert();
    let verbs = all();
    assert_eq!(verbs.len(), 7);
    for (path, mut verb) in verbs {
        let help = verb.render_long_help().to_string();
        assert!(
            help.contains("--config") && help.len() > 300,
            "{path}: {help}"
        );
        assert!(
            RUNNING.contains(&format!("`{path}")),
            "docs/running.md has no {path}"
        );
        for argument in verb.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{path}: {}",
                argument.get_id()
            );
        }
    }
}

/// Command lines of a document: lines of a code block, and what stands between backticks.
fn lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().filter_map(|line| {
        let line = line.trim().strip_prefix("sluice-agent ")?;
        Some(
            line.split('#')
                .next()
                .unwrap_or(line)
                .trim_end_matches('&')
                .to_owned(),
        )
    });
    let quoted = joined.split('`').filter_map(|code| {
        let code = code.strip_prefix("sluice-agent ")?;
        (!code.contains('\n')).then(|| code.to_owned())
    });
    lines.chain(quoted).collect()
}

/// What a shell would put in the place of a variable; a word in capitals stands for a value.
fn filled(word: &str) -> String {
    let word = word.trim_matches(['"', '\'']);
    let address = "So11111111111111111111111111111111111111112";
    let mut out = String::new();
    let mut rest = word;
    while let Some((before, variable)) = rest.split_once('$') {
        let is_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
        out.push_str(before);
        out.push_str(address);
        rest = variable.trim_start_matches(is_name);
    }
    out.push_str(rest);
    match out.as_str() {
        "NETWORK" | "ADDRESS" => address.to_owned(),
        "URL" => "https://node.example".to_owned(),
        _ => out
            .replace("MINT", address)
            .replace("PRICE", "5")
            .replace("UNITS", "60"),
    }
}

fn is_known(line: &str) -> Result<(), String> {
    let words = ["sluice-agent".to_owned()].into_iter();
    let words = words.chain(line.split_whitespace().map(filled));
    match Cli::try_parse_from(words) {
        Ok(_) => Ok(()),
        // A verb that has verbs of its own may be named alone.
        Err(error)
            if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
        {
            Ok(())
        }
        Err(error)
            if matches!(
                error.kind(),
                clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
            ) =>
        {
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// The documents and units that name this command.
fn texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = [
        "../../docs/running.md",
        "../../docs/localnet.md",
        "../../README.md",
        "src/command/init/next.rs",
        "src/command/check/mod.rs",
        "src/command/check/keys.rs",
        "src/command/check/members.rs",
        "src/command/check/standing.rs",
        "src/command/drain.rs",
        "src/command/mod.rs",
    ];
    let read = |path| {
        let path = root.join(path);
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    paths.map(read).to_vec()
}

#[test]
fn every_command_line_that_is_named_is_one() {
    let mut seen = 0;
    for (path, text) in texts() {
        for line in lines(&text) {
            seen += 1;
            if let Err(why) = is_known(&line) {
                panic!("{}: sluice-agent {line}: {why}", path.display());
            }
        }
    }
    assert!(seen > 20, "{seen}");
    assert!(is_known("init worker --no-such-option").is_err());
    assert!(is_known("walk").is_err());
}

#[test]
fn a_failure_is_one_line_without_secrets_and_without_tricks() {
    let cause = anyhow::anyhow!("http://node.example/SeCret-4242?k=v:\n\u{1b}[2J refused");
    let line = told(&cause.context("not done"));
    assert_eq!(line, "not done: http://node.example: \\u{1b}[2J refused");
}

#[test]
fn a_configuration_of_the_other_role_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.toml");
    let address = "So11111111111111111111111111111111111111112";
    let text = format!(
        "role = \"attester\"\n[chain]\nnetwork = \"{address}\"\nurl = \"http://x\"\n[keys]\nattester = \"a\"\n[serve]\nlisten = \"127.0.0.1:1\"\n"
    );
    fs::write(&path, text).unwrap();
    let error = worker_of(&path).unwrap_err().to_string();
    assert!(
        error.contains("is the configuration of an attester"),
        "{error}"
    );
    assert!(attester_of(&path).is_ok());
    let error = format!("{:#}", worker_of(&folder.path().join("none")).unwrap_err());
    assert!(error.contains("sluice-agent init"), "{error}");
}
