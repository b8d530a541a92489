//! The ways by which stake leaves: tickets, and positions and pools that close.

use super::{
    Account, Effect, Fail, Holder, IN_USE, Id, Key, Moment, Reference, Subject, ensure, find,
    find_mut, stake::Ticket,
};

impl Reference {
    pub(super) fn unstake(
        &mut self,
        at: Moment,
        (pool, staker, nonce): (Id, Key, u64),
        shares: u64,
    ) -> Result<Effect, Fail> {
        let stake_pool = find(&self.stake_pools, pool)?;
        let cooldown = find(&self.networks, stake_pool.network)?
            .params
            .unbonding_secs;
        let active = find(&self.positions, (pool, staker))?.shares;
        ensure(!self.tickets.contains_key(&(pool, staker, nonce)), IN_USE)?;
        ensure(shares > 0, "AmountTooSmall")?;
        let rest = active.checked_sub(shares).ok_or("NotEnoughShares")?;
        if staker == stake_pool.owner {
            let enough = u128::from(self.worth(pool, rest)) >= self.locked(pool);
            ensure(enough, "StakeTooLow")?;
        }
        let ticket = Ticket {
            shares,
            withdraw_at: at.now + i64::from(cooldown),
            opened_slot: at.slot,
        };
        self.book(at, pool, staker)?;
        find_mut(&mut self.positions, (pool, staker))?.shares = rest;
        self.tickets.insert((pool, staker, nonce), ticket);
        Ok(Effect::opening(&[Account::Unstake(pool, staker, nonce)]))
    }

    pub(super) fn withdraw(&mut self, at: Moment, key: (Id, Key, u64)) -> Result<Effect, Fail> {
        let (pool, staker, nonce) = key;
        let mint = find(&self.stake_pools, pool)?.mint;
        let ticket = find(&self.tickets, key)?;
        ensure(at.now >= ticket.withdraw_at, "StillUnbonding")?;
        ensure(at.slot > ticket.opened_slot, "OpeningSlot")?;
        let amount = self.worth(pool, ticket.shares);
        let mut effect = self.transfer(
            Holder::StakeVault(pool),
            Holder::Wallet(staker),
            mint,
            amount,
        )?;
        self.tickets.remove(&key);
        find_mut(&mut self.stake_pools, pool)?.tokens -= amount;
        effect.closed.push(Account::Unstake(pool, staker, nonce));
        Ok(effect)
    }

    pub(super) fn cancel_unstake(
        &mut self,
        at: Moment,
        key: (Id, Key, u64),
        by: Key,
    ) -> Result<Effect, Fail> {
        let (pool, staker, nonce) = key;
        find(&self.stake_pools, pool)?;
        let ticket = find(&self.tickets, key)?;
        let shares = ticket.shares;
        ensure(staker == by, "NotOwner")?;
        ensure(at.slot > ticket.opened_slot, "OpeningSlot")?;
        self.book(at, pool, staker)?;
        self.tickets.remove(&key);
        find_mut(&mut self.positions, (pool, staker))?.shares += shares;
        let account = Account::Unstake(pool, staker, nonce);
        Ok(Effect::closing(&[account]))
    }

    pub(super) fn close_position(
        &mut self,
        at: Moment,
        key: (Id, Key),
        by: Key,
    ) -> Result<Effect, Fail> {
        let (pool, staker) = key;
        let owner = find(&self.stake_pools, pool)?.owner;
        let position = find(&self.positions, key)?;
        ensure(staker == by || owner == by, "NotOwner")?;
        ensure(at.slot > position.opened_slot, "OpeningSlot")?;
        let mut tickets = self.tickets.keys();
        let thawing = tickets.any(|(p, s, _)| (*p, *s) == key);
        let empty = position.shares == 0 && !thawing && position.due() == 0;
        ensure(empty, "StillInUse")?;
        let lost = position.fraction();
        self.positions.remove(&key);
        find_mut(&mut self.stake_pools, pool)?.forfeited += u128::from(lost);
        Ok(Effect::closing(&[Account::Position(pool, staker)]))
    }

    /// True while the subject has what needs stake: a provider nodes, an attester live bits.
    fn is_in_use(&self, subject: Subject) -> bool {
        match subject {
            Subject::Provider(id) => self.nodes.values().any(|node| node.provider == id),
            Subject::Attester(id) => {
                let known = self.attesters.get(&id);
                known.is_some_and(|attester| self.live_bits(attester) > 0)
            }
        }
    }

    pub(super) fn close_pool(&mut self, at: Moment, id: Id, by: Key) -> Result<Effect, Fail> {
        let pool = find(&self.stake_pools, id)?;
        ensure(pool.owner == by, "NotOwner")?;
        ensure(at.slot > pool.registration, "OpeningSlot")?;
        let held = self.positions.keys().any(|(p, _)| *p == id)
            || self.locked(id) > 0
            || self.challenges.values().any(|c| c.pool == id)
            || pool.to_burn() > 0;
        ensure(!held && !self.is_in_use(pool.subject), "StillInUse")?;
        let (vault, mint) = if pool.has_dividends {
            (Holder::DividendVault(id), pool.dividend_mint)
        } else {
            (Holder::StakeVault(id), pool.mint)
        };
        let owner = Holder::Wallet(pool.owner);
        let left = self.balance(vault, mint);
        let mut effect = self.transfer(vault, owner, mint, left)?;
        effect.closed.push(Account::Vault(vault));
        let pool = find_mut(&mut self.stake_pools, id)?;
        if pool.has_dividends {
            pool.has_dividends = false;
            pool.leftovers.push(left);
            pool.lapsed += pool.unstreamed();
            pool.incomes.clear();
        } else {
            let subject = pool.subject;
            self.stake_pools.remove(&id);
            self.gone_stake_pools.insert(id, subject);
            effect.closed.push(Account::StakePool(id));
        }
        Ok(effect)
    }
}
