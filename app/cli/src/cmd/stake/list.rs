//! `sluice stake list` and `sluice stake pool list`.

use {
    super::pool::{kind, provider},
    crate::{
        cmd::{
            job::inconsistent,
            listing::{Listing, Scope, Whose},
        },
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Position, StakePool,
        account::filter,
        view::stake::{PoolView, PositionView},
    },
};

#[derive(Args, Debug)]
pub struct Positions {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    listing: Listing,
}

impl Positions {
    /// Lists the positions that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = self.scope.whose.key(session)?;
        let filters = key.as_ref().map(filter::position_staker);
        let now = session.now()?;
        let mut found = session.ledger.list::<Position>(filters.as_slice())?;
        found.sort_by_key(|(address, one)| (one.opened_slot, address.to_bytes()));
        session
            .ledger
            .gather(found.iter().map(|(_, position)| position.pool))?;
        let mut rows = Vec::with_capacity(found.len());
        for (address, position) in &found {
            let pool: StakePool = session.ledger.get(&position.pool)?;
            if self.scope.network.is_some_and(|only| only != pool.network) {
                continue;
            }
            let view =
                PositionView::of(&pool, position, now).ok_or_else(|| inconsistent(address)(()))?;
            rows.push(
                Fields::new()
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
                    .in_mint(&pool.mint),
            );
        }
        self.listing.show(session, "positions", rows)
    }
}

#[derive(Args, Debug)]
pub struct Pools {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    listing: Listing,
}

impl Pools {
    /// Lists the pools that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = self.scope.whose.key(session)?;
        let filters = self.scope.network.as_ref().map(filter::stake_pool_network);
        let now = session.now()?;
        let mut found = session.ledger.list::<StakePool>(filters.as_slice())?;
        found.retain(|(_, pool)| Whose::is_asked_for(key.as_ref(), [pool.owner]));
        found.sort_by_key(|(address, pool)| (pool.opened_slot, address.to_bytes()));
        session
            .ledger
            .gather(found.iter().map(|(_, pool)| pool.subject))?;
        let mut rows = Vec::with_capacity(found.len());
        for (address, pool) in &found {
            let view = PoolView::of(pool, now).ok_or_else(|| inconsistent(address)(()))?;
            rows.push(
                Fields::new()
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
                    .in_mint(&pool.mint),
            );
        }
        self.listing.show(session, "pools", rows)
    }
}
