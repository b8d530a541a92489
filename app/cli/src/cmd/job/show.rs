//! `sluice job show` and `list`.

use {
    super::inconsistent,
    crate::{
        cmd::{
            challenge,
            listing::{Columns, Within},
            terms::{self, bonds, counted},
        },
        failure::{Result, gone},
        output::{Fields, Mood, Value},
        session::Session,
    },
    clap::{Args, ValueEnum},
    sluice::constants::NOBODY,
    sluice_client::{
        ClientError, Job, JobState, Ledger, Verdict,
        account::{
            self,
            filter::{self, Filter},
        },
        view::job::{JobView, cause_name, state_name},
    },
    solana_address::Address,
};

/// Shows one job, from one read of it. On a terminal two more tell in which mint its bond is.
pub fn one(session: &Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (found, now) = session.look(address)?;
    let missing = || gone("job", address)(ClientError::NoAccount(*address));
    let job: Job = account::decode(address, &found.ok_or_else(missing)?)?;
    let bond = bonds(session, &job.network, &[("bond", job.bond)])?;
    Ok(figures(session, address, job, now)?.join(bond))
}

/// How the job stands at `now`, for people: an active job that is over says so.
fn standing(job: &Job, view: &JobView, now: i64) -> Value {
    let name = state_name(job);
    let is_active = job.state == JobState::Active.byte();
    let (word, mood) = if view.faulted {
        (format!("{name}, its last windows unproven"), Mood::Bad)
    } else if job.state != JobState::Released.byte() && now >= job.end_at {
        let over = if is_active { "ended" } else { "expired" };
        (format!("{name}, {over}"), Mood::Waiting)
    } else if is_active {
        (name.to_owned(), Mood::Good)
    } else {
        (name.to_owned(), Mood::Waiting)
    };
    Value::State { word, mood }
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
    let shown = Fields::new()
        .with("job", *address)
        .data("state", state_name(&job))
        .said("state", standing(&job, &view, now))
        .with("buyer", job.buyer)
        .with("provider", job.provider)
        .unless_nothing()
        .with("node", job.node)
        .unless_nothing()
        .with("set", job.terms.set)
        .unless_nothing()
        .with("mint", job.terms.mint)
        .detail("network", job.network)
        .detail("worker", job.worker)
        .with("cosigner", job.cosigner)
        .unless_nothing()
        .detail("resolver", job.resolver)
        .join(refunds_to(&job))
        .join(money(session, address, &job, &view)?)
        .join(times(&job, &view))
        .join(agreed(&job))
        .section("Work")
        .with("units_funded", job.units_funded)
        .with("units_matured", job.units_matured)
        .with("units_pending", job.units_pending)
        .unless_nothing()
        .with("units_challenged", job.units_frozen)
        .unless_nothing()
        .with("windows_proven_by_quorum", job.quorum_windows)
        .with("windows_void", job.void_windows)
        .unless_nothing()
        .join(counted(session, &job)?)
        .data("bond_base_units", job.bond);
    Ok(shown.in_mint(&job.terms.mint))
}

/// Who has the refunds, shown to people where it is not the buyer.
fn refunds_to(job: &Job) -> Fields {
    if [job.buyer, NOBODY].contains(&job.refund_owner) {
        return Fields::new().detail("refund_owner", job.refund_owner);
    }
    Fields::new().with("refund_owner", job.refund_owner)
}

/// The escrow: what moved, and what will.
fn money(
    session: &Session<impl Ledger>,
    address: &Address,
    job: &Job,
    view: &JobView,
) -> Result<Fields> {
    let places = job.decimals;
    let mut fields = Fields::new()
        .section("Money")
        .tokens("funded", job.funded, places)
        .tokens("earned", view.earned, places)
        .tokens("paid", job.paid, places)
        .tokens("owed", view.owed, places)
        .unless_nothing()
        .tokens("owed_treasury", view.owed_treasury, places)
        .unless_nothing()
        .tokens("owed_attesters", view.owed_attesters, places)
        .unless_nothing()
        .tokens("pending", view.pending, places)
        .unless_nothing();
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
    Ok(fields
        .tokens("refundable", view.refundable, places)
        .unless_nothing()
        .tokens("refunded", job.refunded, places)
        .unless_nothing()
        .tokens("at_risk", view.at_risk, places)
        .unless_nothing())
}

fn times(job: &Job, view: &JobView) -> Fields {
    let fields = Fields::new().section("Time");
    if job.state == JobState::Open.byte() {
        return fields.date("open_until", job.end_at);
    }
    let fields = fields
        .date("paid_until", view.paid_until.unwrap_or(job.end_at))
        .detail("start_at", Value::Date(job.start_at))
        .date("end_at", job.end_at)
        .with("ends_because", cause_name(job))
        .data("faulted", view.faulted);
    let fields = match view.settles_at {
        Some(at) => fields.date("settles_at", at),
        None => fields,
    };
    fields.detail("context", job.context)
}

/// The terms that look on work; those that look on disputes are details.
fn agreed(job: &Job) -> Fields {
    terms::figures(&job.terms, job.decimals)
        .in_detail(&[
            "grace",
            "challenge_time",
            "ruling_time",
            "notice",
            "fault_windows",
        ])
        .secs("length", job.length_secs)
        .detail("fee_bps", job.fee_bps)
        .detail("attestation_bps", job.attestation_bps)
        .detail("spec_hash", job.spec_hash)
}

#[derive(Args, Debug)]
pub struct Jobs {
    #[command(flatten)]
    within: Within,
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

impl Columns for Jobs {
    type Account = Job;

    const ROWS: &'static str = "jobs";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        let mut filters = self.within.by(filter::job_network);
        let more = [
            self.buyer.as_ref().map(filter::job_buyer),
            self.provider.as_ref().map(filter::job_provider),
            self.node.as_ref().map(filter::job_node),
            self.state.map(|state| filter::job_state(state.into())),
        ];
        filters.extend(more.into_iter().flatten());
        filters
    }

    fn order(job: &Job) -> u64 {
        job.incarnation
    }

    fn row(
        _session: &Session<impl Ledger>,
        address: &Address,
        job: &Job,
        now: i64,
    ) -> Result<Fields> {
        let mut job = *job;
        job.mature(now).map_err(inconsistent(address))?;
        let view = JobView::of(&job, now).ok_or_else(|| inconsistent(address)(()))?;
        Ok(Fields::new()
            .with("job", *address)
            .with("state", state_name(&job))
            .tokens("owed", view.owed, job.decimals)
            .date("end_at", job.end_at)
            .tokens("funded", job.funded, job.decimals)
            .tokens("earned", view.earned, job.decimals)
            .tokens("refundable", view.refundable, job.decimals)
            .with("buyer", job.buyer)
            .with("provider", job.provider)
            .with("mint", job.terms.mint)
            .with("ends_because", cause_name(&job))
            .in_mint(&job.terms.mint))
    }
}
