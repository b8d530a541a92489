//! `sluice stake list` and `sluice stake pool list`.

use {
    super::pool::{kind, provider},
    crate::{
        cmd::{
            job::inconsistent,
            listing::{Columns, Within},
        },
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Position, StakePool,
        account::filter::{self, Filter},
        view::stake::{PoolView, PositionView},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Positions {
    #[command(flatten)]
    within: Within,
}

impl Columns for Positions {
    type Account = Position;

    const ROWS: &'static str = "positions";

    fn filters(&self, key: Option<&Address>) -> Vec<Filter> {
        key.map(filter::position_staker).into_iter().collect()
    }

    fn order(position: &Position) -> u64 {
        position.opened_slot
    }

    fn beside(_address: &Address, position: &Position) -> Vec<Address> {
        vec![position.pool]
    }

    fn is_asked_for(&self, session: &Session<impl Ledger>, position: &Position) -> Result<bool> {
        let pool: StakePool = session.ledger.get(&position.pool)?;
        Ok(self.within.has(&pool.network))
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        position: &Position,
        now: i64,
    ) -> Result<Fields> {
        let pool: StakePool = session.ledger.get(&position.pool)?;
        let view =
            PositionView::of(&pool, position, now).ok_or_else(|| inconsistent(address)(()))?;
        Ok(Fields::new()
            .with("position", *address)
            .tokens("active", view.active, pool.decimals)
            .tokens("free", view.free, pool.decimals)
            .tokens("thawing", view.thawing, pool.decimals)
            .with("behind", pool.subject)
            .with("kind", kind(&pool))
            .with("tickets", position.tickets)
            .with("staker", position.staker)
            .with("pool", position.pool)
            .with("network", pool.network)
            .in_mint(&pool.mint))
    }
}

#[derive(Args, Debug)]
pub struct Pools {
    #[command(flatten)]
    within: Within,
}

impl Columns for Pools {
    type Account = StakePool;

    const ROWS: &'static str = "pools";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.within.by(filter::stake_pool_network)
    }

    fn order(pool: &StakePool) -> u64 {
        pool.opened_slot
    }

    fn beside(_address: &Address, pool: &StakePool) -> Vec<Address> {
        vec![pool.subject]
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        pool: &StakePool,
        now: i64,
    ) -> Result<Fields> {
        let view = PoolView::of(pool, now).ok_or_else(|| inconsistent(address)(()))?;
        Ok(Fields::new()
            .with("pool", *address)
            .with("kind", kind(pool))
            .with("behind", pool.subject)
            .tokens("tokens", pool.tokens, pool.decimals)
            .with(
                "commission_bps",
                provider(session, &pool.subject)?.map(|one| one.commission(now)),
            )
            .tokens("slashed", pool.slashed, pool.decimals)
            .with("dead", view.dead)
            .with("positions", pool.positions)
            .with("owner", pool.owner)
            .with("network", pool.network)
            .in_mint(&pool.mint))
    }
}
