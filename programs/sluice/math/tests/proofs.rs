//! `proofs/` against z3, where it is installed; where `SLUICE_PROOFS` is set, as in CI, it has to be.

use std::process::Command;

fn prove(name: &str) {
    let file = format!("{}/proofs/{name}.smt2", env!("CARGO_MANIFEST_DIR"));
    let Ok(output) = Command::new("z3").args(["-T:60", &file]).output() else {
        let required = std::env::var_os("SLUICE_PROOFS").is_some();
        assert!(!required, "there is no z3 here to prove {name}");
        println!("skipped: there is no z3 here");
        return;
    };
    let answers = String::from_utf8(output.stdout).unwrap();
    let theorems = std::fs::read_to_string(file)
        .unwrap()
        .matches("(check-sat)")
        .count();
    let proven = answers.lines().filter(|line| *line == "unsat").count();
    assert_eq!(proven, theorems, "{answers}");
    // What z3 does not understand proves nothing.
    assert!(theorems > 0 && output.status.success(), "{answers}");
}

#[test]
fn dividends_are_exact_and_never_overflow() {
    prove("dividend");
}

#[test]
fn slashes_cost_everybody_the_same() {
    prove("shares");
}
