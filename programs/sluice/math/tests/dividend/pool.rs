//! A pool and its positions as the program keeps them, and beside them the index without a modulus.

use {
    crate::{
        edges::{any_u64, positive_u64},
        wide::{join, number, wide},
    },
    num_bigint::BigUint,
    proptest::{collection::vec, prelude::*, sample::Index},
    sluice_math::dividend::{accrued, add},
};

const MAX: u64 = u64::MAX;

#[derive(Clone, Debug, Default)]
pub struct Position {
    pub shares: u64,
    pub seen: [u64; 2],
    /// The index it has seen, without a modulus.
    pub true_seen: BigUint,
    pub frac: u64,
    pub due: u64,
    pub paid: u128,
}

#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub index: [u64; 2],
    /// The index without a modulus.
    pub true_index: BigUint,
    pub rem: u64,
    /// What lies in the vault.
    pub held: u64,
    /// What was left undivided when the vault last closed, and all that its closings took out.
    pub spare: u64,
    pub swept: u128,
    pub total_in: u128,
    pub positions: Vec<Position>,
}

impl Pool {
    /// A pool with a position for each of `holdings`.
    pub fn new(holdings: &[u64]) -> Self {
        Self::at([0, 0], holdings)
    }

    /// A pool that has come to `index` by now.
    pub fn at(index: [u64; 2], holdings: &[u64]) -> Self {
        let mut pool = Self {
            index,
            true_index: number(index),
            ..Self::default()
        };
        pool.positions = holdings
            .iter()
            .map(|&shares| pool.newcomer(shares))
            .collect();
        pool
    }

    pub fn newcomer(&self, shares: u64) -> Position {
        Position {
            shares,
            seen: self.index,
            true_seen: self.true_index.clone(),
            ..Position::default()
        }
    }

    pub fn shares(&self) -> u64 {
        self.positions.iter().map(|position| position.shares).sum()
    }

    /// Takes in `amount`, or as much as there may be in the vault; refused by a pool without shares, and only by that.
    pub fn add(&mut self, amount: u64) {
        let amount = amount.min(MAX - self.held);
        let shares = self.shares();
        let Some((index, rem)) = add(self.index, self.rem, amount, shares) else {
            assert_eq!(shares, 0);
            return;
        };
        assert!(rem < shares);
        self.true_index += join(amount, self.rem) / shares;
        (self.index, self.rem) = (index, rem);
        assert_eq!(number(index), &self.true_index % wide());
        self.held += amount;
        self.total_in += u128::from(amount);
    }

    pub fn settle(&mut self, who: usize) -> &mut Position {
        let position = &mut self.positions[who];
        let (whole, frac) =
            accrued(self.index, position.seen, position.shares, position.frac).unwrap();
        position.due = position.due.checked_add(whole).unwrap();
        (position.seen, position.frac) = (self.index, frac);
        position.true_seen = self.true_index.clone();
        position
    }

    /// Gives `who` as many `shares`, or as many as fit.
    pub fn hold(&mut self, who: usize, shares: u64) {
        let room = MAX - (self.shares() - self.positions[who].shares);
        self.settle(who).shares = shares.min(room);
    }

    /// Never more than lies in the vault.
    pub fn claim(&mut self, who: usize) {
        let position = self.settle(who);
        let due = std::mem::take(&mut position.due);
        position.paid += u128::from(due);
        self.held = self.held.checked_sub(due).unwrap();
    }

    /// Adds each of `amounts` and claims what is due to `who` of it at once.
    pub fn cycle(&mut self, who: usize, amounts: &[u64]) {
        for &amount in amounts {
            self.add(amount);
            self.claim(who);
        }
    }

    /// All leave, the vault closes, and all come again without shares.
    pub fn close(&mut self) {
        for who in 0..self.positions.len() {
            self.hold(who, 0);
            self.claim(who);
            self.positions[who].frac = 0;
        }
        self.spare = self.rem;
        self.swept += u128::from(std::mem::take(&mut self.held));
    }

    /// All that `who` is owed, settled or not, in units of 2^-64 base units.
    pub fn owed(&self, who: usize) -> BigUint {
        let position = &self.positions[who];
        let risen = &self.true_index - &position.true_seen;
        join(position.due, position.frac) + risen * position.shares
    }

    /// All that `who` earned, paid or owed.
    pub fn earned(&self, who: usize) -> BigUint {
        (BigUint::from(self.positions[who].paid) << 64) + self.owed(who)
    }

    pub fn assert_conserved(&self) {
        let all = 0..self.positions.len();
        let owed: BigUint = all.clone().map(|who| self.owed(who)).sum();
        assert_eq!(owed + self.rem, join(self.held, self.spare));
        let paid: u128 = all.map(|who| self.positions[who].paid).sum();
        assert_eq!(self.total_in - paid - self.swept, u128::from(self.held));
    }
}

#[derive(Clone, Debug)]
pub enum Step {
    Add(u64),
    Settle(Index),
    Hold(Index, u64),
    Claim(Index),
    /// Amounts added and claimed at once by one with so many shares.
    Cycle(Index, u64, Vec<u64>),
    Close,
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any_u64().prop_map(Step::Add),
        1 => any::<Index>().prop_map(Step::Settle),
        3 => (any::<Index>(), any_u64()).prop_map(|(who, shares)| Step::Hold(who, shares)),
        2 => any::<Index>().prop_map(Step::Claim),
        1 => (any::<Index>(), positive_u64(), vec(any_u64(), 0..8))
            .prop_map(|(who, shares, amounts)| Step::Cycle(who, shares, amounts)),
        1 => Just(Step::Close),
    ]
}

impl Pool {
    pub fn take(&mut self, step: &Step) {
        let len = self.positions.len();
        match step {
            // The last of what fits now and then, so that the vault is full.
            Step::Add(amount) => self.add(*amount),
            Step::Settle(who) => {
                self.settle(who.index(len));
            }
            Step::Hold(who, shares) => self.hold(who.index(len), *shares),
            Step::Claim(who) => self.claim(who.index(len)),
            Step::Cycle(who, shares, amounts) => {
                let who = who.index(len);
                self.hold(who, *shares);
                self.cycle(who, amounts);
            }
            Step::Close => self.close(),
        }
    }
}
