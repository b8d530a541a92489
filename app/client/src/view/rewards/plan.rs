//! How long a reward pool lasts, if every epoch brings the same work.

use {
    sluice::state::{RewardPool, RewardTerms},
    sluice_math::stream,
    std::collections::VecDeque,
};

/// Epochs that are looked at, at most.
const HORIZON: u64 = 10_000_000;

/// What comes of a pool under steady work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What an epoch emits, base units.
    pub emission: u64,
    /// What one unit of work earns, base units, rounded down.
    pub unit_earns: u64,
    /// The first epoch looked at.
    pub first: u64,
    /// Epochs from it on that are paid before the first that is not, or before the end.
    pub epochs: u64,
    /// The first epoch for which a whole rate is not there; none before the end.
    pub dry: Option<u64>,
    /// Unallocated when the pool runs dry or ends, base units, with what open epochs will still return.
    pub left: u64,
}

impl Plan {
    /// The last epoch that is paid; `None` when none is.
    pub const fn last(&self) -> Option<u64> {
        match self.epochs {
            0 => None,
            epochs => self.first.checked_add(epochs.wrapping_sub(1)),
        }
    }

    /// From when until when work is paid, unix seconds; `None` when none is. `terms` are those that were planned with.
    pub fn pays(&self, terms: &RewardTerms) -> Option<(i64, i64)> {
        let after = self.last()?.checked_add(1)?;
        Some((starts(terms, self.first)?, starts(terms, after)?))
    }

    /// When the pool runs dry, unix seconds; `None` if it does not before its end.
    pub fn dry_at(&self, terms: &RewardTerms) -> Option<i64> {
        starts(terms, self.dry?)
    }
}

/// When an epoch starts, unix seconds.
fn starts(terms: &RewardTerms, epoch: u64) -> Option<i64> {
    stream::epoch_start(epoch, terms.start_at, terms.epoch_secs)
}

/// The first epoch that a pool's unallocated funds pay: the current one if nobody has reported into it yet and a share could,
/// else the one after. `current` is the current epoch, if there is one and its account is missing.
pub fn first_of(pool: &RewardPool, current: Option<u64>, now: i64) -> u64 {
    current
        .filter(|_| pool.shares > 0)
        .unwrap_or_else(|| first_paid(&pool.terms, now))
}

/// The first epoch whose work is paid to a node that joins at `now`: before the start the first of all; from then on the one
/// after the current, whose first report sets the baseline.
pub fn first_paid(terms: &RewardTerms, now: i64) -> u64 {
    let current = stream::epoch_of(now, terms.start_at, terms.epoch_secs);
    current.map_or(0, |(epoch, _)| epoch.saturating_add(1))
}

/// True when `epoch` counts work.
pub fn counts(terms: &RewardTerms, epoch: u64) -> bool {
    starts(terms, epoch).is_some_and(|start| start < terms.end_at)
}

/// Plans from epoch `first` on with `funds` base units unallocated and `work` units reported in every epoch. An epoch sets a whole
/// rate aside, and what it did not emit is there again when its stream has ended: two epochs later, if it is closed then.
pub fn plan(terms: &RewardTerms, first: u64, funds: u64, work: u64) -> Plan {
    let emission = stream::emission(terms.rate, terms.ceiling, work);
    let unspent = terms.rate - emission;
    let (mut free, mut open) = (funds, VecDeque::new());
    let mut plan = Plan {
        emission,
        unit_earns: stream::share_of(emission, 1, work).unwrap_or(0),
        first,
        epochs: 0,
        dry: None,
        left: 0,
    };
    for epoch in first..first.saturating_add(HORIZON) {
        if !counts(terms, epoch) || work == 0 {
            break;
        }
        if open.len() == 2 {
            free += open.pop_front().unwrap_or(0);
        }
        let Some(rest) = free.checked_sub(terms.rate) else {
            plan.dry = Some(epoch);
            break;
        };
        free = rest;
        open.push_back(unspent);
        plan.epochs += 1;
    }
    plan.left = free + open.iter().sum::<u64>();
    plan
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn terms(rate: u64, ceiling: u64, epochs: i64) -> RewardTerms {
        RewardTerms {
            rate,
            ceiling,
            node_cap: 1_000,
            start_at: 0,
            end_at: 60 * epochs,
            epoch_secs: 60,
            reserve: [0; 4],
        }
    }

    #[test]
    fn a_busy_pool_spends_its_rate_until_it_is_dry_or_over() {
        let busy = plan(&terms(100, 10, 50), 0, 1_050, 25);
        assert_eq!((busy.emission, busy.unit_earns), (100, 4));
        assert_eq!((busy.epochs, busy.dry, busy.left), (10, Some(10), 50));
        let rich = plan(&terms(100, 10, 50), 40, 5_000, 25);
        assert_eq!((rich.epochs, rich.dry, rich.left), (10, None, 4_000));
    }

    #[test]
    fn a_quiet_pool_gets_back_what_it_did_not_emit() {
        // Five units at a ceiling of 10: half of the rate comes back two epochs later.
        let quiet = plan(&terms(100, 10, 1_000), 0, 300, 5);
        assert_eq!((quiet.emission, quiet.unit_earns), (50, 10));
        // 300, 200, 150, 100, then 50 + 50.
        assert_eq!(quiet.epochs * quiet.emission + quiet.left, 300);
        assert_eq!((quiet.epochs, quiet.dry), (4, Some(4)));
    }

    #[test]
    fn a_node_is_paid_from_the_first_epoch_on_if_it_joins_before_it() {
        let mut one = terms(100, 10, 1);
        (one.start_at, one.end_at) = (1_000, 1_060);
        assert_eq!(first_paid(&one, 999), 0);
        assert!(counts(&one, first_paid(&one, 999)));
        // From the start on the only epoch sets the baseline.
        assert_eq!(first_paid(&one, 1_000), 1);
        assert!(!counts(&one, first_paid(&one, 1_000)));
        assert_eq!(plan(&one, 0, 100, 5).last(), Some(0));
        assert_eq!(plan(&one, 1, 100, 5).last(), None);
        assert_eq!(first_paid(&one, 1_059), 1);
        assert_eq!(first_paid(&one, 1_060), 2);
    }

    #[test]
    fn a_plan_names_its_last_epoch() {
        let rich = plan(&terms(100, 10, 50), 40, 5_000, 25);
        assert_eq!((rich.first, rich.last()), (40, Some(49)));
        assert_eq!(rich.pays(&terms(100, 10, 50)), Some((2_400, 3_000)));
        let poor = plan(&terms(100, 10, 50), 40, 99, 25);
        assert_eq!((poor.last(), poor.dry), (None, Some(40)));
        assert_eq!(poor.pays(&terms(100, 10, 50)), None);
        assert_eq!(poor.dry_at(&terms(100, 10, 50)), Some(2_400));
    }

    #[test]
    fn funds_pay_the_current_epoch_only_if_a_share_can_still_begin_it() {
        let mut pool = RewardPool {
            terms: terms(100, 10, 50),
            ..RewardPool::zeroed()
        };
        assert_eq!(first_of(&pool, Some(2), 130), 3);
        pool.shares = 1;
        assert_eq!(first_of(&pool, Some(2), 130), 2);
        assert_eq!(first_of(&pool, None, 130), 3);
        assert_eq!(first_of(&pool, None, -1), 0);
    }

    #[test]
    fn without_work_nothing_is_spent() {
        let idle = plan(&terms(100, 10, 50), 0, 1_000, 0);
        assert_eq!((idle.epochs, idle.dry, idle.left), (0, None, 1_000));
    }
}
