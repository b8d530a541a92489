//! How the members of an attester set are asked, by whoever asks them: workers, buyers and other members.
//!
//! - [`blob`]: what is kept for a job, and by which name.
//! - [`chain`], [`clock`]: what a process reads of a chain, and the chain's time.
//! - [`late`]: which members are asked last.
//! - [`member`]: a member, asked over HTTP; [`wire`]: the bodies of its interface.
//! - [`request`]: a request over HTTP, signed by the key that makes it for the one that it is made to.

pub mod blob;
pub mod chain;
pub mod clock;
pub mod late;
pub mod member;
pub mod request;
pub mod wire;
