//! Shares of a stake pool: tokens in, shares out, and back.
//!
//! Shares start at 1:1 and only a slash moves the price, so `tokens <= shares` always: deposits and
//! withdrawals both round for the pool, and both keep that. A pool that takes deposits is priced above
//! 1 / [`DEAD_RATIO`], so a deposit buys fewer than [`DEAD_RATIO`] shares a token.
//!
//! A slash takes `x` of the pool's tokens and leaves the shares alone. It costs any `s` of all `S` shares
//! `s * x / S` within less than a base unit, and never more than `x`:
//! `floor(s * (T - x) / S) >= floor(s * T / S) - x` for `s <= S`. So what is locked against a position stays
//! covered if the slash lowers it by `x`, and even if only by the position's proportion rounded up,
//! `ceil(s * x / S)`. `proofs/shares.smt2` proves these, `tests/slash` tries them over histories.

use crate::wide::mul_div_floor;

/// A pool takes no more deposits when this many of its shares are worth one token or less.
pub const DEAD_RATIO: u64 = 64;

/// Shares for `tokens_in` base units put into a pool of `tokens` and `shares`: 1:1 into a pool without
/// shares, otherwise `tokens_in * shares / tokens` rounded down (for the pool).
///
/// `None` if the pool has shares but no tokens, or if all of its shares then would not fit `u64`: every
/// later withdrawal divides by that sum.
pub fn shares_for(tokens_in: u64, tokens: u64, shares: u64) -> Option<u64> {
    // Before the first slash the price is 1:1, exactly.
    let bought = if shares == 0 || shares == tokens {
        tokens_in
    } else {
        mul_div_floor(tokens_in, shares, tokens)?
    };
    shares.checked_add(bought).map(|_| bought)
}

/// Base units that `shares_out` take from a pool of `tokens` and `shares`: their proportion rounded down (for the pool);
/// the last shares take all tokens. Zero shares of a pool without shares are worth 0.
///
/// `None` if `shares_out` is more than `shares`.
pub fn tokens_for(shares_out: u64, tokens: u64, shares: u64) -> Option<u64> {
    if shares_out > shares {
        return None;
    }
    if shares == 0 {
        return Some(0);
    }
    if shares == tokens {
        return Some(shares_out);
    }
    mul_div_floor(shares_out, tokens, shares)
}

/// Whether slashes left one token or less for [`DEAD_RATIO`] shares: `tokens * 64 <= shares`, exactly.
/// A pool without shares is alive: with the last share out it begins anew, at 1:1.
pub fn is_dead(tokens: u64, shares: u64) -> bool {
    // A product that does not fit is above any number of shares.
    let at_most = tokens.checked_mul(DEAD_RATIO);
    shares > 0 && at_most.is_some_and(|product| product <= shares)
}
