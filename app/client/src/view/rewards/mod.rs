//! What a share has coming at one moment, from one read of its pool, itself and its open epochs.

pub mod plan;

use {
    sluice::state::{Epoch, Parts, RewardPool, Share, ShareSlot},
    sluice_math::wide,
};

/// Decimals that [`ShareView::per_second`] has beyond the mint's.
pub const RATE_DECIMALS: u8 = 3;

/// A share's rewards, base units of the pool's mint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareView {
    /// Folded and streamed, in all: the payee's part and the delegators'.
    pub earned: Parts,
    /// Of that, what was not paid yet.
    pub due: Parts,
    /// What its reported work will stream still, this epoch and the next.
    pub to_stream: Parts,
    /// What streams now, per second, in thousandths of a base unit, both parts.
    pub per_second: u64,
    /// When what streams now has streamed; `None` when nothing does.
    pub streams_until: Option<i64>,
    /// Units reported in the current epoch.
    pub reported: u64,
    /// What they will stream in the next one, both parts, if nobody reports more.
    pub next_epoch: u64,
}

impl ShareView {
    /// The view of `share` at `now`; `epoch` finds an open epoch of the pool. `None` when the accounts' numbers contradict
    /// each other, or an epoch in which the share has work is missing.
    pub fn of(
        pool: &RewardPool,
        share: &Share,
        now: i64,
        epoch: impl Fn(u64) -> Option<Epoch>,
    ) -> Option<Self> {
        let mut view = Self {
            earned: Parts {
                payee: share.earned,
                delegators: share.delegators_earned,
            },
            ..Self::default()
        };
        for slot in share.slots.iter().filter(|slot| slot.epoch().is_some()) {
            let epoch = epoch(slot.epoch()?)?;
            view.add(pool, share, slot, &epoch, now)?;
        }
        view.due = Parts {
            payee: view.earned.payee.checked_sub(share.claimed)?,
            delegators: view
                .earned
                .delegators
                .checked_sub(share.delegators_claimed)?,
        };
        Some(view)
    }

    fn add(
        &mut self,
        pool: &RewardPool,
        share: &Share,
        slot: &ShareSlot,
        epoch: &Epoch,
        now: i64,
    ) -> Option<()> {
        let streamed = share.streamed(pool, epoch, now).ok()?;
        let whole = share.streamed(pool, epoch, i64::MAX).ok()?;
        self.earned = self.earned.plus(streamed)?;
        self.to_stream = self.to_stream.plus(Parts {
            payee: whole.payee.checked_sub(streamed.payee)?,
            delegators: whole.delegators.checked_sub(streamed.delegators)?,
        })?;
        let whole = whole.payee.checked_add(whole.delegators)?;
        let begins = pool.epoch_start(epoch.index.checked_add(1)?).ok()?;
        let ends = pool.epoch_start(epoch.index.checked_add(2)?).ok()?;
        if now < begins {
            (self.reported, self.next_epoch) = (slot.units, whole);
        } else if now < ends {
            let secs = u64::from(pool.terms.epoch_secs);
            self.per_second = wide::mul_div_floor(whole, 10u64.pow(RATE_DECIMALS.into()), secs)?;
            self.streams_until = Some(ends);
        }
        Some(())
    }

    /// Both parts that were not paid yet.
    pub fn all_due(&self) -> u64 {
        self.due.payee.saturating_add(self.due.delegators)
    }
}
