//! Reward pools, the shares that joined them and the epochs they report into.

use {
    super::{Fail, Id, Key, Mint, Reference, ensure, registry::ALL_BPS},
    std::{collections::BTreeMap, iter::Sum},
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
        ensure(now < self.end_at, "DateInPast")?;
        let ten_years = (10 * 365 + 3) * 24 * 60 * 60;
        let far = |date: i64| (i128::from(date) - i128::from(now)).abs() > ten_years;
        ensure(!far(self.start_at) && !far(self.end_at), "PoolDateTooFar")
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

    /// True when no work counts any more.
    pub fn has_ended(&self, now: i64) -> bool {
        self.working_epoch(now) == Err("PoolEnded")
    }
}

/// A reward pool.
#[derive(Clone, Debug)]
pub struct RewardPool {
    pub network: Id,
    pub set: Id,
    pub mint: Mint,
    pub terms: RewardTerms,
    /// Whose what is left after the end is.
    pub refund_owner: Key,
    /// Opening slot.
    pub incarnation: u64,
    /// Base units, in order.
    pub deposits: Vec<u64>,
    /// What went back of them, in order.
    pub returns: Vec<u64>,
    /// Every epoch ever opened.
    pub epochs: BTreeMap<u64, Epoch>,
    /// Shares that closed, by node, in the order they closed.
    pub left: Vec<(Id, Share)>,
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
    pub provider: Id,
    pub payee: Key,
    pub opened_slot: u64,
    pub registration: u64,
    pub joined_epoch: u64,
    /// True once `seen` was set.
    pub baseline: bool,
    /// Units of the node that are history or reported.
    pub seen: u64,
    /// Everything ever reported, by epoch.
    pub work: BTreeMap<u64, Work>,
    /// What the payee claimed, and what delegators were paid, base units, in order.
    pub claims: Vec<u64>,
    pub delegators_paid: Vec<u64>,
}

/// What a share reported in an epoch.
#[derive(Clone, Debug)]
pub struct Work {
    /// Units, report by report.
    pub reports: Vec<u64>,
    /// What delegators get of it, basis points, as the first report found it.
    pub delegators_bps: u16,
    pub folded: bool,
}

/// Base units of the payee and of the delegators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub payee: u128,
    pub delegators: u128,
}

impl Parts {
    /// Both together.
    pub const fn whole(self) -> u128 {
        self.payee + self.delegators
    }
}

impl Sum for Parts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, parts| Self {
            payee: sum.payee + parts.payee,
            delegators: sum.delegators + parts.delegators,
        })
    }
}

impl Work {
    /// Units of all reports.
    pub fn units(&self) -> u64 {
        self.reports.iter().sum()
    }

    /// Parts `amount` of what this work earned. What does not divide is the payee's.
    pub fn part(&self, amount: u128) -> Parts {
        let delegators = amount * u128::from(self.delegators_bps) / u128::from(ALL_BPS);
        let payee = amount - delegators;
        Parts { payee, delegators }
    }
}

impl Share {
    /// Base units ever paid.
    pub fn claimed(&self) -> Parts {
        let sum = |paid: &[u64]| paid.iter().copied().map(u128::from).sum();
        Parts {
            payee: sum(&self.claims),
            delegators: sum(&self.delegators_paid),
        }
    }

    /// The epochs this share's slots hold, with their work: those not folded.
    pub fn unfolded(&self) -> impl Iterator<Item = (u64, &Work)> + '_ {
        let held = self.work.iter().filter(|(_, work)| !work.folded);
        held.map(|(epoch, work)| (*epoch, work))
    }
}

impl Reference {
    /// Every share that `pool` ever had, by node: those there are and those that closed.
    pub fn shares_of(&self, pool: Id) -> impl Iterator<Item = (Id, &Share)> + '_ {
        let here = self.shares.range((pool, 0)..=(pool, Id::MAX));
        let left = self.reward_pools.get(&pool).map(|pool| &pool.left);
        let left = left.into_iter().flatten();
        let left = left.map(|(node, share)| (*node, share));
        here.map(|((_, node), share)| (*node, share)).chain(left)
    }

    /// Every share's work in `epoch` of `pool`, by node.
    pub fn epoch_work(&self, pool: Id, epoch: u64) -> impl Iterator<Item = (Id, &Work)> + '_ {
        let of = self.shares_of(pool);
        of.filter_map(move |(node, share)| Some((node, share.work.get(&epoch)?)))
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

    /// What `work` in `epoch` has streamed by `now`.
    pub fn streamed(&self, pool: Id, epoch: u64, work: &Work, now: i64) -> Parts {
        let Some(terms) = self.reward_pools.get(&pool).map(|pool| &pool.terms) else {
            return Parts::default();
        };
        let length = i128::from(terms.epoch_secs);
        let elapsed = (i128::from(now) - terms.starts(epoch + 1)).clamp(0, length);
        let whole = self.epoch_share(pool, epoch, work.units());
        work.part(whole * elapsed.unsigned_abs() / length.unsigned_abs())
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
        let returned: u128 = state.returns.iter().copied().map(u128::from).sum();
        funded - returned - state.epochs.iter().map(spoken_for).sum::<u128>()
    }

    /// What was folded into `share` of `pool`.
    pub fn folded(&self, pool: Id, share: &Share) -> Parts {
        let folded = share.work.iter().filter(|(_, work)| work.folded);
        folded
            .map(|(epoch, work)| work.part(self.epoch_share(pool, *epoch, work.units())))
            .sum()
    }

    /// What `share` of `pool` earned by `now`, if the unfolded epochs `among` count.
    pub fn earned(&self, pool: Id, share: &Share, among: &[u64], now: i64) -> Parts {
        let held = share.unfolded().filter(|(epoch, _)| among.contains(epoch));
        let streaming = held.map(|(epoch, work)| self.streamed(pool, epoch, work, now));
        streaming.chain([self.folded(pool, share)]).sum()
    }

    /// What `share` of `pool` can still be paid at `now`, all its epochs given.
    pub fn due_to(&self, pool: Id, share: &Share, now: i64) -> Parts {
        let all: Vec<u64> = share.unfolded().map(|(epoch, _)| epoch).collect();
        let (earned, claimed) = (self.earned(pool, share, &all, now), share.claimed());
        Parts {
            payee: earned.payee - claimed.payee,
            delegators: earned.delegators - claimed.delegators,
        }
    }
}
