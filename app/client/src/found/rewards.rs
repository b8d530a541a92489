//! Steps 0007 and 0008: reward pools and their funds.

use {
    super::{
        error::Result,
        step::{Deposit, Step},
        survey::{Stage, Survey, find},
        wanted::{self, Wanted},
    },
    crate::{
        amount,
        ledger::Ledger,
        text::{date, duration},
    },
    sluice::state::RewardPool,
};

/// Holds the reward pools against the manifest.
pub fn survey(ledger: &impl Ledger, wanted: &Wanted, survey: &mut Survey) -> Result<()> {
    let now = ledger.clock()?.unix_timestamp;
    let mut found = Vec::new();
    for pool in &wanted.pools {
        let on_chain = find::<RewardPool>(ledger, &pool.address)?;
        match &on_chain {
            Some(on_chain) => {
                terms(pool, on_chain, survey);
                survey.done(Stage::Pools, pool.address, "created");
            }
            None if pool.new.terms.end_at <= now => {
                let (id, end) = (pool.new.id, date(pool.new.terms.end_at));
                survey.conflict(format!(
                    "reward pool {id}: its end, {end}, lies in the past"
                ));
            }
            None => {
                let step = Step::CreatePool {
                    creator: pool.creator,
                    new: Box::new(pool.new),
                };
                let what = format!("create pool {}", pool.new.id);
                survey.step(pool.address, what, step);
            }
        }
        found.push((pool, on_chain));
    }
    for (pool, on_chain) in found {
        funds(now, pool, on_chain.as_ref(), survey);
    }
    Ok(())
}

/// Terms never change.
fn terms(pool: &wanted::Pool, found: &RewardPool, survey: &mut Survey) {
    let (is, to_be, decimals) = (&found.terms, &pool.new.terms, pool.mint.decimals);
    let tokens = |base| amount::format(base, decimals);
    let mut fixed = |field: &str, wanted: String, found: String| {
        let field = format!("reward pool {}: {field}", pool.new.id);
        survey.fixed(&field, wanted, found);
    };
    fixed("set", pool.new.set.to_string(), found.set.to_string());
    fixed("mint", pool.new.mint.to_string(), found.mint.to_string());
    fixed(
        "refund_owner",
        pool.new.refund_owner.to_string(),
        found.refund_owner.to_string(),
    );
    fixed("rate", tokens(to_be.rate), tokens(is.rate));
    fixed("ceiling", tokens(to_be.ceiling), tokens(is.ceiling));
    fixed(
        "node_cap",
        to_be.node_cap.to_string(),
        is.node_cap.to_string(),
    );
    fixed("start", date(to_be.start_at), date(is.start_at));
    fixed("end", date(to_be.end_at), date(is.end_at));
    fixed(
        "epoch",
        duration(to_be.epoch_secs.into()),
        duration(is.epoch_secs.into()),
    );
}

fn funds(now: i64, pool: &wanted::Pool, on_chain: Option<&RewardPool>, survey: &mut Survey) {
    if pool.funds == 0 {
        return;
    }
    let funded = on_chain.map_or(0, |found| found.funded);
    let tokens = |base| amount::format(base, pool.mint.decimals);
    let missing = pool.funds.saturating_sub(funded);
    if missing == 0 {
        let what = format!("{} deposited", tokens(funded));
        survey.done(Stage::Funds, pool.address, what);
        return;
    }
    // A pool that has not begun has not ended.
    if on_chain.is_some_and(|found| found.has_ended(now).unwrap_or(false)) {
        survey.conflict(format!(
            "reward pool {}: funds are {} and can never be {}, which the manifest wants, for the pool has ended",
            pool.new.id,
            tokens(funded),
            tokens(pool.funds)
        ));
        return;
    }
    let step = Step::Fund {
        pool: pool.address,
        deposit: Deposit {
            owner: pool.funder,
            mint: pool.mint,
            base: missing,
        },
    };
    let what = format!(
        "deposit {} more, to {}",
        tokens(missing),
        tokens(pool.funds)
    );
    survey.step(pool.address, what, step);
}
