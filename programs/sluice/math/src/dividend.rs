//! Dividends of a stake pool: one index of what a share has earned since the pool opened.
//!
//! The index is Q64.64, `[integer part, fraction]`, in base units per share; a position remembers the index
//! it has `seen` and the fraction of a base unit it could not be paid. Nothing is ever rounded away: what an
//! addition cannot divide among the shares stays in the pool's `rem`, what an accrual cannot pay stays in
//! the position's `frac`, and both are plain amounts in units of 2^-64 base units, whatever the number of
//! shares. If every position is settled before its shares change, then at any time, exactly,
//!
//! ```text
//! sum of ((paid + due) * 2^64 + frac + shares * (index - seen)) over all positions + rem = total_in * 2^64
//! ```
//!
//! Nothing overflows as long as `total_in`, the sum of all amounts, fits `u64`:
//!
//! - An addition to `shares >= 1` raises the index by `q` where `q * shares + new rem = amount * 2^64 + rem`,
//!   so `q + new rem <= amount * 2^64 + rem`. Summed up, `index + rem <= total_in * 2^64`: the integer part
//!   is at most `total_in`, for any numbers of shares.
//! - If at each addition a position has at most all `shares`, it earns at most `q * shares` of it. Summed up,
//!   `earned + shares * (index - seen) + rem <= total_in * 2^64`, where what it earned has its `frac` in it: no
//!   accrual, nor the sum of all accruals of a position, is above `total_in`.
//!
//! `tests/narrow.rs` tries all of that with four-bit limbs, `proofs/dividend.smt2` proves it at this width.

use crate::wide::{Word, div_wide, mul_wide};

/// Divides `amount` base units among `shares`: the index rises by
/// `floor((amount * 2^64 + rem) / shares)`. Returns the new index and the new remainder, less than `shares`.
///
/// `rem` may be anything, so shares may shrink below the remainder that an addition to more of them left.
/// It is an amount, always less than a base unit; then this addition, whose quotient is larger for it, pays
/// out what could not be divided before.
///
/// `None` if `shares` is zero or the integer part does not fit `u64`.
pub fn add(index: [Word; 2], rem: Word, amount: Word, shares: Word) -> Option<([Word; 2], Word)> {
    let [integer, fraction] = index;
    let whole = amount.checked_div(shares)?;
    let (part, rem) = div_wide(amount.checked_rem(shares)?, rem, shares)?;
    let (fraction, carry) = fraction.overflowing_add(part);
    let integer = integer.checked_add(whole)?.checked_add(carry.into())?;
    Some(([integer, fraction], rem))
}

/// What `shares` earned since `seen`, on top of the fraction `frac` kept from before:
/// `shares * (index - seen) + frac` as whole base units and the new fraction. Exact.
///
/// `None` if `index` is less than `seen` or the whole does not fit `u64`.
pub fn accrued(
    index: [Word; 2],
    seen: [Word; 2],
    shares: Word,
    frac: Word,
) -> Option<(Word, Word)> {
    let ([integer, fraction], [seen_integer, seen_fraction]) = (index, seen);
    let (fraction, borrow) = fraction.overflowing_sub(seen_fraction);
    let integer = integer
        .checked_sub(seen_integer)?
        .checked_sub(borrow.into())?;
    let (above, whole) = mul_wide(shares, integer);
    if above != 0 {
        return None;
    }
    let (more, low) = mul_wide(shares, fraction);
    let (frac, carry) = low.overflowing_add(frac);
    let whole = whole.checked_add(more)?.checked_add(carry.into())?;
    Some((whole, frac))
}
