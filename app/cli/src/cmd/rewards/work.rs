//! `sluice rewards report`, `fold` and `close-epoch`: from proven units to what streams.

use {
    super::shares::{Found, Which},
    crate::{
        batch::{Batch, send_all},
        failure::{Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session, size},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        Epoch, Ledger, Node, address,
        due::rewards::{self, EpochStep, Report, ShareStep},
    },
    solana_address::Address,
    solana_signer::Signer,
    std::collections::BTreeSet,
};

/// Reports nodes' new units: baselines, and what counts in the current epoch, which the first one opens.
pub fn report(session: &mut Session<impl Ledger>, which: &Which) -> Result<Fields> {
    let batch = reports(session, &which.find(session)?)?;
    if batch.steps.is_empty() {
        return Err(Failure::input(
            "no node has unreported units that this epoch can count",
        ));
    }
    send_all(session, batch, Fields::new())
}

/// The reports that the current epoch takes.
pub fn reports(session: &Session<impl Ledger>, shares: &[Found]) -> Result<Batch> {
    let now = session.now()?;
    session.gather(shares.iter().map(|found| found.share.node))?;
    let mut batch = Batch::new(|rows| Fields::new().with("reported", Value::Table(rows)));
    let mut opened = BTreeSet::new();
    for found in shares {
        let node: Node = match session.ledger.get(&found.share.node) {
            Ok(node) => node,
            // A node that was closed has nothing to report until it is registered anew.
            Err(_) => continue,
        };
        if let Some(report) = rewards::report(&found.pool, &found.share, &found.view, &node, now) {
            let row = Fields::new()
                .with("pool", found.pool_key)
                .with("node", found.share.node)
                .with("epoch", report.epoch)
                .with("baseline", report.baseline)
                .with("units", report.units);
            let plan = plan(session, found, report, now, &mut opened)?;
            batch.steps.push((plan, row));
        }
    }
    Ok(batch)
}

/// The plan of one share's report. `opened` are the epochs that earlier steps open.
fn plan(
    session: &Session<impl Ledger>,
    found: &Found,
    mut report: Report,
    now: i64,
    opened: &mut BTreeSet<([u8; 32], u64)>,
) -> Result<Plan> {
    let mut sender = NOBODY;
    if let (Some(index), false) = (report.epoch, report.baseline) {
        let epoch = address::epoch(&found.pool_key, index);
        report.opens = opened.insert((found.pool_key.to_bytes(), index))
            && session.ledger.account(&epoch)?.is_none();
    }
    if report.opens {
        sender = session.payer()?.pubkey();
    }
    let step = ShareStep::Report(report);
    let plan = Plan::of(step.instruction(&sender, &found.accounts(None), now));
    Ok(if report.opens {
        plan.creating(size::<Epoch>())
    } else {
        plan
    })
}

/// Books every ended epoch of shares.
pub fn fold(session: &mut Session<impl Ledger>, which: &Which) -> Result<Fields> {
    let batch = folds(session, &which.find(session)?)?;
    if batch.steps.is_empty() {
        return Err(Failure::input(
            "no epoch of this share has ended its stream: there is nothing to fold",
        ));
    }
    send_all(session, batch, Fields::new())
}

/// The folds that are due.
pub fn folds(session: &Session<impl Ledger>, shares: &[Found]) -> Result<Batch> {
    let now = session.now()?;
    let mut batch = Batch::new(|rows| Fields::new().with("folded", Value::Table(rows)));
    for found in shares {
        for step in rewards::folds(&found.pool, &found.share, now).steps {
            let row = Fields::new()
                .with("pool", found.pool_key)
                .with("node", found.share.node)
                .with("epoch", step.epoch());
            let fold = step.instruction(&NOBODY, &found.accounts(None), now);
            batch.steps.push((Plan::of(fold), row));
        }
    }
    Ok(batch)
}

#[derive(Args, Debug)]
pub struct CloseEpoch {
    /// Address of the reward pool.
    pool: Address,
    /// Number of the epoch.
    epoch: u64,
}

impl CloseEpoch {
    /// Closes the epoch.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let epoch: Epoch = session
            .ledger
            .get(&address::epoch(&self.pool, self.epoch))?;
        let fields = Fields::new()
            .with("pool", self.pool)
            .with("epoch", self.epoch)
            .with("rent_to", epoch.rent_payer);
        session.execute(Plan::of(EpochStep::Close.instruction(&epoch)), fields)
    }
}
