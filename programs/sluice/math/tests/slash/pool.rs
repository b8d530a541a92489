//! A pool and its stakers, through deposits, slashes and withdrawals.

use {
    crate::edges::any_u64,
    num_bigint::BigUint,
    proptest::{prelude::*, sample::Index},
    sluice_math::shares::{DEAD_RATIO, is_dead, shares_for, tokens_for},
};

const MAX: u64 = u64::MAX;

/// A stake pool as the program keeps it. Staker 0 is the owner, against whose active shares bonds lock.
#[derive(Clone, Debug)]
pub struct Pool {
    pub tokens: u64,
    pub shares: u64,
    pub locked: u64,
    pub active: Vec<u64>,
    /// Thawing shares and whose they are.
    pub tickets: Vec<(usize, u64)>,
    pub put_in: Vec<BigUint>,
    pub received: Vec<BigUint>,
    /// How often a staker's deposit or withdrawal left dust to the others.
    pub rounded: Vec<u64>,
    pub slashed: BigUint,
}

impl Pool {
    pub fn new(stakers: usize) -> Self {
        Self {
            tokens: 0,
            shares: 0,
            locked: 0,
            active: vec![0; stakers],
            tickets: Vec::new(),
            put_in: vec![BigUint::ZERO; stakers],
            received: vec![BigUint::ZERO; stakers],
            rounded: vec![0; stakers],
            slashed: BigUint::ZERO,
        }
    }

    pub fn worth(&self, shares: u64) -> u64 {
        tokens_for(shares, self.tokens, self.shares).unwrap()
    }

    /// The shares bought; `None` if the pool is dead or the sums do not fit.
    pub fn deposit(&mut self, who: usize, amount: u64) -> Option<u64> {
        if is_dead(self.tokens, self.shares) {
            return None;
        }
        let bought = shares_for(amount, self.tokens, self.shares)?;
        let tokens = self.tokens.checked_add(amount)?;
        self.shares = self.shares.checked_add(bought)?;
        self.tokens = tokens;
        self.active[who] += bought;
        self.put_in[who] += amount;
        self.rounded[who] += 1;
        Some(bought)
    }

    /// As many of `shares` as are active, for the owner as bonds leave.
    pub fn unstake(&mut self, who: usize, shares: u64) {
        let shares = shares.min(self.active[who]);
        // An empty ticket is refused.
        if shares == 0 {
            return;
        }
        if who == 0 && self.worth(self.active[0] - shares) < self.locked {
            return;
        }
        self.active[who] -= shares;
        self.tickets.push((who, shares));
    }

    pub fn slash(&mut self, amount: u64) -> u64 {
        let amount = amount.min(self.tokens);
        self.tokens -= amount;
        self.locked = self.locked.saturating_sub(amount);
        self.slashed += amount;
        amount
    }

    pub fn withdraw(&mut self, ticket: usize) -> u64 {
        let (who, shares) = self.tickets.swap_remove(ticket);
        let out = self.worth(shares);
        self.tokens -= out;
        self.shares -= shares;
        self.received[who] += out;
        self.rounded[who] += 1;
        out
    }

    /// The shares of every position and ticket.
    pub fn parts(&self) -> Vec<u64> {
        let tickets = self.tickets.iter().map(|(_, shares)| *shares);
        self.active.iter().copied().chain(tickets).collect()
    }

    pub fn all_of(&self, who: usize) -> u64 {
        let tickets = self.tickets.iter().filter(|(owner, _)| *owner == who);
        self.active[who] + tickets.map(|(_, shares)| shares).sum::<u64>()
    }

    pub fn check(&self) {
        assert_eq!(self.parts().iter().sum::<u64>(), self.shares);
        assert!(self.tokens <= self.shares);
        assert!(self.shares > 0 || self.tokens == 0);
        assert!(self.worth(self.active[0]) >= self.locked);
        let put_in: BigUint = self.put_in.iter().sum();
        let received: BigUint = self.received.iter().sum();
        assert_eq!(put_in, received + &self.slashed + self.tokens);
        for who in 0..self.active.len() {
            // What all shares of a staker are worth, unrounded, and what was received, times the pool's shares:
            // at most what was put in and the dust of others, less than a unit each time.
            let dust = self.rounded.iter().sum::<u64>() - self.rounded[who];
            let worth = BigUint::from(self.all_of(who)) * self.tokens;
            let at_most = (&self.put_in[who] + dust) * self.shares;
            assert!(&self.received[who] * self.shares + worth <= at_most);
            if self.shares == 0 {
                assert!(self.received[who] <= &self.put_in[who] + dust);
            }
        }
    }
}

#[derive(Clone, Debug)]
pub enum Step {
    Deposit(Index, u64),
    Unstake(Index, u64),
    Lock(u64),
    Slash(u64),
    /// Of about so many 1024ths.
    SlashPart(u64),
    Withdraw(Index),
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<Index>(), any_u64()).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        3 => (any::<Index>(), any_u64()).prop_map(|(who, shares)| Step::Unstake(who, shares)),
        1 => any_u64().prop_map(Step::Lock),
        1 => any_u64().prop_map(Step::Slash),
        2 => (0..=1_024_u64).prop_map(Step::SlashPart),
        3 => any::<Index>().prop_map(Step::Withdraw),
    ]
}

impl Pool {
    /// A pool that `steps` lead to, checked at each.
    pub fn after(stakers: usize, steps: &[Step]) -> Self {
        let mut pool = Self::new(stakers);
        for step in steps {
            pool.take(step);
            pool.check();
        }
        pool
    }

    pub fn take(&mut self, step: &Step) {
        let stakers = self.active.len();
        match step {
            Step::Deposit(who, amount) => {
                // Half of the room, so that there is some for others.
                self.deposit_fairly(who.index(stakers), (*amount).min((MAX - self.shares) / 2));
            }
            Step::Unstake(who, shares) => self.unstake(who.index(stakers), *shares),
            Step::Lock(amount) => {
                self.locked += (*amount).min(self.worth(self.active[0]) - self.locked);
            }
            Step::Slash(amount) => self.slash_fairly(*amount),
            Step::SlashPart(part) => {
                self.slash_fairly((u128::from(self.tokens) * u128::from(*part) / 1_024) as u64);
            }
            Step::Withdraw(ticket) => {
                if !self.tickets.is_empty() {
                    let before = self.clone();
                    let out = self.withdraw(ticket.index(before.tickets.len()));
                    self.assert_nobody_lost(&before, &self.parts());
                    // The dust: less than a unit.
                    let burnt = before.shares - self.shares;
                    let exact = BigUint::from(burnt) * before.tokens;
                    assert!(BigUint::from(out) * before.shares <= exact);
                    assert!(exact < (BigUint::from(out) + 1_u32) * before.shares);
                }
            }
        }
    }

    /// The price did not fall, so nor did the worth of `untouched` parts.
    pub fn assert_nobody_lost(&self, before: &Self, untouched: &[u64]) {
        let price = BigUint::from(self.tokens) * before.shares;
        assert!(price >= BigUint::from(before.tokens) * self.shares);
        for part in untouched {
            assert!(self.worth(*part) >= before.worth(*part));
        }
    }

    pub fn deposit_fairly(&mut self, who: usize, amount: u64) {
        let before = self.clone();
        let at_most = u128::from(self.tokens) * u128::from(DEAD_RATIO);
        let dead = self.shares > 0 && at_most <= u128::from(self.shares);
        let Some(bought) = self.deposit(who, amount) else {
            let overflows = !dead
                && shares_for(amount, before.tokens, before.shares)
                    .and_then(|bought| before.shares.checked_add(bought))
                    .is_none();
            assert!(dead || overflows);
            assert_eq!(self.parts(), before.parts());
            assert_eq!(self.tokens, before.tokens);
            return;
        };
        assert!(!dead);
        // Nothing is given for nothing, and what is bought is worth it within a unit.
        assert!(bought >= amount && bought / DEAD_RATIO <= amount);
        let worth = self.worth(bought);
        assert!(worth <= amount && amount - worth <= 1);
        self.assert_nobody_lost(&before, &before.parts());
        assert!(!is_dead(self.tokens, self.shares));
    }

    pub fn slash_fairly(&mut self, amount: u64) {
        let before = self.clone();
        let amount = self.slash(amount);
        for part in self.parts() {
            let cost = before.worth(part).checked_sub(self.worth(part)).unwrap();
            // cost = part * amount / shares within less than a unit: the same fraction for all.
            let cost = BigUint::from(cost) * self.shares;
            let exact = BigUint::from(part) * amount;
            assert!(cost.clone() < &exact + self.shares || self.shares == 0);
            assert!(exact < cost + self.shares || self.shares == 0);
        }
    }
}
