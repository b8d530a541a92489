//! What is printed at the end: the ledger, the checks and the compute units.

use crate::{
    Outcome,
    checks::Check,
    progress::{Screen, Tone},
};

/// The ledger of every party and vault.
pub fn ledger(outcome: &Outcome, screen: &Screen) -> String {
    let title = screen.paint(Tone::Heading, "LEDGER, in tokens, to the base unit");
    format!("\n{title}\n{}", outcome.book.table())
}

/// Every check, and what it expected if it does not hold.
pub fn checks(checks: &[Check], screen: &Screen) -> String {
    let title = "CHECKS, against totals computed from frame counts and prices alone";
    let mut text = format!("\n{}\n", screen.paint(Tone::Heading, title));
    for check in checks {
        let (mark, rest) = if check.holds() {
            (screen.paint(Tone::Good, "ok "), String::new())
        } else {
            let expected = check.text(check.expected);
            (
                screen.paint(Tone::Bad, "OFF"),
                format!("  expected {expected}"),
            )
        };
        let found = check.text(check.found);
        text += &format!("  {mark} {:<44}{found:>22}{rest}\n", check.what);
    }
    text
}

/// Compute units of every instruction used.
pub fn units(outcome: &Outcome, screen: &Screen) -> String {
    let title = screen.paint(Tone::Heading, "COMPUTE UNITS");
    let head = ("instruction", "calls", "least", "most");
    let mut text = format!(
        "\n{title}\n  {:<22}{:>7}{:>9}{:>9}\n",
        head.0, head.1, head.2, head.3
    );
    for (name, units) in &outcome.units {
        let (calls, least, most) = (units.calls, units.least, units.most);
        text += &format!("  {name:<22}{calls:>7}{least:>9}{most:>9}\n");
    }
    text
}
