//! docs/first-hour.md, typed line by line into a terminal of eighty columns.

use {
    crate::{
        shell::Shell,
        terminal::{self, COLUMNS, Seen},
    },
    sluice_client::{Job, Ledger, address},
    solana_signer::Signer,
    std::{fs, path::Path, process::Command, time::Duration},
};

/// How long nothing may happen on the screen: half a second until the command says what it waits for, and as much again for a machine
/// that other tests share.
const SILENCE: Duration = Duration::from_secs(1);

/// A number of a person's has fewer digits: longer ones are base units.
const DIGITS: usize = 7;

/// Letters of an address in base 58, at least; a table of eighty columns has room for one.
const ADDRESS: usize = 43;

/// One of the ten things: its title and its command lines.
struct Thing {
    title: String,
    commands: Vec<String>,
}

/// The things of the document, and what all of them begin with.
fn script(document: &str) -> (String, Vec<Thing>) {
    let mut sections = document.split("\n## ");
    let begin = commands(sections.next().unwrap()).join("\n");
    let things = sections.map(|section| Thing {
        title: section.lines().next().unwrap().to_owned(),
        commands: commands(section),
    });
    (begin, things.collect())
}

/// The commands of the blocks: a line, what it continues in, or a loop.
fn commands(section: &str) -> Vec<String> {
    let blocks = section.split("```console\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    let mut found: Vec<String> = vec![];
    let mut is_open = false;
    for line in lines {
        match found.last_mut() {
            Some(last) if is_open => last.push_str(&format!("\n{line}")),
            _ => found.push(line.to_owned()),
        }
        let command = found.last().unwrap();
        let in_loop = command.starts_with("for ") && !command.ends_with("\ndone");
        is_open = in_loop || command.ends_with('\\');
    }
    found
}

/// True for a command that only keeps something for those after it.
fn keeps(command: &str) -> bool {
    let (name, value) = command.split_once('=').unwrap_or_default();
    !value.is_empty() && name.chars().all(|letter| letter.is_ascii_uppercase())
}

/// What a person would stumble over.
fn faults(seen: &Seen) -> Vec<String> {
    let mut found = vec![];
    if !seen.succeeded {
        found.push("it failed".to_owned());
    }
    if seen.silence > SILENCE {
        found.push(format!("nothing happens for {:?}", seen.silence));
    }
    found.extend(seen.wrapped.iter().map(|line| format!("wraps: {line}")));
    for line in &seen.lines {
        let words = || line.split(|letter: char| letter.is_whitespace() || ",;()".contains(letter));
        let is_number = |word: &str| word.chars().all(|letter| letter.is_ascii_digit());
        // The clock is told in seconds.
        let tells_time = line.starts_with("it is ");
        if !tells_time && words().any(|word| word.len() >= DIGITS && is_number(word)) {
            found.push(format!("base units: {line}"));
        }
        let is_address = |word: &&str| {
            word.len() >= ADDRESS && word.chars().all(|letter| letter.is_ascii_alphanumeric())
        };
        if words().filter(is_address).count() > 1 {
            found.push(format!("two whole addresses: {line}"));
        }
    }
    found
}

#[test]
fn the_ten_things_of_the_first_hour_fit_a_terminal() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/first-hour.md")).unwrap();
    let s = Shell::new("first-hour");
    let (begin, things) = script(&document);
    assert_eq!(begin, ". target/localnet/env.sh");
    assert_eq!(things.len(), 10);
    let mut prelude = begin.replace("target/localnet/env.sh", &s.path("env.sh"));
    let mut bad = vec![];
    let mut longest = Duration::ZERO;
    for thing in &things {
        println!("\n## {}", thing.title);
        assert!(!thing.commands.is_empty());
        for command in &thing.commands {
            if keeps(command) {
                prelude.push_str(&format!("\n{command}"));
                continue;
            }
            let mut bash = Command::new("bash");
            bash.args(["-euc", &format!("{prelude}\n{command}")])
                .current_dir(s.path(""))
                .env("HOME", s.path(""))
                .env("TERM", "xterm-256color")
                .env_remove("COLUMNS")
                .env_remove("NO_DNA")
                .env_remove("NO_COLOR")
                .env_remove("XDG_STATE_HOME")
                .env_remove("XDG_CONFIG_HOME");
            let seen = terminal::run(bash);
            println!("$ {command}\n{}", seen.text());
            longest = longest.max(seen.silence);
            let found = faults(&seen).into_iter();
            bad.extend(found.map(|fault| format!("$ {command}\n{fault}")));
        }
    }
    println!("the longest silence: {longest:?}");
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    happened(&s);
}

/// The chain has what the document says.
fn happened(s: &Shell) {
    let (world, ledger) = (s.chain.world(), s.chain.ledger());
    let (owner, usdc) = (world.cast.provider.pubkey(), world.usdc);
    let account = address::token_account(&owner, &usdc.address, &usdc.token_program);
    // 0.8 less fees of 3.5 %.
    assert_eq!(ledger.token_balance(&account).unwrap(), 772_000);
    let buyer = world.cast.buyer.pubkey();
    let [first, second]: [Job; 2] = [1, 2].map(|id| {
        let job = address::job(&world.network, &buyer, id);
        ledger.get(&job).unwrap()
    });
    assert_eq!((first.funded, first.paid), (3_000_000, 772_000));
    assert_eq!((second.funded, second.refunded), (3_000_000, 3_000_000));
    for (name, says) in [("earned.csv", ",0.772,"), ("spent.csv", ",0,1.2,")] {
        let statement = fs::read_to_string(s.path(name)).unwrap();
        assert!(statement.contains(says), "{statement}");
    }
}

#[test]
fn a_screen_with_faults_is_found_out() {
    let shown = |script: &str| {
        let mut bash = Command::new("bash");
        bash.args(["-c", script]);
        faults(&terminal::run(bash))
    };
    assert_eq!(shown("echo fine 0.0000001 123456 1234567.0"), [""; 0]);
    let long = usize::from(COLUMNS);
    assert_eq!(shown(&format!("printf '%0{long}d\n' 7 | tr 0 x")), [""; 0]);
    let wraps = shown(&format!("printf '%0{}d\n' 7 | tr 0 x", long + 1));
    assert_eq!(wraps, [format!("wraps: {}", "x".repeat(long))]);
    assert_eq!(shown("echo funded 2000000"), ["base units: funded 2000000"]);
    assert_eq!(
        shown("printf 'Go on? [y/N] '; read x; test $x = y"),
        [""; 0]
    );
    assert_eq!(shown("exit 3"), ["it failed"]);
    let two = "z".repeat(ADDRESS - 4);
    let wraps = shown(&format!("sleep 6; echo {two}"));
    assert_eq!(wraps.len(), 1, "{wraps:?}");
}
