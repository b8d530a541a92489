//! An instruction belongs to one noun, and every part of the repository keeps it under that noun.

mod addresses;
mod contract;
mod cycles;
mod imports;

use {
    serde_json::Value,
    sluice_client::instruction::{NOUNS, noun_of},
    std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    },
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All of the Rust sources under a folder of the repository, in one.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all += &fs::read_to_string(path).unwrap();
        }
    }
    all
}

/// Folders of the command that send instructions of nouns other than their own, and why. An empty name stands for all.
const SENDERS: [(&str, &str, &str); 5] = [
    ("crank", "", "does what is due, whatever it belongs to"),
    ("migrate", "", "brings a whole network to its manifest"),
    (
        "attester",
        "enter_attester_set",
        "it is the attester that enters a set",
    ),
    (
        "attester",
        "leave_attester_set",
        "it is the attester that leaves a set",
    ),
    (
        "rewards",
        "add_dividends",
        "whoever pays the delegators opens the vault they are paid from",
    ),
];

/// Builders that do not begin with the name of their instruction.
const NAMED_OTHERWISE: [(&str, &str); 2] = [
    ("close_offer", "withdraw_offer"),
    ("close_offer", "clear_offer"),
];

/// Instructions that are tested together, and the file that tests them.
const TESTED_TOGETHER: [(&str, &str); 6] = [
    ("propose_change", "change"),
    ("apply_change", "change"),
    ("name_admin", "handover"),
    ("accept_admin", "handover"),
    ("sweep_treasury", "sweep"),
    ("sweep_attesters", "sweep"),
];

/// The noun's functions of the client that return an instruction.
fn builders(noun: &str) -> Vec<String> {
    let client = text(&format!("app/client/src/instruction/{noun}.rs"));
    let functions = client.split("\npub fn ").skip(1);
    let functions = functions.filter_map(|function| {
        let (signature, _) = function.split_once('{')?;
        let (name, rest) = signature.split_once('(')?;
        let (_, returned) = rest.split_once("->")?;
        names(returned, "Instruction").then(|| name.to_owned())
    });
    functions.collect()
}

/// True if `builder` builds `instruction`.
fn builds(builder: &str, instruction: &str) -> bool {
    builder == instruction
        || builder.starts_with(&format!("{instruction}_"))
        || NAMED_OTHERWISE.contains(&(instruction, builder))
}

/// True if `source` calls or imports the client's `builder`.
fn uses(source: &str, builder: &str) -> bool {
    let mut lists = source.split("instruction::{").skip(1);
    let imported = lists.any(|list| names(list.split('}').next().unwrap(), builder));
    let called = ["instruction", "ix"]
        .iter()
        .any(|module| names(source, &format!("{module}::{builder}")));
    imported || called
}

/// The parts of the command: the folders and files of `cmd`, by name, and the folders and files beside it.
fn parts() -> Vec<(String, String)> {
    let [all, verbs] = ["app/cli/src", "app/cli/src/cmd"].map(|folder| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path())
    });
    let all = all.filter(|path| path.file_stem().is_some_and(|name| name != "cmd"));
    let all = all.chain(verbs).map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = if path.is_dir() {
            sources(&path)
        } else {
            fs::read_to_string(path).unwrap()
        };
        (name, source)
    });
    all.collect()
}

/// True if `text` has `word` with no letter, digit or underscore beside it.
fn names(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

#[test]
fn every_instruction_of_the_interface_has_one_noun() {
    let idl: Value = serde_json::from_str(&text("idl/sluice.json")).unwrap();
    let listed = idl["instructions"].as_array().unwrap().iter();
    let listed: BTreeSet<_> = listed.map(|one| one["name"].as_str().unwrap()).collect();
    let mapped: Vec<_> = NOUNS
        .iter()
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    assert_eq!(
        mapped.len(),
        listed.len(),
        "one is mapped twice, or not at all"
    );
    assert_eq!(BTreeSet::from_iter(mapped), listed);
}

#[test]
fn the_program_has_every_instruction_under_its_noun() {
    let contract = text("programs/sluice/src/lib.rs");
    let functions = contract.split("\n    pub fn ").skip(1);
    let mut seen = 0;
    for function in functions {
        let name = function.split('(').next().unwrap();
        let Some((_, handler)) = function.split_once("        instructions::") else {
            continue;
        };
        let mut path = handler.split("::");
        let (noun, file) = (path.next().unwrap(), path.next().unwrap());
        assert_eq!(noun_of(name), Some(noun), "{name}");
        text(&format!(
            "programs/sluice/src/instructions/{noun}/{file}.rs"
        ));
        seen += 1;
    }
    assert_eq!(
        seen,
        NOUNS.iter().map(|(_, names)| names.len()).sum::<usize>()
    );
}

#[test]
fn client_tests_and_vectors_have_every_instruction_under_its_noun() {
    for (noun, instructions) in NOUNS {
        let client = text(&format!("app/client/src/instruction/{noun}.rs"));
        let tests = sources(&root().join("tests/instructions").join(noun));
        let vectors = text(&format!("tests/vectors/{noun}_instructions.json"));
        for name in instructions {
            assert!(
                client.contains(&format!("fn {name}(")),
                "the client: {name}"
            );
            assert!(names(&tests, name), "the tests: {name}");
            assert!(names(&vectors, name), "the vectors: {name}");
        }
    }
}

#[test]
fn the_command_sends_every_instruction_under_its_noun() {
    let parts = parts();
    for (noun, _) in NOUNS {
        for builder in builders(noun) {
            for (part, source) in &parts {
                let excepted = SENDERS.iter().any(|(sender, name, _)| {
                    sender == part && (name.is_empty() || *name == builder)
                });
                assert!(
                    part == noun || excepted || !uses(source, &builder),
                    "{builder} belongs to {noun}, and `{part}` of the command sends it"
                );
            }
        }
    }
}

#[test]
fn the_command_or_the_library_sends_every_instruction() {
    let mut library = String::new();
    for entry in fs::read_dir(root().join("app/client/src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            library += &fs::read_to_string(path).unwrap();
        } else if !path.ends_with("instruction") {
            library += &sources(&path);
        }
    }
    for (noun, instructions) in NOUNS {
        let builders = builders(noun);
        for name in instructions {
            let mut of = builders.iter().filter(|builder| builds(builder, name));
            let sent = of.any(|builder| {
                let sends = |(part, source): &(String, String)| {
                    let excepted = SENDERS
                        .iter()
                        .any(|(sender, one, _)| sender == part && one == name);
                    (part == noun || excepted) && uses(source, builder)
                };
                parts().iter().any(sends) || uses(&library, builder)
            });
            assert!(sent, "nothing under {noun} sends {name}");
        }
    }
}

#[test]
fn every_instruction_is_tested_in_a_file_of_its_name() {
    for (noun, instructions) in NOUNS {
        let folder = root().join("tests/instructions").join(noun);
        for name in instructions {
            let together = TESTED_TOGETHER.iter().find(|(one, _)| one == name);
            let file = together.map_or(*name, |(_, file)| file);
            let own = [format!("{file}.rs"), format!("{file}/mod.rs")];
            assert!(
                own.iter().any(|path| folder.join(path).is_file()),
                "tests/instructions/{noun} has no {file}.rs"
            );
        }
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let home = noun_of(stem).unwrap_or(noun);
            assert_eq!(home, noun, "{}", path.display());
        }
    }
}
