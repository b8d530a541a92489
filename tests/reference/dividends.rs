//! Dividends of stake pools: what comes in during a period streams out through the next one, and every share gets its part of
//! every second, to the last fraction that a pool can divide.
//!
//! The program keeps four numbers and an index, and settles a pool and a position when they are touched. Here every period's
//! income is kept by itself with what has streamed of it; what streams is handed to everybody at once, and what the program
//! has booked of it is only remembered.

use {
    super::{
        Account, Effect, Fail, Holder, Id, Key, Moment, Reference, ensure, find, find_mut, fit,
        stake::{Position, StakePool},
    },
    std::collections::BTreeMap,
};

/// One base unit, in the units of 2^-64 that parts are counted in.
const WHOLE: u128 = 1 << 64;

/// What came in during one period, and what has streamed of it, base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Income {
    pub amount: u64,
    pub streamed: u64,
}

/// Tokens given to the shares that were active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dividend {
    /// Base units.
    pub amount: u64,
    /// Shares it was divided among.
    pub shares: u64,
    /// What each got, and what could not be divided, both in units of 2^-64 base units.
    pub per_share: u128,
    pub rest: u128,
}

/// What has streamed since somebody last asked: what is left of all incomes, and what the shares get.
struct Flow {
    incomes: BTreeMap<i64, Income>,
    dividend: Option<Dividend>,
}

impl StakePool {
    /// What a share that was always active was given, in units of 2^-64 base units.
    pub fn index(&self) -> u128 {
        self.dividends.iter().map(|given| given.per_share).sum()
    }

    /// What the last dividend left undivided, in units of 2^-64 base units.
    pub fn rest(&self) -> u128 {
        self.dividends.last().map_or(0, |given| given.rest)
    }

    /// Base units that ever came in.
    pub fn dividends_in(&self) -> u128 {
        self.gifts.iter().copied().map(u128::from).sum()
    }

    /// Base units that stakers took, and that the owner got when the vault closed.
    pub fn dividends_out(&self) -> u128 {
        let out = self.claims.iter().chain(&self.leftovers);
        out.copied().map(u128::from).sum()
    }

    /// Base units that came in and have not streamed.
    pub fn unstreamed(&self) -> u64 {
        let incomes = self.incomes.values();
        incomes.map(|income| income.amount - income.streamed).sum()
    }

    /// The income of a period, counted back from the one in which somebody last asked.
    pub fn income(&self, back: i64) -> Income {
        let income = self.incomes.get(&(self.asked_in - back));
        income.copied().unwrap_or_default()
    }
}

impl Position {
    /// Whole base units booked and not claimed.
    pub fn due(&self) -> u64 {
        let whole = u64::try_from(self.booked / WHOLE).expect("no more than was given");
        whole - self.claims.iter().sum::<u64>()
    }

    /// What is booked beyond them, in units of 2^-64 base units.
    pub fn fraction(&self) -> u64 {
        u64::try_from(self.booked % WHOLE).expect("less than a whole")
    }
}

impl Reference {
    /// Books what the shares were given so far; comes before every change of theirs.
    pub(crate) fn book(&mut self, at: Moment, pool: Id, staker: Key) -> Result<(), Fail> {
        self.stream(at, pool)?;
        let seen = find(&self.stake_pools, pool)?.index();
        let position = find_mut(&mut self.positions, (pool, staker))?;
        (position.booked, position.seen) = (position.given, seen);
        Ok(())
    }

    /// Takes dividends in; nothing only where that opens the vault.
    pub(crate) fn add_dividends(
        &mut self,
        at: Moment,
        id: Id,
        by: Key,
        amount: u64,
    ) -> Result<Effect, Fail> {
        let pool = find(&self.stake_pools, id)?;
        let (mint, vault) = (pool.dividend_mint, Holder::DividendVault(id));
        let opens = !pool.has_dividends;
        ensure(amount > 0 || opens, "AmountTooSmall")?;
        self.ensure_funds(Holder::Wallet(by), mint, amount)?;
        self.take_dividends(at, id, amount)?;
        find_mut(&mut self.stake_pools, id)?.has_dividends = true;
        let mut effect = self.transfer(Holder::Wallet(by), vault, mint, amount)?;
        if opens {
            effect.opened.push(Account::Vault(vault));
        }
        Ok(effect)
    }

    /// Adds `amount` to the income of the period that runs.
    pub(super) fn take_dividends(&mut self, at: Moment, id: Id, amount: u64) -> Result<(), Fail> {
        self.stream(at, id)?;
        let pool = find_mut(&mut self.stake_pools, id)?;
        if amount > 0 {
            pool.gifts.push(amount);
            pool.incomes.entry(pool.asked_in).or_default().amount += amount;
        }
        Ok(())
    }

    /// Hands out what has streamed.
    fn stream(&mut self, at: Moment, id: Id) -> Result<(), Fail> {
        let Flow { incomes, dividend } = self.flow(at, id)?;
        let pool = find_mut(&mut self.stake_pools, id)?;
        pool.asked_in = at.now.div_euclid(pool.dividend_secs.into());
        pool.incomes = incomes;
        pool.dividends.extend(dividend);
        let per_share = dividend.map_or(0, |dividend| dividend.per_share);
        for (_, position) in self.positions.iter_mut().filter(|((p, _), _)| *p == id) {
            position.given += per_share * u128::from(position.shares);
        }
        Ok(())
    }

    /// An income of period `p` has streamed by its part of the seconds of `p + 1` that have passed. What streams to nobody is
    /// an income of the period that runs.
    fn flow(&self, at: Moment, id: Id) -> Result<Flow, Fail> {
        let pool = find(&self.stake_pools, id)?;
        let secs = i64::from(pool.dividend_secs);
        let mut incomes = pool.incomes.clone();
        let mut amount = 0;
        for (period, income) in &mut incomes {
            let passed = (at.now - (period + 1) * secs).clamp(0, secs).unsigned_abs();
            let parts = u128::from(income.amount) * u128::from(passed);
            let streamed = fit(parts / u128::from(pool.dividend_secs))?;
            amount += streamed - income.streamed;
            income.streamed = streamed;
        }
        let shares = fit(self.active_shares(id))?;
        let dividend = (amount > 0 && shares > 0).then(|| {
            let parts = u128::from(amount) * WHOLE + pool.rest();
            Dividend {
                amount,
                shares,
                per_share: parts / u128::from(shares),
                rest: parts % u128::from(shares),
            }
        });
        if dividend.is_none() {
            let running = incomes.entry(at.now.div_euclid(secs)).or_default();
            running.amount += amount;
        }
        incomes.retain(|_, income| income.streamed < income.amount);
        Ok(Flow { incomes, dividend })
    }

    pub(crate) fn claim_dividends(
        &mut self,
        at: Moment,
        id: Id,
        staker: Key,
    ) -> Result<Effect, Fail> {
        let pool = find(&self.stake_pools, id)?;
        let position = find(&self.positions, (id, staker))?;
        ensure(pool.has_dividends, "WrongVault")?;
        let per_share = self.flow(at, id)?.dividend.map_or(0, |new| new.per_share);
        let given = position.given + per_share * u128::from(position.shares);
        let amount = fit(given / WHOLE)? - position.claims.iter().sum::<u64>();
        ensure(amount > 0, "NothingDue")?;
        let mint = pool.dividend_mint;
        let (vault, owner) = (Holder::DividendVault(id), Holder::Wallet(staker));
        let effect = self.transfer(vault, owner, mint, amount)?;
        self.book(at, id, staker)?;
        find_mut(&mut self.positions, (id, staker))?
            .claims
            .push(amount);
        find_mut(&mut self.stake_pools, id)?.claims.push(amount);
        Ok(effect)
    }
}
