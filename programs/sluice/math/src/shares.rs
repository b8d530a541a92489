//! Shares of a stake pool: tokens in, shares out, and back.
//!
//! Shares start at 1:1 and only a slash moves the price, so `tokens <= shares` always: deposits and
//! withdrawals both round for the pool, and both keep that.
//!
//! A slash takes `x` of the pool's tokens and leaves the shares alone. It costs any `s` of all `S` shares
//! `s * x / S` within less than a base unit, and never more than `x`:
//! `floor(s * (T - x) / S) >= floor(s * T / S) - x` for `s <= S`. So what is locked against a position stays
//! covered if the slash lowers it by `x`, and even if only by the position's proportion rounded up,
//! `ceil(s * x / S)`. `proofs/shares.smt2` proves these, `tests/slash.rs` tries them over histories.

use crate::wide::mul_div_floor;

/// A pool whose shares are worth less than one in this many tokens takes no more deposits.
pub const DEAD_RATIO: u64 = 1024;

/// Shares for `tokens_in` base units put into a pool of `tokens` and `shares`: 1:1 into a pool without
/// shares, otherwise `tokens_in * shares / tokens` rounded down (for the pool).
///
/// `None` if the pool has shares but no tokens, or the shares do not fit `u64`.
pub fn shares_for(tokens_in: u64, tokens: u64, shares: u64) -> Option<u64> {
    if shares == 0 {
        return Some(tokens_in);
    }
    mul_div_floor(tokens_in, shares, tokens)
}

/// Base units that `shares_out` take from a pool of `tokens` and `shares`: their proportion rounded down
/// (for the pool); the last shares take all tokens. No shares of a pool without shares are worth 0.
///
/// `None` if `shares_out` is more than `shares`.
pub fn tokens_for(shares_out: u64, tokens: u64, shares: u64) -> Option<u64> {
    if shares_out > shares {
        return None;
    }
    if shares == 0 {
        return Some(0);
    }
    mul_div_floor(shares_out, tokens, shares)
}

/// Whether slashes left less than one token for [`DEAD_RATIO`] shares: `tokens * 1024 < shares`, exactly.
/// A pool without shares is alive.
pub fn is_dead(tokens: u64, shares: u64) -> bool {
    // Where this saturates, the true product is above any u64.
    tokens.saturating_mul(DEAD_RATIO) < shares
}
