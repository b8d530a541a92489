//! Reward pools, shares and epochs: one file per instruction, payments to the base unit and every named error.
mod claim;
mod close_epoch;
mod create_reward_pool;
mod fold;
mod fund_reward_pool;
mod join_reward_pool;
mod open_epoch;
mod registered_anew;
mod report;
mod streams;
