//! What is due of jobs: pulls, credits, releases and closings.

use {
    super::{Crank, Report},
    crate::{
        cmd::job::{inconsistent, settle},
        failure::Result,
        output::Fields,
        session::Session,
    },
    sluice_client::{
        Job, JobState, Ledger, Network, instruction,
        view::job::{JobView, state_name},
    },
    solana_address::Address,
};

impl Crank {
    pub(super) fn turn(
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
            ("refund", view.refundable, job.refund_owner),
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
