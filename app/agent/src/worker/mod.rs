//! `sluice-agent worker`: from a job on a node to money on its owner's account.

pub mod money;
pub mod offers;
pub mod send;
pub mod store;
