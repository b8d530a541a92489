//! `sluice migrate`: from nothing to the network that a manifest describes.

mod keyring;
mod shown;

use {
    crate::{
        cmd::step,
        failure::{Failure, Result},
        output::{Fields, Value},
        session::Session,
    },
    clap::{Args, Subcommand},
    keyring::Keyring,
    sluice_client::{
        Ledger,
        found::{Manifest, Survey, Wanted},
    },
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Holds the chain against the manifest and tells, step by step, what is done, what is to do and what waits; sends nothing.
    Plan(Plan),
    /// Does what `migrate plan` tells, step by step, a transaction each; stops at the first that fails, and does the rest when run
    /// again. With --dry-run: the plan.
    Apply(Apply),
}

#[derive(Args, Debug)]
pub struct Plan {
    /// The manifest, a TOML file.
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Ends with code 13 unless the chain is as the manifest says.
    #[arg(long)]
    check: bool,
}

#[derive(Args, Debug)]
pub struct Apply {
    /// The manifest, a TOML file.
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Another key that has to sign, in the forms of --keypair; repeat for each.
    #[arg(long = "key", value_name = "KEYPAIR")]
    keys: Vec<String>,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Plan(verb) => verb.run(session),
            Self::Apply(verb) => verb.run(session),
        }
    }
}

impl Plan {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let wanted = Wanted::of(&session.ledger, &read(&self.manifest)?)?;
        let survey = Survey::of(&session.ledger, &wanted)?;
        let fields = shown::survey(&survey, &wanted.network.address);
        if self.check && !survey.is_done() {
            return Ok(fields.incomplete());
        }
        Ok(fields)
    }
}

impl Apply {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let wanted = Wanted::of(&session.ledger, &read(&self.manifest)?)?;
        let survey = Survey::of(&session.ledger, &wanted)?;
        let network = wanted.network.address;
        if session.is_dry_run() && !session.is_proposal() {
            let fields = Fields::new().with("dry_run", true);
            return Ok(fields.join(shown::survey(&survey, &network)));
        }
        session.in_steps();
        // Every key is there before the first step is sent.
        let keys = Keyring::for_due(session, &survey, &self.keys)?;
        let mut done = Vec::new();
        let mut failed = None;
        let due: Vec<_> = survey.due().collect();
        for (item, step) in session.counted("builds the network", due) {
            let signers = keys.of(step)?;
            match step::plan(session, step, signers)
                .and_then(|plan| session.execute(plan, shown::item(item)))
            {
                Ok(fields) => done.push(fields),
                // Nothing was done before it.
                Err(failure) if done.is_empty() && !session.is_in_doubt() => return Err(failure),
                // What is left follows from what was printed.
                Err(_) if session.is_proposal() => break,
                Err(failure) => {
                    failed = Some(shown::item(item).with("why", failure.to_string()));
                    break;
                }
            }
        }
        let fields = Fields::new()
            .with("network", network)
            .with("done", Value::Table(done));
        if let Some(failed) = failed {
            return Ok(fields.with("failed", failed).partly());
        }
        // Everything was sent, whatever this last look comes to.
        let left = Survey::of(&session.ledger, &wanted).ok();
        let left = left.map(|survey| shown::left(&survey));
        Ok(fields
            .with("complete", left.as_ref().map(Vec::is_empty))
            .with("left", Value::Table(left.unwrap_or_default())))
    }
}

/// The manifest in a file.
fn read(path: &Path) -> Result<Manifest> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("the manifest {shown} cannot be read: {error}")))?;
    Manifest::parse(&text).map_err(|error| Failure::input(format!("{shown}, {error}")))
}
