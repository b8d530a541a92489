//! Who may ask: requests are held to their signature, to the chain's time, and to the job.

use {
    super::{
        Bounds, Jobs, Known, Standing, Unread, answer::Refusal, incoming::Pace,
        transfers::Transfers,
    },
    crate::{
        blobs::Blobs,
        clock::ChainClock,
        request::{Asked, Guard, Refused, Signed, check},
    },
    axum::http::{HeaderMap, Uri},
    solana_address::Address,
    std::{
        sync::{Arc, Mutex, MutexGuard, PoisonError},
        time::{Duration, Instant},
    },
    tokio::task::spawn_blocking,
};

/// The chain's clock is read for requests no more often than this.
const BETWEEN_READINGS: Duration = Duration::from_secs(1);

/// What the server works with.
pub struct Server<J> {
    pub(super) own: Address,
    pub(super) blobs: Arc<Blobs>,
    pub(super) jobs: Arc<J>,
    pub(super) transfers: Transfers,
    pub(super) pace: Pace,
    pub(super) answer: Duration,
    clock: Arc<ChainClock>,
    guard: Mutex<Guard>,
    /// When the chain's clock was last read for a request.
    read: Mutex<Option<Instant>>,
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Busy => Self::Busy,
            Unread::Failed(_) => Self::Chain,
        }
    }
}

/// Runs what waits for a disk or a node where it may.
pub(super) async fn waiting<T: Send + 'static>(
    does: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    spawn_blocking(does).await.map_err(|_| Refusal::Busy)?
}

impl<J: Jobs> Server<J> {
    /// The server of the attester with the key `own`, whose requests are held to `clock`.
    pub fn new(
        own: Address,
        clock: Arc<ChainClock>,
        blobs: Arc<Blobs>,
        jobs: Arc<J>,
        bounds: Bounds,
    ) -> Self {
        Self {
            own,
            blobs,
            jobs,
            transfers: Transfers::new(bounds.transfers),
            pace: Pace {
                silence: bounds.silence,
                least: bounds.pace,
            },
            answer: bounds.answer,
            clock,
            guard: Mutex::new(Guard::new(bounds.remembered)),
            read: Mutex::default(),
        }
    }

    /// The request's headers, if its key signed it for this server, now. The chain's clock is read once more for what is refused for its
    /// time alone: this process may have read it a while ago.
    pub(super) async fn signed(
        self: &Arc<Self>,
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
        let asked = Asked {
            to: &self.own,
            method,
            target: uri.path_and_query().map_or("", |target| target.as_str()),
            body,
        };
        let held = self.hold(&signed, &asked);
        let is_of_time = matches!(
            held,
            Err(Refusal::Chain | Refusal::Request(Refused::Time(_)))
        );
        // What no key signed is not worth a reading.
        if !is_of_time || !signed.is_of(&asked) || !self.may_read() {
            return held.map(|()| signed);
        }
        let jobs = self.jobs.clone();
        // Where it cannot be read, the request is held to what was known.
        let _ = waiting(move || Ok(jobs.read_clock()?)).await;
        self.hold(&signed, &asked).map(|()| signed)
    }

    fn hold(&self, signed: &Signed, asked: &Asked) -> Result<(), Refusal> {
        let now = self.clock.now().ok_or(Refusal::Chain)?;
        Ok(check(signed, asked, now)?)
    }

    fn may_read(&self) -> bool {
        let mut read = lock(&self.read);
        let may = read.is_none_or(|at| at.elapsed() >= BETWEEN_READINGS);
        if may {
            *read = Some(Instant::now());
        }
        may
    }

    /// The job, and how the key that signed stands to it; `node` is whose worker it says that it is.
    pub(super) fn asker(
        &self,
        job: &Address,
        node: Option<&Address>,
        signed: &Signed,
    ) -> Result<(Known, Standing), Refusal> {
        let known = self.jobs.job(job)?.ok_or(Refusal::NoJob)?;
        if known.is_party(&signed.key) {
            return Ok((known, Standing::Party));
        }
        let node = node.filter(|_| known.is_open).ok_or(Refusal::NoParty)?;
        if self.jobs.is_registered(&known, node, &signed.key)? {
            return Ok((known, Standing::Registered));
        }
        Err(Refusal::NoParty)
    }

    /// The job, if a party of it asks, for the first time. Who is none leaves nothing behind.
    pub(super) fn party(&self, job: &Address, signed: &Signed) -> Result<Known, Refusal> {
        let (known, _) = self.asker(job, None, signed)?;
        self.remember(signed)?;
        Ok(known)
    }

    /// Lets a request through, once.
    pub(super) fn remember(&self, signed: &Signed) -> Result<(), Refusal> {
        let now = self.clock.now().ok_or(Refusal::Chain)?;
        Ok(lock(&self.guard).remember(signed, now)?)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
