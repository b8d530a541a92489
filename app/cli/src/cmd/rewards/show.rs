//! `sluice rewards show` and `list`.

use {
    super::shares::view,
    crate::{
        cmd::listing::{Columns, Within},
        failure::{Result, gone},
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Node, RewardPool, Share,
        account::filter::{self, Filter},
        address,
        view::rewards::{RATE_DECIMALS, ShareView},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the reward pool.
    pool: Address,
    /// Address of a node, to show its share.
    #[arg(long, value_name = "ADDRESS")]
    node: Option<Address>,
}

impl Show {
    /// Shows the pool.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let share = self.node.map(|node| address::share(&self.pool, &node));
        session.ledger.gather(share)?;
        let found = session.ledger.get(&self.pool);
        let pool: RewardPool = found.map_err(gone("reward pool", &self.pool))?;
        let now = session.now()?;
        let fields = figures(&self.pool, &pool, now);
        let Some(node) = self.node else {
            return Ok(fields);
        };
        let share_key = address::share(&self.pool, &node);
        let share: Share = session.ledger.get(&share_key)?;
        let view = view(session, &pool, &share_key, &share, now)?;
        // The node may be closed by now; its share stays.
        let units = session.ledger.get(&node).map_or(0, |node: Node| node.units);
        let unreported = units.saturating_sub(share.seen);
        let share = Fields::new()
            .with("share", share_key)
            .join(of_share(&share, &view, pool.decimals))
            .with("units_unreported", unreported);
        Ok(fields.with("node", share.in_mint(&pool.mint)))
    }
}

/// A reward pool at `now`.
pub fn figures(address: &Address, pool: &RewardPool, now: i64) -> Fields {
    let terms = pool.terms;
    Fields::new()
        .with("pool", *address)
        .with("set", pool.set)
        .with("mint", pool.mint)
        .with("creator", pool.creator)
        .with("refund_owner", pool.refund_owner)
        .detail("network", pool.network)
        .section("Money")
        .tokens("funded", pool.funded, pool.decimals)
        .tokens("unallocated", pool.unallocated, pool.decimals)
        .tokens("claimed", pool.claimed, pool.decimals)
        .tokens("returned", pool.returned, pool.decimals)
        .unless_nothing()
        .section("Terms")
        .tokens("rate", terms.rate, pool.decimals)
        .tokens("ceiling", terms.ceiling, pool.decimals)
        .with("node_cap", terms.node_cap)
        .with("delegated", pool.delegated == 1)
        .section("Time")
        .secs("epoch_length", terms.epoch_secs)
        .date("start_at", terms.start_at)
        .date("end_at", terms.end_at)
        .with("epoch", pool.epoch_at(now).ok())
        .with("ended", pool.has_ended(now).unwrap_or(false))
        .unless_nothing()
        .with("open_epochs", pool.epochs)
        .with("shares", pool.shares)
        .in_mint(&pool.mint)
}

/// A share's rewards: what was earned and paid, what streams, and what the next epoch will bring.
pub fn of_share(share: &Share, view: &ShareView, decimals: u8) -> Fields {
    let rate_decimals = decimals.saturating_add(RATE_DECIMALS);
    let fields = Fields::new()
        .with("payee", share.payee)
        .with("provider", share.provider)
        .section("Rewards")
        .tokens("earned", view.earned.payee, decimals)
        .tokens("claimed", share.claimed, decimals)
        .tokens("claimable", view.due.payee, decimals)
        .tokens("delegators_earned", view.earned.delegators, decimals)
        .unless_nothing()
        .tokens("delegators_paid", share.delegators_claimed, decimals)
        .unless_nothing()
        .tokens("delegators_due", view.due.delegators, decimals)
        .unless_nothing()
        .section("Stream")
        .tokens("streaming", view.to_stream.payee, decimals)
        .tokens("streams_per_second", view.per_second, rate_decimals);
    let fields = match view.streams_until {
        Some(at) => fields.date("streams_until", at),
        None => fields.with("streams_until", None::<u64>),
    };
    fields
        .tokens("next_epoch_streams", view.next_epoch, decimals)
        .section("Work")
        .with("reported_this_epoch", view.reported)
        .with("baseline", share.baseline == 1)
        .with("units_seen", share.seen)
}

#[derive(Args, Debug)]
pub struct Pools {
    #[command(flatten)]
    within: Within,
    /// Only pools of this attester set.
    #[arg(long, value_name = "ADDRESS")]
    set: Option<Address>,
}

impl Columns for Pools {
    type Account = RewardPool;

    const ROWS: &'static str = "pools";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        let mut filters = self.within.by(filter::reward_pool_network);
        filters.extend(self.set.as_ref().map(filter::reward_pool_set));
        filters
    }

    fn order(pool: &RewardPool) -> u64 {
        pool.incarnation
    }

    fn row(
        _session: &Session<impl Ledger>,
        address: &Address,
        pool: &RewardPool,
        _now: i64,
    ) -> Result<Fields> {
        Ok(Fields::new()
            .with("pool", *address)
            .tokens("rate", pool.terms.rate, pool.decimals)
            .tokens("unallocated", pool.unallocated, pool.decimals)
            .date("end_at", pool.terms.end_at)
            .with("set", pool.set)
            .with("mint", pool.mint)
            .with("network", pool.network)
            .with("creator", pool.creator)
            .in_mint(&pool.mint))
    }
}
