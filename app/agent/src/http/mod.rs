//! An attester's interface over HTTP.
//!
//! | request | does |
//! |---|---|
//! | `PUT /v1/blobs/{name}?job=&len=&from=` | keeps a blob for a job, from a byte on; the answer says how much is here |
//! | `HEAD /v1/blobs/{name}?job=` | says how much is here, in the header `sluice-received` |
//! | `GET /v1/blobs/{name}?job=&node=` | gives a blob that is whole |
//! | `POST /v1/jobs` | says whether the job's windows will be checked |
//! | `POST /v1/windows` | checks what a worker claims of a window, and signs it |
//! | `POST /v1/claims` | says what was claimed of a window |
//! | `POST /v1/findings` | hears from another member what it found false |
//! | `GET /v1/terms` | says on which terms this attester works, to anybody |
//!
//! Every request but the last is signed ([`crate::request`]) by a party of the job: its buyer, its worker, or a member of its set. A worker whose
//! node is registered for the job's set may look at an open job before it accepts. What is signed as the body of an upload is the blob's
//! name, whatever part of the blob the request carries. Answers other than a blob's bytes are JSON ([`crate::wire`]); a refusal has a
//! code and a sentence ([`answer`], [`denied`]). Time is the chain's.

pub mod answer;
mod blobs;
pub mod denied;
mod desk;
mod incoming;
mod server;
mod transfers;

use {
    crate::blobs::{JobId, Name},
    axum::{
        Router,
        routing::{get, post},
    },
    solana_address::Address,
    std::{sync::Arc, time::Duration},
};
pub use {desk::Desk, server::Server};

/// What is known of a job, of finalized state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The job and its incarnation.
    pub id: JobId,
    /// Its buyer.
    pub buyer: Address,
    /// The key of its worker; zero while nobody accepted it.
    pub worker: Address,
    /// The attester set that proves it.
    pub set: Address,
    /// The live members of its set.
    pub members: Vec<Address>,
    /// Nobody accepted it yet.
    pub is_open: bool,
    /// Most bytes that it may have here.
    pub quota: u64,
    /// Until when what it has is kept, unix seconds of the chain.
    pub until: i64,
}

impl Known {
    fn is_party(&self, key: &Address) -> bool {
        // An open job has no worker: nobody is that.
        *key != Address::default()
            && (*key == self.buyer || *key == self.worker || self.members.contains(key))
    }
}

/// How a key that asks stands to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Buyer, worker or member.
    Party,
    /// The worker of a node that is registered for the job's set, while the job is open.
    Registered,
}

/// Why nobody can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// So many ask for what is not there that no other is looked for just now.
    Busy,
    /// The node's sentence. It is a stranger's text, and nobody is told.
    Failed(String),
}

/// Where jobs are known from. Each of its calls may take as long as a node does.
pub trait Jobs: Send + Sync + 'static {
    /// The job at this address, if it is one of this attester's sets.
    ///
    /// # Errors
    /// See [`Unread`].
    fn job(&self, job: &Address) -> Result<Option<Known>, Unread>;

    /// True if `key` is the worker of the node at `node`, and that node is registered for the job's set.
    ///
    /// # Errors
    /// See [`Unread`].
    fn is_registered(&self, known: &Known, node: &Address, key: &Address) -> Result<bool, Unread>;

    /// The blobs of an open job that registered workers may read: its specification, its kernel and the list
    /// of its inputs' names, as far as they are known. A worker accepts nothing of which it could not say what it would compute.
    ///
    /// # Errors
    /// See [`Unread`].
    fn shown(&self, job: &JobId) -> Result<Vec<Name>, Unread>;

    /// Reads the chain's clock, of which the server has a reading then.
    ///
    /// # Errors
    /// See [`Unread`].
    fn read_clock(&self) -> Result<(), Unread>;
}

/// How much a server takes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Uploads of blobs at once, a quarter of them of one job.
    pub transfers: usize,
    /// Requests that are remembered, so that none comes twice.
    pub remembered: usize,
    /// Longest silence within an upload, and longest time for any other body.
    pub silence: Duration,
    /// Least bytes a second that an upload brings, once it is older than [`Bounds::silence`].
    pub pace: u64,
    /// Longest time until an answer. What takes longer goes on, and whoever asks again is told what came of it: [`crate::member::Caller`]
    /// waits for 120 seconds.
    pub answer: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            transfers: 64,
            remembered: 100_000,
            silence: Duration::from_secs(10),
            pace: 16 << 10,
            answer: Duration::from_secs(100),
        }
    }
}

/// The blobs' part of the interface.
pub fn blobs<J: Jobs>(server: Arc<Server<J>>) -> Router {
    let blob = get(blobs::get::<J>)
        .head(blobs::head::<J>)
        .put(blobs::put::<J>);
    Router::new()
        .route("/v1/blobs/{name}", blob)
        .with_state(server)
}

/// The whole interface.
pub fn router<J: Desk>(server: Arc<Server<J>>) -> Router {
    Router::new()
        .route("/v1/terms", get(desk::terms::<J>))
        .route("/v1/jobs", post(desk::jobs::<J>))
        .route("/v1/windows", post(desk::windows::<J>))
        .route("/v1/claims", post(desk::claims::<J>))
        .route("/v1/findings", post(desk::findings::<J>))
        .with_state(server.clone())
        .merge(blobs(server))
}

#[cfg(test)]
mod tests;
