//! `sluice rewards plan`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::{Secs, When},
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, RewardPool, RewardTerms, address, amount, view::rewards::plan},
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Plan {
    /// Address of a reward pool; without it, give the terms of one to be.
    pool: Option<Address>,
    /// Units of work that every epoch brings.
    #[arg(long, value_name = "UNITS")]
    work: u64,
    /// Funds of the pool to be, or what is added to the one there is, token units.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    funds: String,
    /// Mint of the rewards.
    #[arg(long, conflicts_with = "pool")]
    mint: Option<Address>,
    /// Most that an epoch pays, token units.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "pool")]
    rate: Option<String>,
    /// Most that a unit of work earns, token units.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "pool")]
    ceiling: Option<String>,
    /// Length of an epoch, a minute to 30 days.
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "1d",
        conflicts_with = "pool"
    )]
    epoch: Secs,
    /// When epoch 0 starts; who joins before it is paid from epoch 0 on.
    #[arg(
        long,
        value_name = "DATE",
        default_value = "+1h",
        conflicts_with = "pool"
    )]
    start: When,
    /// Epochs that start before it count work.
    #[arg(long, value_name = "DATE", conflicts_with = "pool")]
    end: Option<When>,
}

impl Plan {
    /// Tells how long the pool lasts and what a unit earns; sends nothing.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let now = session.now()?;
        let (terms, first, unallocated, decimals) = match self.pool {
            Some(key) => {
                let pool: RewardPool = session.ledger.get(&key)?;
                let first = first(session, &key, &pool, now)?;
                (pool.terms, first, pool.unallocated, pool.decimals)
            }
            None => self.terms(session, now)?,
        };
        let funds = unallocated
            .checked_add(amount::parse(&self.funds, decimals)?)
            .ok_or_else(|| Failure::input("the funds do not fit 64 bits"))?;
        let plan = plan::plan(&terms, first, funds, self.work);
        let fields = Fields::new()
            .tokens("funds", funds, decimals)
            .tokens("rate", terms.rate, decimals)
            .tokens("ceiling", terms.ceiling, decimals)
            .with("work", self.work)
            .tokens("epoch_emits", plan.emission, decimals)
            .tokens("unit_earns", plan.unit_earns, decimals)
            .with("epochs_paid", plan.epochs)
            .with("first_epoch", plan.last().map(|_| plan.first))
            .with("last_epoch", plan.last());
        let fields = match plan.pays(&terms) {
            Some((from, until)) => fields
                .date("pays_work_from", from)
                .date("pays_work_until", until),
            None => fields,
        }
        .with("dry", plan.dry.is_some());
        let fields = match plan.dry_at(&terms) {
            Some(at) => fields.date("dry_at", at),
            None => fields,
        };
        Ok(fields
            .date("end_at", terms.end_at)
            .tokens("left", plan.left, decimals))
    }

    /// The terms of a pool to be, its first epoch, what it holds already, and its mint's decimals.
    fn terms(
        &self,
        session: &Session<impl Ledger>,
        now: i64,
    ) -> Result<(RewardTerms, u64, u64, u8)> {
        let (Some(mint), Some(rate), Some(ceiling), Some(end)) =
            (&self.mint, &self.rate, &self.ceiling, self.end)
        else {
            return Err(Failure::input(
                "give the address of a pool, or --mint, --rate, --ceiling and --end of one to be",
            ));
        };
        let decimals = session.mint(mint)?.decimals;
        let terms = RewardTerms {
            rate: amount::parse(rate, decimals)?,
            ceiling: amount::parse(ceiling, decimals)?,
            node_cap: u64::MAX,
            start_at: self.start.resolve(now)?,
            end_at: end.resolve(now)?,
            epoch_secs: self.epoch.short()?,
            reserve: [0; 4],
        };
        if terms.rate == 0 || terms.epoch_secs == 0 {
            return Err(Failure::input("rate and epoch must not be 0"));
        }
        Ok((terms, plan::first_paid(&terms, now), 0, decimals))
    }
}

/// The first epoch that what is unallocated pays.
fn first(
    session: &Session<impl Ledger>,
    key: &Address,
    pool: &RewardPool,
    now: i64,
) -> Result<u64> {
    let missing = match pool.epoch_at(now) {
        Ok(current) => {
            let open = session.ledger.account(&address::epoch(key, current))?;
            open.is_none().then_some(current)
        }
        Err(_) => None,
    };
    Ok(plan::first_of(pool, missing, now))
}
