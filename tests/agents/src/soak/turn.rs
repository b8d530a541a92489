//! What happens in a turn: runs begin and end, processes die and live, the chain is looked at.

use {
    super::{AT_ONCE, Soak, rental::Rental},
    crate::journals::Seen,
    anyhow::{Context, Result, ensure},
    rand::Rng,
    sluice_client::JobState,
    std::{
        fs,
        time::{Duration, Instant},
    },
};

/// What an agent says whose port somebody else has.
const TAKEN: &str = "Address already in use";
/// Between two looks at the chain.
const LOOK: Duration = Duration::from_secs(2);
/// Between two samples of what processes hold.
const SAMPLE: Duration = Duration::from_secs(15);
/// Longest time between two kills.
const KILL: Duration = Duration::from_secs(20);
/// Longest time between two runs that begin.
const RUN: u64 = 12;
/// Longest time between two jobs that are opened by name, and most of them at once.
const BOOKING: u64 = 60;
const BOOKED: usize = 2;
/// How long a job may go on after everybody's runs.
const PATIENCE: Duration = Duration::from_secs(900);

/// What happens next, and when.
pub struct Due {
    look: Instant,
    sample: Instant,
    kill: Instant,
    run: Instant,
    booking: Instant,
    /// When the last run ended.
    idle: Option<Instant>,
}

impl Due {
    /// Everything at once.
    pub fn now() -> Self {
        let now = Instant::now();
        Self {
            look: now,
            sample: now,
            kill: now + KILL,
            run: now,
            booking: now,
            idle: None,
        }
    }
}

/// True once its time has come, which then is a while later.
fn is_due(at: &mut Instant, after: Duration) -> bool {
    let now = Instant::now();
    let is_due = now >= *at;
    if is_due {
        *at = now + after;
    }
    is_due
}

impl Soak {
    /// One turn. Later nothing begins and nobody is killed any more.
    pub(super) fn turn(&mut self, is_on: bool) -> Result<()> {
        self.chaos.raise(&mut self.stage.agents)?;
        if is_on {
            self.trouble()?;
            self.begin_run()?;
            self.begin_booking()?;
        }
        self.hold_alive()?;
        self.turn_runs()?;
        self.listen()?;
        if is_due(&mut self.due.look, LOOK) {
            self.look()?;
        }
        if is_due(&mut self.due.sample, SAMPLE) {
            self.lives.sample(&self.stage.agents);
            self.lives.sample_own();
        }
        if is_on || !self.rentals.is_empty() || self.bookings.going() > 0 {
            self.due.idle = None;
        } else {
            let since = *self.due.idle.get_or_insert_with(Instant::now);
            let left = self.reckoning.stories.keys();
            let left: Vec<_> = left.map(|(key, _)| key.to_string()).collect();
            ensure!(since.elapsed() < PATIENCE, "jobs are left: {left:?}");
        }
        Ok(())
    }

    /// Nobody ends by itself, but who found its port taken: any connection of this machine may have had it while it was down.
    fn hold_alive(&mut self) -> Result<()> {
        for (name, status) in self.stage.agents.ended()? {
            let tail = self.stage.agents.get(&name)?.tail();
            let is_taken = tail.lines().last().is_some_and(|line| line.contains(TAKEN));
            ensure!(is_taken, "{name} ended by itself, {status}:\n{tail}");
            self.taken = self.taken.saturating_add(1);
            self.stage.agents.restart(&name)?;
        }
        Ok(())
    }

    fn trouble(&mut self) -> Result<()> {
        let pause = self.chaos.pause(KILL);
        if is_due(&mut self.due.kill, pause) {
            self.chaos.strike(&mut self.stage.agents)?;
        }
        if let Some(door) = &self.stage.door {
            self.weather.turn(door, &mut self.random);
        }
        Ok(())
    }

    fn begin_run(&mut self) -> Result<()> {
        if self.rentals.len() >= AT_ONCE {
            return Ok(());
        }
        let pause = Duration::from_secs(self.random.random_range(1..=RUN));
        if !is_due(&mut self.due.run, pause) {
            return Ok(());
        }
        let busy: Vec<_> = self.rentals.iter().map(Rental::buyer).collect();
        let free = self.keys.iter().enumerate();
        let free: Vec<_> = free.filter(|(place, _)| !busy.contains(place)).collect();
        let Some(buyer) = free.get(self.random.random_range(0..free.len().max(1))) else {
            return Ok(());
        };
        self.runs = self.runs.saturating_add(1);
        let rental = Rental::begin(&self.stage, self.runs, *buyer, &mut self.random)?;
        self.truth.learn(rental.renter.known())?;
        self.rentals.push(rental);
        Ok(())
    }

    fn begin_booking(&mut self) -> Result<()> {
        if self.bookings.going() >= BOOKED {
            return Ok(());
        }
        let pause = Duration::from_secs(self.random.random_range(1..=BOOKING));
        if is_due(&mut self.due.booking, pause) {
            let (bookings, random) = (&mut self.bookings, &mut self.random);
            let order = bookings.open(&self.stage, random)?;
            let work = &order.work;
            self.truth.learn(work.inputs.iter().zip(&work.truth))?;
        }
        Ok(())
    }

    fn turn_runs(&mut self) -> Result<()> {
        let mut going = vec![];
        for mut rental in std::mem::take(&mut self.rentals) {
            let checks = &mut self.reckoning.checks;
            let ended = rental.turn(&self.stage, &mut self.random, checks);
            let ended = ended.with_context(|| format!("{}:\n{}", rental.name, rental.tail()))?;
            let Some(ended) = ended else {
                going.push(rental);
                continue;
            };
            println!(
                "{:>5} s  {} {ended}",
                self.begin.elapsed().as_secs(),
                rental.name
            );
            self.calm.extend(&ended.calm);
            self.ended.push(ended);
            // What it had here would be the disk's of a soak of hours.
            fs::remove_dir_all(rental.renter.folder())?;
        }
        self.rentals = going;
        Ok(())
    }

    /// Takes what passed before the attesters.
    fn listen(&mut self) -> Result<()> {
        let mut kept = std::mem::take(&mut self.heard.refused);
        let known = |name: &[u8; 32]| self.truth.is_known(name);
        self.heard.take(&self.stage, known)?;
        for refused in self.heard.refused.drain(..) {
            let count = self.refusals.entry(refused.told.code.clone()).or_default();
            *count = count.saturating_add(1);
            // Those that name no chunk are only counted.
            if refused.told.chunk.is_some() {
                kept.push(refused);
            }
        }
        self.heard.refused = kept;
        Ok(())
    }

    /// Looks at the chain, and holds everything that can be seen.
    pub(super) fn look(&mut self) -> Result<()> {
        self.stage.tell_time()?;
        let sight = self.eye.look()?;
        for (key, job) in &sight.jobs {
            if job.state == JobState::Active.byte() {
                let seen = Seen {
                    key: *key,
                    job: *job,
                };
                self.seen.entry(*key).or_insert(seen);
            }
        }
        let gone = self.reckoning.take(&sight)?;
        self.bookings.turn(&self.stage, &sight)?;
        for story in gone {
            let checks = &mut self.reckoning.checks;
            let (heard, verdicts) = (&mut self.heard, &mut self.verdicts);
            self.truth
                .judge(&self.stage, &story, heard, verdicts, checks)?;
            self.read_store(&story)?;
            self.heard.hold()?;
        }
        Ok(())
    }
}
