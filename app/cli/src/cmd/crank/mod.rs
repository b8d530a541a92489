//! `sluice crank`: every permissionless step that is due.

mod challenges;
mod jobs;
mod offers;
mod pools;
mod rewards;

use {
    crate::{
        cmd::challenge::show,
        failure::{Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session},
    },
    clap::Args,
    sluice_client::{
        Job, Ledger, Network, account::filter, address, due::Payment, instruction::token::Mint,
        ledger::BATCH,
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Crank {
    /// Addresses of jobs; without any, all jobs, challenges, offers, reward pools and stake pools of --network.
    jobs: Vec<Address>,
    /// The network whose jobs, challenges, offers, reward pools and stake pools to look at.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS",
        required_unless_present = "jobs"
    )]
    network: Option<Address>,
    /// Creates recipients' missing associated accounts at the payer's expense; otherwise a missing one is reported.
    #[arg(long)]
    create_accounts: bool,
}

/// What was done, what could not be, and what comes later.
#[derive(Default)]
struct Report {
    done: Vec<Fields>,
    failed: Vec<Fields>,
    due: Vec<Fields>,
}

impl Report {
    /// Notes how a step went; a failure does not hold up the others.
    fn note(&mut self, address: &Address, step: &'static str, result: Result<Fields>) -> bool {
        let fields = Fields::new().with("account", *address).with("step", step);
        match result {
            Ok(told) => {
                let (amount, mint) = moved(&told);
                self.done
                    .push(fields.with("amount", amount).with("mint", mint));
                true
            }
            Err(failure) => {
                self.failed.push(fields.with("why", failure.to_string()));
                false
            }
        }
    }

    fn later(&mut self, address: &Address, step: &'static str, at: i64) {
        let fields = Fields::new().with("account", *address).with("step", step);
        self.due.push(fields.date("at", at));
    }
}

/// What a step moved and in which mint, as its result tells; of many shares' steps the sum.
fn moved(told: &Fields) -> (Value, Value) {
    let (mut amount, mut mint) = (Value::Absent, Value::Absent);
    for (name, value) in told.items() {
        match (name.as_ref(), value) {
            ("amount" | "donations" | "returned", Value::Tokens { base: 1.., .. }) => {
                amount = value.clone();
            }
            ("mint", value) => mint = value.clone(),
            ("totals", Value::Table(totals)) => {
                if let [total] = &totals[..] {
                    return moved(total);
                }
            }
            _ => {}
        }
    }
    (amount, mint)
}

/// The result of a step that moves `amount` base units.
fn moving(amount: Option<u64>, mint: &Mint) -> Fields {
    let fields = Fields::new().with("mint", amount.map(|_| mint.address));
    match amount {
        Some(amount) => fields.of_mint("amount", amount, mint),
        None => fields,
    }
}

impl Crank {
    /// Performs what is due, in the order of [`sluice_client::due`].
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        session.in_steps();
        let mut report = Report::default();
        let jobs = match &self.network {
            Some(network) if self.jobs.is_empty() => {
                session.ledger.get::<Network>(network)?;
                offers::clear(session, network, &mut report)?;
                let open = show::of(session, None, Some(network))?;
                self.challenges(session, &open, &mut report)?;
                let found = session
                    .ledger
                    .list::<Job>(&[filter::job_network(network)])?;
                found.into_iter().map(|(address, _)| address).collect()
            }
            _ => self.jobs.clone(),
        };
        for job in &self.jobs {
            let open = show::of(session, Some(job), None)?;
            self.challenges(session, &open, &mut report)?;
        }
        let mut turns = session.counted("looks after the jobs", &jobs);
        for batch in jobs.chunks(BATCH) {
            jobs::look_ahead(session, batch)?;
            for job in turns.by_ref().take(batch.len()) {
                if let Err(failure) = self.turn(session, job, &mut report) {
                    report.note(job, "read", Err(failure));
                }
            }
        }
        drop(turns);
        if let Some(network) = self.network.filter(|_| self.jobs.is_empty()) {
            self.rewards(session, &network, &mut report)?;
            self.pools(session, &network, &mut report)?;
        }
        let failed = !report.failed.is_empty();
        let fields = Fields::new()
            .with("done", Value::Table(report.done))
            // Why is what people look for: in a table it would be left off.
            .with("failed", Value::List(report.failed))
            .with("due", Value::Table(report.due));
        Ok(if failed { fields.partly() } else { fields })
    }

    /// A plan that begins with the recipient's associated account, or why it must not be created.
    fn paying(
        &self,
        session: &Session<impl Ledger>,
        payment: Option<Payment>,
        mint: &Mint,
    ) -> Result<Plan> {
        let Some(Payment { to, .. }) = payment else {
            return Ok(Plan::default());
        };
        let plan = session.ensure_token_account(Plan::default(), &to, mint)?;
        if plan.creates_accounts() && !self.create_accounts {
            return Err(Failure::NotFound {
                what: "associated account of the recipient (see --create-accounts)",
                address: address::token_account(&to, &mint.address, &mint.token_program),
            });
        }
        Ok(plan)
    }
}
