//! Bounds in code. Durations are seconds, fees are basis points, counts are items.

use anchor_lang::prelude::*;

/// An hour, in seconds.
pub const HOUR_SECS: u32 = 3_600;
/// A day, in seconds.
pub const DAY_SECS: u32 = 86_400;

/// Longest unbonding time of a network.
pub const MAX_UNBONDING_SECS: u32 = 60 * DAY_SECS;
/// Shortest timelock of a network.
pub const MIN_TIMELOCK_SECS: u32 = 2 * DAY_SECS;
/// How long a change can be applied once it is due, before it is void.
pub const CHANGE_LIFE_SECS: i64 = 14 * 86_400;
/// Longest pause of intake.
pub const MAX_PAUSE_SECS: u32 = 7 * DAY_SECS;
/// Longest time in a job's terms, but for its length.
pub const MAX_TERM_SECS: u32 = 30 * DAY_SECS;
/// How far ahead a job's or an offer's last date may lie: a year.
pub const MAX_OPEN_SECS: i64 = 365 * 86_400;
/// Longest length of a job: ten years.
pub const MAX_LENGTH_SECS: u64 = 3_650 * 86_400;
/// Shortest ruling time of a job that can be challenged: the resolver has the second half of it.
pub const MIN_RULING_SECS: u32 = 60;
/// Highest sum of network fee and attestation fee, in basis points.
pub const MAX_TOTAL_FEE_BPS: u16 = 1_000;

/// Longest time for which a batch stays by its own date.
pub const MAX_BATCH_SECS: i64 = 60 * 86_400;
/// Leaves that one proof from a batch shows: what a transaction of 4,096 bytes has room for.
pub const MAX_RUN: u32 = 32;
/// Depth that no batch's tree exceeds: 1,048,576 leaves.
pub const MAX_BATCH_DEPTH: usize = 20;

/// Windows a job remembers; a proof's slot is its window modulo this.
pub const RING: u32 = 16;
/// Keys an attester set may hold.
pub const MAX_SET_KEYS: u8 = 16;
/// Attesters a statement may need. Above five, worker and members do not fit a transaction of 1,232 bytes; a version-1
/// transaction has 4,096.
pub const MAX_THRESHOLD: u8 = 16;

/// Highest commission, in basis points.
pub const MAX_COMMISSION_BPS: u16 = 10_000;
/// How long after a ruling the signers of a void window can be slashed for it. From then on the challenge may close
/// without that.
pub const SIGNER_SLASH_SECS: i64 = 7 * 86_400;

/// Shortest epoch of a reward pool.
pub const MIN_EPOCH_SECS: u32 = 60;
/// Longest epoch of a reward pool.
pub const MAX_EPOCH_SECS: u32 = 30 * DAY_SECS;

/// How far from now a reward pool may start or end: ten years, three of them leap years.
pub const MAX_POOL_SPAN_SECS: u64 = 3_653 * 86_400;
/// Shortest period of a network's dividends.
pub const MIN_DIVIDEND_SECS: u32 = DAY_SECS;
/// Longest period of a network's dividends.
pub const MAX_DIVIDEND_SECS: u32 = 30 * DAY_SECS;

/// The instructions sysvar.
pub const INSTRUCTIONS_SYSVAR: Address =
    Address::from_str_const("Sysvar1nstructions1111111111111111111111111");
/// The ed25519 precompile.
pub const ED25519_PROGRAM: Address =
    Address::from_str_const("Ed25519SigVerify111111111111111111111111111");
/// The associated token account program.
pub const ASSOCIATED_TOKEN_PROGRAM: Address =
    Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// The mints of wrapped SOL, the classic token program's and Token-2022's. Neither can be burned.
pub const WRAPPED_SOL: [Address; 2] = [
    Address::from_str_const("So11111111111111111111111111111111111111112"),
    Address::from_str_const("9pan9bMn5HatX4EJdBwg9VgCa7Uz5HL8N1m5D3NdXejP"),
];
/// No key: an absent cosigner, set or named provider.
pub const NOBODY: Address = Address::new_from_array([0; 32]);
