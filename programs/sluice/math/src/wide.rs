//! 64 x 64 -> 128-bit products and 128 / 64-bit quotients in `u64` limbs.
//!
//! Division is Knuth's algorithm D (TAOCP volume 2, 4.3.1) with two digits of 32 bits, in the form of
//! Warren's `divlu` (Hacker's Delight, 9-4).

use core::num::NonZeroU64;

/// A limb. A name of its own, so that the tests can build `dividend` from the same source with limbs of four
/// bits and try every input.
pub type Word = u64;

const LOW: u64 = 0xFFFF_FFFF;

/// `a * b` in full, as `(hi, lo)` with `a * b = hi * 2^64 + lo`. Exact and total.
pub const fn mul_wide(a: u64, b: u64) -> (u64, u64) {
    let (a1, a0) = (a >> 32, a & LOW);
    let (b1, b0) = (b >> 32, b & LOW);
    // Each factor is at most 2^32 - 1, so a product leaves room for two more 32-bit terms.
    let bottom = a0.wrapping_mul(b0);
    let cross = a1.wrapping_mul(b0).wrapping_add(bottom >> 32);
    let middle = a0.wrapping_mul(b1).wrapping_add(cross & LOW);
    let top = a1
        .wrapping_mul(b1)
        .wrapping_add(cross >> 32)
        .wrapping_add(middle >> 32);
    (top, (middle << 32).wrapping_add(bottom & LOW))
}

/// `(hi * 2^64 + lo) / d` as `(quotient, remainder)`, rounded down.
///
/// `None` if `d` is zero or the quotient does not fit `u64`, that is, if `hi >= d`.
pub fn div_wide(hi: u64, lo: u64, d: u64) -> Option<(u64, u64)> {
    // This refuses d == 0 too, whatever hi is.
    if hi >= d {
        return None;
    }
    let (d, shift) = normalise(d);
    let d1 = NonZeroU64::new(d >> 32)?;
    // shift <= 63; two shifts, because `lo >> 64` is not a shift.
    let carried = (lo >> 1).wrapping_shr(63_u32.wrapping_sub(shift));
    let hi = hi.wrapping_shl(shift).wrapping_add(carried);
    let lo = lo.wrapping_shl(shift);

    let (q1, rem) = digit(hi, lo >> 32, d, d1);
    let (q0, rem) = digit(rem, lo & LOW, d, d1);
    Some(((q1 << 32).wrapping_add(q0), rem.wrapping_shr(shift)))
}

/// `floor(a * b / d)` through the full product.
///
/// `None` if `d` is zero or the quotient does not fit `u64`.
pub fn mul_div_floor(a: u64, b: u64, d: u64) -> Option<u64> {
    // What fits one limb is multiplied in seven instructions instead of thirty.
    if let Some(product) = a.checked_mul(b) {
        return product.checked_div(d);
    }
    let (hi, lo) = mul_wide(a, b);
    div_wide(hi, lo, d).map(|(quotient, _)| quotient)
}

/// `ceil(a * b / d)` through the full product.
///
/// `None` if `d` is zero or the rounded quotient does not fit `u64`.
pub fn mul_div_ceil(a: u64, b: u64, d: u64) -> Option<u64> {
    let (hi, lo) = mul_wide(a, b);
    let (quotient, remainder) = if hi == 0 {
        (lo.checked_div(d)?, lo.checked_rem(d)?)
    } else {
        div_wide(hi, lo, d)?
    };
    quotient.checked_add(u64::from(remainder != 0))
}

/// Shifts `d` until its top bit is set; returns it with the number of places. Six tests, because
/// `leading_zeros` has no instruction on chain and costs 40 CU there. `d` is not zero.
fn normalise(mut d: u64) -> (u64, u32) {
    let mut shift = 0_u32;
    for step in [32_u32, 16, 8, 4, 2, 1] {
        // `step` zeros at the top: shifting them out loses nothing. The sum is at most 63.
        if d.wrapping_shr(64_u32.wrapping_sub(step)) == 0 {
            d = d.wrapping_shl(step);
            shift = shift.wrapping_add(step);
        }
    }
    (d, shift)
}

/// One 32-bit digit of the quotient: `(rem * 2^32 + next) / d` as `(digit, remainder)`.
///
/// Requires `rem < d`, `next < 2^32`, the top bit of `d` set and `d1 = d >> 32`.
fn digit(rem: u64, next: u64, d: u64, d1: NonZeroU64) -> (u64, u64) {
    let d0 = d & LOW;
    let mut q = rem / d1;
    let mut r = rem % d1;
    // The estimate is never too small and, because d is normalised, at most two too large. While it does
    // not fit 32 bits it is too large; once it does, `q * d0` fits u64; and once r does not fit 32 bits the
    // estimate is right.
    for _correction in 0..2 {
        if r >> 32 != 0 || (q >> 32 == 0 && q.wrapping_mul(d0) <= (r << 32).wrapping_add(next)) {
            break;
        }
        q = q.wrapping_sub(1);
        r = r.wrapping_add(d1.get());
    }
    // Modulo 2^64: the true difference is less than d.
    let rem = (rem << 32)
        .wrapping_add(next)
        .wrapping_sub(q.wrapping_mul(d));
    (q, rem)
}
