//! Sluice's arithmetic: everything that decides how many tokens move, as pure functions of numbers; and the trees and shapes of
//! work that is proven.
//!
//! No allocation, no clock, no accounts and no panic: a result that does not exist (division by zero,
//! a value past `u64`, `i64` or `u32`) is `None`. Amounts are base units of a mint, times are Unix seconds,
//! proportions are basis points, and every function's documentation names its rounding.
//!
//! A wrapping operation stands only where a comment bounds its operands. It cannot overflow there, and the chain pays for
//! no check.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod dividend;
pub mod dividend_stream;
pub mod metering;
pub mod schedule;
pub mod shares;
pub mod stream;
pub mod tree;
pub mod wide;
pub mod work;
