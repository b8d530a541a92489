use {
    crate::{
        attestation,
        error::SluiceError,
        events::{self, JobAccepted},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// The machine that gets a job, and the stake behind it.
#[derive(Accounts)]
pub struct Placement {
    pub provider: Account<Provider>,
    #[account(mut, constraint = node.provider == *provider.account().address() @ SluiceError::WrongNode)]
    pub node: Account<Node>,
    #[account(mut, constraint = pool.subject == *provider.account().address() @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
    #[account(constraint = position.pool == *pool.account().address() && position.staker == provider.owner @ SluiceError::WrongPosition)]
    pub position: Account<Position>,
    /// The attestation of the provider's owner; absent where the network asks for none.
    pub credential: Option<UncheckedAccount>,
}

impl Placement {
    /// Starts `job` on the node: locks bond and slot, fixes payee, worker and context.
    pub fn start(
        &mut self,
        job_key: &Address,
        job: &mut Job,
        network: &Network,
        now: i64,
    ) -> Result<()> {
        require!(
            self.provider.network == job.network,
            SluiceError::WrongNetwork
        );
        require!(
            self.node.worker != job.cosigner,
            SluiceError::KeysNotDistinct
        );
        let shown = self.credential.as_ref().map(|shown| shown.account());
        let identity = &network.params.identity;
        identity.require(&self.provider.owner, shown, now)?;
        let bond = job.terms.bond;
        self.pool
            .lock(&self.position, bond, network.params.min_stake)?;
        self.node.take_slot()?;

        let node_key = *self.node.account().address();
        let machine = Machine {
            provider: self.provider.account().address(),
            payee: &self.provider.owner,
            node: &node_key,
            worker: &self.node.worker,
            context: attestation::context(&network.domain, job_key, job.incarnation, &node_key),
        };
        job.start(&machine, now)?;
        events::emit(JobAccepted {
            job: *job_key,
            node: node_key,
            incarnation: job.incarnation,
            start_at: now,
            end_at: job.end_at,
            bond,
        });
        Ok(())
    }

    /// Refuses a set that the node does not work under, that holds its key, or that has no quorum.
    pub fn require_set(&self, set_key: &Address, set: &AttesterSet) -> Result<()> {
        require!(self.node.set == *set_key, SluiceError::NodeOfAnotherSet);
        require!(
            !set.has_member(&self.node.worker),
            SluiceError::KeysNotDistinct
        );
        require!(set.has_quorum(), SluiceError::NoQuorum);
        Ok(())
    }
}
