//! `sluice migrate`: from nothing to the network that a manifest describes.

mod act;
mod attesters;
mod keyring;
mod manifest;
mod network;
mod rewards;
mod sets;
mod survey;
mod wanted;

use {
    crate::{
        failure::Result,
        output::{Fields, Value},
        session::Session,
    },
    act::Act,
    clap::{Args, Subcommand},
    keyring::Keyring,
    manifest::Manifest,
    sluice_client::Ledger,
    std::path::PathBuf,
    survey::{Item, State, Survey},
    wanted::Wanted,
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
        let wanted = Wanted::of(session, &Manifest::read(&self.manifest)?)?;
        let survey = Survey::of(session, &wanted)?;
        let fields = survey.fields(&wanted.network.address);
        if self.check && !survey.is_done() {
            return Ok(fields.incomplete());
        }
        Ok(fields)
    }
}

impl Apply {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let wanted = Wanted::of(session, &Manifest::read(&self.manifest)?)?;
        let survey = Survey::of(session, &wanted)?;
        let network = wanted.network.address;
        if session.is_dry_run() && !session.is_proposal() {
            let fields = Fields::new().with("dry_run", true);
            return Ok(fields.join(survey.fields(&network)));
        }
        session.in_steps();
        let due: Vec<(&Item, &Act)> = survey.items.iter().filter_map(due).collect();
        let keys = require_keys(session, &due, &self.keys)?;
        let mut done = Vec::new();
        let mut failed = None;
        for (item, act) in &due {
            let plan = act.plan(session, &keys);
            match plan.and_then(|plan| session.execute(plan, item.name())) {
                Ok(fields) => done.push(fields),
                // Nothing was done before it.
                Err(failure) if done.is_empty() && !session.is_in_doubt() => return Err(failure),
                // What is left follows from what was printed.
                Err(_) if session.is_proposal() => break,
                Err(failure) => {
                    failed = Some(item.name().with("why", failure.to_string()));
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
        let left = Survey::of(session, &wanted).ok();
        let left = left.map(|survey| survey.items.iter().filter_map(left_over).collect());
        let left: Option<Vec<Fields>> = left;
        Ok(fields
            .with("complete", left.as_ref().map(Vec::is_empty))
            .with("left", Value::Table(left.unwrap_or_default())))
    }
}

/// Every key that the steps need, before the first of them is sent.
fn require_keys(
    session: &Session<impl Ledger>,
    due: &[(&Item, &Act)],
    paths: &[String],
) -> Result<Keyring> {
    if due.is_empty() {
        return Ok(Keyring::none());
    }
    let keys = Keyring::read(session, paths)?;
    for (_, act) in due {
        for (role, key) in act.signers() {
            keys.find(role, &key)?;
        }
    }
    Ok(keys)
}

fn due(item: &Item) -> Option<(&Item, &Act)> {
    match &item.state {
        State::Due(act) => Some((item, act)),
        _ => None,
    }
}

fn left_over(item: &Item) -> Option<Fields> {
    match item.state {
        State::Done => None,
        State::Waits(until) => Some(item.name().date("from", until)),
        State::Due(_) => Some(item.name().with("from", Value::Absent)),
    }
}
