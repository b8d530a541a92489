//! `sluice rewards report`, `claim`, `fold` and `close-epoch`: from proven units to tokens.

use {
    super::{Member, show::Due},
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session, size},
    },
    clap::Args,
    sluice_client::{Epoch, Ledger, Node, RewardPool, Share, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

/// Reports a node's new units: the baseline, an open epoch's, or the first of an epoch, which opens it.
pub fn report(session: &mut Session<impl Ledger>, member: &Member) -> Result<Fields> {
    let pool: RewardPool = session.ledger.get(&member.pool)?;
    let node: Node = session.ledger.get(&member.node)?;
    let share: Share = session
        .ledger
        .get(&address::share(&member.pool, &member.node))?;
    let fields = Fields::new().with("node", member.node);
    if share.registration != node.opened_slot || share.baseline == 0 {
        let plan = Plan::of(instruction::report(
            &member.pool,
            &member.node,
            &node.provider,
            None,
        ));
        return session.execute(plan, fields.with("baseline", true));
    }
    let index = pool
        .epoch_at(session.now()?)
        .map_err(|_| Failure::input(format!("the reward pool {} has not started", member.pool)))?;
    let epoch = address::epoch(&member.pool, index);
    let plan = if session.ledger.account(&epoch)?.is_some() {
        Plan::of(instruction::report(
            &member.pool,
            &member.node,
            &node.provider,
            Some(index),
        ))
    } else {
        Plan::of(instruction::open_epoch(
            &session.payer()?.pubkey(),
            &member.pool,
            &member.node,
            &node.provider,
            index,
        ))
        .creating(size::<Epoch>())
    };
    session.execute(
        plan,
        fields
            .with("baseline", false)
            .with("epoch", index)
            .with("unreported", node.units.saturating_sub(share.seen)),
    )
}

/// Pays a share what has streamed to it.
pub fn claim(session: &mut Session<impl Ledger>, member: &Member) -> Result<Fields> {
    let pool: RewardPool = session.ledger.get(&member.pool)?;
    let share: Share = session
        .ledger
        .get(&address::share(&member.pool, &member.node))?;
    let now = session.now()?;
    let mint = session.mint(&pool.mint)?;
    let due = Due::of(session, &member.pool, &pool, &share, now)?;
    let mut plan = Plan::default();
    if due.claimable > 0 {
        plan = session.ensure_token_account(plan, &share.payee, &mint)?;
    }
    plan.push(instruction::claim(
        &member.pool,
        &pool,
        &share,
        now,
        &mint.token_program,
    ));
    let fields =
        Fields::new()
            .with("payee", share.payee)
            .tokens("claimed", due.claimable, mint.decimals);
    session.execute(plan, fields)
}

/// Books every ended epoch of a share.
pub fn fold(session: &mut Session<impl Ledger>, member: &Member) -> Result<Fields> {
    let pool: RewardPool = session.ledger.get(&member.pool)?;
    let share: Share = session
        .ledger
        .get(&address::share(&member.pool, &member.node))?;
    let now = session.now()?;
    let ended: Vec<u64> = share
        .slots
        .iter()
        .filter_map(|slot| slot.epoch())
        .filter(|epoch| {
            pool.epoch_start(epoch.saturating_add(2))
                .is_ok_and(|end| now >= end)
        })
        .collect();
    if ended.is_empty() {
        return Err(Failure::input(
            "no epoch of this share has ended its stream: there is nothing to fold",
        ));
    }
    let mut plan = Plan::default();
    for epoch in &ended {
        plan.push(instruction::fold(&member.pool, &member.node, *epoch));
    }
    let folded = ended
        .iter()
        .map(|epoch| Fields::new().with("epoch", *epoch))
        .collect::<Vec<_>>();
    session.execute(
        plan,
        Fields::new()
            .with("node", member.node)
            .with("folded", folded),
    )
}

#[derive(Args)]
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
