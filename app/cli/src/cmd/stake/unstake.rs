//! `sluice stake unstake` and `withdraw`.

use {
    super::subject,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session, size},
    },
    clap::Args,
    sluice_client::{Ledger, Network, Position, StakePool, Unstake, address, amount, instruction},
    sluice_math::shares,
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args)]
pub struct Begin {
    /// Address of the provider's or attester's account.
    subject: Address,
    /// Token units at today's share price, or `all`.
    amount: String,
    /// Number of the ticket; by default the first free one.
    #[arg(long)]
    nonce: Option<u64>,
}

impl Begin {
    /// Moves the shares into a ticket.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (network, _) = subject(session, &self.subject)?;
        let staker = session.signer()?;
        let key = staker.pubkey();
        let pool_key = address::stake_pool(&self.subject);
        let pool: StakePool = session.ledger.get(&pool_key)?;
        let position_key = address::position(&pool_key, &key);
        if session.ledger.account(&position_key)?.is_none() {
            return Err(Failure::Key(format!(
                "the key {key} has no stake behind {}",
                self.subject
            )));
        }
        let position: Position = session.ledger.get(&position_key)?;
        let shares = self.shares(&pool, &position)?;
        let nonce = match self.nonce {
            Some(nonce) => nonce,
            None => free_nonce(session, &position_key)?,
        };
        let ticket = address::unstake(&position_key, nonce);
        session.require_absent("ticket", &ticket)?;
        let parameters: Network = session.ledger.get(&network)?;
        let ripe = session
            .now()?
            .saturating_add(i64::from(parameters.params.unbonding_secs));
        let plan = Plan::of(instruction::unstake(
            &session.payer()?.pubkey(),
            &key,
            &network,
            &pool_key,
            shares,
            nonce,
        ));
        let fields = Fields::new()
            .with("ticket", ticket)
            .with("shares", shares)
            .date("withdraw_at", ripe);
        session.execute(plan.signed_by(staker).creating(size::<Unstake>()), fields)
    }

    fn shares(&self, pool: &StakePool, position: &Position) -> Result<u64> {
        if self.amount == "all" {
            return Ok(position.shares);
        }
        let base = amount::parse(&self.amount, pool.decimals)?;
        let total = pool.active_shares.saturating_add(pool.thawing_shares);
        shares::shares_for(base, pool.tokens, total)
            .filter(|shares| *shares <= position.shares)
            .ok_or_else(|| {
                let held = shares::tokens_for(position.shares, pool.tokens, total).unwrap_or(0);
                Failure::input(format!(
                    "the position is worth {}, less than {}",
                    amount::format(held, pool.decimals),
                    self.amount
                ))
            })
    }
}

/// The first number that no ticket of the position has.
fn free_nonce(session: &Session<impl Ledger>, position: &Address) -> Result<u64> {
    let mut nonce = 0;
    while session
        .ledger
        .account(&address::unstake(position, nonce))?
        .is_some()
    {
        nonce += 1;
    }
    Ok(nonce)
}

#[derive(Args)]
pub struct Withdraw {
    /// Address of the ticket.
    ticket: Address,
}

impl Withdraw {
    /// Pays the ticket.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let ticket: Unstake = session.ledger.get(&self.ticket)?;
        let pool: StakePool = session.ledger.get(&ticket.pool)?;
        let mint = session.mint(&pool.mint)?;
        let mut plan = session.ensure_token_account(Plan::default(), &ticket.staker, &mint)?;
        plan.push(instruction::withdraw(&pool, &ticket, &mint.token_program));
        let total = pool.active_shares.saturating_add(pool.thawing_shares);
        let worth = shares::tokens_for(ticket.shares, pool.tokens, total).unwrap_or(0);
        let fields =
            Fields::new()
                .with("staker", ticket.staker)
                .tokens("withdrawn", worth, pool.decimals);
        session.execute(plan, fields)
    }
}
