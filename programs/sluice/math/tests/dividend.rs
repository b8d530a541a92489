//! `dividend` against num-bigint, and its promises: nothing is lost, nobody gains by when and how often.

mod edges;

use edges::{any_u64, config, partition, positive_u64};
use num_bigint::BigUint;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sluice_math::dividend::{accrued, add};

const MAX: u64 = u64::MAX;
const TOP: u64 = 1 << 63;

/// `whole` base units and `frac`, in units of 2^-64 base units.
fn join(whole: u64, frac: u64) -> BigUint {
    (BigUint::from(whole) << 64) + frac
}

/// The limbs of `value`, `None` if it has more than two.
fn split(value: &BigUint) -> Option<(u64, u64)> {
    let whole = u64::try_from(value >> 64).ok()?;
    Some((
        whole,
        u64::try_from(value - (BigUint::from(whole) << 64)).ok()?,
    ))
}

fn index() -> impl Strategy<Value = [u64; 2]> {
    [any_u64(), any_u64()]
}

/// 2^128: what the index counts modulo.
fn wide() -> BigUint {
    BigUint::from(1_u8) << 128
}

/// `index` of the accounts as a number.
fn number([integer, fraction]: [u64; 2]) -> BigUint {
    join(integer, fraction)
}

#[derive(Clone, Debug, Default)]
struct Position {
    shares: u64,
    seen: [u64; 2],
    /// The index it has seen, without a modulus.
    true_seen: BigUint,
    frac: u64,
    due: u64,
    paid: u128,
}

#[derive(Clone, Debug, Default)]
struct Pool {
    index: [u64; 2],
    /// The index without a modulus.
    true_index: BigUint,
    rem: u64,
    /// What lies in the vault.
    held: u64,
    /// What was left undivided when the vault last closed, and all that its closings took out.
    spare: u64,
    swept: u128,
    total_in: u128,
    positions: Vec<Position>,
}

impl Pool {
    /// A pool with a position for each of `holdings`.
    fn new(holdings: &[u64]) -> Self {
        Self::at([0, 0], holdings)
    }

    /// A pool that has come to `index` by now.
    fn at(index: [u64; 2], holdings: &[u64]) -> Self {
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

    fn newcomer(&self, shares: u64) -> Position {
        Position {
            shares,
            seen: self.index,
            true_seen: self.true_index.clone(),
            ..Position::default()
        }
    }

    fn shares(&self) -> u64 {
        self.positions.iter().map(|position| position.shares).sum()
    }

    /// Takes in `amount`, or as much as there may be in the vault; refused by a pool without shares, and only by that.
    fn add(&mut self, amount: u64) {
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

    fn settle(&mut self, who: usize) -> &mut Position {
        let position = &mut self.positions[who];
        let (whole, frac) =
            accrued(self.index, position.seen, position.shares, position.frac).unwrap();
        position.due = position.due.checked_add(whole).unwrap();
        (position.seen, position.frac) = (self.index, frac);
        position.true_seen = self.true_index.clone();
        position
    }

    /// Gives `who` as many `shares`, or as many as fit.
    fn hold(&mut self, who: usize, shares: u64) {
        let room = MAX - (self.shares() - self.positions[who].shares);
        self.settle(who).shares = shares.min(room);
    }

    /// Never more than lies in the vault.
    fn claim(&mut self, who: usize) {
        let position = self.settle(who);
        let due = std::mem::take(&mut position.due);
        position.paid += u128::from(due);
        self.held = self.held.checked_sub(due).unwrap();
    }

    /// Adds each of `amounts` and claims what is due to `who` of it at once.
    fn cycle(&mut self, who: usize, amounts: &[u64]) {
        for &amount in amounts {
            self.add(amount);
            self.claim(who);
        }
    }

    /// All leave, the vault closes, and all come again without shares.
    fn close(&mut self) {
        for who in 0..self.positions.len() {
            self.hold(who, 0);
            self.claim(who);
            self.positions[who].frac = 0;
        }
        self.spare = self.rem;
        self.swept += u128::from(std::mem::take(&mut self.held));
    }

    /// All that `who` is owed, settled or not, in units of 2^-64 base units.
    fn owed(&self, who: usize) -> BigUint {
        let position = &self.positions[who];
        let risen = &self.true_index - &position.true_seen;
        join(position.due, position.frac) + risen * position.shares
    }

    /// All that `who` earned, paid or owed.
    fn earned(&self, who: usize) -> BigUint {
        (BigUint::from(self.positions[who].paid) << 64) + self.owed(who)
    }

    fn assert_conserved(&self) {
        let all = 0..self.positions.len();
        let owed: BigUint = all.clone().map(|who| self.owed(who)).sum();
        assert_eq!(owed + self.rem, join(self.held, self.spare));
        let paid: u128 = all.map(|who| self.positions[who].paid).sum();
        assert_eq!(self.total_in - paid - self.swept, u128::from(self.held));
    }
}

#[derive(Clone, Debug)]
enum Step {
    Add(u64),
    Settle(Index),
    Hold(Index, u64),
    Claim(Index),
    /// Amounts added and claimed at once by one with so many shares.
    Cycle(Index, u64, Vec<u64>),
    Close,
}

fn step() -> impl Strategy<Value = Step> {
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
    fn take(&mut self, step: &Step) {
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

/// Amounts whose sum fits `u64`.
fn amounts() -> impl Strategy<Value = Vec<u64>> {
    (any_u64(), vec(any_u64(), 0..6)).prop_map(|(total, places)| partition(total, &places))
}

/// Parts of a whole that fits `u64`, the first not zero.
fn holdings() -> impl Strategy<Value = Vec<u64>> {
    (positive_u64(), vec(any_u64(), 0..4)).prop_map(|(shares, places)| {
        let mut parts = partition(shares, &places);
        parts.sort_unstable_by(|a, b| b.cmp(a));
        parts
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn add_is_the_exact_quotient_and_remainder(
        index in index(),
        rem in any_u64(),
        amount in any_u64(),
        shares in any_u64(),
        below in any::<bool>(),
    ) {
        let rem = if below { rem.checked_rem(shares).unwrap_or(rem) } else { rem };
        let n = join(amount, rem);
        let expected = (shares != 0).then(|| {
            let raised = (number(index) + &n / shares) % wide();
            let (integer, fraction) = split(&raised).unwrap();
            ([integer, fraction], u64::try_from(n % shares).unwrap())
        });
        prop_assert_eq!(add(index, rem, amount, shares), expected);
    }

    #[test]
    fn accrued_is_the_exact_product(
        index in index(),
        seen in index(),
        shares in any_u64(),
        frac in any_u64(),
        near in 0..3_u8,
    ) {
        let seen = match near {
            0 => seen,
            // The same integer part, and just below, across the top too.
            1 => [index[0], seen[1]],
            _ => [index[0].wrapping_sub(seen[0] % 4), seen[1]],
        };
        let risen = (number(index) + wide() - number(seen)) % wide();
        let expected = split(&(risen * shares + frac));
        prop_assert_eq!(accrued(index, seen, shares, frac), expected);
    }

    #[test]
    fn nothing_is_lost_over_any_history(
        start in index(),
        count in 1..5_usize,
        steps in vec(step(), 1..24),
    ) {
        let mut pool = Pool::at(start, &vec![0; count]);
        for step in &steps {
            pool.take(step);
            pool.assert_conserved();
            // The bound of the module's documentation: nobody with a share mistakes how far the index has risen.
            for position in &pool.positions {
                let risen = &pool.true_index - &position.true_seen;
                prop_assert!(position.shares == 0 || risen < wide());
            }
        }
        for who in 0..count {
            pool.claim(who);
        }
        pool.assert_conserved();
        // What is left is fractions: less than a base unit for each position and for the remainder.
        prop_assert!(pool.held <= u64::try_from(count).unwrap());
    }

    #[test]
    fn the_same_tokens_may_come_in_any_number_of_times(
        start in index(),
        idle in index(),
        shares in prop_oneof![Just(1), positive_u64()],
        sleeping in any_u64(),
        rounds in vec(TOP..=MAX, 32..64),
        more in vec(any_u64(), 1..16),
    ) {
        let mut pool = Pool::at(start, &[shares, 0, 0]);
        // One without shares has last seen anything, any number of rounds ago.
        (pool.positions[1].seen, pool.positions[1].true_seen) = (idle, BigUint::ZERO);
        pool.cycle(0, &rounds);
        prop_assert!(pool.total_in >> 64 >= 15);
        if shares == 1 {
            // Around the index as often.
            prop_assert!(&pool.true_index >> 128 >= BigUint::from(15_u8));
        }
        // One sleeps on its shares from now on, while the rounds go on in what room it leaves in the vault.
        pool.hold(2, sleeping);
        pool.hold(0, shares.max(sleeping));
        let before = pool.earned(2);
        for _again in 0..4 {
            pool.cycle(0, &more);
            pool.assert_conserved();
        }
        let earned = pool.earned(2) - &before;
        pool.claim(2);
        let position = &pool.positions[2];
        let paid = (BigUint::from(position.paid) << 64) + position.frac;
        prop_assert_eq!(paid, before + earned);
        // The idle one gets nothing of it, and earns as others do from then on.
        pool.hold(1, 1);
        prop_assert_eq!(pool.owed(1), BigUint::ZERO);
        pool.add(MAX);
        pool.claim(1);
        pool.claim(0);
        pool.assert_conserved();
    }

    #[test]
    fn settling_often_or_seldom_is_the_same_to_the_last_bit(
        holdings in holdings(),
        rounds in vec((any_u64(), any::<Index>(), vec(any::<Index>(), 0..4)), 1..12),
    ) {
        let (mut seldom, mut often) = (Pool::new(&holdings), Pool::new(&holdings));
        for (amount, more, settled) in rounds {
            let who = more.index(holdings.len());
            // What fits the vault of both.
            let amount = amount.min(MAX - seldom.held);
            for pool in [&mut seldom, &mut often] {
                pool.add(amount);
                let shares = pool.positions[who].shares;
                pool.hold(who, shares ^ (amount >> 1));
            }
            for who in settled {
                often.claim(who.index(holdings.len()));
            }
        }
        for who in 0..holdings.len() {
            seldom.claim(who);
            often.claim(who);
            prop_assert_eq!(seldom.positions[who].paid, often.positions[who].paid);
            prop_assert_eq!(seldom.positions[who].frac, often.positions[who].frac);
        }
    }

    #[test]
    fn splitting_a_position_gains_nothing_and_delays_less_than_a_unit_a_part(
        (whole, others) in (positive_u64(), any_u64()),
        places in vec(any_u64(), 0..6),
        amounts in amounts(),
    ) {
        let others = others.min(MAX - whole);
        let parts = partition(whole, &places);
        let mut at_once = Pool::new(&[whole, others]);
        let mut in_parts = Pool::new(&parts);
        in_parts.positions.push(in_parts.newcomer(others));
        for amount in amounts {
            at_once.add(amount);
            in_parts.add(amount);
        }
        prop_assert_eq!((at_once.index, at_once.rem), (in_parts.index, in_parts.rem));
        at_once.claim(0);
        let mut received = 0;
        for part in 0..parts.len() {
            in_parts.claim(part);
            received += in_parts.positions[part].paid;
        }
        let paid = at_once.positions[0].paid;
        prop_assert!(received <= paid);
        prop_assert!(paid - received < parts.len() as u128);
    }

    #[test]
    fn splitting_an_amount_raises_the_index_equally(holdings in holdings(), amounts in amounts()) {
        let (mut at_once, mut in_parts) = (Pool::new(&holdings), Pool::new(&holdings));
        at_once.add(amounts.iter().sum());
        for amount in amounts {
            in_parts.add(amount);
        }
        prop_assert_eq!((at_once.index, at_once.rem), (in_parts.index, in_parts.rem));
    }

    #[test]
    fn who_comes_after_a_dividend_gets_nothing_of_it(
        holdings in holdings(),
        amounts in amounts(),
        bought in any_u64(),
    ) {
        let mut pool = Pool::new(&holdings);
        for amount in amounts {
            pool.add(amount);
        }
        let before: Vec<BigUint> = (0..holdings.len()).map(|who| pool.earned(who)).collect();
        let late = holdings.len();
        pool.positions.push(pool.newcomer(0));
        pool.hold(late, bought);
        // Nor does a holder who buys more: it is settled first.
        let more = pool.positions[0].shares.saturating_add(bought);
        pool.hold(0, more);
        pool.claim(late);
        prop_assert_eq!(pool.earned(late), BigUint::ZERO);
        for (who, earned) in before.into_iter().enumerate() {
            prop_assert_eq!(pool.earned(who), earned);
        }
        // The next one has the remainder of all before it, less than a base unit, and nothing else of them.
        let next = 7.min(MAX - pool.held);
        pool.add(next);
        prop_assert!(pool.earned(late) <= join(next, 0) + MAX);
        pool.assert_conserved();
    }

    #[test]
    fn who_leaves_keeps_what_was_earned_and_earns_no_more(
        holdings in holdings(),
        amount in any_u64(),
        then in any_u64(),
    ) {
        let mut pool = Pool::new(&holdings);
        pool.add(amount);
        let earned = pool.earned(0);
        pool.hold(0, 0);
        pool.add(then.min(MAX - amount));
        prop_assert_eq!(pool.earned(0), earned);
        pool.assert_conserved();
    }
}

#[test]
fn add_by_hand() {
    for (index, rem, amount, shares, result) in [
        ([0, 0], 0, 0, 0, None),
        ([0, 0], 0, 1, 0, None),
        ([0, 0], 0, 0, 1, Some(([0, 0], 0))),
        ([0, 0], 0, 1, 1, Some(([1, 0], 0))),
        ([0, 0], 0, 1, 2, Some(([0, TOP], 0))),
        ([0, TOP], 0, 1, 2, Some(([1, 0], 0))),
        ([0, 0], 0, 1, 3, Some(([0, MAX / 3], 1))),
        ([0, MAX / 3], 1, 1, 3, Some(([0, MAX / 3 * 2], 2))),
        // The third third is whole.
        ([0, MAX / 3 * 2], 2, 1, 3, Some(([1, 0], 0))),
        ([0, 0], 0, 1, MAX, Some(([0, 1], 1))),
        ([0, 0], 0, MAX, MAX, Some(([1, 0], 0))),
        ([0, 0], 0, MAX, 1, Some(([MAX, 0], 0))),
        // Around the top.
        ([1, 0], 0, MAX, 1, Some(([0, 0], 0))),
        ([MAX, 7], 0, 3, 1, Some(([2, 7], 0))),
        ([MAX, MAX], 0, MAX, 1, Some(([MAX - 1, MAX], 0))),
        ([MAX, MAX], 0, 0, 1, Some(([MAX, MAX], 0))),
        // Only the carry takes it there.
        ([MAX, MAX], 1, 0, 1, Some(([0, 0], 0))),
        ([MAX, TOP], 0, 1, 2, Some(([0, 0], 0))),
        ([MAX, MAX], 0, 1, 0, None),
        // Fewer shares than the remainder: it is paid out.
        ([0, 0], MAX, 0, 1, Some(([0, MAX], 0))),
        ([0, 0], 10, 0, 3, Some(([0, 3], 1))),
        ([0, 0], MAX, MAX, 1, Some(([MAX, MAX], 0))),
    ] {
        assert_eq!(
            add(index, rem, amount, shares),
            result,
            "{index:?}, {rem}, {amount} among {shares}"
        );
    }
}

#[test]
fn accrued_by_hand() {
    for (index, seen, shares, frac, result) in [
        ([0, 0], [0, 0], 0, 0, Some((0, 0))),
        ([7, 9], [7, 9], MAX, 5, Some((0, 5))),
        ([7, 9], [7, 8], 3, 5, Some((0, 8))),
        ([7, 9], [6, 9], 3, 5, Some((3, 5))),
        // A borrow.
        ([7, 0], [6, 1], 1, 0, Some((0, MAX))),
        ([7, 0], [6, 1], 1, 1, Some((1, 0))),
        ([7, 0], [6, TOP], 3, TOP, Some((2, 0))),
        // The index has gone around the top.
        ([0, 0], [MAX, MAX], 1, 0, Some((0, 1))),
        ([0, 0], [MAX, 0], 7, 9, Some((7, 9))),
        ([2, 7], [MAX, 8], 5, 0, Some((14, MAX - 4))),
        ([7, 8], [7, 9], 1, 0, Some((MAX, MAX))),
        ([7, 8], [7, 9], 2, 0, None),
        ([6, 9], [7, 8], 1, 0, Some((MAX, 1))),
        // Without shares, wherever it was.
        ([6, 9], [7, 8], 0, 5, Some((0, 5))),
        ([7, 8], [7, 9], 0, MAX, Some((0, MAX))),
        ([MAX, 0], [0, 0], 1, MAX, Some((MAX, MAX))),
        ([MAX, MAX], [0, 0], 1, 0, Some((MAX, MAX))),
        // Only the carry pushes it out.
        ([MAX, MAX], [0, 0], 1, 1, None),
        ([TOP, 0], [0, 0], 2, 0, None),
        ([TOP - 1, MAX], [0, 0], 2, 1, Some((MAX, MAX))),
        ([TOP - 1, MAX], [0, 0], 2, 2, None),
        ([0, MAX], [0, 0], MAX, 0, Some((MAX - 1, 1))),
        ([1, 0], [0, 0], MAX, MAX, Some((MAX, MAX))),
        ([1, 1], [0, 0], MAX, 1, None),
    ] {
        assert_eq!(
            accrued(index, seen, shares, frac),
            result,
            "{shares} * ({index:?} - {seen:?}) + {frac}"
        );
    }
}

#[test]
fn one_unit_among_three_is_paid_when_three_have_come() {
    let mut pool = Pool::new(&[1, 1, 1]);
    for paid in [0, 0, 1, 1, 1, 2] {
        pool.add(1);
        for who in 0..3 {
            pool.claim(who);
            assert_eq!(pool.positions[who].paid, paid);
        }
    }
    assert_eq!(pool.rem, 0);
}

#[test]
fn the_widest_history_fits() {
    let mut pool = Pool::new(&[1, 0]);
    pool.add(MAX - 1);
    pool.hold(1, MAX - 1);
    pool.add(1);
    pool.hold(1, 0);
    // The remainder of one base unit among all shares there can be, to the one that stayed.
    pool.add(0);
    assert_eq!((pool.held, pool.rem), (MAX, 0));
    pool.claim(0);
    pool.claim(1);
    assert_eq!(pool.positions[0].paid, u128::from(MAX - 1));
    pool.assert_conserved();
}
