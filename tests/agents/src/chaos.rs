//! Who is killed when: at random, by number.

use {
    anyhow::Result,
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    sluice_localnet::agents::Agents,
    std::{
        collections::BTreeMap,
        time::{Duration, Instant},
    },
};

/// Kills agents, and starts each again a little later.
pub struct Chaos {
    random: ChaCha8Rng,
    /// Kills of each.
    pub kills: BTreeMap<String, u32>,
    /// Longest time for which one is down.
    longest: Duration,
    down: Vec<(String, Instant)>,
    spared: Vec<String>,
}

impl Chaos {
    /// The same for the same seed, as far as time allows.
    pub fn new(seed: u64, longest: Duration) -> Self {
        Self {
            random: ChaCha8Rng::seed_from_u64(seed),
            kills: BTreeMap::new(),
            longest,
            down: vec![],
            spared: vec![],
        }
    }

    /// The same, and those of these names live on.
    pub fn sparing(mut self, names: &[&str]) -> Self {
        self.spared = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Kills so far.
    pub fn count(&self) -> u32 {
        self.kills.values().sum()
    }

    /// Kills one that runs.
    ///
    /// # Errors
    /// The system's.
    pub fn strike(&mut self, agents: &mut Agents) -> Result<()> {
        let running: Vec<_> = agents
            .all()
            .iter()
            .filter(|one| one.id().is_some() && !self.spared.contains(&one.name))
            .collect();
        if running.is_empty() {
            return Ok(());
        }
        let chosen = self.random.random_range(0..running.len());
        let Some(name) = running.get(chosen).map(|one| one.name.clone()) else {
            return Ok(());
        };
        agents.kill(&name)?;
        let millis = u64::try_from(self.longest.as_millis()).unwrap_or(u64::MAX);
        let wait = Duration::from_millis(self.random.random_range(0..=millis));
        self.down.push((name.clone(), Instant::now() + wait));
        let kills = self.kills.entry(name).or_default();
        *kills = kills.saturating_add(1);
        Ok(())
    }

    /// Starts those again whose time has come.
    ///
    /// # Errors
    /// The system's.
    pub fn raise(&mut self, agents: &mut Agents) -> Result<()> {
        let now = Instant::now();
        let (ready, down) = self.down.drain(..).partition(|(_, at)| *at <= now);
        self.down = down;
        let ready: Vec<(String, Instant)> = ready;
        ready.iter().try_for_each(|(name, _)| agents.restart(name))
    }

    /// Starts all of them again.
    ///
    /// # Errors
    /// The system's.
    pub fn end(&mut self, agents: &mut Agents) -> Result<()> {
        self.down.clear();
        agents.start()
    }

    /// A time to wait until the next kill.
    pub fn pause(&mut self, longest: Duration) -> Duration {
        let millis = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.random.random_range(0..=millis))
    }
}
