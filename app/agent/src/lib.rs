//! What the machines that work and attest for Sluice have in common.
//!
//! - [`attester`]: the daemon that signs what it has computed itself.
//! - [`blobs`]: what an attester keeps for the jobs of its sets.
//! - [`chain`], [`clock`]: what a daemon reads of a chain, and its time.
//! - [`config`]: what a daemon is told.
//! - [`http`]: an attester's interface; [`wire`]: its bodies; [`member`]: how it is asked.
//! - [`recompute`]: how an attester computes a window again.
//! - [`request`]: a request over HTTP, signed by the key that makes it for the one that it is made to.
//! - [`sampling`]: which chunks an attester computes again, and the chance that a lie passes.
//! - [`watch`]: where a process tells of itself.
//! - [`windows`]: what an attester remembers, so that asking twice teaches nothing.

pub mod attester;
pub mod blobs;
pub mod chain;
pub mod clock;
pub mod command;
pub mod config;
pub mod http;
pub mod member;
pub mod recompute;
pub mod request;
pub mod sampling;
pub mod watch;
pub mod windows;
pub mod wire;
pub mod worker;
