//! One verb, one file: accounts say who, the state's methods say when, and tokens move last.

pub mod attester;
pub mod attester_set;
pub mod batch;
pub mod challenge;
pub mod job;
pub mod network;
pub mod node;
pub mod offer;
pub mod provider;
pub mod rewards;
pub mod stake;
