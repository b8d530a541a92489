//! `sluice challenge show` and `list`.

use {
    crate::{
        cmd::listing::{Columns, Within},
        failure::{Result, gone},
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        AttesterSet, Challenge, Ledger, StakePool,
        account::filter::{self, Filter},
        address,
        view::challenge::{Step, settles_at_latest, signers, verdict_name},
    },
    solana_address::Address,
};

/// Shows one challenge.
pub fn one(session: &Session<impl Ledger>, key: &Address) -> Result<Fields> {
    let found = session.ledger.get(key);
    let challenge: Challenge = found.map_err(gone("challenge", key))?;
    let pool: StakePool = session.ledger.get(&challenge.pool)?;
    let set: AttesterSet = session.ledger.get(&challenge.set)?;
    let step = Step::of(&challenge, session.now()?);
    let signers = signers(&challenge, &set)
        .into_iter()
        .map(|(index, key)| {
            Fields::new()
                .with("index", index)
                .with("key", key)
                .with("attester", address::attester(&challenge.network, &key))
        })
        .collect();
    let mut fields = Fields::new()
        .with("challenge", *key)
        .with("verdict", verdict_name(&challenge))
        .with("next", step.name())
        .with("job", challenge.job)
        .detail("incarnation", challenge.incarnation)
        .with("window", challenge.window)
        .with("units", challenge.units)
        .tokens("bond", challenge.bond, pool.decimals)
        .with("challenger", challenge.challenger)
        .with("payee", challenge.payee)
        .with("set", challenge.set)
        .detail("pool", challenge.pool)
        .detail("network", challenge.network)
        .section("Ruling")
        .date("rule_from", challenge.rule_from)
        .date("rule_until", challenge.rule_until);
    if matches!(step, Step::SlashSigners | Step::Settle) {
        fields = fields
            .date("ruled_at", challenge.ruled_at)
            .with("ruling_reason", challenge.ruling_reason)
            .tokens("slashed", challenge.slashed, pool.decimals);
    }
    if step == Step::SlashSigners {
        fields = fields.date("settles_at_latest", settles_at_latest(&challenge));
    }
    Ok(fields
        .section("Evidence")
        .with("reason", challenge.reason)
        .unless_nothing()
        .with("evidence", challenge.evidence)
        .with("pieces", challenge.pieces)
        .with("signers", Value::Table(signers))
        .in_mint(&pool.mint))
}

#[derive(Args, Debug)]
pub struct Challenges {
    /// Only challenges of this job.
    #[arg(long, value_name = "ADDRESS")]
    job: Option<Address>,
    #[command(flatten)]
    within: Within,
}

impl Columns for Challenges {
    type Account = Challenge;

    const ROWS: &'static str = "challenges";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        filters(self.job.as_ref(), self.within.network.as_ref())
    }

    fn order(challenge: &Challenge) -> u64 {
        challenge.rule_until.max(0).unsigned_abs()
    }

    fn row(
        _session: &Session<impl Ledger>,
        address: &Address,
        challenge: &Challenge,
        now: i64,
    ) -> Result<Fields> {
        Ok(Fields::new()
            .with("challenge", *address)
            .with("verdict", verdict_name(challenge))
            .with("next", Step::of(challenge, now).name())
            .date("rule_until", challenge.rule_until)
            .with("job", challenge.job)
            .with("window", challenge.window)
            .with("units", challenge.units)
            .date("rule_from", challenge.rule_from)
            .with("challenger", challenge.challenger))
    }
}

/// What finds the challenges of a job and in a network, as far as they are given.
fn filters(job: Option<&Address>, network: Option<&Address>) -> Vec<Filter> {
    let filters = [
        job.map(filter::challenge_job),
        network.map(filter::challenge_network),
    ];
    filters.into_iter().flatten().collect()
}

/// The challenges of a job and in a network, as far as they are given.
pub fn of(
    session: &Session<impl Ledger>,
    job: Option<&Address>,
    network: Option<&Address>,
) -> Result<Vec<(Address, Challenge)>> {
    Ok(session.ledger.list::<Challenge>(&filters(job, network))?)
}
