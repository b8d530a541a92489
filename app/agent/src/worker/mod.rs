//! A worker: from a job on its node to proven windows, unattended.

pub mod store;
