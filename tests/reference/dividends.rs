//! Dividends of stake pools: every share gets its part at once, to the last fraction that a pool can divide.
//!
//! The program keeps an index and settles a position when it is touched. Here a dividend is handed to everybody in the
//! moment it comes, and what the program has booked of it is only remembered.

use super::{
    Account, Effect, Fail, Holder, Id, Key, Reference, ensure, find, find_mut, fit,
    stake::{Position, StakePool},
};

/// One base unit, in the units of 2^-64 that parts are counted in.
const WHOLE: u128 = 1 << 64;

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

impl StakePool {
    /// What a share that was always active was given, in units of 2^-64 base units.
    pub fn index(&self) -> u128 {
        self.dividends.iter().map(|given| given.per_share).sum()
    }

    /// What the last dividend left undivided, in units of 2^-64 base units.
    pub fn rest(&self) -> u128 {
        self.dividends.last().map_or(0, |given| given.rest)
    }

    /// Base units ever given.
    pub fn dividends_in(&self) -> u128 {
        let amounts = self.dividends.iter().map(|given| given.amount);
        amounts.map(u128::from).sum()
    }

    /// Base units that stakers took, and that the owner got when the vault closed.
    pub fn dividends_out(&self) -> u128 {
        let out = self.claims.iter().chain(&self.leftovers);
        out.copied().map(u128::from).sum()
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
    pub(crate) fn book(&mut self, pool: Id, staker: Key) -> Result<(), Fail> {
        let seen = find(&self.stake_pools, pool)?.index();
        let position = find_mut(&mut self.positions, (pool, staker))?;
        (position.booked, position.seen) = (position.given, seen);
        Ok(())
    }

    /// Takes dividends in; nothing only where that opens the vault.
    pub(crate) fn add_dividends(&mut self, id: Id, by: Key, amount: u64) -> Result<Effect, Fail> {
        let pool = find(&self.stake_pools, id)?;
        let (mint, vault) = (pool.dividend_mint, Holder::DividendVault(id));
        let opens = !pool.has_dividends;
        ensure(amount > 0 || opens, "AmountTooSmall")?;
        self.ensure_funds(Holder::Wallet(by), mint, amount)?;
        self.divide(id, amount)?;
        find_mut(&mut self.stake_pools, id)?.has_dividends = true;
        let mut effect = self.transfer(Holder::Wallet(by), vault, mint, amount)?;
        if opens {
            effect.opened.push(Account::Vault(vault));
        }
        Ok(effect)
    }

    /// Gives every active share its part of `amount`.
    pub(super) fn divide(&mut self, id: Id, amount: u64) -> Result<(), Fail> {
        let shares = fit(self.active_shares(id))?;
        let pool = find(&self.stake_pools, id)?;
        ensure(shares > 0, "NoActiveStake")?;
        let parts = u128::from(amount) * WHOLE + pool.rest();
        let per_share = parts / u128::from(shares);
        let given = Dividend {
            amount,
            shares,
            per_share,
            rest: parts % u128::from(shares),
        };
        for (_, position) in self.positions.iter_mut().filter(|((p, _), _)| *p == id) {
            position.given += per_share * u128::from(position.shares);
        }
        find_mut(&mut self.stake_pools, id)?.dividends.push(given);
        Ok(())
    }

    pub(crate) fn claim_dividends(&mut self, id: Id, staker: Key) -> Result<Effect, Fail> {
        let pool = find(&self.stake_pools, id)?;
        let position = find(&self.positions, (id, staker))?;
        ensure(pool.has_dividends, "WrongVault")?;
        let all = fit(position.given / WHOLE)?;
        let amount = all - position.claims.iter().sum::<u64>();
        ensure(amount > 0, "NothingDue")?;
        let mint = pool.dividend_mint;
        let (vault, owner) = (Holder::DividendVault(id), Holder::Wallet(staker));
        let effect = self.transfer(vault, owner, mint, amount)?;
        self.book(id, staker)?;
        find_mut(&mut self.positions, (id, staker))?
            .claims
            .push(amount);
        find_mut(&mut self.stake_pools, id)?.claims.push(amount);
        Ok(effect)
    }
}
