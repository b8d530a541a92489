//! What is due of jobs: pulls, credits, releases and closings.

use {
    super::{Crank, Report, moving},
    crate::{
        cmd::job::{inconsistent, settle},
        failure::Result,
        output::Fields,
        session::{Session, purses},
    },
    sluice_client::{
        Job, Ledger, Network, address,
        due::job::{Step, due},
    },
    solana_address::Address,
};

/// Reads in batches what the turns of these jobs look at.
pub fn look_ahead(session: &Session<impl Ledger>, jobs: &[Address]) -> Result<()> {
    let ledger = &session.ledger;
    ledger.gather(jobs.iter().copied())?;
    // One that cannot be read says so in its turn.
    let read = jobs
        .iter()
        .filter_map(|key| Some((key, ledger.get(key).ok()?)));
    let read: Vec<(&Address, Job)> = read.collect();
    ledger.gather(
        read.iter()
            .flat_map(|(_, job)| [job.network, job.terms.mint]),
    )?;
    let now = session.now()?;
    let mut wanted = vec![];
    for (key, job) in read {
        let network = ledger.get::<Network>(&job.network).ok();
        for step in network
            .and_then(|network| due(&job, &network, now))
            .unwrap_or_default()
            .steps
        {
            let paid = step
                .payment()
                .map(|payment| purses(&payment.to, &job.terms.mint));
            wanted.extend(paid.into_iter().flatten());
            wanted.extend(step.ends().then(|| address::vault(key)));
        }
    }
    Ok(ledger.gather(wanted)?)
}

impl Crank {
    pub(super) fn turn(
        &self,
        session: &mut Session<impl Ledger>,
        address: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let job: Job = session.ledger.get(address)?;
        let now = session.now()?;
        let network: Network = session.ledger.get(&job.network)?;
        let due = |job: &Job| due(job, &network, now).ok_or_else(|| inconsistent(address)(()));
        for step in due(&job)?.steps.iter().filter(|step| !step.ends()) {
            let result = self.job_step(session, (address, &job), &network, step);
            report.note(address, step.name(), result);
        }
        if session.is_dry_run() {
            return Ok(());
        }
        let last = due(&session.ledger.get(address)?)?;
        for step in last.steps.iter().filter(|step| step.ends()) {
            let result = settle::close(session, address);
            report.note(address, step.name(), result);
        }
        for later in last.later {
            report.later(address, later.step.name(), later.at);
        }
        Ok(())
    }

    fn job_step(
        &self,
        session: &mut Session<impl Ledger>,
        (address, job): (&Address, &Job),
        network: &Network,
        step: &Step,
    ) -> Result<Fields> {
        let mint = session.mint(&job.terms.mint)?;
        let mut plan = self.paying(session, step.payment(), &mint)?;
        plan.push(step.instruction(address, job, network, &mint.token_program));
        session.execute(plan, moving(step.payment().map(|one| one.amount), &mint))
    }
}
