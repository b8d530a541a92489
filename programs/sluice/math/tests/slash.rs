//! `shares` over histories of deposits, unstakes, slashes and withdrawals by several stakers: what a slash
//! costs, and that nobody escapes it, or gains, by splitting what they do.

mod edges;

use edges::{any_u64, config, partition, positive_u64};
use num_bigint::BigUint;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sluice_math::shares::{DEAD_RATIO, is_dead, shares_for, tokens_for};

const MAX: u64 = u64::MAX;

/// A stake pool as the program keeps it. Staker 0 is the owner, against whose active shares bonds lock.
#[derive(Clone, Debug)]
struct Pool {
    tokens: u64,
    shares: u64,
    locked: u64,
    active: Vec<u64>,
    /// Thawing shares and whose they are.
    tickets: Vec<(usize, u64)>,
    put_in: Vec<BigUint>,
    received: Vec<BigUint>,
    /// How often a staker's deposit or withdrawal left dust to the others.
    rounded: Vec<u64>,
    slashed: BigUint,
}

impl Pool {
    fn new(stakers: usize) -> Self {
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

    fn worth(&self, shares: u64) -> u64 {
        tokens_for(shares, self.tokens, self.shares).unwrap()
    }

    /// The shares bought; `None` if the pool is dead or the sums do not fit.
    fn deposit(&mut self, who: usize, amount: u64) -> Option<u64> {
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
    fn unstake(&mut self, who: usize, shares: u64) {
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

    fn slash(&mut self, amount: u64) -> u64 {
        let amount = amount.min(self.tokens);
        self.tokens -= amount;
        self.locked = self.locked.saturating_sub(amount);
        self.slashed += amount;
        amount
    }

    fn withdraw(&mut self, ticket: usize) -> u64 {
        let (who, shares) = self.tickets.swap_remove(ticket);
        let out = self.worth(shares);
        self.tokens -= out;
        self.shares -= shares;
        self.received[who] += out;
        self.rounded[who] += 1;
        out
    }

    /// The shares of every position and ticket.
    fn parts(&self) -> Vec<u64> {
        let tickets = self.tickets.iter().map(|(_, shares)| *shares);
        self.active.iter().copied().chain(tickets).collect()
    }

    fn all_of(&self, who: usize) -> u64 {
        let tickets = self.tickets.iter().filter(|(owner, _)| *owner == who);
        self.active[who] + tickets.map(|(_, shares)| shares).sum::<u64>()
    }

    fn check(&self) {
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
enum Step {
    Deposit(Index, u64),
    Unstake(Index, u64),
    Lock(u64),
    Slash(u64),
    /// Of about so many 1024ths.
    SlashPart(u64),
    Withdraw(Index),
}

fn step() -> impl Strategy<Value = Step> {
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
    fn after(stakers: usize, steps: &[Step]) -> Self {
        let mut pool = Self::new(stakers);
        for step in steps {
            pool.take(step);
            pool.check();
        }
        pool
    }

    fn take(&mut self, step: &Step) {
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
    fn assert_nobody_lost(&self, before: &Self, untouched: &[u64]) {
        let price = BigUint::from(self.tokens) * before.shares;
        assert!(price >= BigUint::from(before.tokens) * self.shares);
        for part in untouched {
            assert!(self.worth(*part) >= before.worth(*part));
        }
    }

    fn deposit_fairly(&mut self, who: usize, amount: u64) {
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

    fn slash_fairly(&mut self, amount: u64) {
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

/// Amounts put in and slashed in turns, each in parts, and nobody else acts.
fn turns() -> impl Strategy<Value = Vec<(bool, u64, Vec<u64>)>> {
    vec((any::<bool>(), any_u64(), vec(any_u64(), 0..4)), 1..8)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_history_is_fair(stakers in 1..5_usize, steps in vec(step(), 1..32)) {
        Pool::after(stakers, &steps);
    }

    #[test]
    fn all_that_leave_take_exactly_what_is_left(
        stakers in 1..5_usize,
        steps in vec(step(), 1..24),
        order in vec(any::<Index>(), 40),
    ) {
        let mut pool = Pool::after(stakers, &steps);
        pool.locked = 0;
        for who in 0..stakers {
            pool.unstake(who, MAX);
        }
        let before = pool.clone();
        let mut sum = 0;
        for (earlier, place) in (0_u64..).zip(order) {
            if pool.tickets.is_empty() { break; }
            let ticket = place.index(pool.tickets.len());
            let at_once = before.worth(pool.tickets[ticket].1);
            let out = pool.withdraw(ticket);
            pool.check();
            // The order moves dust only: a unit at most from each that left before.
            prop_assert!(out >= at_once && out - at_once <= earlier);
            sum += out;
        }
        prop_assert_eq!(sum, before.tokens);
        prop_assert_eq!((pool.tokens, pool.shares), (0, 0));
        // An empty pool starts again at 1:1, dead or not before.
        prop_assert_eq!(pool.deposit(0, 5), Some(5));
    }

    #[test]
    fn a_stake_in_parts_gains_nothing_whatever_is_slashed(
        others in any_u64(),
        turns in turns(),
        tickets in vec(any_u64(), 0..4),
        thawing in vec(any_u64(), 0..3),
    ) {
        // Others first: without them there is nobody to gain from.
        let mut at_once = Pool::new(2);
        at_once.deposit(1, others.min(MAX / 2)).unwrap();
        let mut in_parts = at_once.clone();
        for (is_slash, amount, places) in turns {
            if is_slash {
                at_once.slash(amount);
                for part in partition(amount, &places) {
                    in_parts.slash(part);
                }
            } else {
                let amount = amount.min((MAX - at_once.shares) / 2);
                // Where one is refused, neither goes in.
                let Some(bought) = at_once.deposit(0, amount) else { continue };
                let mut sum = 0;
                for part in partition(amount, &places) {
                    sum += in_parts.deposit(0, part).unwrap();
                }
                prop_assert!(sum <= bought);
            }
            prop_assert_eq!(at_once.tokens, in_parts.tokens);
            prop_assert!(in_parts.worth(in_parts.active[0]) <= at_once.worth(at_once.active[0]));
        }
        at_once.unstake(0, MAX);
        for part in partition(in_parts.active[0], &tickets) {
            in_parts.unstake(0, part);
        }
        for amount in thawing {
            at_once.slash(amount);
            in_parts.slash(amount);
        }
        for pool in [&mut at_once, &mut in_parts] {
            while !pool.tickets.is_empty() {
                pool.withdraw(0);
            }
        }
        at_once.check();
        in_parts.check();
        prop_assert!(in_parts.received[0] <= at_once.received[0]);
    }

    #[test]
    fn thawing_does_not_escape_a_slash(
        held in positive_u64(),
        others in any_u64(),
        thawed in any_u64(),
        amount in any_u64(),
    ) {
        let mut stays = Pool::new(2);
        stays.deposit(0, held).unwrap();
        stays.deposit(1, others.min(MAX - held)).unwrap();
        let mut thaws = stays.clone();
        thaws.unstake(0, thawed);
        for pool in [&mut stays, &mut thaws] {
            pool.slash(amount);
            pool.unstake(0, MAX);
            while let Some(ticket) = pool.tickets.iter().position(|(who, _)| *who == 0) {
                pool.withdraw(ticket);
            }
        }
        prop_assert!(thaws.received[0] <= stays.received[0]);
        prop_assert!(&stays.received[0] - &thaws.received[0] <= BigUint::from(1_u32));
    }

    /// The lemma that keeps own stake at or above `locked` if a slash lowers `locked` by as much: nobody
    /// loses more than the whole slash. What a part does lose is its proportion, rounded up at most.
    #[test]
    fn a_slash_costs_a_part_at_most_its_proportion_rounded_up(
        (tokens, shares) in (any_u64(), positive_u64()),
        part in any_u64(),
        amount in any_u64(),
    ) {
        let tokens = tokens.min(shares);
        let part = part.min(shares);
        let amount = amount.min(tokens);
        let before = tokens_for(part, tokens, shares).unwrap();
        let after = tokens_for(part, tokens - amount, shares).unwrap();
        prop_assert!(after >= before.saturating_sub(amount));
        let proportion = (u128::from(part) * u128::from(amount)).div_ceil(u128::from(shares));
        prop_assert!(u128::from(before - after) <= proportion);
    }

    #[test]
    fn slashes_add_up(held in positive_u64(), amount in any_u64(), places in vec(any_u64(), 0..6)) {
        let mut at_once = Pool::new(1);
        at_once.deposit(0, held).unwrap();
        let mut in_parts = at_once.clone();
        at_once.slash(amount);
        for part in partition(amount, &places) {
            in_parts.slash(part);
        }
        prop_assert_eq!(at_once.tokens, in_parts.tokens);
        prop_assert_eq!(at_once.worth(held), in_parts.worth(held));
    }

    #[test]
    fn a_dead_pool_accepts_nothing_until_all_have_left(
        shares in 2_048..=MAX,
        left in any_u64(),
        amount in positive_u64(),
        most in any_u64(),
    ) {
        let mut pool = Pool::new(2);
        pool.deposit(0, shares).unwrap();
        // The most a dead pool can have.
        let left = left % (shares / DEAD_RATIO + 1);
        pool.slash(shares - left);
        prop_assert_eq!(pool.deposit(1, amount), None);
        pool.unstake(0, most.clamp(1, shares - 1));
        pool.withdraw(0);
        // Dust can raise a price, and it is then the price that decides.
        prop_assert_eq!(
            pool.deposit(1, 1).is_none(),
            u128::from(pool.tokens) * 64 <= u128::from(pool.shares)
        );
        if pool.active[1] == 0 {
            pool.unstake(0, MAX);
            pool.withdraw(0);
            prop_assert_eq!(pool.deposit(1, amount), Some(amount));
        }
    }
}

/// Everything that small pools can be: the lemma, and the cost of a slash, without a gap.
#[test]
fn a_slash_costs_its_proportion_in_every_small_pool() {
    for shares in 1..=24_u64 {
        for tokens in 0..=shares {
            for part in 0..=shares {
                let before = tokens_for(part, tokens, shares).unwrap();
                for amount in 0..=tokens {
                    let cost = before - tokens_for(part, tokens - amount, shares).unwrap();
                    assert!(cost <= amount);
                    assert!((cost * shares).abs_diff(part * amount) < shares);
                }
            }
        }
    }
}

#[test]
fn a_slash_by_hand() {
    let mut pool = Pool::new(3);
    for (who, amount) in [(0, 100), (1, 50), (2, 33)] {
        assert_eq!(pool.deposit(who, amount), Some(amount));
    }
    pool.locked = 90;
    // Too much: 80 would be less than what is locked.
    pool.unstake(0, 20);
    assert_eq!(pool.active[0], 100);
    pool.unstake(1, 20);
    pool.slash(61);
    assert_eq!((pool.tokens, pool.locked), (122, 29));
    // A third less for everybody, and for the ticket.
    let worth: Vec<u64> = pool.parts().iter().map(|part| pool.worth(*part)).collect();
    assert_eq!(worth, [66, 20, 22, 13]);
    assert_eq!(pool.deposit(2, 10), Some(15));
    assert_eq!(pool.withdraw(0), 13);
    pool.check();
}
