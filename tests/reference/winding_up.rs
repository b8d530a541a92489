//! The other exits of a reward pool: the delegators' part, leftovers, and the end of shares and pools.

use super::{
    Account, Effect, Fail, Holder, Id, Key, MISSING, Moment, Reference, Subject, ensure, find,
    find_mut, fit,
};

impl Reference {
    /// Delegators are paid as stakers of their provider are paid anything; while nobody has stake there, the payee has their part.
    pub(super) fn pay_delegators(
        &mut self,
        at: Moment,
        key: (Id, Id),
        given: &[Option<u64>],
        (stake, to): (Id, Holder),
    ) -> Result<Effect, Fail> {
        let mint = find(&self.reward_pools, key.0)?.mint;
        let share = find(&self.shares, key)?;
        let given = self.given(key.0, given)?;
        let behind = Subject::Provider(share.provider);
        let known = self.pool_ever_of(behind) == Ok(stake);
        ensure(given.len() < 2 || given[0] != given[1], "WrongEpoch")?;
        let earned = self.earned(key.0, share, &given, at.now).delegators;
        let amount = fit(earned.saturating_sub(share.claimed().delegators))?;
        ensure(amount > 0, "NothingDue")?;
        let payee = Holder::Wallet(share.payee);
        ensure(known, "WrongStakePool")?;
        if self.has_stake(stake) {
            // Who is thawing may come back for it.
            let open = find(&self.stake_pools, stake)?.has_dividends;
            ensure(open && to == Holder::DividendVault(stake), "WrongVault")?;
            self.take_dividends(at, stake, amount)?;
        } else {
            ensure(to == payee, "NotAssociatedAccount")?;
        }
        let effect = self.transfer(Holder::RewardVault(key.0), to, mint, amount)?;
        find_mut(&mut self.shares, key)?
            .delegators_paid
            .push(amount);
        Ok(effect)
    }

    /// Pays what no epoch holds and no share earned back, once no epoch can take of it.
    pub(super) fn return_unallocated(&mut self, at: Moment, id: Id) -> Result<Effect, Fail> {
        let pool = find(&self.reward_pools, id)?;
        ensure(pool.terms.has_ended(at.now), "PoolNotEnded")?;
        let (mint, owner) = (pool.mint, Holder::Wallet(pool.refund_owner));
        let amount = fit(self.unallocated(id))?;
        ensure(amount > 0, "NothingDue")?;
        let effect = self.transfer(Holder::RewardVault(id), owner, mint, amount)?;
        find_mut(&mut self.reward_pools, id)?.returns.push(amount);
        Ok(effect)
    }

    pub(super) fn close_share(
        &mut self,
        at: Moment,
        key: (Id, Id),
        by: Key,
    ) -> Result<Effect, Fail> {
        let ended = find(&self.reward_pools, key.0)?.terms.has_ended(at.now);
        let share = find(&self.shares, key)?;
        ensure(by == share.payee || ended, "NotOwner")?;
        ensure(at.slot > share.opened_slot, "OpeningSlot")?;
        let paid = self.folded(key.0, share) == share.claimed();
        ensure(paid && share.unfolded().next().is_none(), "StillOwing")?;
        let share = self.shares.remove(&key).ok_or(MISSING)?;
        let left = &mut find_mut(&mut self.reward_pools, key.0)?.left;
        left.push((key.1, share));
        Ok(Effect::closing(&[Account::Share(key.0, key.1)]))
    }

    /// Whatever lies in the vault then, gifts too, goes where leftovers go.
    pub(super) fn close_reward_pool(&mut self, at: Moment, id: Id) -> Result<Effect, Fail> {
        let pool = find(&self.reward_pools, id)?;
        ensure(pool.terms.has_ended(at.now), "PoolNotEnded")?;
        ensure(at.slot > pool.incarnation, "OpeningSlot")?;
        let joined = self.shares.keys().any(|(of, _)| *of == id);
        let open = pool.epochs.values().any(|epoch| !epoch.closed);
        ensure(!joined && !open, "StillInUse")?;
        let (vault, owner) = (Holder::RewardVault(id), Holder::Wallet(pool.refund_owner));
        let mint = pool.mint;
        let mut effect = self.transfer(vault, owner, mint, self.balance(vault, mint))?;
        effect.closed = vec![Account::Vault(vault), Account::RewardPool(id)];
        let pool = self.reward_pools.remove(&id).ok_or(MISSING)?;
        self.closed_reward_pools.push((id, pool));
        Ok(effect)
    }
}
