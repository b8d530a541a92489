//! What happens next, by chance: mostly sensible, often late, early, wrong or refused.

mod batch;
mod clock;
mod disputes;
mod edge;
mod ends;
mod job;
mod market;
mod network;
mod parties;
mod proof;
mod registry;
mod rewards;
mod stake;
mod terms;
mod winding_up;

use {
    super::{book::Book, cast::Cast},
    clock::is_over,
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    sluice_tests::reference::{Action, Holder, Id, Reference},
    solana_address::Address,
};
pub use {
    clock::{moments_of_job, pause},
    disputes::equivocation,
};

/// Chance, the same in every run of a seed.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0.random_range(0..sides)
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of `items`, of which there must be some.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// One of `items`, if there are any.
    pub fn pick_some<T: Copy>(&mut self, items: impl IntoIterator<Item = T>) -> Option<T> {
        let items: Vec<T> = items.into_iter().collect();
        (!items.is_empty()).then(|| self.pick(&items))
    }

    /// `right`, but something else once in `n` times.
    pub fn mostly<T>(&mut self, right: T, n: u64, wrong: impl FnOnce(&mut Self) -> T) -> T {
        if self.one_in(n) { wrong(self) } else { right }
    }
}

/// Everything a choice looks at.
pub struct Chooser<'a> {
    pub model: &'a Reference,
    pub book: &'a mut Book,
    pub cast: &'a mut Cast,
    pub dice: &'a mut Dice,
    pub payer: Address,
    /// Unix seconds.
    pub now: i64,
    pub slot: u64,
}

impl Chooser<'_> {
    /// The next action; none where chance chose one that makes no sense now.
    ///
    /// Two times in three the first of some that the model would accept, so that runs get somewhere.
    pub fn action(&mut self) -> Option<Action> {
        if self.dice.one_in(3)
            && let Some(action) = self.edge_action()
        {
            return Some(action);
        }
        if self.dice.one_in(4)
            && let Some(action) = self.rule_in_time()
        {
            return Some(action);
        }
        let kind = self.dice.below(100);
        let draws = if self.dice.one_in(3) { 1 } else { 8 };
        let mut last = None;
        for _ in 0..draws {
            last = match kind {
                0..=41 => self.job_action(),
                42..=46 => self.batch_action(),
                47..=50 => Some(self.market_action()),
                51..=69 => self.reward_action(),
                70..=78 => self.stake_action(),
                79..=86 => self.dispute_action(),
                87..=93 => self.registry_action(),
                94..=96 => Some(self.party_action()),
                97 => Some(self.governance_action()),
                _ => self.transfer(),
            };
            if let Some(action) = &last
                && draws > 1
                && self
                    .model
                    .clone()
                    .apply(self.now, self.slot, action)
                    .is_ok()
            {
                break;
            }
        }
        last
    }

    fn home(&self) -> Id {
        self.cast.networks[0]
    }

    /// Tokens sent past the program: a donation to a vault, or to another wallet.
    fn transfer(&mut self) -> Option<Action> {
        let from = self.dice.pick(&self.cast.payers());
        let model = self.model;
        let vaults = model.jobs.iter().map(|(id, job)| {
            let vault = Holder::JobVault(*id);
            (vault, job.terms.mint)
        });
        let stakes = model.stake_pools.iter().flat_map(|(id, pool)| {
            let dividends = (Holder::DividendVault(*id), pool.dividend_mint);
            let dividends = pool.has_dividends.then_some(dividends);
            let stake = (Holder::StakeVault(*id), pool.mint);
            [stake].into_iter().chain(dividends)
        });
        let rewards = model.reward_pools.iter().map(|(id, pool)| {
            let vault = Holder::RewardVault(*id);
            (vault, pool.mint)
        });
        let others = self.cast.payers().into_iter().filter(|key| *key != from);
        let wallets: Vec<_> = others.map(|key| (Holder::Wallet(key), 1)).collect();
        let to = match self.dice.below(4) {
            0 => self.dice.pick_some(wallets),
            1 => self.dice.pick_some(stakes.chain(rewards)),
            _ => self.dice.pick_some(vaults),
        };
        let (to, mint) = to?;
        let held = model.balance(Holder::Wallet(from), mint);
        let dust = 1 + self.dice.below(40);
        Some(Action::Transfer {
            from: Holder::Wallet(from),
            to,
            mint,
            amount: self.dice.mostly(dust, 8, |_| held + 1),
        })
    }
}
