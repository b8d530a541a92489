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

#[derive(Clone, Copy, Debug, Default)]
struct Position {
    shares: u64,
    seen: [u64; 2],
    frac: u64,
    due: u64,
    paid: u64,
}

#[derive(Clone, Debug, Default)]
struct Pool {
    index: [u64; 2],
    rem: u64,
    total_in: u64,
    positions: Vec<Position>,
}

impl Pool {
    /// A pool with a position for each of `holdings`.
    fn new(holdings: &[u64]) -> Self {
        let positions = holdings.iter().map(|&shares| Position {
            shares,
            ..Position::default()
        });
        Self {
            positions: positions.collect(),
            ..Self::default()
        }
    }

    fn shares(&self) -> u64 {
        self.positions.iter().map(|position| position.shares).sum()
    }

    /// Takes in `amount`; refused by a pool without shares, and only by that, while the sum fits `u64`.
    fn add(&mut self, amount: u64) {
        let shares = self.shares();
        let Some((index, rem)) = add(self.index, self.rem, amount, shares) else {
            assert_eq!(shares, 0);
            return;
        };
        assert!(rem < shares);
        self.total_in += amount;
        (self.index, self.rem) = (index, rem);
    }

    fn settle(&mut self, who: usize) -> &mut Position {
        let position = &mut self.positions[who];
        let (whole, frac) =
            accrued(self.index, position.seen, position.shares, position.frac).unwrap();
        position.due = position.due.checked_add(whole).unwrap();
        (position.seen, position.frac) = (self.index, frac);
        position
    }

    /// Gives `who` as many `shares`, or as many as fit.
    fn hold(&mut self, who: usize, shares: u64) {
        let room = MAX - (self.shares() - self.positions[who].shares);
        self.settle(who).shares = shares.min(room);
    }

    fn claim(&mut self, who: usize) {
        let position = self.settle(who);
        position.paid += position.due;
        position.due = 0;
    }

    /// All that `who` earned, settled or not, in units of 2^-64 base units.
    fn earned(&self, who: usize) -> BigUint {
        let position = &self.positions[who];
        let [integer, fraction] = self.index;
        let [seen_integer, seen_fraction] = position.seen;
        let risen = join(integer, fraction) - join(seen_integer, seen_fraction);
        join(position.paid + position.due, position.frac) + risen * position.shares
    }

    fn assert_conserved(&self) {
        let earned: BigUint = (0..self.positions.len()).map(|who| self.earned(who)).sum();
        assert_eq!(earned + self.rem, join(self.total_in, 0));
    }
}

#[derive(Clone, Debug)]
enum Step {
    Add(u64),
    Settle(Index),
    Hold(Index, u64),
    Claim(Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any_u64().prop_map(Step::Add),
        1 => any::<Index>().prop_map(Step::Settle),
        3 => (any::<Index>(), any_u64()).prop_map(|(who, shares)| Step::Hold(who, shares)),
        1 => any::<Index>().prop_map(Step::Claim),
    ]
}

impl Pool {
    fn take(&mut self, step: &Step) {
        let len = self.positions.len();
        match step {
            // The last of what fits now and then, so that the sum reaches the top.
            Step::Add(amount) => self.add((*amount).min(MAX - self.total_in)),
            Step::Settle(who) => {
                self.settle(who.index(len));
            }
            Step::Hold(who, shares) => self.hold(who.index(len), *shares),
            Step::Claim(who) => self.claim(who.index(len)),
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
        let [integer, fraction] = index;
        let n = join(amount, rem);
        let expected = (shares != 0).then(|| join(integer, fraction) + &n / shares).and_then(|raised| {
            let (integer, fraction) = split(&raised)?;
            Some(([integer, fraction], u64::try_from(n % shares).unwrap()))
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
        let [integer, fraction] = index;
        let seen = match near {
            0 => seen,
            // The same integer part, and just below.
            1 => [integer, seen[1]],
            _ => [integer.saturating_sub(seen[0] % 4), seen[1]],
        };
        let (index, seen_at) = (join(integer, fraction), join(seen[0], seen[1]));
        let expected = (index >= seen_at).then(|| (index - seen_at) * shares + frac).as_ref().and_then(split);
        prop_assert_eq!(accrued([integer, fraction], seen, shares, frac), expected);
    }

    #[test]
    fn nothing_is_lost_over_any_history(count in 1..5_usize, steps in vec(step(), 1..24)) {
        let mut pool = Pool::new(&vec![0; count]);
        for step in &steps {
            pool.take(step);
            pool.assert_conserved();
            // Both bounds of the module's documentation.
            let [integer, fraction] = pool.index;
            prop_assert!(join(integer, fraction) + pool.rem <= join(pool.total_in, 0));
            for who in 0..count {
                prop_assert!(pool.earned(who) + pool.rem <= join(pool.total_in, 0));
            }
        }
        for who in 0..count {
            pool.claim(who);
        }
        pool.assert_conserved();
        let paid: u64 = pool.positions.iter().map(|position| position.paid).sum();
        // What is left is fractions: less than a base unit for each position and for the remainder.
        prop_assert!(pool.total_in - paid <= u64::try_from(count).unwrap());
    }

    #[test]
    fn settling_often_or_seldom_is_the_same_to_the_last_bit(
        holdings in holdings(),
        rounds in vec((any_u64(), any::<Index>(), vec(any::<Index>(), 0..4)), 1..12),
    ) {
        let (mut seldom, mut often) = (Pool::new(&holdings), Pool::new(&holdings));
        for (amount, more, settled) in rounds {
            let who = more.index(holdings.len());
            let amount = amount.min(MAX - seldom.total_in);
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
        in_parts.positions.push(Position { shares: others, ..Position::default() });
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
        prop_assert!(paid - received < u64::try_from(parts.len()).unwrap());
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
        pool.positions.push(Position { seen: pool.index, ..Position::default() });
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
        let next = 7.min(MAX - pool.total_in);
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
        ([1, 0], 0, MAX, 1, None),
        ([MAX, MAX], 0, 0, 1, Some(([MAX, MAX], 0))),
        // Only the carry pushes it out.
        ([MAX, MAX], 1, 0, 1, None),
        ([MAX, TOP], 0, 1, 2, None),
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
        ([7, 8], [7, 9], 1, 0, None),
        ([6, 9], [7, 8], 0, 0, None),
        ([0, 0], [MAX, MAX], 1, 0, None),
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
    assert_eq!((pool.total_in, pool.rem), (MAX, 0));
    pool.claim(0);
    pool.claim(1);
    assert_eq!(pool.positions[0].paid, MAX - 1);
    pool.assert_conserved();
}
