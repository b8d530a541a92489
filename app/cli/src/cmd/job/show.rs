//! `sluice job show` and `list`.

use {
    super::{inconsistent, read, state_name},
    crate::{failure::Result, output::Fields, session::Session},
    clap::{Args, ValueEnum},
    sluice_client::{Job, JobState, Ledger},
    solana_address::Address,
    std::mem::offset_of,
};

/// What a job's escrow comes to at one moment, base units.
struct Money {
    /// Earned by the provider, fees taken off, in all.
    earned: u64,
    /// Earned by the provider and not yet paid to it.
    owed: u64,
    /// Fees earned and not yet swept.
    owed_treasury: u64,
    owed_attesters: u64,
    /// What the provider will have earned more once everything pending has matured.
    pending: u64,
    /// What the buyer may take back now.
    refundable: u64,
    /// Escrow that windows still to be proven may earn.
    at_risk: u64,
}

impl Money {
    /// Of a matured copy of the job.
    fn of(job: &Job, now: i64) -> Option<Self> {
        let earned = job.earned().ok()?;
        let mut ahead = *job;
        ahead.units_matured = job.units_matured.checked_add(job.units_pending)?;
        let refundable = job.refundable(now).ok()?;
        let counted = job.terms.gross(job.units_counted().ok()?).ok()?;
        Some(Self {
            earned: earned.provider,
            owed: earned.provider.saturating_sub(job.paid),
            owed_treasury: earned.treasury.saturating_sub(job.swept_treasury),
            owed_attesters: earned.attesters.saturating_sub(job.swept_attesters),
            pending: ahead
                .earned()
                .ok()?
                .provider
                .saturating_sub(earned.provider),
            refundable,
            at_risk: job
                .funded
                .saturating_sub(job.refunded)
                .saturating_sub(counted)
                .saturating_sub(refundable),
        })
    }
}

/// When the first and the last pending window matures.
fn maturities(job: &Job) -> Option<(i64, i64)> {
    let dates = job
        .ring
        .iter()
        .filter(|entry| entry.units > 0)
        .filter_map(|entry| {
            let window = entry.window_plus_one.checked_sub(1)?;
            let end = job.schedule().window_end(window)?;
            end.checked_add(job.terms.maturity_secs())
        });
    dates.clone().min().zip(dates.max())
}

/// Shows one job, from one read of it.
pub fn one(session: &Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    let money = Money::of(&job, now).ok_or_else(|| inconsistent(address)(()))?;
    let places = job.decimals;
    let mut fields = Fields::new()
        .with("job", *address)
        .with("state", state_name(&job))
        .with("network", job.network)
        .with("buyer", job.buyer)
        .with("provider", job.provider)
        .with("node", job.node)
        .with("worker", job.worker)
        .with("set", job.terms.set)
        .with("cosigner", job.cosigner)
        .with("mint", job.terms.mint)
        .tokens("funded", job.funded, places)
        .tokens("earned", money.earned, places)
        .tokens("paid", job.paid, places)
        .tokens("owed", money.owed, places)
        .tokens("owed_treasury", money.owed_treasury, places)
        .tokens("owed_attesters", money.owed_attesters, places)
        .tokens("pending", money.pending, places);
    if let Some((first, last)) = maturities(&job) {
        fields = fields
            .date("pending_next", first)
            .date("pending_until", last);
    }
    fields = fields
        .tokens("refundable", money.refundable, places)
        .tokens("refunded", job.refunded, places)
        .tokens("at_risk", money.at_risk, places);
    if job.state == JobState::Open.byte() {
        fields = fields.date("open_until", job.end_at);
    } else {
        let paid_until = job.schedule().paid_until(job.units_funded);
        fields = fields
            .date("paid_until", paid_until.unwrap_or(job.end_at))
            .date("start_at", job.start_at)
            .date("end_at", job.end_at)
            .with("context", job.context);
    }
    Ok(fields
        .tokens("price", job.terms.price, places)
        .with("per", job.terms.per)
        .with("cap", job.terms.cap)
        .with("units_funded", job.units_funded)
        .with("units_matured", job.units_matured)
        .with("units_pending", job.units_pending)
        .with("windows_proven_by_quorum", job.quorum_windows)
        .secs("window", job.terms.window_secs)
        .secs("grace", job.terms.grace_secs)
        .secs("challenge_time", job.terms.challenge_secs)
        .secs("notice", job.terms.notice_secs)
        .secs("length", job.length_secs)
        .with("fee_bps", job.fee_bps)
        .with("attestation_bps", job.attestation_bps)
        .with("bond_base_units", job.bond)
        .with("spec_hash", job.spec_hash))
}

#[derive(Args)]
pub struct List {
    /// Only jobs of this network.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Option<Address>,
    /// Only jobs of this buyer.
    #[arg(long, value_name = "KEY")]
    buyer: Option<Address>,
    /// Only jobs named for or accepted by this provider.
    #[arg(long, value_name = "ADDRESS")]
    provider: Option<Address>,
    /// Only jobs in this state.
    #[arg(long)]
    state: Option<State>,
}

/// The states of a job.
#[derive(Clone, Copy, ValueEnum)]
enum State {
    Open,
    Active,
    Released,
}

impl State {
    const fn byte(self) -> u8 {
        match self {
            Self::Open => JobState::Open.byte(),
            Self::Active => JobState::Active.byte(),
            Self::Released => JobState::Released.byte(),
        }
    }
}

impl List {
    /// Lists the jobs that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let after_discriminator = |offset: usize| 8 + offset;
        let keys = [
            (offset_of!(Job, network), self.network),
            (offset_of!(Job, buyer), self.buyer),
            (offset_of!(Job, provider), self.provider),
        ];
        let state = self.state.map(|state| {
            (
                after_discriminator(offset_of!(Job, state)),
                vec![state.byte()],
            )
        });
        let filters: Vec<(usize, Vec<u8>)> = keys
            .into_iter()
            .filter_map(|(offset, key)| Some((after_discriminator(offset), key?.to_bytes().into())))
            .chain(state)
            .collect();
        let now = session.now()?;
        let mut jobs = session.ledger.list::<Job>(&filters)?;
        jobs.sort_by_key(|(address, job)| (job.incarnation, address.to_bytes()));
        let mut items = Vec::with_capacity(jobs.len());
        for (address, mut job) in jobs {
            job.mature(now).map_err(inconsistent(&address))?;
            let money = Money::of(&job, now).ok_or_else(|| inconsistent(&address)(()))?;
            items.push(
                Fields::new()
                    .with("job", address)
                    .with("state", state_name(&job))
                    .with("buyer", job.buyer)
                    .with("provider", job.provider)
                    .with("mint", job.terms.mint)
                    .tokens("funded", job.funded, job.decimals)
                    .tokens("earned", money.earned, job.decimals)
                    .tokens("owed", money.owed, job.decimals)
                    .tokens("refundable", money.refundable, job.decimals)
                    .date("end_at", job.end_at),
            );
        }
        Ok(Fields::new().with("jobs", items))
    }
}
