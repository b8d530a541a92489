//! What a worker does for its windows each turn.

use {
    super::{
        compute::Task,
        daemon::Worker,
        prove::{self, Found, Proven},
        seal::{self, Due},
        store::{JobRow, JobStage, WindowRow, WindowStage},
        submit::Sheet,
        view::View,
    },
    crate::{blobs::JobId, member::Member, windows::WindowId},
    metrics::counter,
    sluice_client::{
        Address, Job, JobState, Ledger, Signer,
        statement::{Path, Statement},
    },
    std::{
        collections::HashMap,
        sync::Arc,
        time::{Duration, Instant},
    },
};

/// So many times the pace proofs are sent at once. A node may take a minute for each: in between windows are sealed and members are asked.
const SLICE: u32 = 10;

/// The windows of a job that are to be worked.
pub struct Plan {
    /// The job.
    pub id: JobId,
    /// Its windows that are not sealed.
    pub due: Vec<Due>,
}

impl<L: Ledger> Worker<L> {
    /// Takes over what the chain says of windows that were sealed, and of jobs that ended.
    pub(super) fn follow(&mut self, view: &View) -> anyhow::Result<()> {
        for row in self.store.jobs()? {
            let mut jobs = view.jobs.iter();
            let job =
                jobs.find(|(key, job)| *key == row.id.job && job.incarnation == row.id.incarnation);
            match row.stage {
                JobStage::Admitted | JobStage::Waived => {}
                JobStage::Over if job.is_some_and(|(_, job)| is_active(job)) => {
                    self.come_back(row)?;
                    continue;
                }
                JobStage::Over | JobStage::Asked => continue,
            }
            for window in self.store.windows_open(&row.id, view.now)? {
                if let Some((_, job)) = job {
                    self.take_over(job, &window, view.now)?;
                }
            }
            let is_open = view.open.iter().any(|(key, _)| *key == row.id.job);
            let is_over = job.is_none_or(|(_, job)| !is_active(job)) && !is_open;
            if is_over && !self.is_mine(&row)? {
                self.end(row, job.map(|(_, job)| job), view.now)?;
            }
        }
        let wanted = |id: &JobId| {
            let mut all = view.jobs.iter().chain(&view.open);
            all.any(|(key, job)| *key == id.job && job.incarnation == id.incarnation)
        };
        self.intake.retain(wanted);
        self.errands.retain(wanted);
        self.submit.retain(|id| wanted(&id.job));
        Ok(())
    }

    /// True if the chain, asked for this very job, still has it as one that is worked on here or may be accepted. A node's list may lack
    /// it for a moment.
    fn is_mine(&self, row: &JobRow) -> anyhow::Result<bool> {
        let job = self.chain.find::<Job>(&row.id.job)?;
        Ok(job.is_some_and(|job| {
            let is_here = job.state == JobState::Open.byte() || job.node == row.node;
            job.incarnation == row.id.incarnation
                && job.state != JobState::Released.byte()
                && is_here
        }))
    }

    /// True if no job that this process knows of is worked on any more, whatever a node's list lacks.
    pub(super) fn is_done(&self, view: &View) -> anyhow::Result<bool> {
        if view.jobs.iter().any(|(_, job)| is_active(job)) {
            return Ok(false);
        }
        for row in self.store.jobs()? {
            let is_waiting = matches!(row.stage, JobStage::Admitted | JobStage::Waived);
            let is_open = view.open.iter().any(|(key, _)| *key == row.id.job);
            if is_waiting && !is_open {
                let job = self.chain.find::<Job>(&row.id.job)?;
                let is_active = |job: Job| is_active(&job) && job.node == row.node;
                if job.is_some_and(is_active) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Notes that a job that was thought over is not: a node told of no such job.
    fn come_back(&self, row: JobRow) -> anyhow::Result<()> {
        tracing::warn!(job = %row.id.job, "the job is not over");
        let stage = row.names.map_or(JobStage::Asked, |_| JobStage::Admitted);
        Ok(self.store.set_job(&JobRow {
            stage,
            reason: None,
            ..row
        })?)
    }

    /// Notes what `job` says of a sealed window.
    fn take_over(&self, job: &Job, row: &WindowRow, now: i64) -> anyhow::Result<()> {
        let Some(Found { stage, reason }) = prove::found(job, row, now) else {
            return Ok(());
        };
        let (id, job) = (row.id, row.id.job.job);
        if stage != row.stage {
            counter!("sluice_worker_windows_total", "stage" => stage.to_string()).increment(1);
        }
        match reason.as_deref() {
            Some(prove::CONTRADICTED) => {
                tracing::error!(%job, window = id.window, "the chain has another statement of this window than this worker signed");
            }
            reason => tracing::info!(%job, window = id.window, %stage, reason, "a window"),
        }
        Ok(self.store.set_window(&id, stage, reason.as_deref())?)
    }

    /// Notes that a job is over. What it proved is settled by then.
    fn end(&self, row: JobRow, job: Option<&Job>, now: i64) -> anyhow::Result<()> {
        let may_be_void = job.is_none_or(|job| job.void_windows > 0);
        for window in self.store.windows_open(&row.id, now)? {
            let (stage, reason) = match window.stage {
                WindowStage::Sealed | WindowStage::Signed => {
                    (WindowStage::Lost, Some("the job is over"))
                }
                WindowStage::Proven
                    if may_be_void && window.reason.as_deref() == Some(prove::CHALLENGED) =>
                {
                    let why = "it was challenged, and windows of the job were ruled void";
                    (WindowStage::Lost, Some(why))
                }
                WindowStage::Proven => (WindowStage::Matured, None),
                WindowStage::Matured | WindowStage::Lost => continue,
            };
            self.store.set_window(&window.id, stage, reason)?;
        }
        tracing::info!(job = %row.id.job, "the job is over");
        let stage = JobStage::Over;
        Ok(self.store.set_job(&JobRow { stage, ..row })?)
    }

    /// Seals windows, signs what is sealed, and says which windows are to be worked.
    pub(super) fn seal(&mut self, view: &View) -> anyhow::Result<Vec<Plan>> {
        let mut plans = vec![];
        let jobs: Vec<_> = self
            .at_work(view)
            .filter_map(|(id, job, work)| Some((id, *job, Arc::clone(work?))))
            .collect();
        for (id, job, work) in jobs {
            let rows = self.store.windows_open(&id, view.now)?;
            let Some(due) = seal::due(&job, &work, &rows, view.now) else {
                tracing::error!(job = %id.job, "the numbers of this job contradict each other");
                continue;
            };
            let mut left = vec![];
            for one in due {
                let found = self.store.chunks(&id, one.span.chunks.clone())?;
                let notice = job.terms.notice_secs;
                let evidence = one.evidence(&work.spec.core, &found, notice, view.now);
                let sealed =
                    evidence.and_then(|evidence| one.sealed(&job, &work, &evidence, view.now));
                let Some(sealed) = sealed else {
                    left.push(one);
                    continue;
                };
                let window = one.span.window;
                // On the disk before anything of it is signed.
                self.store.seal(&WindowId { job: id, window }, &sealed)?;
                counter!("sluice_worker_windows_total", "stage" => "sealed").increment(1);
                tracing::info!(job = %id.job, window, units = sealed.units, "sealed");
            }
            plans.push(Plan { id, due: left });
        }
        self.sign(view)?;
        Ok(plans)
    }

    /// Signs every window that is sealed: the same statement again if this process died in between.
    fn sign(&mut self, view: &View) -> anyhow::Result<()> {
        let jobs: Vec<_> = self.at_work(view).map(|(id, job, _)| (id, *job)).collect();
        for (id, job) in jobs {
            let Some(hand) = self
                .hands
                .iter_mut()
                .find(|hand| hand.key.pubkey() == job.worker)
            else {
                continue;
            };
            for row in self.store.windows_open(&id, view.now)? {
                if row.stage != WindowStage::Sealed {
                    continue;
                }
                let sealed = &row.sealed;
                let statement = Statement::of(&job, row.id.window, sealed.units, sealed.digest);
                match hand
                    .journal
                    .sign(&statement, Path::Quorum, hand.key.as_ref())
                {
                    Ok(signed) => self.store.signed(&row.id, &signed.signature)?,
                    Err(error) => {
                        let why = error.to_string();
                        // Once, and not in every turn.
                        if row.reason.as_ref() != Some(&why) {
                            tracing::error!(job = %id.job, window = row.id.window, %error, "not signed");
                        }
                        self.store.set_window(&row.id, row.stage, Some(&why))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Says what there is to compute.
    pub(super) fn set_compute(
        &self,
        plans: &[Plan],
        view: &View,
        members: &HashMap<Address, Vec<Member>>,
    ) -> anyhow::Result<()> {
        let mut tasks = vec![];
        for plan in plans {
            let (Some((job, _)), Some(work)) = (view.active(&plan.id), self.intake.work(&plan.id))
            else {
                continue;
            };
            let members = members.get(&job.terms.set).map_or(&[][..], Vec::as_slice);
            let Some(source) = self.source(view, (&plan.id.job, &job.node), members) else {
                continue;
            };
            let spans = plan.due.iter().map(|due| due.span.clone());
            tasks.push(Task {
                work: Arc::clone(work),
                source: Arc::new(source),
                spans: spans.filter(|span| span.most > 0).collect(),
            });
        }
        Ok(self.compute.set(tasks)?)
    }

    /// Takes members' answers, and puts signed windows before those that have to be asked.
    pub(super) fn ask_members(
        &mut self,
        view: &View,
        members: &HashMap<Address, Vec<Member>>,
    ) -> anyhow::Result<()> {
        let mut answers = std::mem::take(&mut self.answers);
        for (id, job, row) in self.signed(view)? {
            let Some((_, set)) = view.active(&id) else {
                continue;
            };
            let members = members.get(&job.terms.set).map_or(&[][..], Vec::as_slice);
            let Some(ask) = self.hand(&job.worker).map(|hand| Arc::clone(&hand.ask)) else {
                continue;
            };
            let sheet = Sheet {
                row: &row,
                job: &job,
                set,
                members,
                ask: &ask,
            };
            let is_about = |answer: &mut super::submit::Answer| answer.question.0 == row.id;
            for answer in answers.extract_if(.., is_about) {
                self.submit.hear(answer, Some(&sheet), view.now)?;
            }
            if view.now < row.sealed.closes_at {
                self.submit.turn(&sheet, view.now)?;
            } else {
                self.submit.give_up(|id| *id == row.id);
            }
        }
        // Answers to windows that are not asked about any more.
        for answer in answers {
            self.submit.hear(answer, None, view.now)?;
        }
        Ok(())
    }

    /// Proves what enough members signed, for a while. True if something is left.
    pub(super) fn prove(&mut self, view: &View) -> anyhow::Result<bool> {
        let until = Instant::now().checked_add(self.pace.saturating_mul(SLICE));
        let mut signed = self.signed(view)?;
        // One whose proof does not land, and takes minutes not to, waits for those that were not tried.
        signed.sort_by_key(|(.., row)| self.errands.was_tried(&row.id));
        for (id, job, row) in signed {
            if until.is_some_and(|until| Instant::now() >= until) {
                return Ok(true);
            }
            let Some((_, set)) = view.active(&id) else {
                continue;
            };
            if !self.errands.is_due(&row.id) {
                continue;
            }
            let signed = self.store.countersignatures(&row.id)?;
            let sending = (&mut self.chain.ledger, &mut self.purse);
            match prove::prove(sending, (&job, set), &row, &signed, view.now) {
                Proven::NotYet => {}
                Proven::Not(error) => {
                    let why = format!("the proof is not sent: {error}");
                    tracing::warn!(job = %id.job, window = row.id.window, why, "not proven");
                    self.store.set_window(&row.id, row.stage, Some(&why))?;
                    self.errands.failed(row.id);
                }
                Proven::Ask => {
                    // A node that lags behind does not show it yet: it is not sent again at once.
                    self.errands.failed(row.id);
                    // What the chain says decides, whatever became of the transaction.
                    if let Some(job) = self.chain.find::<Job>(&id.job)?
                        && job.incarnation == id.incarnation
                    {
                        self.take_over(&job, &row, view.now)?;
                    }
                }
            }
        }
        Ok(false)
    }

    /// The windows of active jobs that the worker signed and the chain has not; first the one that can be proven for the shortest time.
    fn signed(&self, view: &View) -> anyhow::Result<Vec<(JobId, Job, WindowRow)>> {
        let mut all = vec![];
        for (id, job, _) in self.at_work(view) {
            let rows = self.store.windows_open(&id, view.now)?;
            let signed = rows
                .into_iter()
                .filter(|row| row.stage == WindowStage::Signed);
            all.extend(signed.map(|row| (id, *job, row)));
        }
        all.sort_by_key(|(.., row)| row.sealed.closes_at);
        Ok(all)
    }

    /// How long nothing is due, as far as it is known now.
    pub(super) fn wait(&self, plans: &[Plan], now: i64) -> Duration {
        let dates = plans
            .iter()
            .flat_map(|plan| &plan.due)
            .flat_map(|due| [due.starts_at, due.span.ends_at, due.seal_by]);
        let next = dates.filter(|date| *date > now).min();
        let secs = next.map_or(i64::MAX, |date| date.saturating_sub(now));
        let until_date = Duration::from_secs(u64::try_from(secs).unwrap_or(u64::MAX));
        let retry = self.submit.next().into_iter().chain(self.errands.next());
        let until_retry = retry
            .min()
            .map(|at| at.saturating_duration_since(Instant::now()));
        until_retry.map_or(until_date, |until| until.min(until_date))
    }
}

fn is_active(job: &Job) -> bool {
    job.state == JobState::Active.byte()
}
