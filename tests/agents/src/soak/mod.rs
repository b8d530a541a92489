//! Random buyers, providers, attesters and faults on the local chain for as long as one likes, with everybody a process. What may never happen
//! is looked for on the chain itself every other second, and every unit and every base unit is accounted for.
//!
//! - [`sight`]: the chain at one moment.
//! - [`sums`]: the arithmetic of a job, written a second time.
//! - [`story`]: one job through all moments.
//! - [`reckoning`]: all jobs, and everybody's tokens.
//! - [`network`]: stake, bonds, counters.
//! - [`checks`]: what is held, counted.
//! - [`rental`]: a buyer's run, and what [`ended`] says of it.
//! - [`booking`]: a buyer by script, who opens jobs for a provider by name.
//! - [`proofs`]: proofs and refusals, held against the truth.
//! - [`weather`]: what the node before the chain does.
//! - [`flat`]: memory, files and disk over time.
//! - [`turn`]: what happens in a turn.
//! - [`last`]: what is held at the end.
//! - [`report`]: what came of it.

pub mod booking;
pub mod checks;
pub mod ended;
pub mod flat;
mod last;
pub mod network;
pub mod proofs;
pub mod reckoning;
pub mod rental;
pub mod report;
pub mod sight;
pub mod story;
pub mod sums;
mod turn;
pub mod weather;

use {
    crate::{
        chaos::Chaos,
        journals::{Heard, Seen},
        offered::Offered,
        stage::{Between, Manner, Plan, Stage},
    },
    anyhow::{Context, Result, ensure},
    booking::Bookings,
    ended::Ended,
    flat::Lives,
    proofs::{Truth, Verdicts},
    rand::SeedableRng,
    rand_chacha::ChaCha8Rng,
    reckoning::Reckoning,
    rental::Rental,
    report::Report,
    sight::Eye,
    sluice_client::{Address, Keypair, Signer},
    sluice_localnet::key,
    std::{
        collections::{BTreeMap, BTreeSet},
        path::PathBuf,
        thread::sleep,
        time::{Duration, Instant},
    },
    weather::Weather,
};

/// What is asked of a soak.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where all of it lies; what was there is removed.
    pub folder: PathBuf,
    /// How long runs begin.
    pub length: Duration,
    /// What is random follows from it, as far as time allows.
    pub seed: u64,
}

/// Runs at once.
const AT_ONCE: usize = 3;
/// Buyers; each has one run at a time.
const BUYERS: usize = 5;
/// What each begins with, base units: to pay with, and for bonds.
const USDC: u64 = 1_000_000_000;
const STAKE: u64 = 1_000_000_000_000;
/// What every node offers.
const OFFERED: Offered = Offered {
    price: 3,
    window: 12,
    grace: 60,
    challenge: 15,
    faults: 3,
};
/// Nobody kills these: what they hold of the machine is followed from beginning to end.
const SPARED: [&str; 2] = ["attester-1", "worker-0-0"];
/// Longest time for which a process is down.
const DOWN: Duration = Duration::from_secs(4);
/// Between two turns.
const BETWEEN: Duration = Duration::from_millis(250);
/// How long nodes may take to offer.
const OFFERS: Duration = Duration::from_secs(90);

/// A soak that goes on.
pub struct Soak {
    settings: Settings,
    /// Everybody.
    pub stage: Stage,
    keys: Vec<Keypair>,
    eye: Eye,
    reckoning: Reckoning,
    truth: Truth,
    heard: Heard,
    refusals: BTreeMap<String, u64>,
    verdicts: Verdicts,
    seen: BTreeMap<Address, Seen>,
    calm: BTreeSet<Address>,
    rentals: Vec<Rental>,
    bookings: Bookings,
    runs: u32,
    ended: Vec<Ended>,
    lives: Lives,
    weather: Weather,
    chaos: Chaos,
    random: ChaCha8Rng,
    begin: Instant,
    due: turn::Due,
    /// Starts of agents whose port was taken.
    taken: u64,
    /// Statements in the attesters' journals.
    statements: usize,
    /// Windows in the stores of honest workers.
    sealed: usize,
    /// Of them, those that nobody proved: their buyers were in trouble.
    lost: Vec<(Address, String)>,
    days: Vec<flat::Disk>,
    /// Lives of processes that were held to be flat.
    flat: usize,
}

impl Soak {
    /// Sets the stage and founds everybody's fortune.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn new(settings: &Settings) -> Result<Self> {
        let honest = |nodes| vec![(Manner::Honest, nodes)];
        let stage = Stage::new(&Plan {
            folder: settings.folder.clone(),
            attesters: 4,
            threshold: 3,
            providers: vec![
                honest(3),
                honest(2),
                vec![(Manner::Liar, 1)],
                vec![(Manner::Slow, 1)],
            ],
            attester: "",
            between: Between::FaultyNode,
            offers: Some(OFFERED),
        })?;
        let (network, stake, usdc) = {
            let world = stage.chain.world();
            (world.network, world.stake, world.usdc)
        };
        let numbers = 1..=BUYERS;
        let keys: Vec<_> = numbers
            .map(|number| key(&format!("soak {number}")))
            .collect();
        for key in &keys {
            stage
                .chain
                .fund(&key.pubkey(), &[(&usdc, USDC), (&stake, STAKE)])?;
        }
        let eye = Eye::at(stage.chain.rpc_url(), stage.ledger())?;
        let nodes: usize = stage.crews.iter().map(|crew| crew.nodes.len()).sum();
        let begin = Instant::now();
        let first = loop {
            let sight = eye.look()?;
            if sight.offers.len() >= nodes {
                break sight;
            }
            ensure!(begin.elapsed() < OFFERS, "not every node offers something");
            sleep(BETWEEN);
        };
        Ok(Self {
            reckoning: Reckoning::from(first, &network, &usdc.address)?,
            eye,
            keys,
            truth: Truth::default(),
            heard: Heard::default(),
            refusals: BTreeMap::new(),
            verdicts: Verdicts::default(),
            seen: BTreeMap::new(),
            calm: BTreeSet::new(),
            rentals: vec![],
            bookings: Bookings::new(&stage)?,
            runs: 0,
            ended: vec![],
            lives: Lives::default(),
            weather: Weather::new(),
            chaos: Chaos::new(settings.seed, DOWN).sparing(&SPARED),
            random: ChaCha8Rng::seed_from_u64(settings.seed),
            begin: Instant::now(),
            due: turn::Due::now(),
            taken: 0,
            statements: 0,
            sealed: 0,
            lost: vec![],
            days: vec![],
            flat: 0,
            settings: settings.clone(),
            stage,
        })
    }

    /// All of it, and what came of it, whether or not everything held.
    pub fn run(mut self) -> Report {
        let failure = self.play().and_then(|()| self.end()).err();
        let failure = failure.map(|error| {
            format!(
                "{error:#}\nseed {}; logs in {}",
                self.settings.seed,
                self.settings.folder.display()
            )
        });
        self.report(failure)
    }

    fn play(&mut self) -> Result<()> {
        while self.begin.elapsed() < self.settings.length {
            self.turn(true)?;
            sleep(BETWEEN);
        }
        // Nothing begins any more, and nothing is in the way of what has begun.
        if let Some(door) = &self.stage.door {
            door.set(crate::faulty::Faults::default());
        }
        while !self.rentals.is_empty() || !self.reckoning.stories.is_empty() {
            self.turn(false)
                .context("while what has begun comes to its end")?;
            sleep(BETWEEN);
        }
        Ok(())
    }
}
