//! `sluice rewards fund` and `join`: what a pool needs before it can pay.

use {
    super::{ASK, Member},
    crate::{
        failure::Result,
        keys::Key,
        output::Fields,
        session::{Plan, Session, funds_of, own::Part, size},
    },
    clap::Args,
    sluice_client::{
        Ledger, Provider, RewardPool, Share, address, amount,
        instruction::{self, token::Mint},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Fund {
    /// Address of the reward pool.
    pool: Address,
    /// Token units of the pool's mint.
    amount: String,
}

impl Fund {
    /// Adds the amount.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let pool: RewardPool = session.ledger.get(&self.pool)?;
        let funder = session.signer()?;
        session.gather(funds_of(&funder.pubkey(), &pool.mint))?;
        let mint = session.deposit_mint(&pool.mint)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        let plan = plan(session, funder, (&self.pool, &pool), &mint, base)?;
        let fields = Fields::new().with("pool", self.pool).of_mint(
            "funded",
            pool.funded.saturating_add(base),
            &mint,
        );
        session.execute(plan, fields)
    }
}

/// Adds `base` units of the pool's mint, from the funder's associated account.
fn plan(
    session: &Session<impl Ledger>,
    funder: Key,
    (key, pool): (&Address, &RewardPool),
    mint: &Mint,
    base: u64,
) -> Result<Plan> {
    let mut plan = session.cover(&funder, mint, base)?;
    plan.push(instruction::fund_reward_pool(
        &funder.pubkey(),
        key,
        pool,
        &mint.token_program,
        base,
    ));
    Ok(plan.signed_by(funder))
}

/// Joins a node.
pub fn join(session: &mut Session<impl Ledger>, member: &Member) -> Result<Fields> {
    let pool: RewardPool = session.ledger.get(&member.pool)?;
    let (key, node) = session.node(member.node, Part::Operator, Some(pool.network), ASK)?;
    let share = address::share(&member.pool, &key);
    session.gather([node.provider, share])?;
    let provider: Provider = session.ledger.get(&node.provider)?;
    let operator = session.signer_as("provider's operator", &provider.operator)?;
    session.require_absent("share", &share)?;
    let plan = Plan::of(instruction::join_reward_pool(
        &session.payer()?.pubkey(),
        &provider.operator,
        &member.pool,
        &pool,
        &key,
        &node,
    ));
    let fields = Fields::new()
        .with("share", share)
        .with("node", key)
        .with("payee", provider.owner);
    session.execute(plan.signed_by(operator).creating(size::<Share>()), fields)
}
