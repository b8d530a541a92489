//! `sluice crank`: every permissionless step that is due.

mod rewards;

use {
    crate::{
        cmd::{
            challenge::{settle as ruling, show as challenges},
            dividends::dividend_mint,
            job::{inconsistent, settle},
            stake::pool,
        },
        failure::{Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Challenge, Job, JobState, Ledger, Network, Offer, Position, StakePool,
        address,
        challenge_view::{Step, settles_at_latest, signers},
        instruction,
        instruction::token::Mint,
        job_view::{JobView, state_name},
        stake_view::PositionView,
    },
    solana_address::Address,
    solana_signer::Signer,
    std::mem::offset_of,
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
            Ok(_) => {
                self.done.push(fields);
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

impl Crank {
    /// Performs what is due, job by job.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        session.in_steps();
        let mut report = Report::default();
        let jobs = match &self.network {
            Some(network) if self.jobs.is_empty() => {
                session.ledger.get::<Network>(network)?;
                clear_offers(session, network, &mut report)?;
                let open = challenges::of(session, None, Some(network))?;
                self.challenges(session, &open, &mut report);
                let filter = (8 + offset_of!(Job, network), network.to_bytes().to_vec());
                let found = session.ledger.list::<Job>(&[filter])?;
                found.into_iter().map(|(address, _)| address).collect()
            }
            _ => self.jobs.clone(),
        };
        for job in &self.jobs {
            let open = challenges::of(session, Some(job), None)?;
            self.challenges(session, &open, &mut report);
        }
        for job in &jobs {
            if let Err(failure) = self.turn(session, job, &mut report) {
                report.note(job, "read", Err(failure));
            }
        }
        if let Some(network) = self.network.filter(|_| self.jobs.is_empty()) {
            // Rewards first: their delegators' part is a dividend of a stake pool.
            self.rewards(session, &network, &mut report)?;
            self.pools(session, &network, &mut report)?;
        }
        let failed = !report.failed.is_empty();
        let fields = Fields::new()
            .with("done", Value::Table(report.done))
            .with("failed", Value::Table(report.failed))
            .with("due", Value::Table(report.due));
        Ok(if failed { fields.partly() } else { fields })
    }

    fn turn(
        &self,
        session: &mut Session<impl Ledger>,
        address: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let job: Job = session.ledger.get(address)?;
        let now = session.now()?;
        let view = JobView::of(&job, now).ok_or_else(|| inconsistent(address)(()))?;
        let network: Network = session.ledger.get(&job.network)?;
        let pulls = [
            ("pay", view.owed, job.payee),
            ("sweep-treasury", view.owed_treasury, network.roles.treasury),
            (
                "sweep-attesters",
                view.owed_attesters,
                job.attestation_owner,
            ),
            ("refund", view.refundable, job.buyer),
        ];
        for (name, amount, owner) in pulls {
            if amount > 0 {
                let result = self.pull(session, (address, &job), &network, name, &owner);
                report.note(address, name, result);
            }
        }
        let settled = view.settles_at.is_some_and(|at| now >= at);
        if settled {
            let result = settle::release(session, address);
            report.note(address, "release", result);
        } else if view.uncredited > 0 && job.state == JobState::Active.byte() {
            let result = settle::credit(session, address);
            report.note(address, "credit", result);
        }
        if session.is_dry_run() {
            return Ok(());
        }
        let job: Job = session.ledger.get(address)?;
        let view = JobView::of(&job, now).ok_or_else(|| inconsistent(address)(()))?;
        let over = job.state == JobState::Released.byte()
            || (job.state == JobState::Open.byte() && now >= job.end_at);
        if over && view.owes_nothing {
            let result = settle::close(session, address);
            report.note(address, "close", result);
        } else if state_name(&job) == "open" && !over {
            report.later(address, "refund", job.end_at);
        }
        if let Some((first, _)) = view.pending_dates {
            report.later(address, "mature", first);
        }
        if let Some(at) = view.settles_at.filter(|at| now < *at) {
            report.later(address, "release", at);
        }
        Ok(())
    }

    /// A plan that begins with the associated account of `owner`, or why it must not be created.
    fn paying(&self, session: &Session<impl Ledger>, owner: &Address, mint: &Mint) -> Result<Plan> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        if !self.create_accounts && session.ledger.account(&account)?.is_none() {
            return Err(Failure::NotFound {
                what: "associated account of the recipient (see --create-accounts)",
                address: account,
            });
        }
        session.ensure_token_account(Plan::default(), owner, mint)
    }

    /// Upholds what nobody ruled on, slashes the signers of void windows, and settles.
    fn challenges(
        &self,
        session: &mut Session<impl Ledger>,
        challenges: &[(Address, Challenge)],
        report: &mut Report,
    ) {
        for (key, challenge) in challenges {
            if let Err(failure) = self.challenge(session, key, challenge, report) {
                report.note(key, "read", Err(failure));
            }
        }
    }

    fn challenge(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        challenge: &Challenge,
        report: &mut Report,
    ) -> Result<()> {
        let now = session.now()?;
        match Step::of(challenge, now) {
            Step::Wait | Step::Rule => report.later(key, "uphold", challenge.rule_until),
            Step::Uphold => {
                let result = ruling::uphold(session, challenge);
                report.note(key, "uphold", result);
            }
            Step::SlashSigners => slash_signers(session, key, challenge, report)?,
            Step::Settle => {}
        }
        if session.is_dry_run() {
            return Ok(());
        }
        let challenge: Challenge = session.ledger.get(key)?;
        match Step::of(&challenge, now) {
            Step::Settle => {
                let result = self.settle(session, key, &challenge);
                report.note(key, "settle", result);
            }
            Step::SlashSigners => report.later(key, "settle", settles_at_latest(&challenge)),
            _ => {}
        }
        Ok(())
    }

    fn settle(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        challenge: &Challenge,
    ) -> Result<Fields> {
        if challenge.bond > 0 {
            let pool: StakePool = session.ledger.get(&challenge.pool)?;
            let mint = session.mint(&pool.mint)?;
            let winner = challenge.winner().map_err(inconsistent(key))?;
            self.paying(session, winner, &mint)?;
        }
        ruling::settle(session, key)
    }

    /// Burns what was slashed, and pays every position its dividends.
    fn pools(
        &self,
        session: &mut Session<impl Ledger>,
        network: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let filter = (
            8 + offset_of!(StakePool, network),
            network.to_bytes().to_vec(),
        );
        for (key, pool) in session.ledger.list::<StakePool>(&[filter])? {
            if pool.to_burn > 0 {
                let result = pool::burn(session, &key, &pool);
                report.note(&key, "burn", result);
            }
            if pool.dividend_vault != NOBODY
                && let Err(failure) = self.claims(session, &key, &pool, report)
            {
                report.note(&key, "read", Err(failure));
            }
        }
        Ok(())
    }

    fn claims(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        pool: &StakePool,
        report: &mut Report,
    ) -> Result<()> {
        let mint = dividend_mint(session, pool)?;
        let filter = (8 + offset_of!(Position, pool), key.to_bytes().to_vec());
        for (address, position) in session.ledger.list::<Position>(&[filter])? {
            let view =
                PositionView::of(pool, &position).ok_or_else(|| inconsistent(&address)(()))?;
            if view.dividends_due > 0 {
                let result = self.claim(session, &position, &mint);
                report.note(&address, "claim", result);
            }
        }
        Ok(())
    }

    fn claim(
        &self,
        session: &mut Session<impl Ledger>,
        position: &Position,
        mint: &Mint,
    ) -> Result<Fields> {
        let mut plan = self.paying(session, &position.staker, mint)?;
        plan.push(instruction::claim_dividends(
            position,
            &mint.address,
            &mint.token_program,
        ));
        session.execute(plan, Fields::new())
    }

    fn pull(
        &self,
        session: &mut Session<impl Ledger>,
        (address, job): (&Address, &Job),
        network: &Network,
        name: &str,
        owner: &Address,
    ) -> Result<Fields> {
        let mint = session.mint(&job.terms.mint)?;
        let mut plan = self.paying(session, owner, &mint)?;
        let program = &mint.token_program;
        plan.push(match name {
            "pay" => instruction::pay(address, job, program),
            "sweep-treasury" => instruction::sweep_treasury(address, job, network, program),
            "sweep-attesters" => instruction::sweep_attesters(address, job, program),
            _ => instruction::refund(address, job, program),
        });
        session.execute(plan, Fields::new())
    }
}

/// Slashes the signers left of a void window whose stake is still there.
fn slash_signers(
    session: &mut Session<impl Ledger>,
    key: &Address,
    challenge: &Challenge,
    report: &mut Report,
) -> Result<()> {
    let set: AttesterSet = session.ledger.get(&challenge.set)?;
    for (index, signer) in signers(challenge, &set) {
        let attester = address::attester(&challenge.network, &signer);
        let pool = address::stake_pool(&attester);
        if session.ledger.account(&pool)?.is_some() {
            let result = ruling::slash_signer(session, challenge, index, &signer);
            report.note(key, "slash-signer", result);
        }
    }
    Ok(())
}

/// Clears away offers that nobody can take any more.
fn clear_offers(
    session: &mut Session<impl Ledger>,
    network: &Address,
    report: &mut Report,
) -> Result<()> {
    let now = session.now()?;
    let closer = session.signer()?;
    let filter = (8 + offset_of!(Offer, network), network.to_bytes().to_vec());
    for (address, offer) in session.ledger.list::<Offer>(&[filter])? {
        if offer.is_over(now) {
            let clear = instruction::clear_offer(&closer.pubkey(), &address, &offer);
            let plan = Plan::of(clear).signed_by(std::rc::Rc::clone(&closer));
            let result = session.execute(plan, Fields::new());
            report.note(&address, "clear", result);
        } else {
            report.later(&address, "clear", offer.expires_at);
        }
    }
    Ok(())
}
