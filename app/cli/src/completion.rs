//! What a shell offers where a command line goes on: commands, options, values, and the names of the profile.

use {
    crate::{
        failure::{Exit, Failure},
        format::Format,
        profile::{ACCOUNTS, Key, Label, Profile},
        secrets::Secrets,
    },
    clap::{Arg, Command, ValueHint},
    clap_complete::{
        CompleteEnv,
        engine::{ArgValueCandidates, CompletionCandidate},
        env::Shells,
    },
    solana_address::Address,
    std::{any::TypeId, env, ffi::OsString, io::Write},
};

/// The variable by which a shell asks; its value is the shell's name.
pub const ASKED_BY: &str = "COMPLETE";

/// The clusters that `solana` knows by name.
const MONIKERS: [&str; 4] = ["devnet", "localhost", "mainnet-beta", "testnet"];

/// Names of values that are files.
const FILES: [&str; 7] = [
    "BATCH_FILE",
    "EVIDENCE",
    "FILE",
    "KEYPAIR",
    "PATH",
    "SIGNATURE_FILE",
    "STATEMENT_FILE",
];

/// What makes `shell` complete the command's words, by running the command.
pub fn registration(shell: &str) -> Option<String> {
    let shells = Shells::builtins();
    let mut script = Vec::new();
    let completer = shells.completer(shell)?;
    completer
        .write_registration(ASKED_BY, "sluice", "sluice", "sluice", &mut script)
        .ok()?;
    String::from_utf8(script).ok()
}

/// Answers the shell, if one asks; the words that are typed stand behind `--`. A profile that cannot be read has no names.
pub fn answer(
    definition: impl Fn() -> Command,
    args: &[OsString],
    err: &mut dyn Write,
) -> Option<Exit> {
    env::var_os(ASKED_BY)?;
    let words: Vec<OsString> = args
        .iter()
        .skip_while(|word| *word != "--")
        .skip(1)
        .cloned()
        .collect();
    let offered = || {
        let profile = Profile::load(&words).unwrap_or_default();
        // Where nothing is typed yet, the options that every command takes would hide all others.
        let is_blank = words.iter().any(|word| word.is_empty());
        let is_typed = |name: &str| words.iter().any(|word| word == name);
        offered(definition(), &profile, is_blank, &is_typed)
    };
    let folder = env::current_dir().ok();
    let answered = CompleteEnv::with_factory(offered)
        .var(ASKED_BY)
        .try_complete(args, folder.as_deref());
    match answered {
        Ok(true) => Some(Exit::Ok),
        Ok(false) => None,
        Err(error) => {
            let report = error.to_string();
            let report = report.trim().trim_start_matches("error: ");
            let failure = Failure::Usage(report.to_owned());
            // Nowhere is left to say that the error stream is closed.
            let _ = writeln!(
                err,
                "{}",
                failure.render(Format::Display, &Secrets::in_words(args))
            );
            Some(failure.exit())
        }
    }
}

/// A word that is offered.
struct Word {
    text: String,
    help: Option<String>,
    /// Smaller ones stand first.
    place: Option<usize>,
}

impl Word {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            help: None,
            place: None,
        }
    }

    fn candidate(&self) -> CompletionCandidate {
        CompletionCandidate::new(&self.text)
            .help(self.help.clone().map(Into::into))
            .display_order(self.place)
    }
}

/// The definition with what can stand for each value. Of a command that is not typed, its name is enough.
fn offered(
    command: Command,
    profile: &Profile,
    is_blank: bool,
    is_typed: &dyn Fn(&str) -> bool,
) -> Command {
    let command = command.mut_args(|arg| {
        let hidden = arg.is_hide_set() || (is_blank && arg.is_global_set());
        let arg = arg.hide(hidden);
        match candidates(&arg, profile) {
            Some(words) => arg.add(ArgValueCandidates::new(move || {
                words.iter().map(Word::candidate).collect()
            })),
            None => hinted(arg),
        }
    });
    command.mut_subcommands(|inner| {
        let name = inner.get_name();
        if is_typed(name) {
            return offered(inner, profile, is_blank, is_typed);
        }
        let named = Command::new(name.to_owned());
        match inner.get_about() {
            Some(about) => named.about(about.clone()),
            None => named,
        }
    })
}

fn hinted(arg: Arg) -> Arg {
    let is_file = arg
        .get_value_names()
        .is_some_and(|names| names.iter().any(|name| FILES.contains(&name.as_str())));
    if is_file {
        arg.value_hint(ValueHint::AnyPath)
    } else {
        arg
    }
}

fn candidates(arg: &Arg, profile: &Profile) -> Option<Vec<Word>> {
    let id = arg.get_id().as_str();
    let kind = arg.get_value_parser().type_id();
    if kind == TypeId::of::<Address>() {
        return Some(names(profile, id));
    }
    if kind == TypeId::of::<Key>() {
        return Some(keys(profile));
    }
    if kind == TypeId::of::<Label>() {
        let all = profile.all().into_iter();
        return Some(all.map(Word::plain).collect());
    }
    let monikers = || MONIKERS.map(Word::plain);
    match id {
        "url" => Some(monikers().into()),
        // Of `config set`.
        "value" => Some(names(profile, id).into_iter().chain(monikers()).collect()),
        _ => None,
    }
}

/// The profile's names, what the argument `id` most likely means first: its own account, then symbols for a mint and words for all else.
fn names(profile: &Profile, id: &str) -> Vec<Word> {
    let is_mint = id.ends_with("mint");
    let own = profile.account(id);
    let all = profile.names().iter().map(|(name, address)| {
        let is_symbol = name.starts_with(|letter: char| letter.is_ascii_uppercase());
        let place = if own == Some(*address) {
            0
        } else if is_symbol == is_mint {
            1
        } else {
            2
        };
        Word {
            text: name.clone(),
            help: Some(address.to_string()),
            place: Some(place),
        }
    });
    all.collect()
}

/// What `config` sets.
fn keys(profile: &Profile) -> Vec<Word> {
    let named = profile.names().keys().map(|name| format!("name.{name}"));
    let plain = ["url"].into_iter().chain(ACCOUNTS).map(str::to_owned);
    plain.chain(named).map(Word::plain).collect()
}

#[cfg(test)]
mod tests {
    use {super::*, crate::Cli, clap::CommandFactory, clap_complete::engine::complete, std::fs};

    fn profile() -> Profile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.toml");
        let address = |byte| Address::new_from_array([byte; 32]);
        let text = format!(
            "[profiles.main]\nnode = \"{node}\"\n[profiles.main.names]\nUSDC = \"{}\"\nrender = \"{node}\"\nfarm = \"{}\"\n",
            address(1),
            address(2),
            node = address(3),
        );
        fs::write(&path, text).unwrap();
        Profile::load(&["--profile".into(), path.into()]).unwrap()
    }

    fn told(line: &str) -> Vec<String> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let is_blank = words.iter().any(|word| word.is_empty());
        let is_typed = |name: &str| words.iter().any(|word| word == name);
        let mut command = offered(Cli::command(), &profile(), is_blank, &is_typed);
        let index = words.len() - 1;
        let found = complete(&mut command, words, index, None).unwrap();
        let values = found.iter().map(|one| one.get_value().to_string_lossy());
        values.map(|value| value.into_owned()).collect()
    }

    #[test]
    fn names_are_offered_where_addresses_are_read() {
        assert_eq!(told("sluice job open --mint "), ["USDC", "farm", "render"]);
        assert_eq!(told("sluice job open --set f"), ["farm"]);
        let nodes = told("sluice job accept farm --node ");
        assert_eq!(nodes, ["render", "farm", "USDC"]);
        assert_eq!(told("sluice job open --mint=U"), ["--mint=USDC"]);
        let [first, ..] = &told("sluice provider show ")[..] else {
            panic!("nothing is offered");
        };
        assert_eq!(first, "farm");
        assert_eq!(told("sluice config get name.r"), ["name.render"]);
        assert_eq!(told("sluice -u d"), ["devnet"]);
    }

    #[test]
    fn commands_options_and_values_are_offered() {
        assert_eq!(told("sluice job top"), ["top-up"]);
        assert_eq!(told("sluice job list --state o"), ["open"]);
        assert_eq!(told("sluice job pay --with-m"), ["--with-memo"]);
        // Nothing typed: the verb's own alone.
        let own = told("sluice job accept ");
        assert!(own.contains(&"--node".to_owned()), "{own:?}");
        assert!(!own.contains(&"--with-memo".to_owned()), "{own:?}");
    }

    #[test]
    fn every_address_of_every_verb_has_candidates() {
        fn walk(command: &Command, seen: &mut usize) {
            for arg in command.get_arguments() {
                if arg.get_value_parser().type_id() == TypeId::of::<Address>() {
                    let has = arg.get::<ArgValueCandidates>().is_some();
                    assert!(has, "{} {}", command.get_name(), arg.get_id());
                    *seen += 1;
                }
            }
            for inner in command.get_subcommands() {
                walk(inner, seen);
            }
        }
        let mut seen = 0;
        walk(
            &offered(Cli::command(), &profile(), true, &|_| true),
            &mut seen,
        );
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn no_line_of_odd_words_panics() {
        let odd = [
            "sluice", "job", "open", "show", "config", "set", "--mint", "--mint=", "-u", "-uk",
            "--", "-", "", "--x", "-5", "\u{202e}", "name.", "a=b", "--where", "stake", "pool",
        ];
        let mut command = offered(Cli::command(), &profile(), true, &|_| true);
        command.build();
        let mut dice = 0x5EED_u64;
        for _ in 0..2_000 {
            let mut next = || {
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                usize::try_from(dice % 1_000).unwrap()
            };
            let count = next() % 7 + 1;
            let words: Vec<OsString> = (0..count).map(|_| odd[next() % odd.len()].into()).collect();
            let index = next() % 8;
            // Nothing to complete is an error, and nothing that is shown.
            let _ = complete(&mut command, words, index, None);
        }
    }
}
