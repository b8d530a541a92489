//! Stake pools, positions and tickets: one file per instruction, the fields written and every named error.
mod create_stake_pool;
mod open_position;
mod slashed;
mod stake;
mod unstake;
mod withdraw;
