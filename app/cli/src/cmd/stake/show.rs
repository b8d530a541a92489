//! `sluice stake show`.

use {
    super::{ANOTHER, Target, pool},
    crate::{
        cmd::job::inconsistent,
        failure::Result,
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Network, Position, StakePool, Unstake,
        account::filter,
        address,
        view::stake::{PoolView, PositionView},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the provider's or attester's account, of its stake pool, or of a position; by default the only pool of the
    /// signer's stake.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "SUBJECT"
    )]
    subject: Option<Address>,
    /// Whose position to show; by default the signer's, or that of the position.
    #[arg(long, value_name = "KEY")]
    staker: Option<Address>,
}

impl Show {
    /// Shows the pool.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let named = self
            .subject
            .and_then(|subject| session.ledger.get::<Position>(&subject).ok());
        let told = self.staker.or(named.map(|named| named.staker));
        let subject = named.map(|named| named.pool).or(self.subject);
        let target = Target::held(session, subject, told)?;
        let pool = target.existing()?;
        let now = session.now()?;
        let view = PoolView::of(&pool, now).ok_or_else(|| inconsistent(&target.key)(()))?;
        let staker = told.map_or_else(|| session.own_key(), Ok);
        let key = staker.as_ref().ok();
        let key = key.map(|staker| address::position(&target.key, staker));
        session
            .ledger
            .gather([pool.network, pool.subject].into_iter().chain(key))?;
        let fields = pool::summary(&target.key, &pool, &view)
            .join(pool::commission(session, &pool.subject, now)?)
            .section("Position")
            .with("staker", staker.as_ref().ok().copied());
        let none = match (&staker, key) {
            (Ok(_), Some(key)) if session.ledger.account(&key)?.is_some() => {
                return Ok(fields
                    .with("position", key)
                    .join(position(session, &pool, &view, &key)?));
            }
            (Ok(staker), _) => format!("the key {staker} has no stake behind {}", pool.subject),
            (Err(failure), _) => failure.to_string(),
        };
        let hint = match self.staker {
            Some(_) => none,
            None => format!("{none}: {ANOTHER}"),
        };
        Ok(fields
            .data("position", None::<Address>)
            .said("position", format!("none, {hint}")))
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
        .list::<Unstake>(&[filter::unstake_position(key)])?;
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
                .detail("since_slot", ticket.opened_slot)
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
