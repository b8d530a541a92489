//! From the first job to the last base unit.

use {
    crate::{
        books::Books,
        buyer::{Buyer, Order, Times},
        delays::Delays,
        journals::{self, Heard, Seen},
        stage::{Manner, Plan, Stage},
        verdict::{self, Verdict},
        work::Work,
    },
    anyhow::{Context, Result, ensure},
    sluice_client::{
        Address, Job, JobState, Ledger, Signer, instruction, view::job::unproven_windows,
    },
    std::{
        collections::BTreeMap,
        fmt::Write as _,
        thread::sleep,
        time::{Duration, Instant},
    },
};

/// Between two looks at the chain.
const BETWEEN: Duration = Duration::from_millis(200);

/// A network, its buyer, and the buyer's jobs.
pub struct Play {
    /// The network.
    pub stage: Stage,
    /// The buyer.
    pub buyer: Buyer,
    /// The jobs.
    pub orders: Vec<Order>,
    /// Each as it was when it was accepted.
    pub seen: BTreeMap<Address, Seen>,
    before: Books,
    begin: Instant,
}

/// What came of all of it.
pub struct Report {
    /// Of each job, in the order in which they were opened.
    pub verdicts: Vec<Verdict>,
    /// What passed the taps.
    pub heard: Heard,
    /// Statements in the attesters' journals.
    pub statements: usize,
    /// How long it took.
    pub took: Duration,
}

impl Play {
    /// Sets the stage.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn new(plan: &Plan) -> Result<Self> {
        let begin = Instant::now();
        let stage = Stage::new(plan)?;
        Ok(Self {
            buyer: Buyer::new(&stage)?,
            before: Books::read(&stage, &[])?,
            orders: vec![],
            seen: BTreeMap::new(),
            stage,
            begin,
        })
    }

    /// Opens a job and brings its blobs to all members, of whom `least` must take them.
    ///
    /// # Errors
    /// What program and members refuse.
    pub fn order(
        &mut self,
        work: Work,
        provider: usize,
        times: Times,
        least: usize,
    ) -> Result<Address> {
        let order = self.buyer.open(&self.stage, work, provider, times)?;
        let job = order.job;
        self.buyer.bring(&self.stage, &order, least)?;
        self.orders.push(order);
        Ok(job)
    }

    /// The same for a node on which nobody works: it is accepted before any member has heard of it.
    ///
    /// # Errors
    /// What the program refuses.
    pub fn order_of_silent(
        &mut self,
        work: Work,
        node: &Address,
        provider: usize,
        times: Times,
    ) -> Result<Address> {
        let order = self.buyer.open(&self.stage, work, provider, times)?;
        let mut ledger = self.stage.ledger();
        let job: Job = ledger.get(&order.job)?;
        let keys = self.stage.providers.get(provider).context("no provider")?;
        let (operator, owner) = (&keys.operator, &keys.owner);
        let [operator_key, owner_key] = [operator, owner].map(Signer::pubkey);
        let accept = instruction::accept_job(&operator_key, &owner_key, &order.job, &job, node);
        ledger.send(&[accept], operator, &[])?;
        let key = order.job;
        self.orders.push(order);
        Ok(key)
    }

    /// Looks at every job once, and remembers those that are accepted; true if all are.
    ///
    /// # Errors
    /// The ledger's.
    pub fn look(&mut self) -> Result<bool> {
        self.stage.tell_time()?;
        for order in &self.orders {
            if self.seen.contains_key(&order.job) {
                continue;
            }
            let job = order.now(&self.stage)?;
            if let Some(job) = job.filter(|job| job.state == JobState::Active.byte()) {
                let key = order.job;
                self.seen.insert(key, Seen { key, job });
            }
        }
        Ok(self.seen.len() == self.orders.len())
    }

    /// Waits until every job is accepted.
    ///
    /// # Errors
    /// If one is not in time.
    pub fn until_accepted(&mut self, patience: Duration) -> Result<()> {
        let begin = Instant::now();
        while !self.look()? {
            let (seen, all) = (self.seen.len(), self.orders.len());
            ensure!(
                begin.elapsed() < patience,
                "{seen} of {all} jobs are accepted:\n{}",
                self.tails()
            );
            sleep(BETWEEN);
        }
        Ok(())
    }

    /// Windows proven so far, of the job's account; as many as its ring remembers.
    ///
    /// # Errors
    /// The ledger's.
    pub fn proven(&self, job: &Address) -> Result<Vec<u32>> {
        let mut orders = self.orders.iter();
        let order = orders.find(|order| order.job == *job).context("no job")?;
        let Some(job) = order.now(&self.stage)? else {
            return Ok(vec![]);
        };
        let windows = job.ring.iter();
        let windows = windows.filter_map(|entry| entry.window_plus_one.checked_sub(1));
        Ok(windows.collect())
    }

    /// True once no window of any job can be proven any more, or every one that honest workers have is.
    ///
    /// # Errors
    /// The ledger's.
    pub fn is_over(&self) -> Result<bool> {
        let now = self.stage.tell_time()?;
        for order in &self.orders {
            let Some(job) = order.now(&self.stage)? else {
                continue;
            };
            if job.state != JobState::Active.byte() {
                continue;
            }
            let can_be = unproven_windows(&job, now).context("the job's numbers contradict")?;
            let seen = self.seen.get(&order.job).context("it was not seen")?;
            let is_honest = verdict::manner(&self.stage, seen)? == Manner::Honest;
            let grace = i64::from(job.terms.grace_secs);
            let is_late = now >= job.end_at.saturating_add(grace);
            let is_done = now >= job.end_at && can_be.is_empty() && is_honest;
            if !is_late && !is_done {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Calls `does` again and again until everything [is over](Self::is_over).
    ///
    /// # Errors
    /// Those of `does`, and if it takes too long.
    pub fn until_over(
        &mut self,
        patience: Duration,
        mut does: impl FnMut(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let begin = Instant::now();
        while !self.is_over()? {
            ensure!(
                begin.elapsed() < patience,
                "it does not come to an end:\n{}",
                self.tails()
            );
            does(self)?;
            sleep(BETWEEN);
        }
        Ok(())
    }

    /// Closes every job, ends every agent, and holds everything against everything.
    ///
    /// # Errors
    /// With what is not as it should be.
    pub fn finish(mut self) -> Result<Report> {
        self.skip()?;
        for order in &self.orders {
            self.buyer
                .close(&self.stage, order, Duration::from_secs(60))?;
        }
        let agents = self.stage.agents.all().iter();
        let names: Vec<_> = agents.map(|agent| agent.name.clone()).collect();
        for name in names {
            self.stage.agents.stop(&name)?;
        }
        let heard = journals::heard(&self.stage)?;
        heard.hold()?;
        let seen: Vec<_> = self.seen.values().copied().collect();
        let statements = journals::hold_journals(&self.stage, &heard, &seen)?;
        let mut verdicts = vec![];
        let mut units = BTreeMap::<_, u64>::new();
        for order in &self.orders {
            let seen = self.seen.get(&order.job).context("it was not seen")?;
            let verdict = verdict::of(&self.stage, order, seen, &heard)?;
            if verdict.manner == Manner::Honest {
                journals::hold_store(&self.stage, order, seen, &heard)?;
            }
            let all = units.entry(order.provider).or_default();
            *all = all.saturating_add(verdict.units);
            verdicts.push(verdict);
        }
        let jobs: Vec<_> = self.orders.iter().map(|order| order.job).collect();
        let after = Books::read(&self.stage, &jobs)?;
        self.before.hold(&after, &units)?;
        Ok(Report {
            verdicts,
            heard,
            statements,
            took: self.begin.elapsed(),
        })
    }

    /// Moves the clock to when the last proof is earned: until then nothing happens.
    fn skip(&self) -> Result<()> {
        let mut last = self.stage.tell_time()?;
        for order in &self.orders {
            if let Some(job) = order.now(&self.stage)? {
                let terms = &job.terms;
                let after = [terms.window_secs, terms.grace_secs, terms.challenge_secs];
                let after: i64 = after.into_iter().map(i64::from).sum();
                last = last.max(job.end_at.saturating_add(after));
            }
        }
        self.stage.chain.warp_to(last)
    }

    /// The last lines of every agent's log.
    pub fn tails(&self) -> String {
        let agents = self.stage.agents.all().iter();
        agents.fold(String::new(), |mut text, agent| {
            let _ = writeln!(text, "== {}\n{}", agent.name, agent.tail());
            text
        })
    }
}

impl Report {
    /// Every window of every honest worker is proven.
    ///
    /// # Errors
    /// With the first that is not.
    pub fn hold_honest(&self) -> Result<()> {
        for (number, verdict) in self.verdicts.iter().enumerate() {
            ensure!(
                verdict.manner != Manner::Honest || verdict.unproven.is_empty(),
                "of job {number} the windows {:?} are not proven",
                verdict.unproven
            );
        }
        Ok(())
    }

    /// How long windows of honest workers waited for their proofs.
    pub fn delays(&self) -> Delays {
        let honest = self.verdicts.iter();
        let honest = honest.filter(|verdict| verdict.manner == Manner::Honest);
        let delays = honest.flat_map(|verdict| verdict.proven.values());
        delays.copied().collect()
    }

    /// As people read it.
    pub fn table(&self) -> String {
        let mut text = String::from(
            "job  worker   proven  unproven  gaps  units    lies refused (window: chunk)\n",
        );
        for (number, verdict) in self.verdicts.iter().enumerate() {
            let lies = verdict.refused.iter();
            let lies: Vec<_> = lies
                .map(|(window, chunk)| format!("{window}: {chunk}"))
                .collect();
            let _ = writeln!(
                text,
                "{number:<4} {:<8} {:<7} {:<9} {:<5} {:<8} {}",
                format!("{:?}", verdict.manner).to_lowercase(),
                verdict.proven.len(),
                verdict.unproven.len(),
                verdict.gaps,
                verdict.units,
                lies.join(", ")
            );
        }
        let _ = writeln!(
            text,
            "{} countersignatures, {} statements in journals, {} refusals; {:.0} s",
            self.heard.signed.len(),
            self.statements,
            self.heard.refused.len(),
            self.took.as_secs_f64()
        );
        let _ = writeln!(text, "{}", self.delays());
        text
    }
}
