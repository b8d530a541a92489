//! Where a run stands.

use {
    super::{Engine, Look, Result, follow::spec_of, windows::last_look_at},
    crate::store::{Counts, JobRow, JobStage, WindowStage},
    sluice_client::{Address, Job, JobState, Ledger, account},
};

/// Where a run stands. Times are unix seconds of the chain, amounts base units of the mint.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The chain's time.
    pub now: i64,
    /// How many chunks are where.
    pub chunks: Counts,
    /// Its jobs, in their order.
    pub jobs: Vec<JobLine>,
    /// In escrow, and spent or to be spent.
    pub used: u64,
    /// The most that may be.
    pub budget: u64,
    /// When the last window that runs now ends.
    pub ends_at: Option<i64>,
    /// Until when windows can be challenged whose results are not all here: until then the run has to look on.
    pub needed_until: Option<i64>,
    /// When the last job can be settled.
    pub settles_at: Option<i64>,
    /// Why chunks wait, if some do.
    pub waits: Option<String>,
    /// True once nothing is left to be done.
    pub is_done: bool,
}

/// Where a job stands.
#[derive(Clone, Debug)]
pub struct JobLine {
    /// Its number in the run.
    pub number: u32,
    /// Its address.
    pub job: Address,
    /// The node that does it.
    pub node: Address,
    /// How far it is.
    pub stage: JobStage,
    /// Enough members said that they will check it.
    pub is_admitted: bool,
    /// Chunks that it was given.
    pub chunks: u32,
    /// Windows that its chunks take.
    pub windows: u32,
    /// Windows that are proven.
    pub proven: u32,
    /// Windows of which everything is here.
    pub held: u32,
    /// Windows that were false or withheld.
    pub bad: u32,
    /// Windows that nobody proved.
    pub lost: u32,
    /// When its last window ends.
    pub ends_at: Option<i64>,
    /// What was last said of it. It may hold a stranger's text.
    pub reason: Option<String>,
}

impl<L: Ledger> Engine<'_, L> {
    pub(super) fn progress(&self, look: &Look, is_cancelled: bool) -> Result<Progress> {
        let rows = self.rows()?;
        let jobs = self.store.jobs()?;
        let chunks = self.store.counts()?;
        let mut progress = Progress {
            now: look.now,
            chunks,
            jobs: vec![],
            used: jobs.iter().map(JobRow::used).fold(0, u64::saturating_add),
            budget: self.settings.budget,
            ends_at: None,
            needed_until: None,
            settles_at: None,
            waits: None,
            is_done: false,
        };
        for row in &jobs {
            let found = look
                .jobs
                .iter()
                .find(|(live, _)| live.number == row.number)
                .and_then(|(_, found)| account::decode::<Job>(&row.plan.job, found.as_ref()?).ok());
            if let Some(job) = found.filter(|_| row.stage == JobStage::Taken) {
                // A window without chunks may be proven until then, and has to be challenged.
                let windows = job.schedule().windows();
                let has_more = windows.is_none_or(|windows| windows > row.plan.windows);
                let until = last_look_at(&job).filter(|_| has_more && self.settings.challenges);
                progress.needed_until = progress.needed_until.max(until);
            }
            let line = self.line(row, found.as_ref(), &rows)?;
            let ends_at = line.ends_at.filter(|_| row.stage == JobStage::Taken);
            progress.ends_at = progress.ends_at.max(ends_at);
            if row.stage.is_live() {
                let settles = found.and_then(|job| {
                    let view = sluice_client::view::job::JobView::of(&job, look.now)?;
                    view.settles_at
                });
                progress.settles_at = progress.settles_at.max(settles);
            }
            progress.jobs.push(line);
        }
        let open = rows.values().filter(|row| !row.stage.is_settled());
        let open = open.map(|row| row.matures_at).filter(|at| *at > 0).max();
        progress.needed_until = progress.needed_until.max(open);
        let are_settled = chunks.settled() == chunks.all();
        if !are_settled && !is_cancelled && chunks.waiting > 0 {
            progress.waits = self.market.why();
        }
        progress.is_done = are_settled && jobs.iter().all(|row| !row.stage.is_live());
        Ok(progress)
    }

    fn line(
        &self,
        row: &JobRow,
        job: Option<&Job>,
        rows: &std::collections::HashMap<(u32, u32), crate::store::WindowRow>,
    ) -> Result<JobLine> {
        let (spec, _) = spec_of(row)?;
        let own = rows.values().filter(|window| window.job == row.number);
        let count = |is: fn(WindowStage) -> bool| {
            let counted = own.clone().filter(|window| is(window.stage)).count();
            u32::try_from(counted).unwrap_or(u32::MAX)
        };
        let job = job.filter(|job| job.state == JobState::Active.byte());
        Ok(JobLine {
            number: row.number,
            job: row.plan.job,
            node: row.plan.node,
            stage: row.stage,
            is_admitted: row.is_admitted,
            chunks: spec.core.count,
            windows: row.plan.windows,
            proven: count(|stage| stage != WindowStage::Lost),
            held: count(|stage| stage == WindowStage::Held),
            bad: count(|stage| {
                matches!(
                    stage,
                    WindowStage::False
                        | WindowStage::Withheld
                        | WindowStage::Challenged
                        | WindowStage::Void
                        | WindowStage::Upheld
                )
            }),
            lost: count(|stage| stage == WindowStage::Lost),
            ends_at: job.map(|job| job.end_at),
            reason: row.reason.clone(),
        })
    }
}
