//! Accounts as they change: what belongs to a job, a provider, a pool or a network, and a node that tells when it changes.

#[cfg(feature = "rpc")]
mod feed;
mod member;
mod subject;

#[cfg(feature = "rpc")]
pub use feed::{Feed, Heard};
pub use {
    member::Member,
    subject::{Kind, Subject},
};
