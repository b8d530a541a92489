//! Memory, open files and disk of every process over time, and whether they grow.

use {
    crate::usage::{self, Held},
    anyhow::{Result, ensure},
    sluice_localnet::agents::Agents,
    std::collections::BTreeMap,
};

/// Medians of the second and the last quarter of a process' life may lie so far apart, KiB: caches that fill, and what the allocator keeps.
pub const MEMORY: u64 = 16 << 10;
/// Open files may grow by this many.
pub const FILES: u64 = 8;
/// A life with fewer samples says nothing.
const LEAST: usize = 12;

/// A process of an agent, from its start until it is killed.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// Number of its process.
    pub id: u32,
    /// Samples, in their order.
    pub samples: Vec<Held>,
}

/// State on the disk of an agent, bytes.
#[derive(Clone, Debug)]
pub struct Disk {
    /// The agent.
    pub name: String,
    /// When it began.
    pub first: u64,
    /// When the last job was over.
    pub last: u64,
    /// Days later.
    pub later: u64,
}

/// All lives of everybody, by their names.
#[derive(Clone, Debug, Default)]
pub struct Lives(pub BTreeMap<String, Vec<Life>>);

/// What is said of an agent.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Processes that it had.
    pub lives: usize,
    /// Samples of the longest-lived one.
    pub samples: usize,
    /// Of that one, medians of its second and its last quarter.
    pub early: Held,
    /// The same of the last quarter.
    pub late: Held,
    /// Most memory of any of its processes, KiB.
    pub most: u64,
    /// Disk at the first and the last sample of all.
    pub disk: (u64, u64),
}

impl Lives {
    /// Takes a sample of everybody who runs.
    pub fn sample(&mut self, agents: &Agents) {
        for agent in agents.all() {
            let Some((id, held)) = agent.id().zip(usage::of_agent(agent)) else {
                continue;
            };
            self.add(&agent.name, id, held);
        }
    }

    /// The same of this process, in which the chain is.
    pub fn sample_own(&mut self) {
        let id = std::process::id();
        if let Some((memory, files)) = usage::of_process(id) {
            let held = Held {
                memory,
                files,
                disk: 0,
            };
            self.add(OWN, id, held);
        }
    }

    fn add(&mut self, name: &str, id: u32, held: Held) {
        let lives = self.0.entry(name.to_owned()).or_default();
        if lives.last().is_none_or(|life| life.id != id) {
            lives.push(Life {
                id,
                samples: vec![],
            });
        }
        if let Some(life) = lives.last_mut() {
            life.samples.push(held);
        }
    }

    /// State on disk of everybody who runs: at first, at the end, and later.
    pub fn disks(
        &self,
        last: &BTreeMap<String, Held>,
        later: &BTreeMap<String, Held>,
    ) -> Vec<Disk> {
        let all = later.iter().filter_map(|(name, later)| {
            let first = self.0.get(name)?.first()?.samples.first()?.disk;
            Some(Disk {
                name: name.clone(),
                first,
                last: last.get(name)?.disk,
                later: later.disk,
            })
        });
        all.collect()
    }

    /// What is said of everybody.
    pub fn lines(&self) -> Vec<Line> {
        let all = self.0.iter();
        all.filter_map(|(name, lives)| {
            let longest = lives.iter().max_by_key(|life| life.samples.len())?;
            let samples = lives.iter().flat_map(|life| &life.samples);
            let (early, late) = longest.quarters();
            Some(Line {
                name: name.clone(),
                lives: lives.len(),
                samples: longest.samples.len(),
                early,
                late,
                most: samples.clone().map(|one| one.memory).max()?,
                disk: (samples.clone().next()?.disk, samples.last()?.disk),
            })
        })
        .collect()
    }

    /// Holds that no process that lived long enough grew, and gives how many those are.
    ///
    /// # Errors
    /// With one that did.
    pub fn hold(&self) -> Result<usize> {
        let mut held = 0usize;
        for (name, lives) in self.0.iter().filter(|(name, _)| *name != OWN) {
            for life in lives.iter().filter(|life| life.samples.len() >= LEAST) {
                let (early, late) = life.quarters();
                ensure!(
                    late.memory <= early.memory.saturating_add(MEMORY)
                        && late.files <= early.files.saturating_add(FILES),
                    "{name} grew: {early:?} {late:?}"
                );
                held = held.saturating_add(1);
            }
        }
        Ok(held)
    }
}

/// What this process is called.
pub const OWN: &str = "chain and play";

impl Life {
    /// Medians of the second and of the last quarter.
    fn quarters(&self) -> (Held, Held) {
        let len = self.samples.len();
        let quarter = (len / 4).max(1);
        let second = self.samples.iter().skip(quarter).take(quarter);
        let last = self.samples.iter().skip(len.saturating_sub(quarter));
        (median(second), median(last))
    }
}

fn median<'a>(samples: impl Iterator<Item = &'a Held> + Clone) -> Held {
    let of = |what: fn(&Held) -> u64| {
        let mut all: Vec<_> = samples.clone().map(what).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    Held {
        memory: of(|held| held.memory),
        files: of(|held| held.files),
        disk: of(|held| held.disk),
    }
}
