//! Token balances, and what an action does to them.

use super::{Fail, Id, Key, Mint, Reference, SHORT};

/// Who holds tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The associated account of a key.
    Wallet(Key),
    /// The vault of a job.
    JobVault(Id),
    /// The vault of a stake pool.
    StakeVault(Id),
    /// The vault of a stake pool's dividends.
    DividendVault(Id),
    /// The vault of a reward pool.
    RewardVault(Id),
}

/// An account of the program, by the handles it is found with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    Network(Id),
    Attester(Id),
    AttesterSet(Id),
    Batch(Id),
    Provider(Id),
    Node(Id),
    StakePool(Id),
    /// Pool and staker.
    Position(Id, Key),
    /// Pool, staker and nonce.
    Unstake(Id, Key, u64),
    Offer(Id),
    Job(Id),
    /// Job, incarnation and window.
    Challenge(Id, u64, u32),
    RewardPool(Id),
    /// Pool and index.
    Epoch(Id, u64),
    /// Pool and node.
    Share(Id, Id),
    /// A token vault.
    Vault(Holder),
}

/// Tokens that moved, base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    pub mint: Mint,
    pub from: Holder,
    pub to: Holder,
    pub amount: u64,
}

/// What an accepted action did beside changing counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// In the order they happen; never of 0.
    pub moves: Vec<Movement>,
    /// Tokens that are no more: holder, mint and base units.
    pub burned: Vec<(Holder, Mint, u64)>,
    /// Accounts whose rent the payer now pays.
    pub opened: Vec<Account>,
    /// Accounts whose rent went back to whoever paid it.
    pub closed: Vec<Account>,
    /// Units accepted, matured, credited or reported; shares bought.
    pub units: u64,
}

impl Effect {
    /// An effect that only opened `accounts`.
    pub(crate) fn opening(accounts: &[Account]) -> Self {
        Self {
            opened: accounts.to_vec(),
            ..Self::default()
        }
    }

    /// An effect that only closed `accounts`.
    pub(crate) fn closing(accounts: &[Account]) -> Self {
        Self {
            closed: accounts.to_vec(),
            ..Self::default()
        }
    }

    /// An effect that only counted `units`.
    pub(crate) fn counting(units: u64) -> Self {
        Self {
            units,
            ..Self::default()
        }
    }

    /// What `holder` gained (or lost) of `mint`, base units.
    pub fn change_of(&self, holder: Holder, mint: Mint) -> i128 {
        let part = |m: &Movement| {
            let amount = i128::from(m.amount);
            i128::from(m.to == holder) * amount - i128::from(m.from == holder) * amount
        };
        let moved: i128 = self.moves.iter().filter(|m| m.mint == mint).map(part).sum();
        let gone = self.burned.iter();
        let gone = gone.filter(|(from, of, _)| *from == holder && *of == mint);
        moved - gone.map(|(_, _, amount)| i128::from(*amount)).sum::<i128>()
    }
}

impl Reference {
    /// Gives `holder` new tokens, as a mint authority would.
    ///
    /// # Panics
    /// If the balance leaves `u64`.
    pub fn mint_to(&mut self, holder: Holder, mint: Mint, amount: u64) {
        let balance = self.balance(holder, mint);
        let sum = balance
            .checked_add(amount)
            .expect("a token's supply fits u64");
        self.set_balance(holder, mint, sum);
    }

    /// What `holder` has of `mint`, base units.
    pub fn balance(&self, holder: Holder, mint: Mint) -> u64 {
        self.balances.get(&(holder, mint)).copied().unwrap_or(0)
    }

    /// Refuses to move what is not there.
    pub(crate) fn ensure_funds(&self, from: Holder, mint: Mint, amount: u64) -> Result<(), Fail> {
        super::ensure(self.balance(from, mint) >= amount, SHORT)
    }

    /// Moves tokens; moving 0 does nothing.
    pub(crate) fn transfer(
        &mut self,
        from: Holder,
        to: Holder,
        mint: Mint,
        amount: u64,
    ) -> Result<Effect, Fail> {
        self.ensure_funds(from, mint, amount)?;
        let mut effect = Effect::default();
        if amount > 0 {
            self.set_balance(from, mint, self.balance(from, mint) - amount);
            self.mint_to(to, mint, amount);
            effect.moves.push(Movement {
                mint,
                from,
                to,
                amount,
            });
        }
        Ok(effect)
    }

    /// Destroys `amount` of what `from` holds.
    pub(crate) fn burn(&mut self, from: Holder, mint: Mint, amount: u64) -> Result<Effect, Fail> {
        self.ensure_funds(from, mint, amount)?;
        self.set_balance(from, mint, self.balance(from, mint) - amount);
        Ok(Effect {
            burned: vec![(from, mint, amount)],
            ..Effect::default()
        })
    }

    fn set_balance(&mut self, holder: Holder, mint: Mint, amount: u64) {
        if amount == 0 {
            self.balances.remove(&(holder, mint));
        } else {
            self.balances.insert((holder, mint), amount);
        }
    }
}
