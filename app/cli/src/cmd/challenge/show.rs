//! `sluice challenge show` and `list`.

use {
    crate::{
        cmd::listing::{Listing, Scope, Whose},
        failure::{Result, gone},
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        AttesterSet, Challenge, Ledger, StakePool,
        account::filter,
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
pub struct List {
    /// Only challenges of this job.
    #[arg(long, value_name = "ADDRESS")]
    job: Option<Address>,
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    listing: Listing,
}

impl List {
    /// Lists the challenges that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = self.scope.whose.key(session)?;
        let now = session.now()?;
        let mut found = of(session, self.job.as_ref(), self.scope.network.as_ref())?;
        found.retain(|(_, one)| Whose::is_asked_for(key.as_ref(), [one.challenger, one.payee]));
        found.sort_by_key(|(key, challenge)| (challenge.rule_until, key.to_bytes()));
        let items = found
            .iter()
            .map(|(key, challenge)| {
                Fields::new()
                    .with("challenge", *key)
                    .with("verdict", verdict_name(challenge))
                    .with("next", Step::of(challenge, now).name())
                    .date("rule_until", challenge.rule_until)
                    .with("job", challenge.job)
                    .with("window", challenge.window)
                    .with("units", challenge.units)
                    .date("rule_from", challenge.rule_from)
                    .with("challenger", challenge.challenger)
            })
            .collect();
        self.listing.show(session, "challenges", items)
    }
}

/// The challenges of a job and in a network, as far as they are given.
pub fn of(
    session: &Session<impl Ledger>,
    job: Option<&Address>,
    network: Option<&Address>,
) -> Result<Vec<(Address, Challenge)>> {
    let filters: Vec<_> = [
        job.map(filter::challenge_job),
        network.map(filter::challenge_network),
    ]
    .into_iter()
    .flatten()
    .collect();
    Ok(session.ledger.list::<Challenge>(&filters)?)
}
