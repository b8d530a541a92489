//! The states of a job against every job instruction: each edge is walked, each missing edge is refused by its name.
//!
//! [`table::TABLE`] is the one statement of it: executed here, and written out in docs/states.md.

mod setting;
mod table;

use {
    self::{
        setting::Setting,
        table::{Act, Outcome, State, TABLE},
    },
    std::{fs, path::PathBuf},
};

#[test]
fn every_instruction_in_every_state_comes_to_what_the_table_says() {
    let mut wrong = Vec::new();
    for (act, outcomes) in TABLE {
        for (state, expected) in State::ALL.into_iter().zip(outcomes) {
            let found = Setting::new(state, *act).outcome(*act);
            if found != expected.text() {
                wrong.push(format!("{} in {state:?}: {found}", act.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "the table says otherwise: {wrong:#?}");
}

#[test]
fn every_state_is_reached_and_left() {
    for state in State::ALL {
        let into = |from: State, outcome: &Outcome| *outcome == Outcome::To(state) && from != state;
        let edges = || {
            TABLE
                .iter()
                .flat_map(|(_, outcomes)| State::ALL.into_iter().zip(outcomes))
        };
        assert!(edges().any(|(from, outcome)| into(from, outcome)));
        let left = |outcome: &Outcome| matches!(outcome, Outcome::To(to) if *to != state);
        assert!(edges().any(|(from, outcome)| from == state && left(outcome)));
    }
}

#[test]
fn the_table_has_every_instruction_once() {
    for act in Act::ALL {
        let rows = TABLE.iter().filter(|(row, _)| *row == act).count();
        assert_eq!(rows, 1, "{}", act.name());
    }
    assert_eq!(TABLE.len(), Act::ALL.len());
}

#[test]
fn the_document_shows_this_table() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/states.md");
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- table -->\n", "<!-- end of table -->\n");
    let (head, rest) = text.split_once(begin).unwrap();
    let (written, tail) = rest.split_once(end).unwrap();
    let expected = table::markdown();
    if std::env::var_os("SLUICE_BLESS").is_some() {
        fs::write(&path, format!("{head}{begin}{expected}{end}{tail}")).unwrap();
        return;
    }
    assert_eq!(
        written, expected,
        "docs/states.md is out of date: run with SLUICE_BLESS=1"
    );
}
