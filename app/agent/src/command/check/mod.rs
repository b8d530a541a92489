//! `sluice-agent check`: what keeps this machine from working or attesting. No check stops those after it that need nothing of it.

mod keys;
mod machine;
mod members;
mod money;
mod node;
mod report;
mod stake;
mod standing;

use {
    super::{print, read},
    crate::{
        chain::Chain,
        config::{self, Config},
    },
    anyhow::{Result, bail},
    clap::Args,
    report::{Level, Report},
    sluice_client::{Ledger, amount::counted},
    std::path::Path,
};

pub const AFTER: &str = "\
Each line is ok, a warning or a failure, with what mends it. The exit code is 0 when nothing fails, else 1.";

/// Room that a worker needs for outputs and journals, bytes.
const WORKER_ROOM: u64 = 1 << 30;

#[derive(Args, Debug)]
pub struct Check {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub fn run(self, path: &Path) -> Result<()> {
        let config = read(path)?;
        let mut report = Report::default();
        match &config {
            Config::Worker(config) => worker(config, &mut report),
            Config::Attester(config) => attester(config, &mut report),
        }
        print(&if self.json {
            report.json()
        } else {
            report.text()
        })?;
        match report.count(Level::Failure) {
            0 => Ok(()),
            failed => bail!("{} failed", counted(failed, "check")),
        }
    }
}

fn worker(config: &config::Worker, report: &mut Report) {
    let keys = keys::worker(config, report);
    machine::disk(&config.work.state, WORKER_ROOM, report);
    machine::sandbox(config.work.without_confinement, report);
    let Some(chain) = node::reach(&config.chain, report) else {
        return;
    };
    if let Some(keys) = keys {
        worker_on(&chain, config, &keys, report);
    }
}

/// What the chain and members say of a worker.
fn worker_on(
    chain: &Chain<impl Ledger>,
    config: &config::Worker,
    keys: &keys::Worker,
    report: &mut Report,
) {
    let Some(network) = standing::network(chain, report) else {
        return;
    };
    money::operator(chain, &keys.operator, config.fees.lamports_a_day, report);
    let Some(provider) = standing::provider(chain, &network, keys, report) else {
        return;
    };
    let bond = config.offer.iter().map(|offer| offer.bond).max();
    stake::provider(chain, &network, &provider, bond.unwrap_or_default(), report);
    let sets = standing::node_sets(chain, &provider, report);
    members::of_sets(chain, &sets, &config.members, report);
    standing::takes_work(config, report);
}

fn attester(config: &config::Attester, report: &mut Report) {
    let keys = keys::attester(config, report);
    machine::disk(&config.store.state, config.store.most_bytes, report);
    machine::sandbox(config.check.without_confinement, report);
    let Some(chain) = node::reach(&config.chain, report) else {
        return;
    };
    if let Some(keys) = keys {
        attester_on(&chain, config, &keys, report);
    }
}

/// What the chain and members say of an attester.
fn attester_on(
    chain: &Chain<impl Ledger>,
    config: &config::Attester,
    keys: &keys::Attester,
    report: &mut Report,
) {
    let Some(network) = standing::network(chain, report) else {
        return;
    };
    if let Some(challenger) = &keys.challenger {
        money::challenger(chain, &network, challenger, config.guard.most_bonds, report);
    }
    let Some(attester) = standing::attester(chain, &keys.attester, report) else {
        return;
    };
    stake::attester(chain, &network, &attester, report);
    let sets = standing::own_sets(chain, &keys.attester, report);
    members::own(&chain.network, &attester, report);
    let others = members::without(sets, &keys.attester);
    members::of_sets(chain, &others, &config.members, report);
}

#[cfg(test)]
mod tests;
