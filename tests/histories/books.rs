//! The program's accounts, moved by its own methods as its instructions move them.

use {
    super::Step,
    sluice::state::Reported,
    sluice_client::{Epoch, Node, RewardPool, RewardTerms, Share},
    std::collections::BTreeMap,
};

/// A pool, its shares with their nodes, and its open epochs.
pub struct Books {
    pub pool: RewardPool,
    pub shares: Vec<(Share, Node)>,
    pub epochs: BTreeMap<u64, Epoch>,
}

impl Books {
    /// A new pool that all nodes joined before it began, with their baselines set.
    pub fn new(terms: RewardTerms, nodes: usize) -> Self {
        let mut pool: RewardPool = bytemuck::Zeroable::zeroed();
        pool.terms = terms;
        let mut share: Share = bytemuck::Zeroable::zeroed();
        share.baseline = 1;
        Self {
            pool,
            shares: vec![(share, bytemuck::Zeroable::zeroed()); nodes],
            epochs: BTreeMap::new(),
        }
    }

    /// Does one step if the program would; returns what it moved.
    pub fn apply(&mut self, at: i64, step: Step) -> Option<u64> {
        match step {
            Step::Fund { amount } => {
                self.pool.fund(amount).ok()?;
                Some(amount)
            }
            Step::Credit { node, units } => {
                self.shares[node].1.credit(units);
                Some(units)
            }
            Step::Report { node } => self.report(at, node),
            Step::Claim { node } => {
                let due = self.earned(at, node) - self.shares[node].0.claimed;
                self.shares[node].0.claimed += due;
                self.pool.claimed += due;
                (due > 0).then_some(due)
            }
            Step::Fold { node, epoch } => {
                let open = self.epochs.get_mut(&epoch)?;
                let amount = self.shares[node].0.fold(&self.pool, open, at).ok()?;
                open.fold(amount).unwrap();
                self.pool.earned += amount;
                Some(amount)
            }
            Step::Close { epoch } => {
                let open = self.epochs.get(&epoch)?;
                if open.folded != open.shares {
                    return None;
                }
                self.pool.close_epoch(open.allocated).unwrap();
                self.epochs.remove(&epoch).map(|epoch| epoch.allocated)
            }
        }
    }

    fn report(&mut self, at: i64, node: usize) -> Option<u64> {
        let index = self.pool.epoch_at(at).ok()?;
        let (mut share, machine) = self.shares[node];
        let Ok(Reported::Units { units, first }) = share.report(&machine, index, &self.pool) else {
            return None;
        };
        if let Some(epoch) = self.epochs.get_mut(&index) {
            epoch.add(units, first).ok()?;
        } else {
            let mut pool = self.pool;
            pool.reserve_epoch().ok()?;
            let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
            epoch.index = index;
            epoch.add(units, first).unwrap();
            self.pool = pool;
            self.epochs.insert(index, epoch);
        }
        self.shares[node].0 = share;
        Some(units)
    }

    /// What a node has earned by `at`, claimed or not.
    pub fn earned(&self, at: i64, node: usize) -> u64 {
        let share = &self.shares[node].0;
        let streamed = self.epochs.values();
        let streamed = streamed.map(|epoch| share.streamed(&self.pool, epoch, at).unwrap().payee);
        share.earned + streamed.sum::<u64>()
    }

    /// What a node has claimed.
    pub fn claimed(&self, node: usize) -> u64 {
        self.shares[node].0.claimed
    }

    /// Funded = claimed + claimable + still to stream or to return + unallocated, to the base unit.
    pub fn conserves(&self, at: i64) {
        let pool = &self.pool;
        let sum = |of: &dyn Fn(usize) -> u64| -> u128 {
            (0..self.shares.len())
                .map(|node| u128::from(of(node)))
                .sum()
        };
        let claimed = sum(&|node| self.claimed(node));
        let claimable = sum(&|node| self.earned(at, node) - self.claimed(node));
        assert_eq!(claimed, u128::from(pool.claimed));
        let folded = sum(&|node| self.shares[node].0.earned);
        assert_eq!(folded, u128::from(pool.earned));
        let reserved: u128 = self
            .epochs
            .values()
            .map(|epoch| u128::from(pool.terms.rate - epoch.allocated))
            .sum();
        let streamed = claimed + claimable - folded;
        assert!(
            streamed <= reserved,
            "streams never pay more than was set aside"
        );
        let rest = reserved - streamed;
        let all = claimed + claimable + rest + u128::from(pool.unallocated);
        assert_eq!(all, u128::from(pool.funded));
    }
}
