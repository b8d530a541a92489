//! Which lines of a log are the program's own.

use {
    super::Event,
    base64::{Engine, prelude::BASE64_STANDARD},
};

/// The events of one transaction.
#[derive(Clone, Default)]
pub struct Logged {
    /// In the order they were logged.
    pub events: Vec<Event>,
    /// True when the node cut the log: events after the cut are unknown.
    pub truncated: bool,
}

/// The program's events in a transaction's log, one element a line.
///
/// A `Program data:` line counts only while this program is the one that runs, directly or called by another: any program can log
/// any bytes, but cannot write who runs. Nothing after a cut counts, for the lines that say who runs may be missing there, and
/// of a transaction that failed nothing became true.
pub fn decode(logs: &[String]) -> Logged {
    let ours = sluice::ID.to_string();
    let mut running: Vec<&str> = vec![];
    let mut logged = Logged::default();
    for line in logs {
        if line == "Log truncated" {
            logged.truncated = true;
            break;
        }
        if let Some(data) = line.strip_prefix("Program data: ") {
            if running.last() == Some(&ours.as_str()) {
                logged.events.extend(events(data));
            }
            continue;
        }
        match step(line) {
            Some(Step::Invoked(program)) => running.push(program),
            Some(Step::Returned) => {
                running.pop();
            }
            Some(Step::Failed) => return Logged::default(),
            None => {}
        }
    }
    logged
}

enum Step<'a> {
    Invoked(&'a str),
    Returned,
    Failed,
}

/// What the runtime says about who runs. What programs say begins with `Program log:` or `Program data:`, and a line break in it
/// begins no line.
fn step(line: &str) -> Option<Step<'_>> {
    let (program, rest) = line.strip_prefix("Program ")?.split_once(' ')?;
    match rest {
        // `Program return:`, `log:`, `consumption:`.
        _ if program.ends_with(':') => None,
        "success" => Some(Step::Returned),
        rest if rest.starts_with("failed") => Some(Step::Failed),
        rest if rest.starts_with("invoke [") => Some(Step::Invoked(program)),
        _ => None,
    }
}

/// The events in the data of a line; the program logs each in one piece.
fn events(data: &str) -> Vec<Event> {
    let bytes = BASE64_STANDARD.decode(data);
    bytes.map_or_else(|_| vec![], |bytes| Event::read(&bytes))
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        anchor_lang::Discriminator,
        sluice::events::{ChangeApplied, NodeClosed},
        solana_address::Address,
    };

    const OTHER: &str = "11111111111111111111111111111111";

    fn data<E: Discriminator + bytemuck::Pod>(event: E) -> String {
        let bytes = [E::DISCRIMINATOR, bytemuck::bytes_of(&event)].concat();
        format!("Program data: {}", BASE64_STANDARD.encode(bytes))
    }

    fn applied() -> String {
        let network = Address::new_from_array([7; 32]);
        data(ChangeApplied { network })
    }

    fn closed() -> String {
        let node = Address::new_from_array([8; 32]);
        data(NodeClosed { node, units: 5 })
    }

    fn names(lines: &[&str]) -> Vec<&'static str> {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let logged = decode(&lines);
        logged.events.iter().map(Event::name).collect()
    }

    fn line(program: &str, rest: &str) -> String {
        format!("Program {program} {rest}")
    }

    #[test]
    fn only_what_the_program_logs_while_it_runs_counts() {
        let ours = sluice::ID.to_string();
        let (applied, closed) = (applied(), closed());
        let [called, inner] = ["invoke [1]", "invoke [2]"].map(|rest| line(&ours, rest));
        let [outer, nested] = ["invoke [1]", "invoke [2]"].map(|rest| line(OTHER, rest));
        let [done, theirs] = [line(&ours, "success"), line(OTHER, "success")];
        assert_eq!(
            names(&[&called, &applied, &nested, &theirs, &closed, &done]),
            ["ChangeApplied", "NodeClosed"]
        );
        // By a program that ours calls, by one that calls ours, before and after it.
        assert_eq!(
            names(&[&called, &nested, &applied, &theirs, &done]),
            [""; 0]
        );
        assert_eq!(
            names(&[&outer, &applied, &inner, &closed, &done, &applied, &theirs]),
            ["NodeClosed"]
        );
        assert_eq!(names(&[&outer, &applied, &theirs]), [""; 0]);
        assert_eq!(names(&[&applied]), [""; 0]);
    }

    #[test]
    fn what_a_program_says_about_who_runs_is_not_believed() {
        let ours = sluice::ID.to_string();
        let applied = applied();
        let [outer, theirs] = [line(OTHER, "invoke [1]"), line(OTHER, "success")];
        for said in [
            format!("Program log: Program {ours} invoke [2]"),
            format!("Program log: x\nProgram {ours} invoke [2]"),
            format!("Program return: {ours} invoke [2]"),
            format!("Program data: {ours} invoke [2]"),
        ] {
            assert_eq!(names(&[&outer, &said, &applied, &theirs]), [""; 0]);
        }
        let called = line(&ours, "invoke [1]");
        let left = "Program log: success";
        assert_eq!(names(&[&called, left, &applied]), ["ChangeApplied"]);
    }

    #[test]
    fn a_failed_transaction_yields_nothing() {
        let ours = sluice::ID.to_string();
        let [called, done] = [line(&ours, "invoke [1]"), line(&ours, "success")];
        let failed = line(OTHER, "failed: custom program error: 0x1");
        let outer = line(OTHER, "invoke [1]");
        assert_eq!(
            names(&[&called, &applied(), &done, &outer, &failed]),
            [""; 0]
        );
    }

    #[test]
    fn a_log_that_was_cut_says_so_and_counts_no_further() {
        let ours = sluice::ID.to_string();
        let called = line(&ours, "invoke [1]");
        // A shorter line can still follow the cut, whoever runs by then.
        let lines = [called, applied(), "Log truncated".to_owned(), closed()];
        let logged = decode(&lines);
        assert!(logged.truncated);
        assert_eq!(logged.events.len(), 1);
    }
}
