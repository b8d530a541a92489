use {
    super::{Epoch, Node, RewardPool},
    crate::{
        checked::{Checked, Fits},
        constants::MAX_COMMISSION_BPS,
        error::SluiceError,
    },
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
    sluice_math::stream,
};

/// One node's part in one reward pool.
///
/// Address: `["share", pool, node]`.
#[account]
pub struct Share {
    /// Address of the reward pool.
    pub pool: Address,
    /// Address of the node.
    pub node: Address,
    /// Address of the provider.
    pub provider: Address,
    /// The provider's owner: payee of the stream.
    pub payee: Address,
    /// The token account that the last claim went to; zero before the first. Kept as long as it is the payee's, so that later
    /// claims need not derive it.
    pub payee_account: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// The node's registration that `seen` counts.
    pub registration: u64,
    /// Epoch in which the share joined, or joined again.
    pub joined_epoch: u64,
    /// The node's units that were reported or are history.
    pub seen: u64,
    /// Folded earnings of the payee and all its claims, base units; never fall. Claims may run ahead of folds.
    pub earned: u64,
    /// What the payee claimed, base units.
    pub claimed: u64,
    /// The same of the provider's delegators.
    pub delegators_earned: u64,
    /// What the provider's delegators were paid, base units.
    pub delegators_claimed: u64,
    /// Work of epoch `e` stands in slot `e mod 2` until it is folded.
    pub slots: [ShareSlot; 2],
    /// 1 once `seen` is set.
    pub baseline: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 6],
    /// Zero; for later versions.
    pub reserve_words: [u64; 3],
}

/// The reported work of one epoch.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType)]
pub struct ShareSlot {
    /// One more than the epoch; 0 when the slot is free.
    pub epoch_plus_one: u64,
    /// Units reported.
    pub units: u64,
    /// The delegators' part, by the provider's commission at the first report, basis points.
    pub delegators_bps: u16,
    /// Zero; for later versions.
    pub reserve: [u8; 6],
}

impl ShareSlot {
    /// The epoch whose work stands here.
    pub fn epoch(&self) -> Option<u64> {
        self.epoch_plus_one.checked_sub(1)
    }
}

/// Base units of one share, parted between its payee and its provider's delegators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The payee's.
    pub payee: u64,
    /// The delegators'.
    pub delegators: u64,
}

impl Parts {
    /// Both sums.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            payee: self.payee.checked_add(other.payee)?,
            delegators: self.delegators.checked_add(other.delegators)?,
        })
    }
}

impl ShareSlot {
    /// Parts what this slot's work earned: the delegators' part is rounded down. Both parts never fall as `amount` grows.
    fn part(&self, amount: u64) -> Result<Parts> {
        if self.delegators_bps == 0 {
            return Ok(Parts {
                payee: amount,
                delegators: 0,
            });
        }
        let delegators = stream::delegated(amount, self.delegators_bps).fits()?;
        Ok(Parts {
            payee: amount.minus(delegators)?,
            delegators,
        })
    }
}

/// Where a new share stands and whose it is.
pub struct Joining {
    /// Address of the reward pool.
    pub pool: Address,
    /// Address of the node.
    pub node: Address,
    /// Owner of the account that is paid.
    pub payee: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The slot of now.
    pub slot: u64,
    /// Bump of its address.
    pub bump: u8,
}

/// What a report counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Units that the epoch counts.
    pub units: u64,
    /// True for the share's first of the epoch.
    pub first: bool,
    /// The delegators' part of the epoch, basis points.
    pub delegators_bps: u16,
}

impl Share {
    /// First seed of its address.
    pub const SEED: &[u8] = b"share";

    /// The share's address and bump.
    pub fn address(pool: &Address, node: &Address) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, pool.as_ref(), node.as_ref()], &crate::ID)
    }

    /// Writes a share of `node`. Before the pool starts its baseline is what the node has done by now; from then on the first
    /// report of a later epoch sets it, so that nobody joins, credits old work and reports it at once.
    pub fn join(&mut self, node: &Node, pool: &RewardPool, new: &Joining, now: i64) -> Result<()> {
        self.pool = new.pool;
        self.node = new.node;
        self.provider = node.provider;
        self.payee = new.payee;
        self.rent_payer = new.rent_payer;
        self.opened_slot = new.slot;
        self.bump = new.bump;
        self.registration = node.opened_slot;
        if pool.is_before_start(now) {
            self.set_baseline(node);
        } else {
            self.joined_epoch = pool.working_epoch(now)?;
        }
        Ok(())
    }

    /// Makes all that `node` has done history.
    const fn set_baseline(&mut self, node: &Node) {
        self.baseline = 1;
        self.seen = node.units;
    }

    /// Takes over the registration of a node that was registered anew, and returns true then. Refuses a node that works under
    /// another set than the pool's since.
    fn follow(&mut self, node: &Node, pool: &RewardPool) -> Result<bool> {
        let anew = self.registration != node.opened_slot;
        if anew {
            require!(node.set == pool.set, SluiceError::NodeOfAnotherSet);
            self.registration = node.opened_slot;
        }
        Ok(anew)
    }

    /// Reports before the start, which sets the baseline anew: with an old baseline, work could be held back for the
    /// first epoch.
    pub fn report_early(&mut self, node: &Node, pool: &RewardPool) -> Result<()> {
        self.follow(node, pool)?;
        self.set_baseline(node);
        Ok(())
    }

    /// Reports the node's work since the last report in `epoch`, at most the pool's `node_cap` per epoch. If the pool is
    /// of the dividend mint, the first report of an epoch leaves the delegators what the provider's `commission`, basis
    /// points, does not take of it. A report that sets the baseline counts nothing.
    pub fn report(
        &mut self,
        node: &Node,
        epoch: u64,
        pool: &RewardPool,
        commission: impl FnOnce() -> Result<u16>,
    ) -> Result<Option<Counted>> {
        if self.follow(node, pool)? {
            self.joined_epoch = epoch;
            self.baseline = 0;
            return Ok(None);
        }
        if self.baseline == 0 {
            require!(epoch > self.joined_epoch, SluiceError::TooEarlyToReport);
            self.set_baseline(node);
            return Ok(None);
        }
        let number = epoch.saturating_add(1);
        let unseen = node.units.minus(self.seen)?;
        let slot = self.slot_mut(epoch);
        let first = slot.epoch_plus_one != number;
        if first {
            require!(slot.epoch_plus_one == 0, SluiceError::SlotNotFolded);
            slot.epoch_plus_one = number;
            if pool.delegated == 1 {
                slot.delegators_bps = MAX_COMMISSION_BPS.saturating_sub(commission()?);
            }
        }
        let units = unseen.min(pool.terms.node_cap.saturating_sub(slot.units));
        require!(units > 0, SluiceError::NothingToReport);
        slot.units.raise(units)?;
        let delegators_bps = slot.delegators_bps;
        self.seen.raise(units)?;
        Ok(Some(Counted {
            units,
            first,
            delegators_bps,
        }))
    }

    /// The slot of `epoch`.
    fn slot_mut(&mut self, epoch: u64) -> &mut ShareSlot {
        let [even, odd] = &mut self.slots;
        if epoch.is_multiple_of(2) { even } else { odd }
    }

    /// The slot of `epoch`.
    pub fn slot(&self, epoch: u64) -> &ShareSlot {
        let [even, odd] = &self.slots;
        if epoch.is_multiple_of(2) { even } else { odd }
    }

    /// What the work of `epoch` has streamed to this share by `now`; nothing when this share has no work there.
    pub fn streamed(&self, pool: &RewardPool, epoch: &Epoch, now: i64) -> Result<Parts> {
        let slot = self.slot(epoch.index);
        if slot.epoch() != Some(epoch.index) {
            return Ok(Parts::default());
        }
        let next = slot.epoch_plus_one;
        let elapsed = pool.elapsed_of(next, now);
        let whole = epoch.share_of(&pool.terms, slot.units)?;
        let streamed = stream::streamed(whole, elapsed, u64::from(pool.terms.epoch_secs)).fits()?;
        slot.part(streamed)
    }

    /// Moves the whole reward of an ended stream into what was earned and frees the slot; returns that reward.
    pub fn fold(&mut self, pool: &RewardPool, epoch: &Epoch, now: i64) -> Result<u64> {
        let ended = epoch.index.plus(2)?;
        require!(now >= pool.epoch_start(ended)?, SluiceError::StreamNotEnded);
        let slot = self.slot_mut(epoch.index);
        require!(
            slot.epoch() == Some(epoch.index),
            SluiceError::NothingToFold
        );
        let folded = core::mem::replace(slot, ShareSlot::zeroed());
        let amount = epoch.share_of(&pool.terms, folded.units)?;
        let parts = folded.part(amount)?;
        self.earned.raise(parts.payee)?;
        self.delegators_earned.raise(parts.delegators)?;
        Ok(amount)
    }

    /// True when everything that it earned or can earn is paid.
    pub fn owes_nothing(&self) -> bool {
        self.slots.iter().all(|slot| slot.epoch().is_none())
            && self.earned == self.claimed
            && self.delegators_earned == self.delegators_claimed
    }
}
