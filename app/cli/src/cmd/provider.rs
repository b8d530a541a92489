//! `sluice provider`.

use {
    crate::{
        cmd::listing::{Columns, List, Within},
        failure::{Result, gone},
        output::{Fields, Value},
        parse::Bps,
        session::{Plan, Session, own::Part, size},
    },
    clap::{Args, Subcommand},
    sluice_client::{
        Ledger, Network, Provider, Record,
        account::filter::{self, Filter},
        address, instruction,
        view::provider::{IdentityView, record_secs},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Registers the signer as a provider and payee of everything it earns.
    Register(Register),
    /// Names another operator; the owner signs.
    SetOperator(SetOperator),
    /// Sets the part of delegators' earnings that the owner keeps, from the network's unbonding time on; the owner signs.
    SetCommission(SetCommission),
    /// Closes a provider without nodes, and its record with it; the owner signs.
    Close(Close),
    /// Shows a provider and its record, and whether the network's identity is vouched for.
    Show(Show),
    /// Lists providers with their commission and record.
    List(List<Providers>),
}

#[derive(Args, Debug)]
pub struct Register {
    /// Network to register in.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// Hot key that accepts jobs; by default the owner.
    #[arg(long, value_name = "KEY")]
    operator: Option<Address>,
}

#[derive(Args, Debug)]
pub struct SetOperator {
    /// Address of the provider's account.
    provider: Address,
    /// Hot key that accepts and resigns jobs from now on.
    operator: Address,
}

#[derive(Args, Debug)]
#[command(allow_missing_positional = true)]
pub struct SetCommission {
    /// Address of the provider's account; by default the only one that the signer owns.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "PROVIDER"
    )]
    provider: Option<Address>,
    /// Basis points, or a percentage like `12.5%`.
    commission: Bps,
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the provider's account; by default the only one that the signer owns, else operates.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "PROVIDER"
    )]
    provider: Option<Address>,
}

#[derive(Args, Debug)]
pub struct Close {
    /// Address of the provider's account.
    provider: Address,
}

/// How a provider is told.
const ASK: &str = "give its address";

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Register(verb) => verb.run(session),
            Self::SetOperator(verb) => verb.run(session),
            Self::SetCommission(verb) => verb.run(session),
            Self::Close(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
        }
    }
}

impl Register {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let owner = session.signer()?;
        session.ledger.get::<Network>(&self.network)?;
        let provider = address::provider(&self.network, &owner.pubkey());
        session.require_absent("provider", &provider)?;
        let operator = self.operator.unwrap_or(owner.pubkey());
        let plan = Plan::of(instruction::register_provider(
            &session.payer()?.pubkey(),
            &owner.pubkey(),
            &operator,
            &self.network,
        ));
        let fields = Fields::new()
            .with("provider", provider)
            .with("owner", owner.pubkey())
            .with("operator", operator);
        session.execute(plan.signed_by(owner).creating(size::<Provider>()), fields)
    }
}

impl SetOperator {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let provider: Provider = session.ledger.get(&self.provider)?;
        let owner = session.signer_as("provider's owner", &provider.owner)?;
        let plan = Plan::of(instruction::set_operator(
            &self.provider,
            &provider,
            &self.operator,
        ));
        let fields = Fields::new()
            .with("provider", self.provider)
            .with("operator", self.operator);
        session.execute(plan.signed_by(owner), fields)
    }
}

impl SetCommission {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let address = session.provider(self.provider, Part::Owner, ASK)?;
        let mut provider: Provider = session.ledger.get(&address)?;
        let owner = session.signer_as("provider's owner", &provider.owner)?;
        let network: Network = session.ledger.get(&provider.network)?;
        let now = session.now()?;
        let Bps(bps) = self.commission;
        let from = now.saturating_add(i64::from(network.params.unbonding_secs));
        let plan = Plan::of(instruction::set_commission(
            &provider.owner,
            &provider.network,
            bps,
        ));
        provider.set_commission(bps, now, from);
        let fields = Fields::new()
            .with("provider", address)
            .join(commission(&provider, now));
        session.execute(plan.signed_by(owner), fields)
    }
}

/// The commission in force, and the one that follows it.
pub fn commission(provider: &Provider, now: i64) -> Fields {
    let fields = Fields::new().with("commission_bps", provider.commission(now));
    if now >= provider.commission_at {
        return fields;
    }
    fields
        .with("pending_commission_bps", provider.pending_commission_bps)
        .date("pending_from", provider.commission_at)
}

/// Whether the provider can show what its network asks of it; nothing where it asks nobody.
fn identity(session: &Session<impl Ledger>, provider: &Provider, now: i64) -> Result<Fields> {
    let network: Network = session.ledger.get(&provider.network)?;
    let Some(key) = address::credential(&network, &provider.owner) else {
        return Ok(Fields::new());
    };
    let account = session.ledger.account(&key)?;
    let view = IdentityView::of(&network, &provider.owner, account.as_ref(), now);
    Ok(Fields::new()
        .section("Identity")
        .with("attestation", key)
        .with("identity", view.name())
        .with("vouched_until", view.until().map(Value::Date)))
}

/// A provider and its record at `now`.
pub fn figures(address: &Address, provider: &Provider, now: i64) -> Fields {
    Fields::new()
        .with("provider", *address)
        .with("owner", provider.owner)
        .with("operator", provider.operator)
        .with("network", provider.network)
        .with("nodes", provider.nodes)
        .join(commission(provider, now))
        .join(record(&provider.record, provider.opened_slot))
}

/// The record of a provider or node, and since which slot it counts: one that is registered anew starts from nothing.
pub fn record(record: &Record, opened_slot: u64) -> Fields {
    let counts = [
        ("jobs_accepted", record.jobs_accepted),
        ("jobs_completed", record.jobs_completed),
        ("windows_proven", record.windows_proven),
        ("windows_missed", record.windows_missed),
        ("jobs_resigned", record.jobs_resigned),
        ("jobs_waived", record.jobs_waived),
        ("jobs_faulted", record.jobs_faulted),
        ("jobs_voided", record.jobs_voided),
        ("slashes", record.slashes),
    ];
    let fields = Fields::new()
        .section("Record")
        .detail("record_since_slot", opened_slot);
    counts.into_iter().fold(fields, |fields, (name, count)| {
        fields.with(name, count).unless_nothing()
    })
}

/// For how long a record has counted at `slot`, about.
pub fn record_age(opened_slot: u64, slot: u64) -> Fields {
    Fields::new().secs("record_age_about", record_secs(opened_slot, slot))
}

impl Close {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let provider: Provider = session.ledger.get(&self.provider)?;
        let owner = session.signer_as("provider's owner", &provider.owner)?;
        let plan = Plan::of(instruction::close_provider(&self.provider, &provider));
        let fields = Fields::new()
            .with("provider", self.provider)
            .with("rent_to", provider.rent_payer);
        session.execute(plan.signed_by(owner), fields)
    }
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let (address, provider) = match self.provider {
            Some(address) => {
                let found = session.ledger.get(&address);
                (address, found.map_err(gone("provider", &address))?)
            }
            None => session.only_provider(Part::Either, ASK)?,
        };
        let clock = session.ledger.clock()?;
        let now = clock.unix_timestamp;
        Ok(figures(&address, &provider, now)
            .join(record_age(provider.opened_slot, clock.slot))
            .join(identity(session, &provider, now)?))
    }
}

#[derive(Args, Debug)]
pub struct Providers {
    #[command(flatten)]
    within: Within,
}

impl Columns for Providers {
    type Account = Provider;

    const ROWS: &'static str = "providers";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.within.by(filter::provider_network)
    }

    fn order(provider: &Provider) -> u64 {
        provider.opened_slot
    }

    fn row(
        _session: &Session<impl Ledger>,
        address: &Address,
        provider: &Provider,
        now: i64,
    ) -> Result<Fields> {
        let record = &provider.record;
        Ok(Fields::new()
            .with("provider", *address)
            .with("commission_bps", provider.commission(now))
            .with("nodes", provider.nodes)
            .with("jobs_completed", record.jobs_completed)
            .with("windows_missed", record.windows_missed)
            .with("slashes", record.slashes)
            .with("windows_proven", record.windows_proven)
            .with("jobs_resigned", record.jobs_resigned)
            .with("owner", provider.owner)
            .with("operator", provider.operator)
            .with("network", provider.network))
    }
}
