//! An attester's interface over HTTP: the blobs of the jobs of its sets.
//!
//! | request | does |
//! |---|---|
//! | `PUT /v1/blobs/{name}?job=&len=&from=` | keeps a blob for a job, from a byte on; the answer says how much is here |
//! | `HEAD /v1/blobs/{name}?job=` | says how much is here, in the header `sluice-received` |
//! | `GET /v1/blobs/{name}?job=` | gives a blob that is whole |
//!
//! Every request is signed ([`crate::request`]) by a party of the job: its buyer, its worker, or a member of its set. What is signed as the body of
//! an upload is the blob's name, whatever part of the blob the request carries. Answers other than a blob's bytes are JSON; a refusal
//! has a code and a sentence ([`answer`]).

pub mod answer;
mod blobs;
mod incoming;

use {
    crate::{
        blobs::{Blobs, JobId},
        request::{Asked, Guard, Signed, check},
    },
    answer::Refusal,
    axum::{
        Router,
        http::{HeaderMap, Uri},
        routing::get,
    },
    incoming::Pace,
    solana_address::Address,
    std::{
        sync::{Arc, Mutex, PoisonError},
        time::{Duration, SystemTime, UNIX_EPOCH},
    },
    tokio::sync::Semaphore,
};

/// What is known of a job, of finalized state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The job and its incarnation.
    pub id: JobId,
    /// Its buyer.
    pub buyer: Address,
    /// The key of its worker.
    pub worker: Address,
    /// The members of its set.
    pub members: Vec<Address>,
    /// Most bytes that it may have here.
    pub quota: u64,
    /// Until when what it has is kept, unix seconds of the chain.
    pub until: i64,
}

impl Known {
    fn is_party(&self, key: &Address) -> bool {
        *key == self.buyer || *key == self.worker || self.members.contains(key)
    }
}

/// Where jobs are known from.
pub trait Jobs: Send + Sync + 'static {
    /// The job at this address, if it is one of this attester's sets. It may take as long as a node does.
    ///
    /// # Errors
    /// A sentence, where nobody can say.
    fn job(&self, job: &Address) -> Result<Option<Known>, String>;
}

/// How much a server takes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Transfers of blobs at once.
    pub transfers: usize,
    /// Requests that are remembered, so that none comes twice.
    pub remembered: usize,
    /// Longest silence within an upload.
    pub silence: Duration,
    /// Least bytes a second that an upload brings, once it is older than [`Bounds::silence`].
    pub pace: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            transfers: 64,
            remembered: 100_000,
            silence: Duration::from_secs(10),
            pace: 16 << 10,
        }
    }
}

/// What the server works with.
pub struct Server<J> {
    own: Address,
    blobs: Blobs,
    jobs: J,
    guard: Mutex<Guard>,
    transfers: Semaphore,
    pace: Pace,
}

/// The server of the attester with the key `own`.
pub fn router<J: Jobs>(own: Address, blobs: Blobs, jobs: J, bounds: Bounds) -> Router {
    let server = Server {
        own,
        blobs,
        jobs,
        guard: Mutex::new(Guard::new(bounds.remembered)),
        transfers: Semaphore::new(bounds.transfers),
        pace: Pace {
            silence: bounds.silence,
            least: bounds.pace,
        },
    };
    let blob = get(blobs::get::<J>)
        .head(blobs::head::<J>)
        .put(blobs::put::<J>);
    Router::new()
        .route("/v1/blobs/{name}", blob)
        .with_state(Arc::new(server))
}

impl<J: Jobs> Server<J> {
    /// The request's headers, if its key signed it for this server, now.
    fn signed(
        &self,
        method: &str,
        uri: &Uri,
        headers: &HeaderMap,
        body: [u8; 32],
    ) -> Result<Signed, Refusal> {
        let signed = Signed::read(|name| {
            let mut values = headers.get_all(name).iter();
            let value = values.next()?.to_str().ok()?;
            values.next().is_none().then_some(value)
        })?;
        let target = uri.path_and_query().map_or("", |target| target.as_str());
        let asked = Asked {
            to: &self.own,
            method,
            target,
            body,
        };
        check(&signed, &asked, now())?;
        Ok(signed)
    }

    /// The job, if a party of it asks, for the first time. Who is none leaves nothing behind.
    fn party(&self, job: &Address, signed: &Signed) -> Result<Known, Refusal> {
        let known = self.jobs.job(job).map_err(|_| Refusal::Chain)?;
        let known = known.ok_or(Refusal::NoJob)?;
        if !known.is_party(&signed.key) {
            return Err(Refusal::NoParty);
        }
        let mut guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        guard.remember(signed, now())?;
        Ok(known)
    }
}

/// This machine's clock, unix seconds.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or_default().as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
