//! `sluice rewards report`, `fold` and `close-epoch`: from proven units to what streams.

use {
    super::shares::{Found, Which},
    crate::{
        batch::send_all,
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
    match reports(session, &which.find(session)?)? {
        Some((steps, fields)) => send_all(session, steps, fields),
        None => Err(Failure::input(
            "no node has unreported units that this epoch can count",
        )),
    }
}

/// The reports that the current epoch takes; none when there are none.
pub fn reports(
    session: &Session<impl Ledger>,
    shares: &[Found],
) -> Result<Option<(Vec<Plan>, Fields)>> {
    let now = session.now()?;
    session.gather(shares.iter().map(|found| found.share.node))?;
    let (mut steps, mut rows, mut opened) = (vec![], vec![], BTreeSet::new());
    for found in shares {
        let node: Node = match session.ledger.get(&found.share.node) {
            Ok(node) => node,
            // A node that was closed has nothing to report until it is registered anew.
            Err(_) => continue,
        };
        if let Some(report) = rewards::report(&found.pool, &found.share, &found.view, &node, now) {
            steps.push(plan(session, found, report, now, &mut opened)?);
            rows.push(
                Fields::new()
                    .with("pool", found.pool_key)
                    .with("node", found.share.node)
                    .with("epoch", report.epoch)
                    .with("baseline", report.baseline)
                    .with("units", report.units),
            );
        }
    }
    let fields = Fields::new().with("reported", Value::Table(rows));
    Ok((!steps.is_empty()).then_some((steps, fields)))
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
    match folds(session, &which.find(session)?)? {
        Some((steps, fields)) => send_all(session, steps, fields),
        None => Err(Failure::input(
            "no epoch of this share has ended its stream: there is nothing to fold",
        )),
    }
}

/// The folds that are due; none when there are none.
pub fn folds(
    session: &Session<impl Ledger>,
    shares: &[Found],
) -> Result<Option<(Vec<Plan>, Fields)>> {
    let now = session.now()?;
    let (mut steps, mut rows) = (vec![], vec![]);
    for found in shares {
        for step in rewards::folds(&found.pool, &found.share, now).steps {
            steps.push(Plan::of(step.instruction(
                &NOBODY,
                &found.accounts(None),
                now,
            )));
            rows.push(
                Fields::new()
                    .with("pool", found.pool_key)
                    .with("node", found.share.node)
                    .with("epoch", step.epoch()),
            );
        }
    }
    let fields = Fields::new().with("folded", Value::Table(rows));
    Ok((!steps.is_empty()).then_some((steps, fields)))
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
