//! What the machines that work and attest for Sluice have in common.
//!
//! - [`blobs`]: what an attester keeps for the jobs of its sets.
//! - [`http`]: an attester's interface.
//! - [`recompute`]: how an attester computes a window again.
//! - [`request`]: a request over HTTP, signed by the key that makes it for the one that it is made to.
//! - [`sampling`]: which chunks an attester computes again, and the chance that a lie passes.
//! - [`windows`]: what an attester remembers, so that asking twice teaches nothing.

pub mod blobs;
pub mod http;
pub mod recompute;
pub mod request;
pub mod sampling;
pub mod windows;
