//! Random histories, made up as they happen.

use {
    super::{
        books::Books,
        step::{Cast, Event, SET, Step},
    },
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    sluice_client::RewardTerms,
};

fn small(dice: &mut ChaCha8Rng) -> u64 {
    match dice.random_range(0..4) {
        0 => 1,
        1 => dice.random_range(1..10),
        2 => dice.random_range(1..10_000),
        _ => dice.random_range(1..u64::MAX / 64),
    }
}

fn terms(dice: &mut ChaCha8Rng) -> RewardTerms {
    let start_at = dice.random_range(0..100);
    RewardTerms {
        rate: small(dice),
        ceiling: small(dice),
        node_cap: small(dice),
        start_at,
        end_at: start_at + dice.random_range(1..2_000),
        epoch_secs: dice.random_range(60..100),
        reserve: [0; 4],
    }
}

/// One to three pools, and nodes of a few providers.
pub fn cast(dice: &mut ChaCha8Rng, nodes: usize) -> Cast {
    let providers = dice.random_range(1..=nodes.min(1 + nodes / 2));
    let count = [1, 1, 2, 3][dice.random_range(0..4)];
    Cast {
        pools: (0..count)
            .map(|_| (terms(dice), dice.random_bool(0.7)))
            .collect(),
        providers,
        notice: 90,
        nodes: (0..nodes)
            .map(|_| dice.random_range(0..providers))
            .collect(),
    }
}

/// A history in the making: its dice, the books it has led to, and what happened.
pub struct Scene<'a> {
    dice: &'a mut ChaCha8Rng,
    cast: &'a Cast,
    books: Books,
    now: i64,
    /// Seconds that stand for one of a history at its usual pace.
    pace: i64,
    /// Base units that nobody put into a pool: a mint never has more than 64 bits count.
    mint: u64,
    pub events: Vec<Event>,
}

impl<'a> Scene<'a> {
    /// Begins at `now`; everything takes `pace` times as long as in epochs of a minute or more.
    pub fn new(dice: &'a mut ChaCha8Rng, cast: &'a Cast, now: i64, pace: i64) -> Self {
        Self {
            dice,
            cast,
            books: Books::new(cast),
            now,
            pace,
            mint: u64::MAX,
            events: Vec::new(),
        }
    }

    fn does(&mut self, step: Step) {
        self.books.apply(self.now, step);
        self.events.push((self.now, step));
    }

    fn chance(&mut self, of: f64) -> bool {
        self.dice.random_bool(of)
    }

    /// Some rounds of work, and an end in which everybody takes what is its own and everything closes.
    pub fn play(mut self, rounds: usize) -> Vec<Event> {
        for pool in 0..self.cast.pools.len() {
            self.fund(pool, rounds as u64);
        }
        for provider in 0..self.cast.providers {
            self.announce(provider);
        }
        // How seldom a node does anything.
        let silence = self.dice.random_range(1..5);
        for _ in 0..rounds {
            let pause = match self.dice.random_range(0..8) {
                0 => self.dice.random_range(100..400),
                _ => self.dice.random_range(1..70),
            };
            self.now += pause * self.pace;
            for node in 0..self.cast.nodes.len() {
                if self.dice.random_range(0..silence) == 0 {
                    self.turn(node);
                }
            }
            self.everybody();
        }
        self.end();
        self.events
    }

    fn fund(&mut self, pool: usize, epochs: u64) {
        let rate = self.cast.pools[pool].0.rate;
        let most = rate.saturating_mul(epochs).saturating_add(2);
        // Mostly enough for every epoch.
        let amount = match self.chance(0.8) {
            true => most,
            false => self.dice.random_range(1..most),
        };
        let amount = amount.min(self.mint);
        if amount > 0 {
            self.mint -= amount;
            self.does(Step::Fund { pool, amount });
        }
    }

    fn announce(&mut self, provider: usize) {
        let bps = [0, 1, 3_333, 9_999, 10_000][self.dice.random_range(0..5)];
        self.does(Step::Announce { provider, bps });
    }

    /// What one node and anybody who cares for it do.
    fn turn(&mut self, node: usize) {
        if self.chance(0.7) {
            let most = [1, 10, 1_000, u64::MAX / 4_096][self.dice.random_range(0..4)];
            let units = self.dice.random_range(0..=most);
            self.does(Step::Credit { node, units });
        }
        if self.chance(0.02) {
            let set = SET + u8::from(self.chance(0.2));
            self.does(Step::Register { node, set });
        }
        for pool in 0..self.cast.pools.len() {
            let Some(share) = self.books.pools[pool].shares.get(&node).copied() else {
                self.does(Step::Join { pool, node });
                continue;
            };
            for epoch in share.slots.iter().filter_map(|slot| slot.epoch()) {
                if self.chance(0.8) {
                    self.does(Step::Fold { pool, node, epoch });
                }
            }
            for _ in 0..self.dice.random_range(0..3) {
                self.does(Step::Report { pool, node });
            }
            if self.chance(0.3) {
                self.does(Step::Claim { pool, node });
            }
            if self.chance(0.5) {
                self.does(Step::PayDelegators { pool, node });
            }
            if self.chance(0.04) {
                let by_payee = self.chance(0.8);
                self.does(Step::CloseShare {
                    pool,
                    node,
                    by_payee,
                });
            }
        }
        if self.chance(0.2) {
            self.now += self.dice.random_range(0..9);
        }
    }

    /// What concerns pools and providers.
    fn everybody(&mut self) {
        for pool in 0..self.cast.pools.len() {
            let open: Vec<u64> = self.books.pools[pool].epochs.keys().copied().collect();
            for epoch in open {
                if self.chance(0.5) {
                    self.does(Step::CloseEpoch { pool, epoch });
                }
            }
            if self.chance(0.2) {
                self.fund(pool, 1);
            }
            if self.chance(0.15) {
                self.does(Step::Return { pool });
            }
            if self.chance(0.05) {
                self.does(Step::ClosePool { pool });
            }
        }
        for provider in 0..self.cast.providers {
            if self.chance(0.15) {
                self.announce(provider);
            }
            if self.chance(0.15) {
                let active = [0, 1, 3, 1_000_000][self.dice.random_range(0..4)];
                self.does(Step::Stake { provider, active });
            }
        }
    }

    fn end(&mut self) {
        self.now += 3_000 * self.pace;
        for pool in 0..self.cast.pools.len() {
            let shares: Vec<_> = self.books.pools[pool]
                .shares
                .iter()
                .map(|(n, s)| (*n, *s))
                .collect();
            for (node, share) in shares {
                for epoch in share.slots.iter().filter_map(|slot| slot.epoch()) {
                    self.does(Step::Fold { pool, node, epoch });
                }
                self.does(Step::Claim { pool, node });
                self.does(Step::PayDelegators { pool, node });
                self.does(Step::CloseShare {
                    pool,
                    node,
                    by_payee: false,
                });
            }
            let open: Vec<u64> = self.books.pools[pool].epochs.keys().copied().collect();
            for epoch in open {
                self.does(Step::CloseEpoch { pool, epoch });
            }
            self.does(Step::Return { pool });
            self.does(Step::ClosePool { pool });
        }
    }
}
