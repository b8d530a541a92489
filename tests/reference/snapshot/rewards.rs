//! Counters of reward pools, their open epochs and shares.

use {
    super::{count, field},
    crate::reference::{Id, Reference, RewardPool, Share, rewards::Work},
    std::collections::BTreeMap,
};

/// Fields of a `RewardPool`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RewardPoolCounters {
    pub incarnation: u64,
    pub funded: u64,
    pub claimed: u64,
    pub returned: u64,
    pub unallocated: u64,
    pub earned: u64,
    /// Of what was earned, what closed epochs gave.
    pub settled: u64,
    pub epochs: u64,
    pub shares: u64,
    /// 1 if delegators have a part.
    pub delegated: u8,
}

/// Fields of an `Epoch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EpochCounters {
    pub total_units: u64,
    pub allocated: u64,
    pub shares: u32,
    pub folded: u32,
}

/// Fields of a `Share`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareCounters {
    pub opened_slot: u64,
    pub registration: u64,
    pub joined_epoch: u64,
    pub baseline: u8,
    pub seen: u64,
    pub earned: u64,
    pub claimed: u64,
    pub delegators_earned: u64,
    pub delegators_claimed: u64,
    /// One more than the epoch, units and the delegators' basis points; by parity of the epoch.
    pub slots: [(u64, u64, u16); 2],
}

impl RewardPoolCounters {
    pub(super) fn of(model: &Reference, id: Id, pool: &RewardPool) -> Self {
        let ever = || model.shares_of(id).map(|(_, share)| share);
        let dividends = model.networks[&pool.network].founding.dividend_mint;
        Self {
            incarnation: pool.incarnation,
            funded: pool.deposits.iter().sum(),
            claimed: field(ever().map(|share| share.claimed().whole()).sum()),
            returned: pool.returns.iter().sum(),
            unallocated: field(model.unallocated(id)),
            earned: field(ever().map(|share| model.folded(id, share).whole()).sum()),
            settled: field(
                pool.epochs
                    .iter()
                    .filter(|(_, epoch)| epoch.closed)
                    .map(|(index, _)| model.allocated(id, *index))
                    .sum(),
            ),
            epochs: count(pool.epochs.values().filter(|epoch| !epoch.closed)),
            shares: count(model.shares.keys().filter(|(pool, _)| *pool == id)),
            delegated: u8::from(pool.mint == dividends),
        }
    }
}

impl ShareCounters {
    /// Of `share`, which a node has in `pool`.
    pub(super) fn of(model: &Reference, pool: Id, share: &Share) -> Self {
        let mut slots = [(0, 0, 0); 2];
        for (epoch, work) in share.unfolded() {
            let slot = (epoch + 1, work.units(), work.delegators_bps);
            slots[usize::from(epoch % 2 == 1)] = slot;
        }
        let (earned, claimed) = (model.folded(pool, share), share.claimed());
        Self {
            opened_slot: share.opened_slot,
            registration: share.registration,
            joined_epoch: share.joined_epoch,
            baseline: u8::from(share.baseline),
            seen: share.seen,
            earned: field(earned.payee),
            claimed: field(claimed.payee),
            delegators_earned: field(earned.delegators),
            delegators_claimed: field(claimed.delegators),
            slots,
        }
    }
}

impl Reference {
    pub(super) fn epoch_counters(&self) -> BTreeMap<(Id, u64), EpochCounters> {
        let all = self.reward_pools.iter().flat_map(|(id, pool)| {
            let open = pool.epochs.iter().filter(|(_, epoch)| !epoch.closed);
            open.map(|(index, _)| (*id, *index))
        });
        all.map(|(pool, index)| {
            let work = || self.epoch_work(pool, index).map(|(_, work)| work);
            let counters = EpochCounters {
                total_units: work().map(Work::units).sum(),
                allocated: field(self.allocated(pool, index)),
                shares: count(work()),
                folded: count(work().filter(|work| work.folded)),
            };
            ((pool, index), counters)
        })
        .collect()
    }
}
