//! What accounts come to at one moment, by noun.

pub mod challenge;
pub mod job;
pub mod network;
pub mod offer;
pub mod parties;
pub mod provider;
pub mod rewards;
pub mod stake;
