//! `proofs/` against z3, where it is installed.

use std::process::Command;

#[test]
fn z3_finds_no_counterexample() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/proofs/dividend.smt2");
    let Ok(output) = Command::new("z3").args(["-T:60", file]).output() else {
        println!("skipped: there is no z3 here");
        return;
    };
    let answers = String::from_utf8(output.stdout).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let theorems = text.matches("(check-sat)").count();
    let proven = answers.lines().filter(|line| *line == "unsat").count();
    assert!(theorems > 0);
    assert_eq!(proven, theorems, "{answers}");
    // A file that z3 does not understand proves nothing.
    assert!(output.status.success(), "{answers}");
}
