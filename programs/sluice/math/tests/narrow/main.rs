//! `wide` and `dividend` with narrow limbs: every input there is.
//!
//! `dividend` is the program's own source, built with limbs of four bits. `wide` is written again, step by
//! step, for limbs of any even width; where `src/wide.rs` says that an operation cannot overflow, it checks.

#[path = "../../src/dividend.rs"]
mod dividend;
mod wide;

use {
    dividend::{accrued, add},
    wide::{Word, division, product},
};

/// Bits of a limb of the narrow `dividend`.
const BITS: u32 = 4;
const LIMBS: u32 = 1 << BITS;
/// What the narrow index counts modulo.
const WIDE: u32 = LIMBS * LIMBS;

fn split(value: u32) -> [Word; 2] {
    [Word(value >> BITS), Word(value % LIMBS)]
}

fn join([integer, fraction]: [Word; 2]) -> u32 {
    integer.0 * LIMBS + fraction.0
}

/// `add` on plain numbers, the index in units of its fraction.
fn raise(index: u32, rem: u32, amount: u32, shares: u32) -> Option<(u32, u32)> {
    add(split(index), Word(rem), Word(amount), Word(shares))
        .map(|(index, rem)| (join(index), rem.0))
}

/// `accrued` on plain numbers.
fn earn(index: u32, seen: u32, shares: u32, frac: u32) -> Option<(u32, u32)> {
    accrued(split(index), split(seen), Word(shares), Word(frac))
        .map(|(whole, frac)| (whole.0, frac.0))
}

#[test]
fn every_product_is_exact() {
    for bits in [2, 4, 6, 8] {
        for a in 0..1 << bits {
            for b in 0..1 << bits {
                let (hi, lo) = product(bits, a, b);
                assert_eq!((hi << bits) + lo, a * b, "{a} * {b}");
            }
        }
    }
}

#[test]
fn every_quotient_is_exact_and_both_digits_are_corrected_up_to_twice() {
    let mut corrected = [[false; 3]; 3];
    for bits in [2, 4, 6, 8] {
        for d in 0..1 << bits {
            for hi in 0..1 << bits {
                for lo in 0..1 << bits {
                    let Some((q, r, [first, second])) = division(bits, hi, lo, d) else {
                        assert!(hi >= d, "{hi}:{lo} / {d}");
                        continue;
                    };
                    let n = (hi << bits) + lo;
                    assert_eq!((q, r), (n / d, n % d), "{hi}:{lo} / {d}");
                    corrected[first as usize][second as usize] = true;
                }
            }
        }
    }
    assert_eq!(corrected, [[true; 3]; 3]);
}

#[test]
fn every_addition_is_exact() {
    for index in 0..WIDE {
        for rem in 0..LIMBS {
            for amount in 0..LIMBS {
                assert_eq!(raise(index, rem, amount, 0), None);
                for shares in 1..LIMBS {
                    let n = amount * LIMBS + rem;
                    let expected = Some(((index + n / shares) % WIDE, n % shares));
                    assert_eq!(
                        raise(index, rem, amount, shares),
                        expected,
                        "{index} + ({amount} * {LIMBS} + {rem}) / {shares}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_accrual_is_exact() {
    for index in 0..WIDE {
        for seen in 0..WIDE {
            for shares in 0..LIMBS {
                for frac in 0..LIMBS {
                    let earned = shares * ((index + WIDE - seen) % WIDE) + frac;
                    let expected = (earned < WIDE).then_some((earned / LIMBS, earned % LIMBS));
                    let result = earn(index, seen, shares, frac);
                    assert_eq!(result, expected, "{shares} * ({index} - {seen}) + {frac}");
                }
            }
        }
    }
}

/// Every state that a position which sleeps on its `shares` can be in, from each of some indices and remainders
/// that an earlier vault left: how far the index has risen, the remainder, and what lies in the vault. Whoever
/// else is paid leaves room for the next addition, so these are histories of any length, in which what came in
/// passes the limb without end; the index wraps, and the position is due what it earned to the last fraction.
#[test]
fn no_history_of_any_length_mistakes_how_far_the_index_has_risen() {
    for (seen, spare) in [(0, 0), (WIDE - 1, LIMBS - 1)] {
        for shares in 1..LIMBS {
            let mut known = vec![false; 1 << (4 * BITS)];
            let mut states = vec![(0, spare, 0)];
            let mut wrapped = false;
            while let Some((risen, rem, held)) = states.pop() {
                let key = (risen << (2 * BITS)) + (rem << BITS) + held;
                if std::mem::replace(&mut known[key as usize], true) {
                    continue;
                }
                let others = held * LIMBS + spare - shares * risen - rem;
                let index = (seen + risen) % WIDE;
                wrapped |= index < seen;
                let earned = shares * risen;
                let due = Some((earned / LIMBS, earned % LIMBS));
                assert_eq!(earn(index, seen, shares, 0), due);
                for paid in 1..=others / LIMBS {
                    states.push((risen, rem, held - paid));
                }
                for all in shares..LIMBS {
                    for amount in 0..LIMBS - held {
                        let (raised, kept) = raise(index, rem, amount, all).unwrap();
                        let by = (amount * LIMBS + rem) / all;
                        assert_eq!(raised, (index + by) % WIDE);
                        assert!(risen + by < WIDE);
                        states.push((risen + by, kept, held + amount));
                    }
                }
            }
            assert!(wrapped || seen != WIDE - 1);
        }
    }
}

/// Likewise all that a position is owed if it has at most all shares at each addition, whatever number it has at
/// which, and is settled and paid at any time: accruals are exact, and this adds them up unrounded.
#[test]
fn no_history_of_any_length_overflows_what_is_due() {
    for spare in [0, LIMBS - 1] {
        what_is_due_fits_after(spare);
    }
}

/// From a vault opened where another left `spare` as the remainder.
fn what_is_due_fits_after(spare: u32) {
    let mut known = vec![false; 1 << (4 * BITS)];
    let mut states = vec![(0, spare, 0)];
    while let Some((owed, rem, held)) = states.pop() {
        let key = (owed << (2 * BITS)) + (rem << BITS) + held;
        if std::mem::replace(&mut known[key as usize], true) {
            continue;
        }
        assert!(owed + rem <= held * LIMBS + spare);
        let others = held * LIMBS + spare - owed - rem;
        for paid in 1..=others / LIMBS {
            states.push((owed, rem, held - paid));
        }
        let due = owed / LIMBS;
        assert!(due <= held);
        states.push((owed % LIMBS, rem, held - due));
        for shares in 1..LIMBS {
            for amount in 0..LIMBS - held {
                let (risen, rem) = raise(0, rem, amount, shares).unwrap();
                for mine in 0..=shares {
                    let (more, frac) = earn(risen, 0, mine, owed % LIMBS).unwrap();
                    assert!(due + more < LIMBS);
                    states.push(((due + more) * LIMBS + frac, rem, held + amount));
                }
            }
        }
    }
}

/// The cycle itself: the only active share gives all that fits and takes it again, beside positions that sleep
/// with a share and with none.
#[test]
fn the_same_tokens_may_come_in_any_number_of_times() {
    for start in 0..WIDE {
        for step in 1..LIMBS - 2 {
            let at = |shares| Position {
                shares,
                seen: start,
                ..Position::default()
            };
            let (mut cycling, mut idle) = (at(1), at(0));
            let (mut index, mut rem, mut total) = (start, 0, 0);
            // Several times around both the index and what came in.
            while total < 5 * WIDE {
                (index, rem) = raise(index, rem, step, 1).unwrap();
                total += step;
                cycling.settle(index);
                assert_eq!((cycling.owed(), rem), (step * LIMBS, 0));
                cycling.due = 0;
                assert_eq!(index, (start + total * LIMBS) % WIDE);
            }
            idle.settle(index);
            assert_eq!(idle.owed(), 0);
            // Now one that sleeps takes half of it, as long as there is room for its part in the vault.
            let mut sleeping = Position {
                shares: 1,
                seen: index,
                ..Position::default()
            };
            let mut held = 0;
            while held + step < LIMBS {
                (index, rem) = raise(index, rem, step, 2).unwrap();
                held += step;
                cycling.settle(index);
                held -= std::mem::take(&mut cycling.due);
            }
            sleeping.settle(index);
            assert_eq!(sleeping.owed() + cycling.owed() + rem, held * LIMBS);
        }
    }
}

/// A position: shares, the index it has seen, its fraction and what it is due.
#[derive(Clone, Copy, Default)]
struct Position {
    shares: u32,
    seen: u32,
    frac: u32,
    due: u32,
}

impl Position {
    fn settle(&mut self, index: u32) {
        let (whole, frac) = earn(index, self.seen, self.shares, self.frac).unwrap();
        (self.seen, self.frac) = (index, frac);
        self.due += whole;
    }

    fn owed(&self) -> u32 {
        self.due * LIMBS + self.frac
    }
}

/// All pairs of numbers of shares that a pool of at least one share can have.
fn holdings() -> impl Iterator<Item = [u32; 2]> {
    (0..LIMBS)
        .flat_map(|a| (0..LIMBS - a).map(move |b| [a, b]))
        .filter(|[a, b]| a + b > 0)
}

/// Two positions, two additions, and any change of shares between them; those that change are paid or not, so that
/// what came in may pass the limb, and the index starts where it does not wrap and where it does.
#[test]
fn every_short_history_owes_all_that_lies_in_the_vault() {
    for (start, paid) in [(0, false), (WIDE - 1, true)] {
        for held in holdings() {
            for first in 0..LIMBS {
                let (index, rem) = raise(start, 0, first, held[0] + held[1]).unwrap();
                for then in holdings() {
                    let mut vault = first;
                    let mut positions = held.map(|shares| Position {
                        shares,
                        seen: start,
                        ..Position::default()
                    });
                    for (position, shares) in positions.iter_mut().zip(then) {
                        // One that does not change stays unsettled.
                        if position.shares != shares {
                            position.settle(index);
                            position.shares = shares;
                        }
                        if paid {
                            vault -= std::mem::take(&mut position.due);
                        }
                    }
                    for second in 0..LIMBS - vault {
                        let (index, rem) = raise(index, rem, second, then[0] + then[1]).unwrap();
                        let mut parts = rem;
                        for mut position in positions {
                            position.settle(index);
                            parts += position.owed();
                        }
                        assert_eq!(parts, (vault + second) * LIMBS, "{held:?}, {then:?}");
                    }
                }
            }
        }
    }
}
