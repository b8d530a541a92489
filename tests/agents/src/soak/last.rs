//! What is held at the end: everything is closed, keys signed one thing of each window, no honest window was lost, and what is kept of jobs goes.

use {
    super::{Soak, flat::Disk, story::Story},
    crate::{journals, stage::Manner, usage},
    anyhow::{Result, ensure},
    sluice_agent::{
        blobs::JobId,
        worker::store::{Store, WindowStage},
    },
    std::{
        fs,
        path::Path,
        thread::sleep,
        time::{Duration, Instant},
    },
};

const DAY_SECS: u32 = 86_400;
/// What jobs had goes a day after their last ruling, and a leap of the clock is believed later.
const PATIENCE: Duration = Duration::from_secs(240);
/// What may be left of a job after days, bytes: rows, and statements in journals.
const LEFT: u64 = 16 << 10;
/// The same of an agent that had none: each of its databases writes ahead into a file of 4 MiB, which stays.
const SLACK: u64 = 10 << 20;

impl Soak {
    /// Holds what can be held once every job is gone.
    pub(super) fn end(&mut self) -> Result<()> {
        let sight = self.eye.look()?;
        self.reckoning.end(&sight)?;
        self.heard.hold()?;
        self.hold_lost()?;
        let grew = self.lives.hold();
        self.pass_days()?;
        let names: Vec<_> = self.names();
        for name in names {
            self.stage.agents.stop(&name)?;
        }
        let seen: Vec<_> = self.seen.values().copied().collect();
        self.statements = journals::hold_journals(&self.stage, &self.heard, &seen)?;
        self.flat = grew?;
        Ok(())
    }

    fn names(&self) -> Vec<String> {
        let agents = self.stage.agents.all().iter();
        agents.map(|agent| agent.name.clone()).collect()
    }

    /// What honest workers sealed for buyers to whom nothing happened is proven, all of it.
    fn hold_lost(&self) -> Result<()> {
        let mut lost = self.lost.iter();
        let lost = lost.find(|(job, _)| self.calm.contains(job));
        ensure!(lost.is_none(), "sealed and lost: {lost:?}");
        Ok(())
    }

    /// Reads what an honest worker sealed of a job that is gone, before it forgets it.
    pub(super) fn read_store(&mut self, story: &Story) -> Result<()> {
        let mut crews = self.stage.crews.iter();
        let crew = crews.find(|crew| crew.nodes.contains(&story.last.node));
        let Some(crew) = crew.filter(|crew| crew.manner == Manner::Honest) else {
            return Ok(());
        };
        let folder = &self.stage.agents.get(&crew.name)?.folder;
        let store = Store::open(&folder.join("state"))?;
        let id = JobId {
            job: story.key,
            incarnation: story.last.incarnation,
        };
        for row in store.windows(&id)? {
            self.sealed = self.sealed.saturating_add(1);
            if row.stage == WindowStage::Lost {
                let (window, reason) = (row.id.window, row.reason);
                let what = format!("{}, window {window}: {reason:?}", crew.name);
                self.lost.push((story.key, what));
            }
        }
        Ok(())
    }

    /// Moves the clock on until nothing of the jobs is kept any more.
    fn pass_days(&mut self) -> Result<()> {
        let last = usage::of(&self.stage.agents);
        for _ in 0..3 {
            self.stage.chain.advance(DAY_SECS)?;
        }
        let jobs = self.reckoning.total.jobs;
        let begin = Instant::now();
        loop {
            let later = usage::of(&self.stage.agents);
            self.days = self.lives.disks(&last, &later);
            let is_gone = |disk: &Disk| {
                let left = jobs.saturating_mul(LEFT).saturating_add(SLACK);
                disk.later <= disk.first.saturating_add(left)
            };
            let agents = self.stage.agents.all().iter();
            let kept = agents.map(|agent| kept(&agent.folder.join("state")));
            let kept: usize = kept.sum();
            if kept == 0 && self.days.iter().all(is_gone) {
                return Ok(());
            }
            ensure!(
                begin.elapsed() < PATIENCE,
                "what jobs had is still there, {kept} blobs: {:?}",
                self.days
            );
            sleep(Duration::from_secs(1));
        }
    }
}

/// Blobs and outputs in an agent's state; its cache is bounded, and the index of blobs is none.
fn kept(state: &Path) -> usize {
    let folders = ["blobs", "outputs"].into_iter();
    let entries = folders.flat_map(|name| fs::read_dir(state.join(name)).into_iter().flatten());
    let names = entries.flatten().map(|entry| entry.file_name());
    names
        .filter(|name| !name.to_string_lossy().starts_with("index."))
        .count()
}
