//! `sluice job top-up` and `cancel`.

use {
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session},
    },
    clap::Args,
    sluice_client::{Job, JobState, Ledger, amount, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args)]
pub struct TopUp {
    /// Address of the job.
    job: Address,
    /// Token units of the job's mint.
    amount: String,
}

impl TopUp {
    /// Adds the amount.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let job: Job = session.ledger.get(&self.job)?;
        let funder = session.signer()?;
        let mint = session.mint(&job.terms.mint)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        session.require_tokens(&funder.pubkey(), &mint, base)?;
        let plan = Plan::of(instruction::top_up_job(
            &funder.pubkey(),
            &self.job,
            &job,
            &mint.token_program,
            base,
        ));
        let fields = Fields::new().with("job", self.job).tokens(
            "funded",
            job.funded.saturating_add(base),
            mint.decimals,
        );
        session.execute(plan.signed_by(funder), fields)
    }
}

/// Moves the end of the job to now, or to the end of the notice.
pub fn cancel(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let job: Job = session.ledger.get(address)?;
    let buyer = session.signer_as("buyer", &job.buyer)?;
    let notice = if job.state == JobState::Open.byte() {
        0
    } else {
        i64::from(job.terms.notice_secs)
    };
    let end_at = job.end_at.min(session.now()?.saturating_add(notice));
    let plan = Plan::of(instruction::cancel_job(address, &job));
    let fields = Fields::new().with("job", *address).date("end_at", end_at);
    session.execute(plan.signed_by(buyer), fields)
}
