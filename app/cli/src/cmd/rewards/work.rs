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
    sluice_client::{Epoch, Ledger, Node, address, instruction},
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
    let (mut steps, mut rows, mut opened) = (vec![], vec![], BTreeSet::new());
    for found in shares {
        let node: Node = match session.ledger.get(&found.share.node) {
            Ok(node) => node,
            // A node that was closed has nothing to report until it is registered anew.
            Err(_) => continue,
        };
        if let Some((step, row)) = report_step(session, found, &node, now, &mut opened)? {
            steps.push(step);
            rows.push(row);
        }
    }
    let fields = Fields::new().with("reported", Value::Table(rows));
    Ok((!steps.is_empty()).then_some((steps, fields)))
}

/// One share's report; none when it would be refused. `opened` are the epochs that earlier steps open.
fn report_step(
    session: &Session<impl Ledger>,
    found: &Found,
    node: &Node,
    now: i64,
    opened: &mut BTreeSet<([u8; 32], u64)>,
) -> Result<Option<(Plan, Fields)>> {
    let (pool_key, share) = (&found.pool_key, &found.share);
    let provider = &node.provider;
    let row = Fields::new()
        .with("pool", *pool_key)
        .with("node", share.node);
    let anew = share.registration != node.opened_slot;
    let Ok(index) = found.pool.epoch_at(now) else {
        // Before the start: what the node has done by now becomes history.
        let moves = anew || share.seen != node.units;
        let step = Plan::of(instruction::report(pool_key, &share.node, provider, None));
        let row = row.with("epoch", None::<u64>);
        return Ok(moves.then(|| (step, row.with("baseline", true).with("units", 0u64))));
    };
    let row = row.with("epoch", index);
    if anew || share.baseline == 0 {
        if !anew && index <= share.joined_epoch {
            return Ok(None);
        }
        let step = Plan::of(instruction::report(pool_key, &share.node, provider, None));
        return Ok(Some((step, row.with("baseline", true).with("units", 0u64))));
    }
    let room = found
        .pool
        .terms
        .node_cap
        .saturating_sub(found.view.reported);
    let units = node.units.saturating_sub(share.seen).min(room);
    if units == 0 {
        return Ok(None);
    }
    let epoch = address::epoch(pool_key, index);
    let open =
        !opened.insert((pool_key.to_bytes(), index)) || session.ledger.account(&epoch)?.is_some();
    let step = if open {
        Plan::of(instruction::report(
            pool_key,
            &share.node,
            provider,
            Some(index),
        ))
    } else {
        let payer = session.payer()?.pubkey();
        let open = instruction::open_epoch(&payer, pool_key, &share.node, provider, index);
        Plan::of(open).creating(size::<Epoch>())
    };
    Ok(Some((
        step,
        row.with("baseline", false).with("units", units),
    )))
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
        for epoch in ended(found, now) {
            steps.push(Plan::of(instruction::fold(
                &found.pool_key,
                &found.share.node,
                epoch,
            )));
            rows.push(
                Fields::new()
                    .with("pool", found.pool_key)
                    .with("node", found.share.node)
                    .with("epoch", epoch),
            );
        }
    }
    let fields = Fields::new().with("folded", Value::Table(rows));
    Ok((!steps.is_empty()).then_some((steps, fields)))
}

/// The epochs of a share whose stream has ended.
fn ended(found: &Found, now: i64) -> Vec<u64> {
    let over = |epoch: &u64| {
        let end = found.pool.epoch_start(epoch.saturating_add(2));
        end.is_ok_and(|end| now >= end)
    };
    found.epochs.iter().copied().filter(over).collect()
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
        session.execute(Plan::of(instruction::close_epoch(&epoch)), fields)
    }
}
