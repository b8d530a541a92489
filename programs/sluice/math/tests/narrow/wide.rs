//! What `dividend` takes from `crate::wide`, with narrow limbs, and the same steps for limbs of any even width.

use crate::{BITS, LIMBS};

/// A limb of four bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word(pub u32);

impl Word {
    fn fit(value: u32) -> Option<Self> {
        (value < LIMBS).then_some(Self(value))
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::fit(self.0 + other.0)
    }

    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.0.checked_div(other.0).map(Self)
    }

    pub fn checked_rem(self, other: Self) -> Option<Self> {
        self.0.checked_rem(other.0).map(Self)
    }

    pub fn wrapping_add(self, other: Self) -> Self {
        self.overflowing_add(other).0
    }

    pub fn wrapping_sub(self, other: Self) -> Self {
        self.overflowing_sub(other).0
    }

    pub fn overflowing_add(self, other: Self) -> (Self, bool) {
        let sum = self.0 + other.0;
        (Self(sum % LIMBS), sum >= LIMBS)
    }

    pub fn overflowing_sub(self, other: Self) -> (Self, bool) {
        let difference = (self.0 + LIMBS - other.0) % LIMBS;
        (Self(difference), self.0 < other.0)
    }
}

impl From<bool> for Word {
    fn from(bit: bool) -> Self {
        Self(u32::from(bit))
    }
}

impl PartialEq<u32> for Word {
    fn eq(&self, other: &u32) -> bool {
        self.0 == *other
    }
}

pub fn mul_wide(a: Word, b: Word) -> (Word, Word) {
    let (hi, lo) = product(BITS, a.0, b.0);
    (Word(hi), Word(lo))
}

pub fn div_wide(hi: Word, lo: Word, d: Word) -> Option<(Word, Word)> {
    division(BITS, hi.0, lo.0, d.0).map(|(q, r, _)| (Word(q), Word(r)))
}

/// `value`, which must fit `bits`: what a wrapping operation computes that is said never to wrap.
fn whole(bits: u32, value: u32) -> u32 {
    assert_eq!(value >> bits, 0, "{value} in {bits} bits");
    value
}

/// `mul_wide` with limbs of `bits`.
pub fn product(bits: u32, a: u32, b: u32) -> (u32, u32) {
    let half = bits / 2;
    let low = (1 << half) - 1;
    let (a1, a0) = (a >> half, a & low);
    let (b1, b0) = (b >> half, b & low);
    let bottom = whole(bits, a0 * b0);
    let cross = whole(bits, whole(bits, a1 * b0) + (bottom >> half));
    let middle = whole(bits, whole(bits, a0 * b1) + (cross & low));
    let top = whole(bits, a1 * b1 + (cross >> half) + (middle >> half));
    let shifted = (middle << half) % (1 << bits);
    (top, whole(bits, shifted + (bottom & low)))
}

/// `div_wide` with limbs of `bits`; also the number of corrections of its two digits.
pub fn division(bits: u32, hi: u32, lo: u32, d: u32) -> Option<(u32, u32, [u32; 2])> {
    if hi >= d {
        return None;
    }
    let half = bits / 2;
    let (d, shift) = normalised(bits, d);
    assert_eq!(d >> (bits - 1), 1);
    let carried = (lo >> 1) >> (bits - 1 - shift);
    let hi = whole(bits, whole(bits, hi << shift) + carried);
    let lo = (lo << shift) % (1 << bits);

    let (q1, rem, first) = digit(bits, hi, lo >> half, d);
    let (q0, rem, second) = digit(bits, rem, lo & ((1 << half) - 1), d);
    Some((
        whole(bits, (q1 << half) + q0),
        rem >> shift,
        [first, second],
    ))
}

fn normalised(bits: u32, mut d: u32) -> (u32, u32) {
    let mut shift = 0;
    // From the largest power of two below the width.
    let mut step = bits.next_power_of_two() / 2;
    while step > 0 {
        if d >> (bits - step) == 0 {
            d <<= step;
            shift += step;
        }
        step /= 2;
    }
    assert!(shift < bits);
    (whole(bits, d), shift)
}

fn digit(bits: u32, rem: u32, next: u32, d: u32) -> (u32, u32, u32) {
    let half = bits / 2;
    let (d1, d0) = (d >> half, d & ((1 << half) - 1));
    let (mut q, mut r) = (rem / d1, rem % d1);
    let mut corrections = 0;
    for _correction in 0..2 {
        if r >> half != 0
            || (q >> half == 0 && whole(bits, q * d0) <= whole(bits, (r << half) + next))
        {
            break;
        }
        q -= 1;
        r += d1;
        corrections += 1;
    }
    // Modulo 2^bits, as the program has it.
    let rem = (rem << half)
        .wrapping_add(next)
        .wrapping_sub(q.wrapping_mul(d))
        % (1 << bits);
    (whole(half, q), rem, corrections)
}
