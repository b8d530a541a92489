//! What the machines that work and attest for Sluice have in common.
//!
//! - [`attester`]: the daemon that signs what it has computed itself.
//! - [`blobs`]: what an attester keeps for the jobs of its sets.
//! - [`config`]: what a daemon is told.
//! - [`http`]: an attester's interface; how it is asked is [`sluice_member`].
//! - [`recompute`]: how an attester computes a window again.
//! - [`sampling`]: which chunks an attester computes again, and the chance that a lie passes.
//! - [`watch`]: where a process tells of itself.
//! - [`windows`]: what an attester remembers, so that asking twice teaches nothing.

pub mod attester;
pub mod blobs;
pub mod command;
pub mod config;
pub mod http;
pub mod recompute;
pub mod sampling;
pub mod watch;
pub mod windows;
pub mod worker;

pub use sluice_member::{chain, clock, late, member, request, wire};
