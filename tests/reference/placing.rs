//! The two ways by which a job gets a node: an operator accepts it, or a buyer takes an offer.

use super::{Effect, Fail, Id, JobState, Key, Moment, Reference, Subject, ensure, find, find_mut};

impl Reference {
    pub(crate) fn accept_job(
        &mut self,
        at: Moment,
        (id, provider_id, node_id): (Id, Id, Id),
        by: Key,
        incarnation: u64,
    ) -> Result<Effect, Fail> {
        let job = find(&self.jobs, id)?;
        let provider = find(&self.providers, provider_id)?;
        let node = find(&self.nodes, node_id)?;
        self.own_stake(Subject::Provider(provider_id))?;
        ensure(node.provider == provider_id, "WrongNode")?;
        ensure(provider.operator == by, "NotOperator")?;

        self.ensure_intake(at, job.network)?;
        ensure(job.state == JobState::Open, "WrongJobState")?;
        ensure(job.incarnation == incarnation, "WrongIncarnation")?;
        ensure(at.now < job.end_at, "JobEnded")?;
        let welcome = job.provider.is_none_or(|named| named == provider_id);
        ensure(welcome, "WrongProvider")?;
        if let Some(set) = job.terms.set {
            self.ensure_measured(node_id, set)?;
        }
        self.start(at, id, provider_id, node_id)?;
        Ok(Effect::default())
    }

    /// Refuses a node that works under another set, is a member of it, or could not be proven by it.
    pub(crate) fn ensure_measured(&self, node: Id, set_id: Id) -> Result<(), Fail> {
        let (node, set) = (find(&self.nodes, node)?, find(&self.sets, set_id)?);
        ensure(node.set == Some(set_id), "NodeOfAnotherSet")?;
        ensure(!set.args.keys.contains(&node.worker), "KeysNotDistinct")?;
        ensure(set.has_quorum(), "NoQuorum")
    }

    /// Starts a job on a node, if stake and slots allow it.
    pub(crate) fn start(
        &mut self,
        at: Moment,
        id: Id,
        provider_id: Id,
        node_id: Id,
    ) -> Result<(), Fail> {
        let job = find(&self.jobs, id)?;
        let provider = find(&self.providers, provider_id)?;
        let node = find(&self.nodes, node_id)?;
        let (pool, own) = self.own_stake(Subject::Provider(provider_id))?;
        ensure(provider.network == job.network, "WrongNetwork")?;
        ensure(job.cosigner != Some(node.worker), "KeysNotDistinct")?;
        let end_at = i128::from(at.now) + i128::from(job.length_secs);
        let end_at = i64::try_from(end_at).map_err(|_| "MathOverflow")?;
        let locked = self.locked(pool) + u128::from(job.terms.bond);
        let least = find(&self.networks, job.network)?.params.min_stake;
        let own = u128::from(own);
        ensure(own >= locked && own >= u128::from(least), "StakeTooLow")?;
        let free = self.slots_used(node_id) < usize::from(node.slots);
        ensure(free, "NoFreeSlot")?;

        let (payee, worker, registration) = (provider.owner, node.worker, node.registration);
        let job = find_mut(&mut self.jobs, id)?;
        job.state = JobState::Active;
        job.provider = Some(provider_id);
        job.payee = Some(payee);
        job.node = Some(node_id);
        job.worker = Some(worker);
        job.registration = Some(registration);
        job.start_at = at.now;
        job.end_at = end_at;
        Ok(())
    }
}
