//! `sluice job top-up`.

use {
    crate::{
        failure::Result,
        output::Fields,
        session::{Session, funds_of},
    },
    clap::Args,
    sluice_client::{Job, Ledger, amount, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
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
        session.gather(funds_of(&funder.pubkey(), &job.terms.mint))?;
        let mint = session.deposit_mint(&job.terms.mint)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        let mut plan = session.cover(&funder, &mint, base)?;
        plan.push(instruction::top_up_job(
            &funder.pubkey(),
            &self.job,
            &job,
            &mint.token_program,
            base,
        ));
        let fields = Fields::new().with("job", self.job).of_mint(
            "funded",
            job.funded.saturating_add(base),
            &mint,
        );
        session.execute(plan.signed_by(funder), fields)
    }
}
