//! Generated command lines, whole and broken: none panics, each failure is one sentence with a documented code, and where nothing may
//! be sent nothing is. `SLUICE_LINES=10000` runs more of them, `SLUICE_SEED` others.

use {
    crate::scene::Scene,
    sluice_cli::Exit,
    std::{
        env,
        panic::{AssertUnwindSafe, catch_unwind},
    },
};

/// Verbs that wait until something changes, or write files of their own.
const LEFT_OUT: [&str; 5] = ["watch", "completions", "man", "config", "airdrop"];
/// Ways to send nothing.
const QUIET: [&str; 3] = ["--dry-run", "--as-instruction", "--sign-only"];
/// Words that fit no place, or one place only.
const ODD: [&str; 24] = [
    "0",
    "1",
    "-1",
    "3h",
    "30M",
    "0.5",
    "1e9",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
    "1790800000000",
    "2026-09-22T12:00:00+02:00",
    "ALL",
    "all",
    "abc",
    "\u{202e}abc",
    "\u{1b}[31m",
    "=",
    "a=b",
    "/dev/null",
    "/nowhere/at/all",
    "11111111111111111111111111111111",
    "So11111111111111111111111111111111111111112",
    "--",
];

/// A generator of numbers (Marsaglia's xorshift64), so that a seed tells a run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(count).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, words: &'a [String]) -> &'a str {
        &words[self.below(words.len())]
    }
}

/// The paths of all verbs, and their definitions.
fn leaves(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
    let mut inner = command
        .get_subcommands()
        .filter(|inner| !LEFT_OUT.contains(&inner.get_name()))
        .peekable();
    if inner.peek().is_none() {
        found.push((path.to_owned(), command.clone()));
        return;
    }
    for inner in inner {
        leaves(inner, &format!("{path} {}", inner.get_name()), found);
    }
}

/// A line for a verb: most required arguments, some others, values that mostly fit something.
fn line(path: &str, verb: &clap::Command, words: &[String], dice: &mut Dice) -> String {
    let mut line = path.trim().to_owned();
    for arg in verb.get_arguments().filter(|arg| !arg.is_global_set()) {
        let chance = if arg.is_required_set() { 12 } else { 3 };
        if dice.below(13) >= chance || arg.get_id() == "help" {
            continue;
        }
        if let Some(long) = arg.get_long() {
            line += &format!(" --{long}");
        }
        if arg.get_action().takes_values() {
            line.push(' ');
            line += dice.of(words);
        }
    }
    if dice.below(20) == 0 {
        line.push(' ');
        line += dice.of(words);
    }
    line
}

#[test]
fn no_generated_line_panics_or_sends_unasked() {
    let number = |name: &str, default: u64| {
        let set = env::var(name).ok();
        set.map_or(default, |text| text.parse().unwrap())
    };
    let (count, seed) = (number("SLUICE_LINES", 1_000), number("SLUICE_SEED", 0x5EED));
    let mut s = Scene::new();
    let job = s.active(1);
    let mut words: Vec<String> = ODD.map(String::from).to_vec();
    let keys = ["buyer", "owner", "operator", "worker"].map(|name| s.bench.path(name));
    // What exists comes often, so that lines get far.
    for _ in 0..4 {
        words.extend([&s.network, &s.set, &s.provider, &s.node, &job].map(String::clone));
        words.push(s.bench.pay.address.to_string());
        words.push(s.bench.stake.address.to_string());
        words.push(s.buyer.to_string());
    }
    words.extend(keys.iter().cloned());
    let mut verbs = vec![];
    leaves(&sluice_cli::command(), "", &mut verbs);
    assert!(verbs.len() > 90, "{}", verbs.len());
    let mut dice = Dice(seed.max(1));
    let mut codes = [0u32; Exit::ALL.len()];
    for turn in 0..count {
        let (path, verb) = &verbs[dice.below(verbs.len())];
        let quiet = QUIET[dice.below(QUIET.len())];
        let key = &keys[dice.below(keys.len())];
        let line = format!("-k {key} {quiet} {}", line(path, verb, &words, &mut dice));
        let sent = s.bench.ledger.submitted;
        let ran = catch_unwind(AssertUnwindSafe(|| s.bench.raw(&line)));
        let Ok(ran) = ran else {
            panic!("turn {turn} of seed {seed} panicked: {line}");
        };
        assert_eq!(s.bench.ledger.submitted, sent, "sent unasked: {line}");
        codes[usize::from(ran.exit.code())] += 1;
        for text in [&ran.out, &ran.err] {
            let raw = text.contains('\u{1b}') || text.contains('\u{202e}');
            assert!(!raw, "{line}: {text:?}");
        }
        if matches!(ran.exit, Exit::Ok | Exit::Partly | Exit::Incomplete) {
            continue;
        }
        assert_eq!(ran.err.lines().count(), 1, "{line}: {}", ran.err);
        assert!(ran.err.starts_with("error: "), "{line}: {}", ran.err);
        assert_eq!(ran.out, "", "{line}");
    }
    // Lines are no test of the parser alone.
    println!("exit codes of {count} lines: {codes:?}");
    assert!(codes[0] > 0 && codes[2] > 0 && codes[3] > 0, "{codes:?}");
}
