//! Stake pools, positions and unstake tickets.

use super::{
    Account, Action, Effect, Fail, Holder, IN_USE, Id, JobState, Key, MISSING, Mint, Moment,
    Reference, ensure, find, find_mut, fit,
};

/// What stake stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Provider(Id),
    Attester(Id),
}

/// A stake pool. Its shares are summed from positions and tickets, its locked tokens from the bonds it backs.
#[derive(Clone, Debug)]
pub struct StakePool {
    pub network: Id,
    pub subject: Subject,
    pub owner: Key,
    pub mint: Mint,
    /// What all shares are worth, base units.
    pub tokens: u64,
}

/// A staker's active shares.
#[derive(Clone, Debug, Default)]
pub struct Position {
    pub shares: u64,
}

/// Shares on their way out.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub shares: u64,
    /// Unix seconds.
    pub withdraw_at: i64,
    pub opened_slot: u64,
}

impl Reference {
    /// Active shares of `pool`.
    pub fn active_shares(&self, pool: Id) -> u128 {
        let of = self.positions.iter().filter(|((p, _), _)| *p == pool);
        of.map(|(_, position)| u128::from(position.shares)).sum()
    }

    /// Shares of `pool` in tickets.
    pub fn thawing_shares(&self, pool: Id) -> u128 {
        let of = self.tickets.iter().filter(|((p, _, _), _)| *p == pool);
        of.map(|(_, ticket)| u128::from(ticket.shares)).sum()
    }

    /// Bonds that `pool` backs: those of unreleased jobs, or the attester's while it is live.
    pub fn locked(&self, pool: Id) -> u128 {
        match self.stake_pools.get(&pool).map(|pool| pool.subject) {
            Some(Subject::Provider(provider)) => {
                let backed = |job: &&super::Job| {
                    job.state == JobState::Active && job.provider == Some(provider)
                };
                let jobs = self.jobs.values().filter(backed);
                jobs.map(|job| u128::from(job.terms.bond)).sum()
            }
            Some(Subject::Attester(id)) => self.attesters.get(&id).map_or(0, |a| a.bond.into()),
            None => 0,
        }
    }

    /// What `shares` of `pool` are worth, base units, rounded down.
    pub fn worth(&self, pool: Id, shares: u64) -> u64 {
        let all = self.active_shares(pool) + self.thawing_shares(pool);
        let tokens = self.stake_pools.get(&pool).map_or(0, |pool| pool.tokens);
        let part = (u128::from(shares) * u128::from(tokens)).checked_div(all);
        fit(part.unwrap_or(0)).expect("a part of the tokens fits as they do")
    }

    /// The pool behind `subject`.
    pub fn pool_of(&self, subject: Subject) -> Result<Id, Fail> {
        let mut pools = self.stake_pools.iter();
        let found = pools.find(|(_, pool)| pool.subject == subject);
        found.map(|(id, _)| *id).ok_or(MISSING)
    }

    /// The pool behind `subject` and what its owner's own active position is worth.
    pub fn own_stake(&self, subject: Subject) -> Result<(Id, u64), Fail> {
        let pool = self.pool_of(subject)?;
        let owner = find(&self.stake_pools, pool)?.owner;
        let shares = find(&self.positions, (pool, owner))?.shares;
        Ok((pool, self.worth(pool, shares)))
    }

    pub(crate) fn apply_stake(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::CreateStakePool {
                pool,
                network,
                subject,
            } => self.create_pool(at, *pool, *network, *subject),
            Action::OpenPosition { pool, by } => {
                let owner = find(&self.stake_pools, *pool)?.owner;
                ensure(!self.positions.contains_key(&(*pool, *by)), IN_USE)?;
                ensure(owner == *by, "OwnStakeOnly")?;
                self.positions.insert((*pool, *by), Position::default());
                Ok(Effect::opening(&[Account::Position(*pool, *by)]))
            }
            Action::Stake { pool, by, amount } => self.deposit(at, *pool, *by, *amount),
            Action::Unstake {
                pool,
                by,
                shares,
                nonce,
            } => self.unstake(at, (*pool, *by, *nonce), *shares),
            Action::Withdraw {
                pool,
                staker,
                nonce,
            } => self.withdraw(at, (*pool, *staker, *nonce)),
            _ => unreachable!("not an action of stake"),
        }
    }

    fn create_pool(
        &mut self,
        at: Moment,
        pool: Id,
        network: Id,
        subject: Subject,
    ) -> Result<Effect, Fail> {
        let mint = find(&self.networks, network)?.founding.stake_mint;
        let known = self.stake_pools.contains_key(&pool);
        ensure(!known && self.pool_of(subject).is_err(), IN_USE)?;
        let found = match subject {
            Subject::Provider(id) => self.providers.get(&id).map(|p| (p.network, p.owner)),
            Subject::Attester(id) => self.attesters.get(&id).map(|a| (a.network, a.owner)),
        };
        let (home, owner) = found.ok_or("NotASubject")?;
        ensure(home == network, "WrongNetwork")?;
        self.ensure_intake(at, network)?;
        let new = StakePool {
            network,
            subject,
            owner,
            mint,
            tokens: 0,
        };
        self.stake_pools.insert(pool, new);
        let vault = Account::Vault(Holder::StakeVault(pool));
        Ok(Effect::opening(&[Account::StakePool(pool), vault]))
    }

    fn deposit(&mut self, at: Moment, pool: Id, staker: Key, amount: u64) -> Result<Effect, Fail> {
        let all = self.active_shares(pool) + self.thawing_shares(pool);
        let StakePool {
            network,
            mint,
            tokens,
            ..
        } = *find(&self.stake_pools, pool)?;
        let shares = find(&self.positions, (pool, staker))?.shares;
        self.ensure_intake(at, network)?;
        ensure(amount > 0, "AmountTooSmall")?;
        self.ensure_funds(Holder::Wallet(staker), mint, amount)?;
        ensure(u128::from(tokens) * 1_024 >= all, "StakePoolDead")?;
        let bought = if all == 0 {
            u128::from(amount)
        } else {
            u128::from(amount) * all / u128::from(tokens)
        };
        let bought = fit(bought)?;
        ensure(bought > 0, "AmountTooSmall")?;
        let tokens = tokens.checked_add(amount).ok_or("MathOverflow")?;
        fit(all + u128::from(bought))?;

        let mut effect = self.transfer(
            Holder::Wallet(staker),
            Holder::StakeVault(pool),
            mint,
            amount,
        )?;
        find_mut(&mut self.stake_pools, pool)?.tokens = tokens;
        find_mut(&mut self.positions, (pool, staker))?.shares = shares + bought;
        effect.units = bought;
        Ok(effect)
    }

    fn unstake(
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
        find_mut(&mut self.positions, (pool, staker))?.shares = rest;
        self.tickets.insert((pool, staker, nonce), ticket);
        Ok(Effect::opening(&[Account::Unstake(pool, staker, nonce)]))
    }

    fn withdraw(&mut self, at: Moment, key: (Id, Key, u64)) -> Result<Effect, Fail> {
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
}
