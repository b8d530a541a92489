//! `sluice stake show`.

use {
    super::{Target, pool},
    crate::{
        cmd::job::inconsistent,
        failure::Result,
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Network, Position, StakePool, Unstake, address,
        view::stake::{PoolView, PositionView},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the provider's or attester's account, or of its stake pool.
    subject: Address,
    /// Whose position to show; by default the owner's.
    #[arg(long, value_name = "KEY")]
    staker: Option<Address>,
}

impl Show {
    /// Shows the pool.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let target = Target::find(session, &self.subject)?;
        let pool = target.existing()?;
        let now = session.now()?;
        let view = PoolView::of(&pool, now).ok_or_else(|| inconsistent(&target.key)(()))?;
        let staker = self.staker.unwrap_or(pool.owner);
        let key = address::position(&target.key, &staker);
        session.ledger.gather([key, pool.network, pool.subject])?;
        let fields = pool::summary(&target.key, &pool, &view)
            .join(pool::commission(session, &pool.subject, now)?)
            .section("Position")
            .with("staker", staker);
        if session.ledger.account(&key)?.is_none() {
            return Ok(fields.with("position", None::<Address>));
        }
        Ok(fields
            .with("position", key)
            .join(position(session, &pool, &view, &key)?))
    }
}

/// A position's stake, tickets and dividends.
fn position(
    session: &Session<impl Ledger>,
    pool: &StakePool,
    whole: &PoolView,
    key: &Address,
) -> Result<Fields> {
    let (position, now): (Position, _) = (session.ledger.get(key)?, session.now()?);
    let view = PositionView::of(pool, &position, now).ok_or_else(|| inconsistent(key)(()))?;
    let network: Network = session.ledger.get(&pool.network)?;
    let dividends = session.mint(&network.dividend_mint)?.decimals;
    let mut tickets = session
        .ledger
        .list::<Unstake>(&[(8, key.to_bytes().to_vec())])?;
    tickets.sort_by_key(|(_, ticket)| (ticket.withdraw_at, ticket.nonce));
    let tickets = tickets
        .into_iter()
        .map(|(key, ticket)| {
            Fields::new()
                .with("ticket", key)
                .tokens(
                    "worth",
                    pool.worth(ticket.shares).unwrap_or(0),
                    pool.decimals,
                )
                .with("since_slot", ticket.opened_slot)
                .date("withdraw_at", ticket.withdraw_at)
                .with("ripe", now >= ticket.withdraw_at)
        })
        .collect();
    let streams = Fields::new()
        .section("Dividends")
        .with("dividend_mint", network.dividend_mint)
        .tokens("dividends_due", view.dividends_due, dividends)
        .tokens("dividends_this_period", view.dividends_a_period, dividends)
        .unless_nothing()
        .date("period_until", whole.dividends.until)
        .tokens("dividends_claimed", position.dividend_claimed, dividends)
        .unless_nothing()
        .in_mint(&network.dividend_mint);
    Ok(Fields::new()
        .detail("shares", position.shares)
        .tokens("active", view.active, pool.decimals)
        .tokens("held_by_bonds", view.locked, pool.decimals)
        .unless_nothing()
        .tokens("free", view.free, pool.decimals)
        .tokens("thawing", view.thawing, pool.decimals)
        .unless_nothing()
        .tokens("at_risk", view.at_risk, pool.decimals)
        .with("tickets", Value::Table(tickets))
        .unless_nothing()
        .in_mint(&pool.mint)
        .join(streams))
}
