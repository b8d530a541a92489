//! The contract of the instructions, as `lib.rs` of the program words it, says what the code does.

use {
    crate::{names, text},
    sluice::error::SluiceError,
    std::{collections::BTreeSet, path::Path},
};

/// Errors that no instruction names, because every one can end in them.
const OF_EVERY_INSTRUCTION: [&str; 1] = ["MathOverflow"];

/// What `lib.rs` says of one instruction, and where its handler is.
struct Clause {
    name: String,
    paragraphs: Vec<String>,
    /// The folder and the file of its handler.
    handler: [String; 2],
}

impl Clause {
    /// All names of errors and events that it gives.
    fn named(&self) -> BTreeSet<String> {
        marked(&self.paragraphs.join(" "))
    }

    /// The events that it says are logged.
    fn logged(&self) -> BTreeSet<String> {
        let last = self.paragraphs.last().unwrap();
        let (_, logged) = last.rsplit_once(" Logs ").expect(&self.name);
        marked(logged)
    }
}

/// The names in backticks that begin with a capital letter.
fn marked(text: &str) -> BTreeSet<String> {
    let marked = text.split('`').skip(1).step_by(2);
    let named = marked.filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
    named.map(String::from).collect()
}

fn clauses() -> Vec<Clause> {
    let source = text("programs/sluice/src/lib.rs");
    let (_, source) = source.split_once("#[program]").unwrap();
    let mut clauses = Vec::new();
    let mut paragraphs = vec![String::new()];
    let mut name = String::new();
    for line in source.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("///") {
            match said.trim() {
                "" => paragraphs.push(String::new()),
                said => *paragraphs.last_mut().unwrap() += &format!("{said} "),
            }
        } else if let Some(signature) = line.strip_prefix("pub fn ") {
            name = signature.split('(').next().unwrap().to_string();
        } else if let Some(call) = line.strip_prefix("instructions::") {
            let mut path = call.split("::").map(String::from);
            clauses.push(Clause {
                name: std::mem::take(&mut name),
                paragraphs: std::mem::replace(&mut paragraphs, vec![String::new()]),
                handler: [path.next().unwrap(), path.next().unwrap()],
            });
        }
    }
    clauses
}

fn errors() -> BTreeSet<String> {
    let all = SluiceError::ALL.iter();
    all.map(|(name, _)| name.to_string()).collect()
}

fn events() -> BTreeSet<String> {
    let idl: serde_json::Value = serde_json::from_str(&text("idl/sluice.json")).unwrap();
    let listed = idl["events"].as_array().unwrap().iter();
    listed
        .map(|event| event["name"].as_str().unwrap().to_string())
        .collect()
}

/// The source of a handler, and those of the handlers' files that it takes something from.
fn sources_of(handler: &[String; 2]) -> Vec<String> {
    let folder = Path::new("programs/sluice/src/instructions");
    let file = |[noun, file]: &[String; 2]| {
        let path = folder.join(noun).join(format!("{file}.rs"));
        text(path.to_str().unwrap())
    };
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![handler.clone()]);
    let mut sources = Vec::new();
    while let Some(next) = waiting.pop() {
        if !seen.insert(next.clone()) {
            continue;
        }
        let source = file(&next);
        let used = source
            .split("super::")
            .skip(1)
            .map(|rest| (&*next[0], rest));
        let others = source.split("instructions::").skip(1);
        let others = others.filter_map(|rest| rest.split_once("::"));
        for (noun, rest) in used.chain(others) {
            // One file, or several in braces.
            let list = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap(),
                None => rest.split([';', ',']).next().unwrap(),
            };
            let files = list.split(',').filter_map(|item| item.split_once("::"));
            waiting.extend(files.map(|(file, _)| [noun.into(), file.trim().into()]));
        }
        sources.push(source);
    }
    sources
}

#[test]
fn every_instruction_says_what_it_requires_and_what_it_logs() {
    let clauses = clauses();
    for clause in &clauses {
        let [effect, signers, requires, writes] = &clause.paragraphs[..] else {
            panic!("{} has {} paragraphs", clause.name, clause.paragraphs.len());
        };
        assert!(!effect.is_empty(), "{}", clause.name);
        assert!(signers.contains(" sign"), "{}: {signers}", clause.name);
        assert!(
            requires.starts_with("Requires: "),
            "{}: {requires}",
            clause.name
        );
        assert!(writes.contains(" Logs "), "{}: {writes}", clause.name);
    }
    let listed: usize = sluice_client::instruction::NOUNS
        .iter()
        .map(|(_, names)| names.len())
        .sum();
    assert_eq!(clauses.len(), listed);
}

#[test]
fn every_name_in_the_contract_is_an_error_or_an_event() {
    let known = &errors() | &events();
    for clause in clauses() {
        let unknown = &clause.named() - &known;
        assert!(unknown.is_empty(), "{}: {unknown:?}", clause.name);
    }
}

#[test]
fn every_error_and_every_event_has_an_instruction_that_names_it() {
    let named: BTreeSet<_> = clauses().iter().flat_map(Clause::named).collect();
    let excused = OF_EVERY_INSTRUCTION.map(String::from).into();
    assert_eq!(&errors() - &named, excused);
    assert_eq!(&events() - &named, BTreeSet::new());
}

#[test]
fn an_instruction_names_the_errors_that_its_handler_ends_in() {
    let clauses = clauses();
    for clause in &clauses {
        // Two instructions may share a file: then one of them names the error.
        let beside = clauses
            .iter()
            .filter(|other| other.handler == clause.handler);
        let named: BTreeSet<_> = beside.flat_map(Clause::named).collect();
        for source in sources_of(&clause.handler) {
            let spelt = source.split("SluiceError::").skip(1);
            let spelt = spelt.map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            for error in spelt.flatten() {
                assert!(named.contains(error), "{}: {error}", clause.name);
            }
        }
    }
}

#[test]
fn an_instruction_logs_the_events_that_its_handler_emits() {
    let events = events();
    for clause in clauses() {
        let logged = clause.logged();
        let sources = sources_of(&clause.handler);
        for event in &logged {
            let emitted = sources.iter().any(|source| names(source, event));
            assert!(emitted, "{}: {event}", clause.name);
        }
        let own = events.iter().filter(|event| names(&sources[0], event));
        for event in own {
            assert!(logged.contains(event), "{}: {event}", clause.name);
        }
    }
}

#[test]
fn the_table_of_instructions_has_the_same_events() {
    let tables = text("docs/instructions.md");
    for clause in clauses() {
        let begins = format!("| `{}` |", clause.name);
        let row = tables.lines().find(|line| line.starts_with(&begins));
        let cells: Vec<_> = row.expect(&clause.name).split('|').collect();
        assert_eq!(marked(cells[4]), clause.logged(), "{}", clause.name);
    }
}
