//! `sluice rewards return`, `leave` and `close`: the end of a pool.

use {
    super::{ASK, Member},
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session, own::Part},
    },
    clap::Args,
    sluice_client::{Ledger, RewardPool, Share, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Pool {
    /// Address of the reward pool.
    pub pool: Address,
}

impl Pool {
    /// Pays an ended pool's leftovers to its refund owner.
    pub fn return_unallocated(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let pool: RewardPool = session.ledger.get(&self.pool)?;
        let mint = session.mint(&pool.mint)?;
        let mut plan = session.ensure_token_account(Plan::default(), &pool.refund_owner, &mint)?;
        plan.push(instruction::return_unallocated(
            &self.pool,
            &pool,
            &mint.token_program,
        ));
        let fields = Fields::new()
            .with("pool", self.pool)
            .with("refund_owner", pool.refund_owner)
            .of_mint("returned", pool.unallocated, &mint);
        session.execute(plan, fields)
    }

    /// Closes an ended pool that nothing hangs on.
    pub fn close(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let pool: RewardPool = session.ledger.get(&self.pool)?;
        let mint = session.mint(&pool.mint)?;
        let left = session.ledger.token_balance(&pool.vault)?;
        let mut plan = Plan::default();
        if left > 0 {
            plan = session.ensure_token_account(plan, &pool.refund_owner, &mint)?;
        }
        plan.push(instruction::close_reward_pool(
            &self.pool,
            &pool,
            &mint.token_program,
        ));
        let fields = Fields::new()
            .with("pool", self.pool)
            .with("refund_owner", pool.refund_owner)
            .of_mint("returned", left, &mint)
            .with("rent_to", pool.rent_payer);
        session.execute(plan, fields)
    }
}

/// Closes a node's share.
pub fn leave(session: &mut Session<impl Ledger>, member: &Member) -> Result<Fields> {
    let pool: RewardPool = session.ledger.get(&member.pool)?;
    let node = match member.node {
        // A closed node leaves its share behind.
        Some(node) => node,
        None => session.node(None, Part::Owner, Some(pool.network), ASK)?.0,
    };
    let key = address::share(&member.pool, &node);
    let share: Share = session.ledger.get(&key)?;
    let signer = if pool.has_ended(session.now()?).unwrap_or(false) {
        session.signer()?
    } else {
        session.signer_as("provider's owner", &share.payee)?
    };
    let plan = Plan::of(instruction::close_share(&signer.pubkey(), &share));
    let fields = Fields::new()
        .with("share", key)
        .with("node", node)
        .with("rent_to", share.rent_payer);
    session.execute(plan.signed_by(signer), fields)
}
