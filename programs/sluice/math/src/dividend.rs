//! Dividends of a stake pool: one index of what a share has earned since the pool opened, modulo 2^128.
//!
//! The index is Q64.64, `[integer part, fraction]`, in base units per share; a position remembers the index
//! it has `seen` and the fraction of a base unit it could not be paid. Nothing is ever rounded away: what an
//! addition cannot divide among the shares stays in the pool's `rem`, what an accrual cannot pay stays in
//! the position's `frac`, and both are plain amounts in units of 2^-64 base units, whatever the number of
//! shares. Let `true index` and `true seen` be what `index` and `seen` would be without a modulus. If every
//! position is settled before its shares change, then at any time, exactly,
//!
//! ```text
//! sum of (due * 2^64 + frac + shares * (true index - true seen)) over all positions + rem
//!     = (total released - total paid out) * 2^64 + spare
//! ```
//!
//! where a position that closed still counts with its `frac`. An addition adds `q * shares + new rem - rem =
//! amount * 2^64` to both sides, an accrual moves a part of one term to another, and a payment takes the same
//! from both sides. `spare` is zero until a vault closes, which takes that no position is left: all that lies in
//! it is paid out, what closed positions left counts no more, and `spare` becomes the `rem` that stays.
//!
//! The same tokens can come in and be paid out any number of times, so neither the total released nor the true index has
//! a bound, and the index in the accounts wraps. The difference `true index - true seen` does not wrap. Let `held` be the
//! total released less the total paid out: what lies in the vault without donations and without what `dividend_stream`
//! still holds back. It is at most the supply of the mint, which fits `u64`, as does `spare`. No term of the identity is
//! negative, hence
//!
//! - with `shares >= 1`, `true index - true seen <= shares * (true index - true seen) <= held * 2^64 + spare <
//!   2^128`: the difference modulo 2^128 is the true one, however often the index has wrapped, and the position
//!   is due at most `held` in all, so neither the accrual nor the sum of what is due is ever refused;
//! - with `shares = 0` the product is zero, whatever the difference: such a position may sleep for any number
//!   of rounds.
//!
//! `tests/narrow` tries all of that with four-bit limbs, `proofs/dividend.smt2` proves it at this width.

use crate::wide::{Word, div_wide, mul_wide};

/// Divides `amount` base units among `shares`: the index rises by
/// `floor((amount * 2^64 + rem) / shares)`, modulo 2^128. Returns the new index and the new remainder, less than `shares`.
///
/// `rem` may be any number: the shares may have shrunk below the remainder that an earlier addition left. It is less than
/// a base unit, and this addition pays out of it what could not be divided before.
///
/// `None` if `shares` is zero, and only then.
pub fn add(index: [Word; 2], rem: Word, amount: Word, shares: Word) -> Option<([Word; 2], Word)> {
    let [integer, fraction] = index;
    let whole = amount.checked_div(shares)?;
    let (part, rem) = div_wide(amount.checked_rem(shares)?, rem, shares)?;
    let (fraction, carry) = fraction.overflowing_add(part);
    let integer = integer.wrapping_add(whole).wrapping_add(carry.into());
    Some(([integer, fraction], rem))
}

/// What `shares` earned since `seen`, on top of the fraction `frac` kept from before:
/// `shares * (index - seen) + frac` as whole base units and the new fraction, the difference modulo 2^128.
/// Exact.
///
/// `None` if the whole does not fit `u64`.
pub fn accrued(
    index: [Word; 2],
    seen: [Word; 2],
    shares: Word,
    frac: Word,
) -> Option<(Word, Word)> {
    // Most of the time nothing has moved.
    if index == seen {
        return Some((Word::default(), frac));
    }
    let ([integer, fraction], [seen_integer, seen_fraction]) = (index, seen);
    let (fraction, borrow) = fraction.overflowing_sub(seen_fraction);
    let integer = integer
        .wrapping_sub(seen_integer)
        .wrapping_sub(borrow.into());
    let (above, whole) = mul_wide(shares, integer);
    if above != 0 {
        return None;
    }
    let (more, low) = mul_wide(shares, fraction);
    let (frac, carry) = low.overflowing_add(frac);
    let whole = whole.checked_add(more)?.checked_add(carry.into())?;
    Some((whole, frac))
}
