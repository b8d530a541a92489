//! Instructions on jobs.

use {
    super::{
        Account, Action, Cause, Effect, Fail, Holder, IN_USE, Id, Job, JobState, Key, MISSING,
        Moment, OpenJob, Reference, Subject, ensure, find, find_mut, fit,
        job::{Pull, Recipient},
        proof::{self, Claimed, Proof, Witness},
        registry::{MOST_FEES_BPS, NodeCredit, Released},
    },
    std::collections::{BTreeMap, BTreeSet},
};

impl Reference {
    pub(crate) fn apply_job(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::OpenJob(open) => self.open_job(at, open),
            Action::AcceptJob {
                job,
                provider,
                node,
                by,
                incarnation,
            } => self.accept_job(at, (*job, *provider, *node), *by, *incarnation),
            Action::TopUpJob {
                job,
                by,
                incarnation,
                amount,
            } => self.top_up(at, (*job, *by), *incarnation, *amount),
            Action::Attest {
                job: id,
                set,
                claimed,
                members,
                signed,
            } => {
                let job = find(&self.jobs, *id)?;
                let keys = find(&self.sets, *set)?;
                ensure(job.terms.set == Some(*set), "WrongSet")?;
                let proven =
                    proof::by_quorum((*id, job), keys, *claimed, *members, signed.as_ref())?;
                self.prove(at, *id, *claimed, proven)
            }
            Action::AttestCosigned {
                job: id,
                claimed,
                signed,
            } => {
                let job = find(&self.jobs, *id)?;
                let proven = proof::by_cosigner((*id, job), *claimed, signed.as_ref())?;
                self.prove(at, *id, *claimed, proven)
            }
            Action::Mature { job } => {
                let job = find_mut(&mut self.jobs, *job)?;
                let units = job.matured(at.now) - job.matured(job.touched_at);
                ensure(units > 0, "NothingDue")?;
                job.touched_at = at.now;
                Ok(Effect::counting(fit(units)?))
            }
            Action::Pay { job } => self.pull(at, *job, Recipient::Provider),
            Action::SweepTreasury { job } => self.pull(at, *job, Recipient::Treasury),
            Action::SweepAttesters { job } => self.pull(at, *job, Recipient::Attesters),
            Action::Refund { job } => self.pull(at, *job, Recipient::Buyer),
            Action::CancelJob {
                job,
                by,
                incarnation,
            } => self.cancel(at, *job, *by, *incarnation),
            Action::ResignJob {
                job,
                by,
                incarnation,
            } => self.resign(at, *job, *by, *incarnation),
            Action::FaultJob {
                job,
                by,
                incarnation,
            } => self.fault(at, *job, *by, *incarnation),
            Action::WaiveJob {
                job,
                by,
                incarnation,
            } => self.waive(at, *job, *by, *incarnation),
            Action::ReleaseJob { job } => self.release(at, *job),
            Action::CloseJob { job } => self.close_job(at, *job),
            Action::Credit { job: id, node } => {
                let job = find(&self.jobs, *id)?;
                find(&self.nodes, *node)?;
                ensure(job.node == Some(*node), "WrongNode")?;
                ensure(job.counts, "JobDoesNotCount")?;
                let units = fit(job.countable(at.now) - job.credited())?;
                ensure(units > 0, "NothingDue")?;
                self.credit(at, *id, *node, units)?;
                Ok(Effect::counting(units))
            }
            _ => unreachable!("not an action on a job"),
        }
    }

    fn open_job(&mut self, at: Moment, open: &OpenJob) -> Result<Effect, Fail> {
        find(&self.networks, open.network)?;
        let set = match open.terms.set {
            Some(id) => Some(find(&self.sets, id)?),
            None => None,
        };
        ensure(
            set.is_none_or(|set| set.network == open.network),
            "WrongNetwork",
        )?;
        // Accounts are created while they are loaded, before any of them is judged, except those that several instructions
        // take as a group; so it is everywhere.
        ensure(!self.jobs.contains_key(&open.job), IN_USE)?;
        // A date comes before anything that the terms say.
        ensure(open.open_until > at.now, "DateInPast")?;
        let within_a_year = open.open_until - at.now <= 365 * 86_400;
        ensure(within_a_year, "DateTooFar")?;
        self.fund_job(at, open)
    }

    /// Judges what a buyer asks for without looking at a node, and funds it.
    pub(crate) fn fund_job(&mut self, at: Moment, open: &OpenJob) -> Result<Effect, Fail> {
        self.ensure_intake(at, open.network)?;
        let network = find(&self.networks, open.network)?;
        let params = &network.params;
        let set = open.terms.set.and_then(|id| self.sets.get(&id));
        open.terms.validate(network.founding.min_unbonding_secs)?;
        let fits = open.length_secs > 0 && open.length_secs <= open.terms.max_length_secs;
        ensure(fits, "LengthOutOfBounds")?;
        let fees = params.fee_bps + set.map_or(0, |set| set.args.fee_bps);
        ensure(
            fees <= MOST_FEES_BPS && fees <= open.max_fee_bps,
            "FeeTooHigh",
        )?;
        ensure(open.resolver == params.resolver, "ResolverChanged")?;
        // A key of 0 is nobody, who never rules.
        let ruled = open.terms.challenge_secs == 0 || params.resolver != 0;
        ensure(ruled, "NoResolver")?;
        match set {
            None => ensure(open.cosigner.is_some(), "NobodyToProve")?,
            Some(set) => {
                ensure(set.has_quorum(), "NoQuorum")?;
                let double = open
                    .cosigner
                    .is_some_and(|key| set.args.keys.contains(&key));
                ensure(!double, "KeysNotDistinct")?;
            }
        }
        let mint = open.terms.mint;
        self.ensure_funds(Holder::Wallet(open.buyer), mint, open.funds)?;
        let job = Job {
            network: open.network,
            buyer: open.buyer,
            refund_owner: open.refund_owner.unwrap_or(open.buyer),
            terms: open.terms.clone(),
            length_secs: open.length_secs,
            cosigner: open.cosigner,
            fee_bps: params.fee_bps,
            attestation_bps: set.map_or(0, |set| set.args.fee_bps),
            resolver: params.resolver,
            attestation_owner: set.map(|set| set.args.fee_owner),
            incarnation: at.slot,
            state: JobState::Open,
            provider: open.provider,
            payee: None,
            node: None,
            worker: None,
            registration: None,
            taken: None,
            cause: Cause::Length,
            start_at: 0,
            end_at: open.open_until,
            deposits: vec![open.funds],
            pulls: Vec::new(),
            proofs: BTreeMap::new(),
            disputes: BTreeMap::new(),
            excused: BTreeSet::new(),
            waived: None,
            slashes: Vec::new(),
            counts: set.is_some_and(|set| set.args.quality.is_met_by(&open.terms)),
            credits: Vec::new(),
            touched_at: at.now,
        };
        ensure(fit(job.units_funded())? > 0, "NothingFunded")?;
        let vault = Holder::JobVault(open.job);
        let mut effect = self.transfer(Holder::Wallet(open.buyer), vault, mint, open.funds)?;
        self.jobs.insert(open.job, job);
        effect.opened = vec![Account::Job(open.job), Account::Vault(vault)];
        Ok(effect)
    }

    fn top_up(
        &mut self,
        at: Moment,
        (id, by): (Id, Key),
        incarnation: u64,
        amount: u64,
    ) -> Result<Effect, Fail> {
        let job = find(&self.jobs, id)?;
        ensure(job.incarnation == incarnation, "WrongIncarnation")?;
        let running = job.state != JobState::Released && at.now < job.end_at;
        ensure(running, "JobEnded")?;
        ensure(amount > 0, "AmountTooSmall")?;
        let mint = job.terms.mint;
        self.ensure_funds(Holder::Wallet(by), mint, amount)?;
        let funded = u128::from(fit(job.funded() + u128::from(amount))?);
        fit(job.terms.units_for(funded))?;

        let effect = self.transfer(Holder::Wallet(by), Holder::JobVault(id), mint, amount)?;
        let job = find_mut(&mut self.jobs, id)?;
        job.excuse(at.now);
        job.deposits.push(amount);
        job.touched_at = at.now;
        Ok(effect)
    }

    pub(crate) fn prove(
        &mut self,
        at: Moment,
        id: Id,
        claimed: Claimed,
        (worker, witness): (Key, Witness),
    ) -> Result<Effect, Fail> {
        let (job, window) = (find_mut(&mut self.jobs, id)?, claimed.window);
        let now = i128::from(at.now);
        ensure(job.state == JobState::Active, "WrongJobState")?;
        ensure(job.ends(window) <= now, "WindowNotEnded")?;
        ensure(now < job.closes(window), "StatementExpired")?;
        let inside = job.starts(window) < i128::from(job.end_at);
        ensure(inside && window < u32::MAX, "WindowOutOfJob")?;
        let room = job.units_funded() - job.counted();
        let counts = job.cap_of(window).min(room).min(claimed.units.into());
        ensure(claimed.units == 0 || counts > 0, "NothingWouldCount")?;
        let known = job.proofs.contains_key(&window);
        ensure(!known, "WindowAlreadyProven")?;
        let accepted = fit(counts)?;
        let proof = Proof {
            claimed,
            accepted,
            at: at.now,
            after: job.matured(at.now),
            worker,
            witness,
        };
        job.proofs.insert(window, proof);
        job.touched_at = at.now;
        Ok(Effect::counting(accepted))
    }

    fn pull(&mut self, at: Moment, id: Id, to: Recipient) -> Result<Effect, Fail> {
        let job = find(&self.jobs, id)?;
        let treasury = find(&self.networks, job.network)?.params.treasury;
        let amount = fit(job.due(to, at.now))?;
        ensure(amount > 0, "NothingDue")?;
        let owner = match to {
            Recipient::Provider => job.payee,
            Recipient::Treasury => Some(treasury),
            Recipient::Attesters => job.attestation_owner,
            Recipient::Buyer => Some(job.refund_owner),
        };
        let owner = Holder::Wallet(owner.expect("somebody earned it"));
        let effect = self.transfer(Holder::JobVault(id), owner, job.terms.mint, amount)?;
        let job = find_mut(&mut self.jobs, id)?;
        let at = at.now;
        job.pulls.push(Pull { at, to, amount });
        job.touched_at = at;
        Ok(effect)
    }

    fn release(&mut self, at: Moment, id: Id) -> Result<Effect, Fail> {
        let job = find(&self.jobs, id)?;
        // Whatever node is given, a job that nobody accepted has another.
        let Some(node) = job.node else {
            let mut all = self.nodes.values();
            let some = all.any(|n| self.pool_of(Subject::Provider(n.provider)).is_ok());
            return Err(if some { "WrongNode" } else { MISSING });
        };
        let provider = job.provider.expect("accepted");
        find(&self.nodes, node)?;
        find(&self.providers, provider)?;
        ensure(job.state == JobState::Active, "WrongJobState")?;
        ensure(job.is_settled(at.now), "NotSettled")?;
        let units = fit(job.countable(at.now) - job.credited())?;
        let job = find_mut(&mut self.jobs, id)?;
        job.excuse(at.now);
        let due = job.due_windows(at.now);
        let proven = if job.counts {
            u64::from(job.quorum_windows())
        } else {
            0
        };
        let released = Released {
            missed: due.saturating_sub(job.worked_windows().into()) + job.waived.unwrap_or(0),
            proven,
            completed: job.counts && due > 0 && proven >= due,
            cause: job.cause,
            voided: job.void_windows() > 0,
            slashes: job.slashes.len() as u64,
        };
        self.credit(at, id, node, units)?;
        find_mut(&mut self.nodes, node)?.released.push(released);
        find_mut(&mut self.providers, provider)?
            .released
            .push(released);
        find_mut(&mut self.jobs, id)?.state = JobState::Released;
        Ok(Effect::counting(units))
    }

    fn credit(&mut self, at: Moment, id: Id, node: Id, units: u64) -> Result<(), Fail> {
        let job = find_mut(&mut self.jobs, id)?;
        job.touched_at = at.now;
        if units > 0 {
            job.credits.push(units);
            let incarnation = job.incarnation;
            find_mut(&mut self.nodes, node)?.credits.push(NodeCredit {
                job: id,
                incarnation,
                units,
            });
        }
        Ok(())
    }

    fn close_job(&mut self, at: Moment, id: Id) -> Result<Effect, Fail> {
        let job = find(&self.jobs, id)?;
        ensure(at.slot > job.incarnation, "OpeningSlot")?;
        let over = match job.state {
            JobState::Open => at.now >= job.end_at,
            JobState::Active => false,
            JobState::Released => true,
        };
        ensure(over, "WrongJobState")?;
        ensure(job.pulled_in_all() == job.funded(), "StillOwing")?;
        let (vault, mint) = (Holder::JobVault(id), job.terms.mint);
        let donated = self.balance(vault, mint);
        let mut effect = self.transfer(vault, Holder::Wallet(job.refund_owner), mint, donated)?;
        if let Some(job) = self.jobs.remove(&id) {
            self.closed_jobs.push((id, job));
        }
        effect.closed = vec![Account::Job(id), Account::Vault(vault)];
        Ok(effect)
    }
}
