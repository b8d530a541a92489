//! Stake pools, positions and unstake tickets.

use {
    super::{
        Account, Action, Effect, Fail, Holder, IN_USE, Id, JobState, Key, MISSING, Mint, Moment,
        Reference,
        dividends::{Dividend, Income},
        ensure, find, find_mut, fit,
        registry::Standing,
    },
    std::collections::{BTreeMap, btree_map::Entry},
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
    /// Opening slot.
    pub registration: u64,
    /// What all shares are worth, base units.
    pub tokens: u64,
    /// What each offence took, base units, in order.
    pub slashes: Vec<u64>,
    /// What each burn destroyed of it.
    pub burns: Vec<u64>,
    pub dividend_mint: Mint,
    /// Seconds of a period of dividends.
    pub dividend_secs: u32,
    /// Every amount that ever came in, and every one that was handed out, in order.
    pub gifts: Vec<u64>,
    pub dividends: Vec<Dividend>,
    /// What came in during each period and has not all streamed; and the period in which somebody last asked.
    pub incomes: BTreeMap<i64, Income>,
    pub asked_in: i64,
    /// True while there is a vault for them.
    pub has_dividends: bool,
    /// What left that vault for stakers, in order, and for the owner when it closed.
    pub claims: Vec<u64>,
    pub leftovers: Vec<u64>,
    /// Base units that had not streamed by then.
    pub lapsed: u64,
    /// Fractions of a base unit that positions closed with, in units of 2^-64.
    pub forfeited: u128,
}

impl StakePool {
    /// Base units taken and not burned yet.
    pub fn to_burn(&self) -> u64 {
        self.slashes.iter().sum::<u64>() - self.burns.iter().sum::<u64>()
    }

    /// Takes `amount`, or all there is, from every share and ticket alike; tells how much.
    pub(crate) fn slash(&mut self, amount: u64) -> u64 {
        let taken = amount.min(self.tokens);
        self.tokens -= taken;
        if taken > 0 {
            self.slashes.push(taken);
        }
        taken
    }
}

/// A staker's active shares, and what they were given.
#[derive(Clone, Debug, Default)]
pub struct Position {
    pub shares: u64,
    pub opened_slot: u64,
    /// Dividends of its shares so far, in units of 2^-64 base units.
    pub given: u128,
    /// Of those, what was booked when its shares last changed, and the pool's index then.
    pub booked: u128,
    pub seen: u128,
    /// Base units, in order.
    pub claims: Vec<u64>,
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

    /// Bonds that `pool` backs: what is left of those of unreleased jobs, or the attester's while it is live and in good
    /// standing.
    pub fn locked(&self, pool: Id) -> u128 {
        match self.stake_pools.get(&pool).map(|pool| pool.subject) {
            Some(Subject::Provider(provider)) => {
                let backed = |job: &&super::Job| {
                    job.state == JobState::Active && job.provider == Some(provider)
                };
                let jobs = self.jobs.values().filter(backed);
                jobs.map(|job| u128::from(job.bond_left())).sum()
            }
            Some(Subject::Attester(id)) => {
                let known = self.attesters.get(&id);
                let bonded = known.filter(|attester| {
                    attester.standing == Standing::Good && self.live_bits(attester) > 0
                });
                bonded.map_or(0, |attester| attester.bond.into())
            }
            None => 0,
        }
    }

    /// What `staker` has in `pool`, active and thawing, base units; nothing without a position.
    pub fn whole_worth(&self, pool: Id, staker: Key) -> u64 {
        let known = self.positions.get(&(pool, staker));
        let active = known.map_or(0, |position| position.shares);
        let tickets = self.tickets.iter();
        let own = tickets.filter(|((p, s, _), _)| (*p, *s) == (pool, staker));
        let thawing: u64 = own.map(|(_, ticket)| ticket.shares).sum();
        self.worth(pool, active + thawing)
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

    /// The pool behind `subject`, open or gone.
    pub fn pool_ever_of(&self, subject: Subject) -> Result<Id, Fail> {
        let gone = || {
            let mut gone = self.gone_stake_pools.iter();
            gone.find(|(_, of)| **of == subject).map(|(id, _)| *id)
        };
        self.pool_of(subject).or_else(|_| gone().ok_or(MISSING))
    }

    /// True while somebody holds shares of `pool`, active or thawing.
    pub fn has_stake(&self, pool: Id) -> bool {
        self.active_shares(pool) + self.thawing_shares(pool) > 0
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
            Action::CancelUnstake {
                pool,
                staker,
                nonce,
                by,
            } => self.cancel_unstake(at, (*pool, *staker, *nonce), *by),
            Action::ClosePosition { pool, staker, by } => {
                self.close_position(at, (*pool, *staker), *by)
            }
            Action::AddDividends { pool, by, amount } => {
                self.add_dividends(at, *pool, *by, *amount)
            }
            Action::ClaimDividends { pool, staker } => self.claim_dividends(at, *pool, *staker),
            Action::BurnSlashed { pool } => {
                let known = find_mut(&mut self.stake_pools, *pool)?;
                let (amount, mint) = (known.to_burn(), known.mint);
                ensure(amount > 0, "NothingDue")?;
                known.burns.push(amount);
                self.burn(Holder::StakeVault(*pool), mint, amount)
            }
            Action::CloseStakePool { pool, by } => self.close_pool(at, *pool, *by),
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
        let founding = find(&self.networks, network)?.founding;
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
            mint: founding.stake_mint,
            registration: at.slot,
            tokens: 0,
            slashes: Vec::new(),
            burns: Vec::new(),
            dividend_mint: founding.dividend_mint,
            dividend_secs: founding.dividend_secs,
            gifts: Vec::new(),
            dividends: Vec::new(),
            incomes: BTreeMap::new(),
            asked_in: 0,
            has_dividends: false,
            claims: Vec::new(),
            leftovers: Vec::new(),
            lapsed: 0,
            forfeited: 0,
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
        self.ensure_intake(at, network)?;
        ensure(amount > 0, "AmountTooSmall")?;
        self.ensure_funds(Holder::Wallet(staker), mint, amount)?;
        ensure(all == 0 || u128::from(tokens) * 64 > all, "StakePoolDead")?;
        let bought = if all == 0 {
            u128::from(amount)
        } else {
            u128::from(amount) * all / u128::from(tokens)
        };
        let full = u128::from(u64::MAX);
        ensure(all + bought <= full, "StakePoolFull")?;
        let bought = fit(bought)?;
        ensure(bought > 0, "AmountTooSmall")?;
        let tokens = tokens.checked_add(amount).ok_or("MathOverflow")?;

        let mut effect = self.transfer(
            Holder::Wallet(staker),
            Holder::StakeVault(pool),
            mint,
            amount,
        )?;
        let known = find_mut(&mut self.stake_pools, pool)?;
        known.tokens = tokens;
        let seen = known.index();
        let place = self.positions.entry((pool, staker));
        if let Entry::Vacant(place) = place {
            place.insert(Position {
                opened_slot: at.slot,
                seen,
                ..Position::default()
            });
            effect.opened.push(Account::Position(pool, staker));
        }
        self.book(at, pool, staker)?;
        find_mut(&mut self.positions, (pool, staker))?.shares += bought;
        effect.units = bought;
        Ok(effect)
    }

    /// Bonds of challengers that lie in the vault of `pool`, base units.
    pub fn challenge_bonds(&self, pool: Id) -> u128 {
        let here = self.challenges.values().filter(|c| c.pool == pool);
        here.map(|challenge| u128::from(challenge.bond)).sum()
    }
}
