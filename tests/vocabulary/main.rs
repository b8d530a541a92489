//! One vocabulary: an instruction belongs to one noun, and is found under it in every house.

mod addresses;
mod contract;

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
fn the_program_has_it_under_its_noun() {
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
fn client_tests_and_vectors_have_it_under_its_noun() {
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
