//! The program's accounts, moved by its own methods as its instructions move them.

use {
    super::step::{Cast, SET, Step},
    bytemuck::Zeroable,
    sluice::state::{Joining, Parts},
    sluice_client::{Epoch, Node, Provider, RewardPool, Share, StakePool},
    sluice_tests::world::DAY,
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Everything a history touches.
pub struct Books {
    pub pools: Vec<Book>,
    pub nodes: Vec<Node>,
    providers: Vec<Provider>,
    pub stakes: Vec<StakePool>,
    /// Base units that every provider's owner received.
    pub purses: Vec<u128>,
    owners: Vec<usize>,
    registrations: u64,
    notice: i64,
}

/// A pool, its shares by node, and its open epochs.
pub struct Book {
    pub pool: RewardPool,
    pub shares: BTreeMap<usize, Share>,
    pub epochs: BTreeMap<u64, Epoch>,
    pub gone: bool,
}

impl Books {
    pub fn new(cast: &Cast) -> Self {
        let book = |&(terms, delegated): &(_, bool)| {
            let mut pool = RewardPool::zeroed();
            pool.terms = terms;
            pool.set = Address::new_from_array([SET; 32]);
            pool.delegated = u8::from(delegated);
            Book {
                pool,
                shares: BTreeMap::new(),
                epochs: BTreeMap::new(),
                gone: false,
            }
        };
        let mut stake = StakePool::zeroed();
        stake.dividend_secs = DAY;
        let mut provider = Provider::zeroed();
        provider.commission_bps = 10_000;
        let mut node = Node::zeroed();
        node.set = Address::new_from_array([SET; 32]);
        Self {
            pools: cast.pools.iter().map(book).collect(),
            nodes: vec![node; cast.nodes.len()],
            providers: vec![provider; cast.providers],
            stakes: vec![stake; cast.providers],
            purses: vec![0; cast.providers],
            owners: cast.nodes.clone(),
            registrations: 0,
            notice: cast.notice,
        }
    }

    /// Does one step if the program would; returns what it moved.
    pub fn apply(&mut self, at: i64, step: Step) -> Option<u64> {
        if step.pool().is_some_and(|pool| self.pools[pool].gone) {
            return None;
        }
        match step {
            Step::Fund { pool, amount } => {
                let pool = &mut self.pools[pool].pool;
                (at < pool.terms.end_at).then_some(())?;
                pool.fund(amount).unwrap();
                Some(amount)
            }
            Step::Credit { node, units } => {
                self.nodes[node].credit(units);
                Some(units)
            }
            Step::Announce { provider, bps } => {
                self.providers[provider].set_commission(bps, at, at + self.notice);
                Some(u64::from(bps))
            }
            Step::Stake { provider, active } => {
                let stake = &mut self.stakes[provider];
                stake.settle_dividends(at).unwrap();
                stake.active_shares = active;
                Some(active)
            }
            Step::Register { node, set } => {
                self.registrations += 1;
                let node = &mut self.nodes[node];
                *node = Node::zeroed();
                node.opened_slot = self.registrations;
                node.set = Address::new_from_array([set; 32]);
                Some(0)
            }
            Step::Join { pool, node } => self.join(at, pool, node),
            Step::Report { pool, node } => self.report(at, pool, node),
            Step::Claim { pool, node } => self.claim(at, pool, node),
            Step::PayDelegators { pool, node } => self.pay_delegators(at, pool, node),
            Step::Fold { pool, node, epoch } => {
                let book = &mut self.pools[pool];
                let (open, share) = (book.epochs.get_mut(&epoch)?, book.shares.get_mut(&node)?);
                let amount = share.fold(&book.pool, open, at).ok()?;
                open.fold(amount).unwrap();
                book.pool.fold(amount).unwrap();
                Some(amount)
            }
            Step::CloseEpoch { pool, epoch } => {
                let book = &mut self.pools[pool];
                let open = book.epochs.get(&epoch)?;
                (open.folded == open.shares).then_some(())?;
                book.pool.close_epoch(open.allocated).unwrap();
                book.epochs.remove(&epoch).map(|epoch| epoch.allocated)
            }
            Step::Return { pool } => {
                let pool = &mut self.pools[pool].pool;
                pool.has_ended(at).ok()?.then_some(())?;
                Some(pool.take_unallocated().unwrap()).filter(|amount| *amount > 0)
            }
            Step::CloseShare {
                pool,
                node,
                by_payee,
            } => {
                let book = &mut self.pools[pool];
                let share = book.shares.get(&node)?;
                (by_payee || book.pool.has_ended(at).ok()?).then_some(())?;
                share.owes_nothing().then_some(())?;
                book.pool.leave().unwrap();
                book.shares.remove(&node).map(|_| 0)
            }
            Step::ClosePool { pool } => {
                let book = &mut self.pools[pool];
                let done = book.pool.has_ended(at).ok()?;
                (done && book.pool.shares == 0 && book.pool.epochs == 0).then_some(())?;
                book.gone = true;
                Some(book.pool.take_unallocated().unwrap())
            }
        }
    }

    fn join(&mut self, at: i64, pool: usize, node: usize) -> Option<u64> {
        let (book, machine) = (&mut self.pools[pool], &self.nodes[node]);
        let wanted = !book.shares.contains_key(&node) && machine.set == book.pool.set;
        wanted.then_some(())?;
        let mut share = Share::zeroed();
        let new = Joining {
            pool: Address::default(),
            node: Address::default(),
            payee: Address::default(),
            rent_payer: Address::default(),
            slot: 0,
            bump: 0,
        };
        share.join(machine, &book.pool, &new, at).ok()?;
        book.pool.join().unwrap();
        book.shares.insert(node, share);
        Some(0)
    }

    fn report(&mut self, at: i64, pool: usize, node: usize) -> Option<u64> {
        let (book, machine) = (&mut self.pools[pool], &self.nodes[node]);
        let mut share = *book.shares.get(&node)?;
        let Some(index) = book.pool.reporting_epoch(at).ok()? else {
            share.report_early(machine, &book.pool).ok()?;
            book.shares.insert(node, share);
            return Some(0);
        };
        let provider = &self.providers[self.owners[node]];
        let commission = || Ok(provider.commission(at));
        let counted = share.report(machine, index, &book.pool, commission).ok()?;
        let units = counted.map_or(0, |counted| counted.units);
        if let Some(counted) = counted {
            if let Some(epoch) = book.epochs.get_mut(&index) {
                epoch.add(units, counted.first).ok()?;
            } else {
                book.pool.reserve_epoch().ok()?;
                let mut epoch = Epoch::zeroed();
                let nobody = Address::default();
                epoch.open(nobody, index, nobody, 0, 0);
                epoch.add(units, true).unwrap();
                book.epochs.insert(index, epoch);
            }
        }
        book.shares.insert(node, share);
        Some(units)
    }

    fn claim(&mut self, at: i64, pool: usize, node: usize) -> Option<u64> {
        let earned = self.pools[pool].earned(at, node)?.payee;
        let share = self.pools[pool].shares.get_mut(&node)?;
        let due = earned - share.claimed;
        (due > 0).then_some(())?;
        share.claimed = earned;
        self.pools[pool].pool.pay(due).unwrap();
        self.purses[self.owners[node]] += u128::from(due);
        Some(due)
    }

    fn pay_delegators(&mut self, at: i64, pool: usize, node: usize) -> Option<u64> {
        let earned = self.pools[pool].earned(at, node)?.delegators;
        let share = self.pools[pool].shares.get_mut(&node)?;
        let due = earned - share.delegators_claimed;
        (due > 0).then_some(())?;
        share.delegators_claimed = earned;
        self.pools[pool].pool.pay(due).unwrap();
        let stake = &mut self.stakes[self.owners[node]];
        match stake.active_shares {
            0 => self.purses[self.owners[node]] += u128::from(due),
            _ => stake.add_dividends(due, at).unwrap(),
        }
        Some(due)
    }
}

impl Book {
    /// What a node's share has earned by `at`, claimed or not.
    pub fn earned(&self, at: i64, node: usize) -> Option<Parts> {
        let share = self.shares.get(&node)?;
        let folded = Parts {
            payee: share.earned,
            delegators: share.delegators_earned,
        };
        Some(
            self.streams(at, share)
                .fold(folded, |sum, part| sum.plus(part).unwrap()),
        )
    }

    /// What a share's open streams came to.
    fn streams<'a>(&'a self, at: i64, share: &'a Share) -> impl Iterator<Item = Parts> + 'a {
        let open = share.slots.iter().filter_map(|slot| slot.epoch());
        open.map(move |epoch| {
            share
                .streamed(&self.pool, &self.epochs[&epoch], at)
                .unwrap()
        })
    }

    /// Funded = claimed + claimable + unallocated + reserved + returned, to the base unit; returns what is reserved.
    pub fn conserves(&self, at: i64) -> u128 {
        let pool = &self.pool;
        pool.invariant().unwrap();
        let (mut claimable, mut streamed) = (0u128, 0u128);
        for (node, share) in &self.shares {
            let earned = self.earned(at, *node).unwrap();
            claimable += u128::from(earned.payee - share.claimed);
            claimable += u128::from(earned.delegators - share.delegators_claimed);
            streamed += self
                .streams(at, share)
                .map(|part| u128::from(part.payee) + u128::from(part.delegators))
                .sum::<u128>();
        }
        let epochs = self.epochs.values();
        let held: u128 = epochs
            .map(|epoch| u128::from(pool.terms.rate - epoch.allocated))
            .sum();
        let reserved = held
            .checked_sub(streamed)
            .expect("streams never pay more than was set aside");
        let settled = u128::from(pool.claimed) + u128::from(pool.returned);
        let all = settled + claimable + reserved + u128::from(pool.unallocated);
        assert_eq!(all, u128::from(pool.funded), "conservation");
        assert_eq!(pool.shares, self.shares.len() as u64);
        assert_eq!(pool.epochs, self.epochs.len() as u64);
        reserved
    }
}
