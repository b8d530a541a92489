//! The program's errors, and those of the programs that it calls.

use {
    crate::{check, json::object},
    serde_json::Value,
    sluice_client::{ProgramError, called},
};

#[test]
fn errors_have_these_names() {
    // The framework's come first.
    let named = (0..7_000).filter_map(ProgramError::from_code);
    let cases: Value = named
        .map(|error| {
            object([
                ("code", &error.code),
                ("name", &error.name),
                ("message", &error.message),
            ])
        })
        .collect();
    check("errors", &cases);
}

#[test]
fn errors_of_other_programs_have_these_names_and_remedies() {
    let cases: Value = called::known()
        .flat_map(|(program, refusals)| {
            refusals.iter().map(move |refusal| {
                object([
                    ("program", &program.to_string()),
                    ("code", &refusal.code),
                    ("name", &refusal.name),
                    ("message", &refusal.message),
                    ("remedy", &refusal.remedy),
                ])
            })
        })
        .collect();
    check("called_errors", &cases);
}
