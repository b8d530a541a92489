//! `sluice job accept`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session, own::Part},
    },
    clap::Args,
    sluice_client::{Job, Ledger, Network, Provider, address, instruction},
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Accept {
    /// Address of the job.
    job: Address,
    /// Address of the node that takes it; by default the only one of the signer's provider.
    #[arg(
        long,
        env = "SLUICE_NODE",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    node: Option<Address>,
}

impl Accept {
    /// Accepts the job.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let job: Job = session.ledger.get(&self.job)?;
        let ask = "give one with --node";
        let (key, node) = session.node(self.node, Part::Operator, Some(job.network), ask)?;
        session.gather([node.provider, job.network])?;
        let provider: Provider = session.ledger.get(&node.provider)?;
        let operator = session.signer_as("provider's operator", &provider.operator)?;
        let pool = address::stake_pool(&node.provider);
        let position = address::position(&pool, &provider.owner);
        if session.ledger.account(&position)?.is_none() {
            return Err(Failure::Unfunded(format!(
                "the provider {} has no stake: run `sluice stake deposit` first",
                node.provider
            )));
        }
        let network: Network = session.ledger.get(&job.network)?;
        let plan = Plan::of(instruction::accept_job_with_credential(
            &provider.operator,
            &provider.owner,
            &self.job,
            &job,
            &key,
            address::credential(&network, &provider.owner),
        ));
        let fields = Fields::new()
            .with("job", self.job)
            .with("node", key)
            .with("worker", node.worker);
        session.execute(plan.signed_by(operator), fields)
    }
}
