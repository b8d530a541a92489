//! Stake pools, positions and tickets: one file per instruction, the fields written and every named error.
mod add_dividends;
mod burn_slashed;
mod cancel_unstake;
mod claim_dividends;
mod close_position;
mod close_stake_pool;
mod create_stake_pool;
mod delegation;
mod dividends;
mod mint_extensions;
mod mint_returned;
mod open_position;
mod slashed;
mod slashes;
mod stake;
mod unstake;
mod withdraw;
