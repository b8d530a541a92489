//! What the node before the chain does, phase by phase.

use {
    crate::faulty::{Faults, FaultyNode},
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    std::{
        collections::BTreeMap,
        time::{Duration, Instant},
    },
};

/// Shortest and longest phase, seconds. What lags repeats at most what it said at the beginning of its phase.
const PHASE: (u64, u64) = (20, 60);

/// Phases of faults; every other one is without.
pub struct Weather {
    next: Instant,
    is_bad: bool,
    /// Phases so far.
    pub phases: BTreeMap<&'static str, u64>,
}

impl Weather {
    /// It begins well.
    pub fn new() -> Self {
        Self {
            next: Instant::now() + Duration::from_secs(PHASE.0),
            is_bad: false,
            phases: BTreeMap::new(),
        }
    }

    /// Changes it, if its time has come.
    pub fn turn(&mut self, door: &FaultyNode, random: &mut ChaCha8Rng) {
        if Instant::now() < self.next {
            return;
        }
        let secs = random.random_range(PHASE.0..=PHASE.1);
        self.next = Instant::now() + Duration::from_secs(secs);
        self.is_bad = !self.is_bad;
        let fine = Faults::default();
        let (name, faults) = if self.is_bad {
            match random.random_range(0..5u32) {
                0 => ("drops", Faults { drops: 10, ..fine }),
                1 => (
                    "refuses",
                    Faults {
                        refuses: 15,
                        ..fine
                    },
                ),
                2 => (
                    "slow",
                    Faults {
                        is_slow: 20,
                        ..fine
                    },
                ),
                3 => ("lags", Faults { lags: 10, ..fine }),
                _ => (
                    "all of them",
                    Faults {
                        drops: 5,
                        refuses: 5,
                        is_slow: 5,
                        lags: 5,
                        lies: 0,
                    },
                ),
            }
        } else {
            ("fine", fine)
        };
        let count = self.phases.entry(name).or_default();
        *count = count.saturating_add(1);
        door.set(faults);
    }
}

impl Default for Weather {
    fn default() -> Self {
        Self::new()
    }
}
