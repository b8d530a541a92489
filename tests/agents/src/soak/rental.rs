//! A buyer's run by the command, and what happens to it: it is killed and resumed, cancelled, or short of money.

use {
    super::{
        checks::Checks,
        ended::{Ended, Outcome},
    },
    crate::{
        renter::{Errand, Renter},
        stage::Stage,
        work::Kernel,
    },
    anyhow::{Context, Result, bail, ensure},
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    serde_json::Value,
    sluice_client::{
        Address, Keypair, address,
        ledger::history::{self, Span},
    },
    sluice_work::core::Kind,
    std::{
        fmt::Write,
        fs,
        process::{Child, Stdio},
        time::{Duration, Instant},
    },
};

/// How long a run may take until its money is back.
const PATIENCE: Duration = Duration::from_secs(1_500);
/// Most kills of a run: one that is killed every second gets nowhere.
const KILLS: u32 = 12;
/// What the command exits with: all is done, its words or the offers do not do, the node is away, something is missing before it begins, some
/// chunks were given up, nobody knows what became of a transaction.
const DONE: i32 = 0;
const INPUT: i32 = 3;
const AWAY: i32 = 7;
const UNFUNDED: i32 = 8;
const PARTLY: i32 = 10;
const UNKNOWN: i32 = 11;

/// What is to happen to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Calm,
    /// It is killed again and again, at most so many milliseconds apart.
    Killed(u64),
    /// It is cancelled after so many seconds.
    Cancelled(u64),
}

/// A run that goes on.
pub struct Rental {
    /// Files and truth.
    pub renter: Renter,
    /// What it is called.
    pub name: String,
    /// What is to happen to it.
    pub fate: Fate,
    buyer: usize,
    words: Vec<String>,
    child: Option<Child>,
    /// Asks the child to cancel, or cancels in its place.
    cancel: Option<Child>,
    is_cancelled: bool,
    begin: Instant,
    next: Instant,
    before: u64,
    kills: u32,
    breaks: u32,
}

impl Rental {
    /// Draws a run at random and starts it.
    ///
    /// # Errors
    /// The disk's, and where the command is not there.
    pub fn begin(
        stage: &Stage,
        number: u32,
        (buyer, key): (usize, &Keypair),
        random: &mut ChaCha8Rng,
    ) -> Result<Self> {
        let errand = Errand {
            kernel: Kernel::ALL[random.random_range(0..Kernel::ALL.len())],
            kind: if random.random_ratio(1, 4) {
                Kind::Sbpf
            } else {
                Kind::Wasm
            },
            chunks: random.random_range(1..=40),
            seed: random.random(),
        };
        let name = format!("run-{number:04}");
        let mut renter = Renter::of(stage, &name, key, &errand)?;
        if let Some(door) = &stage.door
            && random.random_ratio(1, 2)
        {
            renter.through(door.url());
        }
        let verify = ["all", "3", "1", "none"][random.random_range(0..4)].to_owned();
        let mut more = vec!["--max-price".into(), "0.00001".into()];
        more.extend(["--verify".to_owned(), verify]);
        // A run takes as many as help, and others would find none.
        more.extend(["--nodes".into(), random.random_range(1..=3u32).to_string()]);
        if random.random_ratio(3, 4) {
            let millis = random.random_range(1_000..4_000u32);
            more.extend(["--chunk-time".into(), millis.to_string()]);
        }
        if random.random_ratio(1, 5) {
            let budget = random.random_range(20..150u32);
            more.extend(["--budget".into(), format!("0.{budget:03}")]);
        }
        let fate = match random.random_range(0..20u32) {
            0..=8 => Fate::Calm,
            9..=14 => Fate::Killed(random.random_range(2_000..30_000)),
            _ => Fate::Cancelled(random.random_range(0..90)),
        };
        let more: Vec<_> = more.iter().map(String::as_str).collect();
        let words = renter.words(&more);
        fs::write(
            renter.folder().join("words"),
            format!("{errand:?}\n{fate:?}\n{}\n", words.join(" ")),
        )?;
        let before = renter.holds(stage)?;
        let mut rental = Self {
            renter,
            name,
            fate,
            buyer,
            words,
            child: None,
            cancel: None,
            is_cancelled: false,
            begin: Instant::now(),
            next: Instant::now(),
            before,
            kills: 0,
            breaks: 0,
        };
        rental.next = rental.later(random);
        rental.start()?;
        Ok(rental)
    }

    fn later(&self, random: &mut ChaCha8Rng) -> Instant {
        let millis = match self.fate {
            Fate::Killed(most) => random.random_range(0..most),
            Fate::Cancelled(secs) => secs.saturating_mul(1_000),
            Fate::Calm => 0,
        };
        Instant::now() + Duration::from_millis(millis)
    }

    fn start(&mut self) -> Result<()> {
        let child = match self.renter.id() {
            Ok(id) => self.renter.start(&["run", "resume", &id]),
            Err(_) => {
                let words: Vec<_> = self.words.iter().map(String::as_str).collect();
                self.renter.start(&words)
            }
        };
        self.child = Some(child?);
        Ok(())
    }

    /// Does what is due to it; what it came to, once it has ended.
    ///
    /// # Errors
    /// With what is not as it should be.
    pub fn turn(
        &mut self,
        stage: &Stage,
        random: &mut ChaCha8Rng,
        checks: &mut Checks,
    ) -> Result<Option<Ended>> {
        ensure!(
            self.begin.elapsed() < PATIENCE,
            "the run does not come to its end"
        );
        if let Some(code) = reap(&mut self.cancel)? {
            self.cancel = None;
            // It did the work itself, and the node was away.
            if self.child.is_none() && matches!(code, Some(AWAY | UNKNOWN)) {
                self.start()?;
            }
        }
        let ended = reap(&mut self.child)?;
        if let Some(code) = ended {
            self.child = None;
            match code {
                Some(DONE | PARTLY) => {}
                Some(INPUT | UNFUNDED) if self.renter.id().is_err() => {
                    return self.turned_away(stage, checks).map(Some);
                }
                Some(AWAY | UNKNOWN) => {
                    self.breaks = self.breaks.saturating_add(1);
                    self.start()?;
                }
                code => bail!("the command ended with {code:?}"),
            }
        }
        if self.child.is_none() && self.cancel.is_none() {
            return self.ended(stage, checks).map(Some);
        }
        if Instant::now() < self.next || self.child.is_none() {
            return Ok(None);
        }
        match self.fate {
            Fate::Killed(_) if self.kills < KILLS => {
                if let Some(mut child) = self.child.take() {
                    child.kill()?;
                    // What it had finished by then, it has finished.
                    child.wait()?;
                    self.kills = self.kills.saturating_add(1);
                }
                self.start()?;
                self.next = self.later(random);
            }
            Fate::Cancelled(_) if !self.is_cancelled => {
                if let Ok(id) = self.renter.id() {
                    self.is_cancelled = true;
                    let words = ["run", "cancel", &id];
                    self.cancel = Some(self.renter.start(&words)?);
                }
            }
            _ => {}
        }
        Ok(None)
    }

    /// Nothing began, and nothing was spent.
    fn turned_away(&self, stage: &Stage, checks: &mut Checks) -> Result<Ended> {
        let spent = self.before.checked_sub(self.renter.holds(stage)?);
        checks.same("runs", &spent, &Some(0), || {
            format!("what {} cost that never began", self.name)
        })?;
        Ok(self.came_to(Outcome::TurnedAway, 0, 0, vec![]))
    }

    /// Results are true, and the bill is what the buyer's account lost.
    fn ended(&self, stage: &Stage, checks: &mut Checks) -> Result<Ended> {
        let of = || self.name.clone();
        let id = self.renter.id()?;
        let shown = self.tell(&["run", "show", &id])?;
        let state = shown["state"].as_str().unwrap_or_default();
        let outcome = match state {
            "done" => Outcome::Done,
            "cancelled" => Outcome::Cancelled,
            state => bail!("the run is {state}"),
        };
        checks.holds(
            "runs",
            self.is_cancelled || outcome == Outcome::Done,
            || format!("{} was not cancelled", self.name),
        )?;
        let results = self.renter.true_results()?;
        let done = shown["done"]
            .as_u64()
            .and_then(|done| usize::try_from(done).ok());
        checks.same("runs", &done, &Some(results), of)?;
        if outcome == Outcome::Done {
            let all = self.renter.truth.len();
            checks.same("runs", &results, &all, of)?;
        }
        let spent = self.before.checked_sub(self.renter.holds(stage)?);
        let jobs = shown["jobs"].as_array().cloned().unwrap_or_default();
        let jobs = jobs
            .iter()
            .filter_map(|job| job["job"].as_str()?.parse().ok());
        let jobs: Vec<Address> = jobs.collect();
        if !jobs.is_empty() {
            let bill = self.tell(&["run", "bill", &id]);
            let bill = bill.inspect_err(|_| self.keep_histories(stage, &jobs))?;
            let amount = |name: &str| {
                let text = bill[name]["amount"].as_str();
                text.and_then(|text| text.parse::<u64>().ok())
            };
            let parts = ["paid", "network_fee", "attestation_fee"].map(amount);
            let sum = parts
                .into_iter()
                .try_fold(0u64, |sum, part| sum.checked_add(part?));
            checks.same("bills", &sum, &spent, of)?;
            let kept = amount("deposited").zip(amount("refunded"));
            let kept = kept.and_then(|(all, back)| all.checked_sub(back));
            checks.same("bills", &kept, &spent, of)?;
            checks.same("bills", &amount("in_escrow"), &Some(0), of)?;
        }
        let spent = spent.context("the buyer has more than before")?;
        let calm = if self.fate == Fate::Calm {
            jobs
        } else {
            vec![]
        };
        Ok(self.came_to(outcome, results, spent, calm))
    }

    fn came_to(&self, outcome: Outcome, results: usize, spent: u64, calm: Vec<Address>) -> Ended {
        Ended {
            outcome,
            buyer: self.buyer,
            chunks: self.renter.truth.len(),
            results,
            spent,
            kills: self.kills,
            breaks: self.breaks,
            calm,
            took: self.begin.elapsed(),
        }
    }

    /// What the command says, whether or not chunks were given up.
    fn tell(&self, words: &[&str]) -> Result<Value> {
        let mut command = self.renter.command(words)?;
        let told = command.stderr(Stdio::piped()).output()?;
        let error = String::from_utf8_lossy(&told.stderr);
        let is_told = matches!(told.status.code(), Some(DONE | PARTLY));
        ensure!(is_told, "{words:?}: {}: {error}", told.status);
        Ok(serde_json::from_slice(&told.stdout)?)
    }

    /// Writes what the node tells of the jobs' escrows beside the run, for whoever looks into it: the chain is gone when the play is.
    fn keep_histories(&self, stage: &Stage, jobs: &[Address]) {
        let ledger = stage.ledger();
        let mut text = String::new();
        for job in jobs {
            let vault = address::vault(job);
            let told = history::of(&ledger).and_then(|history| {
                let entries = history.entries(&vault, &Span::default())?;
                let pasts = entries.iter().map(|entry| history.past(entry));
                pasts.collect::<sluice_client::Result<Vec<_>>>()
            });
            let _ = match told {
                Ok(pasts) => writeln!(text, "job {job}, vault {vault}: {pasts:#?}"),
                Err(error) => writeln!(text, "job {job}: {error}"),
            };
        }
        // A diary of a failure, which is reported all the same.
        let _ = fs::write(self.renter.folder().join("histories"), text);
    }

    /// Index of the buyer's key.
    pub const fn buyer(&self) -> usize {
        self.buyer
    }

    /// The last that it said.
    pub fn tail(&self) -> String {
        let log = self.renter.log();
        let lines: Vec<_> = log.lines().collect();
        let last = lines.get(lines.len().saturating_sub(20)..);
        last.unwrap_or_default().join("\n")
    }
}

impl Drop for Rental {
    fn drop(&mut self) {
        for child in [&mut self.child, &mut self.cancel].into_iter().flatten() {
            // It may have ended just now.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The exit code of a process that has ended, `None` within for one that was made to.
fn reap(child: &mut Option<Child>) -> Result<Option<Option<i32>>> {
    let Some(child) = child else {
        return Ok(None);
    };
    Ok(child.try_wait()?.map(|status| status.code()))
}
