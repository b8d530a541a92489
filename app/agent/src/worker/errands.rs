//! What a worker does each turn beside its windows: jobs are looked at, accepted and left, offers kept, money pulled.

use {
    super::{
        consider::Candidate,
        daemon::Worker,
        intake::{Stake, objection},
        leave::{Leave, Standing, leave},
        money::{Mine, Money},
        offers::{Offers, Wanted},
        retry::Retry,
        seal,
        send::{Done, Priority},
        store::{JobRow, JobStage},
        view::{Own, View},
    },
    crate::{blobs::JobId, member::Member, windows::WindowId},
    sluice_client::{
        Address, EndCause, Job, Ledger, Node, Position, StakePool, address, instruction, send::Plan,
    },
    std::{
        collections::HashMap,
        time::{Duration, Instant},
    },
};

/// Between two pulls of a worker that leaves, seconds of the chain.
const LEAVING_SECS: i64 = 60;

/// What is known of these.
pub struct Errands {
    pull_every_secs: u64,
    money: HashMap<Address, Money>,
    pulled_at: Option<i64>,
    offers: Offers,
    proofs: Retry<WindowId>,
    /// What begins or ends jobs.
    sends: Retry<JobId>,
}

impl Errands {
    /// Pulls money no more often than every so many seconds; what failed is tried again after `pace`, then after longer and longer.
    pub fn new(pull_every_secs: u64, pace: Duration) -> Self {
        Self {
            pull_every_secs,
            money: HashMap::new(),
            pulled_at: None,
            offers: Offers::default(),
            proofs: Retry::new(pace.saturating_mul(2), pace.saturating_mul(60)),
            sends: Retry::new(pace.saturating_mul(2), pace.saturating_mul(60)),
        }
    }

    /// True if a window may be proven now.
    pub fn is_due(&self, id: &WindowId) -> bool {
        self.proofs.is_due(id)
    }

    /// Notes that a window was not proven.
    pub fn failed(&mut self, id: WindowId) {
        self.proofs.failed(id);
    }

    /// Forgets jobs that are over.
    pub fn retain(&mut self, is_wanted: impl Fn(&JobId) -> bool) {
        self.proofs.retain(|id| is_wanted(&id.job));
        self.sends.retain(is_wanted);
    }

    /// When a proof is due that failed.
    pub fn next(&self) -> Option<Instant> {
        self.proofs.next()
    }
}

impl<L: Ledger> Worker<L> {
    /// Has jobs looked at whose work is not here: those on the nodes, and open ones that nothing else speaks against.
    pub(super) fn prepare(
        &mut self,
        view: &View,
        members: &HashMap<Address, Vec<Member>>,
    ) -> anyhow::Result<()> {
        let wanted: Vec<_> = self
            .at_work(view)
            .filter(|(_, job, work)| work.is_none() && job.start_at < job.end_at)
            .map(|(id, job, _)| (id, *job, job.node))
            .collect();
        for (id, job, node) in wanted {
            self.consider(view, (id, &job, &node), members)?;
        }
        Ok(())
    }

    fn consider(
        &mut self,
        view: &View,
        (id, job, node): (JobId, &Job, &Address),
        members: &HashMap<Address, Vec<Member>>,
    ) -> anyhow::Result<()> {
        let Some(set) = view.sets.get(&job.terms.set) else {
            return Ok(());
        };
        if !self.intake.is_due(&id) {
            return Ok(());
        }
        let members = members.get(&job.terms.set).map_or(&[][..], Vec::as_slice);
        let Some(source) = self.source(view, (&id.job, node), members) else {
            return Ok(());
        };
        // Who admitted an open job a while ago may have more to do today.
        let known = self.store.job(&id)?.filter(|_| job.node == *node);
        let known = known.filter(|row| row.stage == JobStage::Admitted);
        self.intake.consider(Candidate {
            job: *job,
            threshold: set.threshold.into(),
            names: known.and_then(|row| row.names),
            source,
            rules: self.config.work.clone(),
            runner: std::sync::Arc::clone(&self.runner),
        });
        Ok(())
    }

    /// Looks at open jobs, and accepts one that is admitted.
    pub(super) fn take_in(
        &mut self,
        view: &View,
        members: &HashMap<Address, Vec<Member>>,
    ) -> anyhow::Result<()> {
        let mut stakes = HashMap::new();
        for (key, job) in &view.open {
            let id = JobId {
                job: *key,
                incarnation: job.incarnation,
            };
            let Some(own) = place(view, job) else {
                continue;
            };
            let stake = match stakes.remove(&own.provider_key) {
                Some(stake) => stake,
                None => self.stake(own)?,
            };
            let why = objection(job, own, view, &self.config.accept, stake.as_ref());
            stakes.insert(own.provider_key, stake);
            if let Some(why) = why {
                self.intake.object(id, own.key, &why, view.now)?;
            } else if !self.intake.is_fresh(&id) {
                self.consider(view, (id, job, &own.key), members)?;
            } else if self.errands.sends.is_due(&id) {
                // The chain is read again before another one: slots and stake are others then.
                return self.accept(view, (id, job), own);
            }
        }
        Ok(())
    }

    fn stake(&self, own: &Own) -> anyhow::Result<Option<Stake>> {
        let pool_key = address::stake_pool(&own.provider_key);
        let own_key = address::position(&pool_key, &own.provider.owner);
        let pool = self.chain.find::<StakePool>(&pool_key)?;
        let own = self.chain.find::<Position>(&own_key)?;
        Ok(pool.zip(own).map(|(pool, own)| Stake { pool, own }))
    }

    fn accept(&mut self, view: &View, (id, job): (JobId, &Job), own: &Own) -> anyhow::Result<()> {
        let owner = &own.provider.owner;
        let accept = instruction::accept_job_with_credential(
            &self.purse.payer(),
            owner,
            &id.job,
            job,
            &own.key,
            address::credential(&view.network, owner),
        );
        self.send(view, id, &own.key, "accepted", accept)
    }

    /// Sends what begins or ends a job. What is refused is noted, and tried again later.
    fn send(
        &mut self,
        view: &View,
        id: JobId,
        node: &Address,
        what: &str,
        instruction: sluice_client::Instruction,
    ) -> anyhow::Result<()> {
        let plan = Plan::of(instruction);
        let ledger = &mut self.chain.ledger;
        // Also once it is sent: a node that lags behind does not show it yet.
        self.errands.sends.failed(id);
        match self.purse.send(ledger, &plan, Priority::Vital, view.now) {
            Ok(sent) => {
                tracing::info!(job = %id.job, signature = %sent.signature, what, "the job");
                Ok(())
            }
            Err(error) => {
                let why = format!("not {what}: {error}");
                Ok(self.intake.object(id, *node, &why, view.now)?)
            }
        }
    }

    /// Gives jobs back, or notice.
    pub(super) fn leave(&mut self, view: &View, drains: bool) -> anyhow::Result<()> {
        let jobs: Vec<_> = self
            .at_work(view)
            .map(|(id, job, work)| {
                (
                    id,
                    *job,
                    work.is_some_and(|work| work.spec.core.is_judged()),
                )
            })
            .collect();
        for (id, job, is_judged) in jobs {
            let Some((_, set)) = view.active(&id) else {
                continue;
            };
            let row = self.store.job(&id)?;
            self.note_end(&job, row.as_ref())?;
            let stage = row.map(|row| row.stage);
            let standing = Standing {
                is_admitted: stage == Some(JobStage::Admitted),
                is_stuck: is_judged && self.is_stuck(&id, view.now)?,
                drains,
            };
            let Some(leave) = leave(&job, set, standing, view.now) else {
                continue;
            };
            if !self.errands.sends.is_due(&id) {
                continue;
            }
            let operator = self.purse.payer();
            match leave {
                Leave::Waive => {
                    let waive = instruction::waive_job(&operator, &id.job, &job);
                    self.send(view, id, &job.node, "waived", waive)?;
                }
                Leave::Resign(why) => {
                    tracing::info!(job = %id.job, why, "it is resigned");
                    let resign = instruction::resign_job(&operator, &id.job, &job);
                    self.send(view, id, &job.node, "resigned", resign)?;
                }
            }
        }
        Ok(())
    }

    /// Notes that a job was given back.
    fn note_end(&self, job: &Job, row: Option<&JobRow>) -> anyhow::Result<()> {
        if job.cause == EndCause::Waived.byte()
            && let Some(row) = row
            && row.stage != JobStage::Waived
        {
            let stage = JobStage::Waived;
            self.store.set_job(&JobRow {
                stage,
                ..row.clone()
            })?;
        }
        Ok(())
    }

    /// True if a window of judged work was sealed with nothing, because its first chunk cannot be done.
    fn is_stuck(&self, id: &JobId, now: i64) -> anyhow::Result<bool> {
        let rows = self.store.windows_open(id, now)?;
        Ok(rows.iter().any(seal::is_stuck))
    }

    /// Keeps the offers in the market.
    pub(super) fn keep_offers(&mut self, view: &View) {
        let wanted = Wanted {
            nodes: &nodes(view),
            jobs: &view.jobs,
            configured: &self.config.offer,
        };
        let (ledger, purse) = (&mut self.chain.ledger, &mut self.purse);
        let done = self.errands.offers.turn(ledger, purse, view.now, &wanted);
        told(done);
    }

    /// Withdraws the offers.
    pub(super) fn withdraw(&mut self, view: &View) {
        let (ledger, purse) = (&mut self.chain.ledger, &mut self.purse);
        let done = self
            .errands
            .offers
            .withdraw(ledger, purse, view.now, &nodes(view));
        told(done);
    }

    /// Pulls money, of each provider's owner: of a worker that leaves once a minute, and at last.
    pub(super) fn pull(&mut self, view: &View, is_leaving: bool, is_last: bool) {
        let now = view.now;
        let is_early = |last: i64| (last..last.saturating_add(LEAVING_SECS)).contains(&now);
        if is_leaving && !is_last && self.errands.pulled_at.is_some_and(is_early) {
            return;
        }
        self.errands.pulled_at = Some(now);
        let mut owners: HashMap<Address, Address> = HashMap::new();
        for own in &view.nodes {
            owners.insert(own.provider_key, own.provider.owner);
        }
        for (provider, owner) in owners {
            let jobs = view.jobs.iter().filter(|(_, job)| job.provider == provider);
            let jobs: Vec<_> = jobs.copied().collect();
            let mine = Mine {
                owner: &owner,
                jobs: &jobs,
                is_leaving,
            };
            let every = self.errands.pull_every_secs;
            let money = self.errands.money.entry(provider);
            let money = money.or_insert_with(|| Money::new(every));
            let (ledger, purse) = (&mut self.chain.ledger, &mut self.purse);
            // What was done and what was not is told where it happens.
            if is_leaving {
                money.pull(ledger, purse, now, &mine);
            } else {
                money.turn(ledger, purse, now, &mine);
            }
        }
    }
}

/// The node of this process that an open job can be accepted onto: of its set, with the most free slots.
fn place<'a>(view: &'a View, job: &Job) -> Option<&'a Own> {
    let fits = |own: &&Own| {
        let is_named = job.provider == Address::default() || job.provider == own.provider_key;
        is_named && own.node.set == job.terms.set
    };
    let free = |own: &&Own| own.node.slots_total.saturating_sub(own.node.slots_used);
    view.nodes.iter().filter(fits).max_by_key(free)
}

fn nodes(view: &View) -> Vec<(Address, Node)> {
    view.nodes.iter().map(|own| (own.key, own.node)).collect()
}

/// A node that does not answer ends no turn.
fn told(done: sluice_client::Result<Vec<Done>>) {
    if let Err(error) = done {
        tracing::warn!(%error, "offers are not looked at this time");
    }
}
