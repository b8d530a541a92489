//! Asking before money moves.

use {
    super::Session,
    crate::{
        failure::{Failure, Result},
        format::{Format, no_dna},
        output::Fields,
        progress::Progress,
    },
    sluice_client::{Ledger, foreign, ledger},
    solana_transaction::Transaction,
    std::{
        fs::File,
        io::{BufRead, BufReader, IsTerminal, Write, stderr, stdin, stdout},
    },
};

/// Where a terminal is found when standard input is something else.
const TERMINAL: &str = "/dev/tty";

impl<L: Ledger> Session<L> {
    /// Shows what is about to happen to whoever looks on, and goes on after a yes.
    pub fn consent(&self, fields: &Fields, irreversible: &[String]) -> Result<()> {
        if irreversible.is_empty() {
            return Ok(());
        }
        match self.asks() {
            Some(mut input) => {
                self.progress.clear();
                let looks = self.looks();
                let shown = fields.render(Format::Display, &looks);
                ask(
                    &shown,
                    irreversible,
                    looks.limit(),
                    &mut *input,
                    &mut stderr(),
                )
            }
            None => Ok(()),
        }
    }

    /// Shows whoever will be asked what was chosen.
    pub fn show(&self, choice: &Fields) {
        if self.asks().is_some() {
            self.progress.clear();
            // Without a screen nobody looks on.
            let _ = stderr().write_all(choice.render(Format::Display, &self.looks()).as_bytes());
        }
    }

    /// Says that standard input holds what the command reads, so that whoever looks on answers elsewhere.
    pub fn takes_stdin(&mut self) {
        self.progress.clear();
        self.stdin_taken = true;
    }

    /// Where answers come from; `None` if nobody is to be asked.
    fn asks(&self) -> Option<Box<dyn BufRead>> {
        if !self.settings.may_ask {
            return None;
        }
        if stdin().is_terminal() {
            return Some(Box::new(stdin().lock()));
        }
        let keys = [&self.settings.fee_payer, &self.settings.nonce_authority];
        let mut keys = keys.into_iter().flatten().chain([&self.settings.keypair]);
        let taken = self.stdin_taken || keys.any(|key| key == "-" || key.starts_with("stdin:"));
        let terminal = (taken && stderr().is_terminal()).then(|| File::open(TERMINAL));
        Some(Box::new(BufReader::new(terminal?.ok()?)))
    }
}

/// Tells whoever looks on what is waited for, if nothing shows it as long as it lasts.
pub fn tell_waiting(progress: &Progress, transaction: &Transaction) {
    if !progress.draws() && !no_dna() && stdout().is_terminal() && stderr().is_terminal() {
        let signature = ledger::signature(transaction);
        // Without a screen nobody looks on.
        let _ = writeln!(stderr(), "sent {signature}, waiting for it to land");
    }
}

/// Shows the result to be and what cannot be taken back, in lines of `width`, and goes on only after a yes.
fn ask(
    shown: &str,
    irreversible: &[String],
    width: Option<usize>,
    input: &mut dyn BufRead,
    screen: &mut dyn Write,
) -> Result<()> {
    let mut answer = String::new();
    let what = foreign::shown(&irreversible.join("; "));
    let mut question = format!("This {what}, and cannot be taken back. Go on? [y/N]");
    if let Some(width) = width {
        // The answer stands behind it.
        question = textwrap::fill(&question, width.saturating_sub(2));
    }
    write!(screen, "{shown}{question} ")
        .and_then(|()| screen.flush())
        .and_then(|()| input.read_line(&mut answer))
        .map_err(|error| Failure::input(format!("the question could not be asked: {error}")))?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::Declined("nothing was sent".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        let fields = "job  abc\n";
        let what = ["moves 5 of the mint M out of the account of K".to_owned()];
        let mut screen = Vec::new();
        assert!(ask(fields, &what, None, &mut "y\n".as_bytes(), &mut screen).is_ok());
        for no in ["\n", "", "yeah\n", "n\n"] {
            assert!(ask(fields, &what, Some(40), &mut no.as_bytes(), &mut screen).is_err());
        }
        let shown = String::from_utf8(screen).unwrap();
        assert!(shown.starts_with(
            "job  abc\nThis moves 5 of the mint M out of the account of K, and cannot be taken back. Go on? [y/N] "
        ));
        let last = shown.lines().rev().take(3).collect::<Vec<_>>();
        assert_eq!(
            last,
            [
                "back. Go on? [y/N] ",
                "account of K, and cannot be taken",
                "This moves 5 of the mint M out of the"
            ]
        );
    }
}
