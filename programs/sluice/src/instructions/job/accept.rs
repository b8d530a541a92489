use {
    crate::{
        account::Compact, attestation, constants::NOBODY, error::SluiceError, events::JobAccepted,
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct AcceptJob {
    #[account(address = provider.operator @ SluiceError::NotOperator)]
    pub operator: Signer,
    #[account(address = job.network @ SluiceError::WrongNetwork)]
    pub network: Compact<Network>,
    #[account(mut)]
    pub job: Compact<Job>,
    #[account(constraint = provider.network == job.network @ SluiceError::WrongNetwork)]
    pub provider: Compact<Provider>,
    #[account(mut, constraint = node.provider == *provider.account().address() @ SluiceError::WrongNode)]
    pub node: Compact<Node>,
    /// The set in the terms; absent when they name none.
    pub set: Option<Compact<AttesterSet>>,
    #[account(mut, constraint = pool.subject == *provider.account().address() @ SluiceError::WrongStakePool)]
    pub pool: Compact<StakePool>,
    #[account(constraint = position.pool == *pool.account().address() && position.staker == provider.owner @ SluiceError::WrongPosition)]
    pub position: Compact<Position>,
}

impl AcceptJob {
    fn validate(&self, incarnation: u64, now: i64) -> Result<()> {
        self.job.require_state(JobState::Open)?;
        self.job.require_incarnation(incarnation)?;
        require!(now < self.job.end_at, SluiceError::JobEnded);
        require!(
            self.job.provider == NOBODY || self.job.provider == *self.provider.account().address(),
            SluiceError::WrongProvider
        );
        let worker = &self.node.worker;
        require!(*worker != self.job.cosigner, SluiceError::KeysNotDistinct);
        let set_key = self
            .set
            .as_ref()
            .map_or(NOBODY, |set| *set.account().address());
        require!(set_key == self.job.terms.set, SluiceError::WrongSet);
        if let Some(set) = self.set.as_ref() {
            require!(self.node.set == set_key, SluiceError::NodeOfAnotherSet);
            require!(!set.has_member(worker), SluiceError::KeysNotDistinct);
            require!(set.has_quorum(), SluiceError::NoQuorum);
        }
        Ok(())
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<AcceptJob>, incarnation: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    a.validate(incarnation, now)?;
    let length = i64::try_from(a.job.length_secs).map_err(|_| SluiceError::MathOverflow)?;
    let end_at = now.checked_add(length).ok_or(SluiceError::MathOverflow)?;
    let bond = a.job.terms.bond;
    a.pool.lock(&a.position, bond, a.network.params.min_stake)?;
    a.node.take_slot()?;

    let job_key = *a.job.account().address();
    let node_key = *a.node.account().address();
    let job = &mut a.job;
    job.state = JobState::Active.byte();
    job.start_at = now;
    job.end_at = end_at;
    job.bond = bond;
    job.provider = *a.provider.account().address();
    job.payee = a.provider.owner;
    job.node = node_key;
    job.worker = a.node.worker;
    job.context = attestation::context(&a.network.domain, &job_key, job.incarnation, &node_key);
    emit!(JobAccepted {
        job: job_key,
        node: node_key,
        incarnation,
        start_at: now,
        end_at,
        bond,
    });
    Ok(())
}
