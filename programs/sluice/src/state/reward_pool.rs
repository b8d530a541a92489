use {
    crate::{
        checked::{Checked, Fits},
        constants::*,
        error::SluiceError,
    },
    anchor_lang::{pinocchio::cpi::Seed, prelude::*},
    bytemuck::{Pod, Zeroable, bytes_of},
    core::slice,
    sluice_math::stream,
};

/// An incentive that anyone funds: every epoch's proven work streams its reward through the next epoch.
///
/// Address: `["reward_pool", network, creator, id]`; its tokens lie in `["vault", pool]`.
#[account]
pub struct RewardPool {
    /// Address of the network.
    pub network: Address,
    /// Who created it; part of its address.
    pub creator: Address,
    /// The one attester set, hence the one meter, whose units count.
    pub set: Address,
    /// Mint of its rewards.
    pub mint: Address,
    /// Address of the token account that holds its tokens.
    pub vault: Address,
    /// Owner of what is left after the end.
    pub refund_owner: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// What it pays.
    pub terms: RewardTerms,
    /// Number among the creator's reward pools; part of its address.
    pub id: u64,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Deposited, claimed and returned, base units; never fall.
    pub funded: u64,
    /// Claimed so far, base units.
    pub claimed: u64,
    /// Returned so far, base units.
    pub returned: u64,
    /// Neither reserved by an epoch nor owed to a share.
    pub unallocated: u64,
    /// Sum of what was folded into shares; never falls.
    pub earned: u64,
    /// The part of `earned` that epochs had allocated which have closed since; never falls.
    pub settled: u64,
    /// Open epochs and joined shares.
    pub epochs: u64,
    /// Joined shares.
    pub shares: u64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// 1 when its mint is the network's dividend mint: then a provider's delegators have a part in every share.
    pub delegated: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 4],
    /// Zero; for later versions.
    pub reserve_words: [u64; 7],
}

/// What a reward pool pays; fixed when it is created.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct RewardTerms {
    /// Most base units an epoch emits.
    pub rate: u64,
    /// Most base units a unit of work earns.
    pub ceiling: u64,
    /// Most units of one share an epoch counts.
    pub node_cap: u64,
    /// When epoch 0 starts, unix seconds.
    pub start_at: i64,
    /// Epochs that start before it count work.
    pub end_at: i64,
    /// Length of an epoch, a minute to 30 days, seconds.
    pub epoch_secs: u32,
    /// Zero; for later versions.
    pub reserve: [u8; 4],
}

impl RewardTerms {
    /// Refuses terms of which one is 0, an epoch that does not last between a minute and 30 days, and an end that is not
    /// after the start.
    pub fn validate(&self) -> Result<()> {
        require!(
            self.rate >= 1 && self.ceiling >= 1 && self.node_cap >= 1,
            SluiceError::TermIsZero
        );
        require!(
            (MIN_EPOCH_SECS..=MAX_EPOCH_SECS).contains(&self.epoch_secs),
            SluiceError::EpochOutOfBounds
        );
        require!(
            self.start_at >= 0 && self.end_at > self.start_at,
            SluiceError::EndBeforeStart
        );
        require!(self.reserve == [0; 4], SluiceError::ReserveNotZero);
        Ok(())
    }

    /// Refuses a pool that is over by `now`, and one whose dates are so far off that they were never meant.
    pub fn require_dates(&self, now: i64) -> Result<()> {
        require!(self.end_at > now, SluiceError::DateInPast);
        require!(
            self.start_at.abs_diff(now) <= MAX_POOL_SPAN_SECS
                && self.end_at.abs_diff(now) <= MAX_POOL_SPAN_SECS,
            SluiceError::PoolDateTooFar
        );
        Ok(())
    }
}

/// Where a new pool stands and what it is bound to.
pub struct PoolAccounts {
    /// Address of the network.
    pub network: Address,
    /// Who created it; part of its address.
    pub creator: Address,
    /// Address of the attester set.
    pub set: Address,
    /// Mint of its tokens.
    pub mint: Address,
    /// Address of the token account that holds its tokens.
    pub vault: Address,
    /// Owner of the account that gets back what is left.
    pub refund_owner: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
}

impl RewardPool {
    /// First seed of its address.
    pub const SEED: &[u8] = b"reward_pool";

    /// The pool's address and bump.
    pub fn address(network: &Address, creator: &Address, id: u64) -> (Address, u8) {
        Address::find_program_address(
            &[
                Self::SEED,
                network.as_ref(),
                creator.as_ref(),
                &id.to_le_bytes(),
            ],
            &crate::ID,
        )
    }

    /// What the pool signs with.
    pub fn seeds(&self) -> [Seed<'_>; 5] {
        [
            Seed::from(Self::SEED),
            Seed::from(self.network.as_ref()),
            Seed::from(self.creator.as_ref()),
            Seed::from(bytes_of(&self.id)),
            Seed::from(slice::from_ref(&self.bump)),
        ]
    }

    /// Writes a new, empty pool.
    pub fn create(&mut self, id: u64, terms: &RewardTerms, accounts: PoolAccounts, slot: u64) {
        self.network = accounts.network;
        self.creator = accounts.creator;
        self.set = accounts.set;
        self.mint = accounts.mint;
        self.vault = accounts.vault;
        self.refund_owner = accounts.refund_owner;
        self.rent_payer = accounts.rent_payer;
        self.terms = *terms;
        self.id = id;
        self.incarnation = slot;
    }

    /// Refuses totals that do not add up. Every base unit ever funded is unallocated, reserved by an open epoch,
    /// allocated by one that closed, or returned, and no more was claimed than was reserved or allocated. Call it before
    /// a handler that changed a total returns.
    ///
    /// The sums are taken modulo 2^64, where equal totals stay equal.
    pub fn invariant(&self) -> Result<()> {
        let reserved = self.epochs.wrapping_mul(self.terms.rate);
        let allocated = reserved.wrapping_add(self.settled);
        let held = allocated.wrapping_add(self.unallocated);
        require!(
            held.wrapping_add(self.returned) == self.funded && self.claimed <= allocated,
            SluiceError::PoolOutOfBalance
        );
        Ok(())
    }

    /// True before the first epoch starts: reports set baselines only.
    pub const fn is_before_start(&self, now: i64) -> bool {
        now < self.terms.start_at
    }

    /// The epoch that `now` falls in.
    pub fn epoch_at(&self, now: i64) -> Result<u64> {
        Ok(self.within_epoch(now)?.0)
    }

    /// The epoch that `now` falls in, and the seconds into it.
    fn within_epoch(&self, now: i64) -> Result<(u64, u64)> {
        stream::epoch_of(now, self.terms.start_at, self.terms.epoch_secs)
            .ok_or(SluiceError::PoolNotStarted.into())
    }

    /// Seconds of epoch `index` that have passed by `now`.
    pub fn elapsed_of(&self, index: u64, now: i64) -> u64 {
        match self.within_epoch(now) {
            Ok((current, elapsed)) if current == index => elapsed,
            Ok((current, _)) if current > index => u64::from(self.terms.epoch_secs),
            _ => 0,
        }
    }

    /// When epoch `index` starts.
    pub fn epoch_start(&self, index: u64) -> Result<i64> {
        stream::epoch_start(index, self.terms.start_at, self.terms.epoch_secs).fits()
    }

    /// The epoch that `now` falls in, if it still counts work; none before the first.
    pub fn reporting_epoch(&self, now: i64) -> Result<Option<u64>> {
        let terms = &self.terms;
        let Some((index, elapsed)) = stream::epoch_of(now, terms.start_at, terms.epoch_secs) else {
            return Ok(None);
        };
        require!(
            now.wrapping_sub_unsigned(elapsed) < terms.end_at,
            SluiceError::PoolEnded
        );
        Ok(Some(index))
    }

    /// The epoch that `now` falls in, if it counts work.
    pub fn working_epoch(&self, now: i64) -> Result<u64> {
        let index = self.reporting_epoch(now)?;
        index.ok_or(SluiceError::PoolNotStarted.into())
    }

    /// True when no epoch counts work any more.
    pub fn has_ended(&self, now: i64) -> Result<bool> {
        if now < self.terms.end_at {
            return Ok(false);
        }
        let (_, elapsed) = self.within_epoch(now)?;
        Ok(now.wrapping_sub_unsigned(elapsed) >= self.terms.end_at)
    }

    /// Adds a deposit.
    pub fn fund(&mut self, received: u64) -> Result<()> {
        self.funded.raise(received)?;
        self.unallocated.raise(received)?;
        Ok(())
    }

    /// Hands out all that is unallocated; returns how much that is.
    pub fn take_unallocated(&mut self) -> Result<u64> {
        let amount = core::mem::take(&mut self.unallocated);
        self.returned.raise(amount)?;
        Ok(amount)
    }

    /// Counts `amount` as paid out of shares.
    pub fn pay(&mut self, amount: u64) -> Result<()> {
        self.claimed.raise(amount)?;
        Ok(())
    }

    /// Sets one epoch's whole rate aside.
    pub fn reserve_epoch(&mut self) -> Result<()> {
        self.unallocated = self
            .unallocated
            .checked_sub(self.terms.rate)
            .ok_or(SluiceError::PoolDry)?;
        self.epochs.raise(1)?;
        Ok(())
    }

    /// Counts `amount` as folded into shares.
    pub fn fold(&mut self, amount: u64) -> Result<()> {
        self.earned.raise(amount)?;
        Ok(())
    }

    /// One share more.
    pub fn join(&mut self) -> Result<()> {
        self.shares.raise(1)?;
        Ok(())
    }

    /// One share fewer.
    pub fn leave(&mut self) -> Result<()> {
        self.shares.lower(1)?;
        Ok(())
    }

    /// Takes back what a closed epoch did not allocate.
    pub fn close_epoch(&mut self, allocated: u64) -> Result<()> {
        let rest = self.terms.rate.minus(allocated)?;
        self.unallocated.raise(rest)?;
        self.settled.raise(allocated)?;
        self.epochs.lower(1)?;
        Ok(())
    }
}
