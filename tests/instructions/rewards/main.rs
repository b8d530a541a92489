//! Reward pools, shares and epochs: one file per instruction, payments to the base unit and every named error.
mod claim;
mod close_epoch;
mod create_reward_pool;
mod fold;
mod fund_reward_pool;
mod join_reward_pool;
mod mint_extensions;
mod open_epoch;
mod pay_delegators;
mod registered_anew;
mod report;
mod streams;
