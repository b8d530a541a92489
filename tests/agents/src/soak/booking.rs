//! A buyer by script: it opens jobs for a provider by name, under terms that count, and brings their blobs.

use {
    super::sight::Sight,
    crate::{
        buyer::{self, Buyer, Order, Times},
        stage::Stage,
        work::{Amount, Kernel, Work},
    },
    anyhow::{Context, Result},
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    sluice_work::core::Kind,
    std::{
        sync::Arc,
        thread::{self, JoinHandle},
    },
};

/// How long a job waits for its provider, seconds.
const OPEN_SECS: i64 = 120;

/// Jobs by name.
pub struct Bookings {
    buyer: Buyer,
    going: Vec<Booking>,
    /// Jobs opened so far.
    pub opened: u64,
    /// Those of which every blob reached as many members as have to sign.
    pub brought: u64,
}

struct Booking {
    order: Arc<Order>,
    bringing: Vec<JoinHandle<bool>>,
}

impl Bookings {
    /// None yet.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(stage: &Stage) -> Result<Self> {
        Ok(Self {
            buyer: Buyer::new(stage)?,
            going: vec![],
            opened: 0,
            brought: 0,
        })
    }

    /// Jobs that are not closed yet.
    pub const fn going(&self) -> usize {
        self.going.len()
    }

    /// Opens one at random; members are brought its blobs meanwhile.
    ///
    /// # Errors
    /// What the program refuses.
    pub fn open(&mut self, stage: &Stage, random: &mut ChaCha8Rng) -> Result<Arc<Order>> {
        let amount = Amount {
            windows: random.random_range(1..=8),
            per_window: random.random_range(1..=5),
            units: random.random_range(1..=9),
        };
        let times = Times {
            window: random.random_range(8..=15),
            grace: 60,
            challenge: random.random_range(1..=10),
        };
        let kernel = Kernel::ALL[random.random_range(0..Kernel::ALL.len())];
        let provider = random.random_range(0..stage.providers.len());
        let work = Work::new(kernel, Kind::Wasm, amount, random, |_, _| true)?;
        let order = self
            .buyer
            .open_for(stage, work, provider, times, OPEN_SECS)?;
        let order = Arc::new(order);
        let members = stage.members();
        let bringing = members.into_iter().map(|member| {
            let (buyer, order) = (self.buyer.clone(), Arc::clone(&order));
            // A member that is down in this moment is left out.
            thread::spawn(move || buyer.bring_to(&member, &order).is_ok())
        });
        self.going.push(Booking {
            order: Arc::clone(&order),
            bringing: bringing.collect(),
        });
        self.opened = self.opened.saturating_add(1);
        Ok(order)
    }

    /// Sends what is due of them, and forgets those that are closed.
    ///
    /// # Errors
    /// The ledger's.
    pub fn turn(&mut self, stage: &Stage, sight: &Sight) -> Result<()> {
        let network = sight.networks.values().next().context("no network")?;
        for booking in std::mem::take(&mut self.going) {
            let key = booking.order.job;
            if let Some(job) = sight.jobs.get(&key) {
                buyer::push(stage, &key, job, network)?;
                self.going.push(booking);
                continue;
            }
            let brought = booking.bringing.into_iter().map(JoinHandle::join);
            let brought = brought.filter(|one| matches!(one, Ok(true))).count();
            if brought >= THRESHOLD {
                self.brought = self.brought.saturating_add(1);
            }
        }
        Ok(())
    }
}

/// Members that have to sign.
pub const THRESHOLD: usize = 3;
