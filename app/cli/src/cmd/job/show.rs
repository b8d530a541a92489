//! `sluice job show` and `list`.

use {
    super::{inconsistent, read},
    crate::{
        cmd::{challenge, terms::counted},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::{Args, ValueEnum},
    sluice_client::{
        Job, JobState, Ledger, Verdict,
        account::filter,
        view::job::{JobView, cause_name, state_name},
    },
    solana_address::Address,
};

/// Shows one job, from one read of it.
pub fn one(session: &Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    figures(session, address, job, now)
}

/// What the job at `address` comes to at `now`.
pub fn figures(
    session: &Session<impl Ledger>,
    address: &Address,
    mut job: Job,
    now: i64,
) -> Result<Fields> {
    job.mature(now).map_err(inconsistent(address))?;
    let view = JobView::of(&job, now).ok_or_else(|| inconsistent(address)(()))?;
    let places = job.decimals;
    let mut fields = Fields::new()
        .with("job", *address)
        .with("state", state_name(&job))
        .with("network", job.network)
        .with("buyer", job.buyer)
        .with("refund_owner", job.refund_owner)
        .with("provider", job.provider)
        .with("node", job.node)
        .with("worker", job.worker)
        .with("set", job.terms.set)
        .with("cosigner", job.cosigner)
        .with("resolver", job.resolver)
        .with("mint", job.terms.mint)
        .tokens("funded", job.funded, places)
        .tokens("earned", view.earned, places)
        .tokens("paid", job.paid, places)
        .tokens("owed", view.owed, places)
        .tokens("owed_treasury", view.owed_treasury, places)
        .tokens("owed_attesters", view.owed_attesters, places)
        .tokens("pending", view.pending, places);
    if let Some((first, last)) = view.pending_dates {
        fields = fields
            .date("pending_next", first)
            .date("pending_until", last);
    }
    if job.units_frozen > 0 {
        fields = fields.tokens("challenged", view.frozen, places);
        let challenges = challenge::show::of(session, Some(address), None)?;
        let open = challenges
            .iter()
            .filter(|(_, one)| one.verdict == Verdict::Open.byte());
        if let Some(last) = open.map(|(_, one)| one.rule_until).max() {
            fields = fields.date("challenged_until", last);
        }
    }
    fields = fields
        .tokens("refundable", view.refundable, places)
        .tokens("refunded", job.refunded, places)
        .tokens("at_risk", view.at_risk, places);
    if job.state == JobState::Open.byte() {
        fields = fields.date("open_until", job.end_at);
    } else {
        fields = fields
            .date("paid_until", view.paid_until.unwrap_or(job.end_at))
            .date("start_at", job.start_at)
            .date("end_at", job.end_at)
            .with("ends_because", cause_name(&job))
            .with("faulted", view.faulted);
        if let Some(at) = view.settles_at {
            fields = fields.date("settles_at", at);
        }
        fields = fields.with("context", job.context);
    }
    Ok(fields
        .tokens("price", job.terms.price, places)
        .with("per", job.terms.per)
        .with("cap", job.terms.cap)
        .with("units_funded", job.units_funded)
        .with("units_matured", job.units_matured)
        .with("units_pending", job.units_pending)
        .with("units_challenged", job.units_frozen)
        .with("windows_proven_by_quorum", job.quorum_windows)
        .with("windows_void", job.void_windows)
        .secs("window", job.terms.window_secs)
        .secs("grace", job.terms.grace_secs)
        .secs("challenge_time", job.terms.challenge_secs)
        .secs("notice", job.terms.notice_secs)
        .secs("length", job.length_secs)
        .with("fee_bps", job.fee_bps)
        .with("attestation_bps", job.attestation_bps)
        .join(counted(session, &job)?)
        .with("bond_base_units", job.bond)
        .with("spec_hash", job.spec_hash))
}

#[derive(Args, Debug)]
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
    /// Only jobs on this node.
    #[arg(long, value_name = "ADDRESS")]
    node: Option<Address>,
    /// Only jobs in this state.
    #[arg(long)]
    state: Option<State>,
}

/// The states of a job.
#[derive(Clone, Copy, ValueEnum, Debug)]
enum State {
    Open,
    Active,
    Released,
}

impl From<State> for JobState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Active => Self::Active,
            State::Released => Self::Released,
        }
    }
}

impl List {
    /// Lists the jobs that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let filters: Vec<_> = [
            self.network.as_ref().map(filter::job_network),
            self.buyer.as_ref().map(filter::job_buyer),
            self.provider.as_ref().map(filter::job_provider),
            self.node.as_ref().map(filter::job_node),
            self.state.map(|state| filter::job_state(state.into())),
        ]
        .into_iter()
        .flatten()
        .collect();
        let now = session.now()?;
        let mut jobs = session.ledger.list::<Job>(&filters)?;
        jobs.sort_by_key(|(address, job)| (job.incarnation, address.to_bytes()));
        let mut items = Vec::with_capacity(jobs.len());
        for (address, mut job) in jobs {
            job.mature(now).map_err(inconsistent(&address))?;
            let view = JobView::of(&job, now).ok_or_else(|| inconsistent(&address)(()))?;
            items.push(
                Fields::new()
                    .with("job", address)
                    .with("state", state_name(&job))
                    .with("buyer", job.buyer)
                    .with("provider", job.provider)
                    .with("mint", job.terms.mint)
                    .tokens("funded", job.funded, job.decimals)
                    .tokens("earned", view.earned, job.decimals)
                    .tokens("owed", view.owed, job.decimals)
                    .tokens("refundable", view.refundable, job.decimals)
                    .date("end_at", job.end_at)
                    .with("ends_because", cause_name(&job)),
            );
        }
        Ok(Fields::new().with("jobs", items))
    }
}
