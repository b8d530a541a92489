//! Reward pools, the shares that joined them and the epochs they report into.

use {
    super::{Fail, Id, Key, Mint, Reference, ensure},
    std::collections::BTreeMap,
};

/// What a reward pool promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardTerms {
    /// Most base units of an epoch.
    pub rate: u64,
    /// Most base units of a unit.
    pub ceiling: u64,
    /// Most units of a share in an epoch.
    pub node_cap: u64,
    /// Unix seconds.
    pub start_at: i64,
    pub end_at: i64,
    pub epoch_secs: u32,
}

impl RewardTerms {
    pub(crate) fn validate(&self, now: i64) -> Result<(), Fail> {
        let zero = [self.rate, self.ceiling, self.node_cap].contains(&0);
        ensure(!zero, "TermIsZero")?;
        let sane = self.epoch_secs >= 60 && self.epoch_secs <= 30 * 24 * 60 * 60;
        ensure(sane, "EpochOutOfBounds")?;
        let ordered = self.start_at >= 0 && self.start_at < self.end_at;
        ensure(ordered, "EndBeforeStart")?;
        ensure(now < self.end_at, "DateInPast")
    }

    /// When epoch `index` starts, unix seconds.
    pub fn starts(&self, index: u64) -> i128 {
        i128::from(self.start_at) + i128::from(index) * i128::from(self.epoch_secs)
    }

    /// The epoch that `now` falls in, if work still counts.
    pub fn working_epoch(&self, now: i64) -> Result<u64, Fail> {
        let since = i128::from(now) - i128::from(self.start_at);
        ensure(since >= 0, "PoolNotStarted")?;
        let index = u64::try_from(since / i128::from(self.epoch_secs)).expect("not negative");
        let counts = self.starts(index) < i128::from(self.end_at);
        ensure(counts, "PoolEnded")?;
        Ok(index)
    }
}

/// A reward pool.
#[derive(Clone, Debug)]
pub struct RewardPool {
    pub network: Id,
    pub set: Id,
    pub mint: Mint,
    pub terms: RewardTerms,
    /// Opening slot.
    pub incarnation: u64,
    /// Base units, in order.
    pub deposits: Vec<u64>,
    /// Every epoch ever opened.
    pub epochs: BTreeMap<u64, Epoch>,
}

/// An epoch. What was reported into it stands in the shares.
#[derive(Clone, Copy, Debug)]
pub struct Epoch {
    pub opened_slot: u64,
    pub closed: bool,
}

/// A node in a reward pool.
#[derive(Clone, Debug)]
pub struct Share {
    pub payee: Key,
    pub registration: u64,
    pub joined_epoch: u64,
    /// True once `seen` was set.
    pub baseline: bool,
    /// Units of the node that are history or reported.
    pub seen: u64,
    /// Everything ever reported, by epoch.
    pub work: BTreeMap<u64, Work>,
    /// Base units, in order.
    pub claims: Vec<u64>,
}

/// What a share reported in an epoch.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// Units, report by report.
    pub reports: Vec<u64>,
    pub folded: bool,
}

impl Work {
    /// Units of all reports.
    pub fn units(&self) -> u64 {
        self.reports.iter().sum()
    }
}

impl Share {
    /// Base units ever claimed.
    pub fn claimed(&self) -> u128 {
        self.claims.iter().copied().map(u128::from).sum()
    }

    /// The epochs this share's slots hold, with their units: those not folded.
    pub fn unfolded(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let held = self.work.iter().filter(|(_, work)| !work.folded);
        held.map(|(epoch, work)| (*epoch, work.units()))
    }
}

impl Reference {
    /// Every share's work in `epoch` of `pool`, by node.
    pub fn epoch_work(&self, pool: Id, epoch: u64) -> impl Iterator<Item = (Id, &Work)> + '_ {
        let of = self.shares.iter().filter(move |((p, _), _)| *p == pool);
        of.filter_map(move |((_, node), share)| Some((*node, share.work.get(&epoch)?)))
    }

    /// What `units` earn of `epoch` over its whole stream, base units.
    pub fn epoch_share(&self, pool: Id, epoch: u64, units: u64) -> u128 {
        let Some(terms) = self.reward_pools.get(&pool).map(|pool| &pool.terms) else {
            return 0;
        };
        let total: u128 = self
            .epoch_work(pool, epoch)
            .map(|(_, work)| u128::from(work.units()))
            .sum();
        let emitted = u128::from(terms.rate).min(total * u128::from(terms.ceiling));
        (emitted * u128::from(units))
            .checked_div(total)
            .unwrap_or(0)
    }

    /// What `units` of `epoch` have streamed by `now`, base units.
    pub fn streamed(&self, pool: Id, epoch: u64, units: u64, now: i64) -> u128 {
        let Some(terms) = self.reward_pools.get(&pool).map(|pool| &pool.terms) else {
            return 0;
        };
        let length = i128::from(terms.epoch_secs);
        let elapsed = (i128::from(now) - terms.starts(epoch + 1)).clamp(0, length);
        self.epoch_share(pool, epoch, units) * elapsed.unsigned_abs() / length.unsigned_abs()
    }

    /// Base units of `epoch` folded into shares.
    pub fn allocated(&self, pool: Id, epoch: u64) -> u128 {
        let folded = self.epoch_work(pool, epoch).filter(|(_, w)| w.folded);
        folded
            .map(|(_, work)| self.epoch_share(pool, epoch, work.units()))
            .sum()
    }

    /// Base units of `pool` that no epoch holds and no share earned.
    pub fn unallocated(&self, pool: Id) -> u128 {
        let Some(state) = self.reward_pools.get(&pool) else {
            return 0;
        };
        let funded: u128 = state.deposits.iter().copied().map(u128::from).sum();
        let spoken_for = |(index, epoch): (&u64, &Epoch)| match epoch.closed {
            true => self.allocated(pool, *index),
            false => u128::from(state.terms.rate),
        };
        funded - state.epochs.iter().map(spoken_for).sum::<u128>()
    }

    /// Base units folded into `share` of `pool`.
    pub fn folded(&self, pool: Id, share: &Share) -> u128 {
        let folded = share.work.iter().filter(|(_, work)| work.folded);
        folded
            .map(|(epoch, work)| self.epoch_share(pool, *epoch, work.units()))
            .sum()
    }
}
