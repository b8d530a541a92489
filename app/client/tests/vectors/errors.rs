//! The program's errors.

use {
    crate::{check, json::object},
    serde_json::Value,
    sluice_client::ProgramError,
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
