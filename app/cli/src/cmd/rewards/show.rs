//! `sluice rewards show` and `list`.

use {
    crate::{cmd::job::inconsistent, failure::Result, output::Fields, session::Session},
    clap::Args,
    sluice_client::{Epoch, Ledger, RewardPool, Share, address},
    solana_address::Address,
    std::mem::offset_of,
};

/// What a share has coming, base units.
pub struct Due {
    /// Folded and streamed, in all.
    pub earned: u64,
    /// Of that, what was not claimed yet.
    pub claimable: u64,
    /// What its reported work will earn more.
    pub streaming: u64,
}

impl Due {
    /// Of a share at `now`.
    pub fn of(
        session: &Session<impl Ledger>,
        pool_key: &Address,
        pool: &RewardPool,
        share: &Share,
        now: i64,
    ) -> Result<Self> {
        let (mut earned, mut whole) = (share.earned, share.earned);
        for slot in &share.slots {
            let Some(index) = slot.epoch() else { continue };
            let epoch_key = address::epoch(pool_key, index);
            let epoch: Epoch = session.ledger.get(&epoch_key)?;
            let streamed = share
                .streamed(pool, &epoch, now)
                .map_err(inconsistent(&epoch_key))?;
            let total = share
                .streamed(pool, &epoch, i64::MAX)
                .map_err(inconsistent(&epoch_key))?;
            earned = earned.saturating_add(streamed.payee);
            whole = whole.saturating_add(total.payee);
        }
        Ok(Self {
            earned,
            claimable: earned.saturating_sub(share.claimed),
            streaming: whole.saturating_sub(earned),
        })
    }
}

#[derive(Args)]
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
        let pool: RewardPool = session.ledger.get(&self.pool)?;
        let now = session.now()?;
        let terms = pool.terms;
        let fields = Fields::new()
            .with("pool", self.pool)
            .with("network", pool.network)
            .with("creator", pool.creator)
            .with("set", pool.set)
            .with("mint", pool.mint)
            .with("refund_owner", pool.refund_owner)
            .tokens("rate", terms.rate, pool.decimals)
            .tokens("ceiling", terms.ceiling, pool.decimals)
            .with("node_cap", terms.node_cap)
            .secs("epoch_length", terms.epoch_secs)
            .date("start_at", terms.start_at)
            .date("end_at", terms.end_at)
            .with("epoch", pool.epoch_at(now).ok())
            .tokens("funded", pool.funded, pool.decimals)
            .tokens("unallocated", pool.unallocated, pool.decimals)
            .tokens("claimed", pool.claimed, pool.decimals)
            .with("open_epochs", pool.epochs)
            .with("shares", pool.shares);
        let Some(node) = self.node else {
            return Ok(fields);
        };
        let share_key = address::share(&self.pool, &node);
        let share: Share = session.ledger.get(&share_key)?;
        let due = Due::of(session, &self.pool, &pool, &share, now)?;
        let share = Fields::new()
            .with("share", share_key)
            .with("payee", share.payee)
            .with("baseline", share.baseline == 1)
            .with("units_seen", share.seen)
            .tokens("earned", due.earned, pool.decimals)
            .tokens("claimed", share.claimed, pool.decimals)
            .tokens("claimable", due.claimable, pool.decimals)
            .tokens("streaming", due.streaming, pool.decimals);
        Ok(fields.with("node", share))
    }
}

#[derive(Args)]
pub struct List {
    /// Only pools of this network.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Option<Address>,
    /// Only pools of this attester set.
    #[arg(long, value_name = "ADDRESS")]
    set: Option<Address>,
}

impl List {
    /// Lists the pools that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let filters: Vec<(usize, Vec<u8>)> = [
            (offset_of!(RewardPool, network), self.network),
            (offset_of!(RewardPool, set), self.set),
        ]
        .into_iter()
        .filter_map(|(offset, key)| Some((8 + offset, key?.to_bytes().into())))
        .collect();
        let mut pools = session.ledger.list::<RewardPool>(&filters)?;
        pools.sort_by_key(|(address, pool)| (pool.incarnation, address.to_bytes()));
        let items: Vec<Fields> = pools
            .into_iter()
            .map(|(address, pool)| {
                Fields::new()
                    .with("pool", address)
                    .with("set", pool.set)
                    .with("mint", pool.mint)
                    .tokens("rate", pool.terms.rate, pool.decimals)
                    .tokens("unallocated", pool.unallocated, pool.decimals)
                    .date("end_at", pool.terms.end_at)
            })
            .collect();
        Ok(Fields::new().with("pools", items))
    }
}
