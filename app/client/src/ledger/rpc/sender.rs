//! One request and its answer: how long it is waited for, and what is made readable in it.

use {
    super::Endpoint,
    crate::waiting::{Nobody, Onlooker},
    async_trait::async_trait,
    serde_json::Value,
    solana_rpc_client::{
        http_sender::HttpSender,
        rpc_sender::{RpcSender, RpcTransportStats},
    },
    solana_rpc_client_api::{
        client_error::{ErrorKind, Result},
        request::RpcRequest,
    },
    std::{
        pin::pin,
        sync::{Arc, Mutex, MutexGuard, PoisonError},
        time::{Duration, Instant},
    },
    tokio::time::timeout,
};

/// How long a node may be silent.
#[derive(Clone, Debug)]
pub struct Patience {
    /// After this much silence the onlooker is told, once a request.
    pub told_after: Duration,
    /// A call ends after this much, however often it was made again meanwhile.
    pub call: Duration,
    /// After this much silence in all, further calls fail at once; each moment in which it is not silent takes as much of it away.
    pub total: Duration,
    /// Is told which node is silent, and about what.
    pub onlooker: Arc<dyn Onlooker>,
}

impl Default for Patience {
    /// 30 seconds for a call and 60 in all; nobody is told.
    fn default() -> Self {
        Self {
            told_after: Duration::from_secs(4),
            call: Duration::from_secs(30),
            total: Duration::from_secs(60),
            onlooker: Arc::new(Nobody),
        }
    }
}

/// How long a node has been silent.
pub struct Silence {
    patience: Patience,
    so_far: Mutex<SoFar>,
}

#[derive(Default)]
struct SoFar {
    /// Calls that are made now.
    calls: u32,
    /// When the youngest of them ends.
    deadline: Option<Instant>,
    waited: Duration,
    /// When the last request without an answer was given up.
    gave_up: Option<Instant>,
}

/// A call that is made.
pub struct Calling<'a>(&'a Silence);

impl Silence {
    /// None yet.
    pub const fn new(patience: Patience) -> Self {
        Self {
            patience,
            so_far: Mutex::new(SoFar {
                calls: 0,
                deadline: None,
                waited: Duration::ZERO,
                gave_up: None,
            }),
        }
    }

    /// From now on until it is dropped, all requests are of one call.
    pub fn calling(&self) -> Calling<'_> {
        let mut so_far = self.so_far();
        so_far.calls = so_far.calls.saturating_add(1);
        so_far.deadline = Instant::now().checked_add(self.patience.call);
        drop(so_far);
        Calling(self)
    }

    /// How long the next request may take; none if the node has been silent for too long.
    fn left(&self) -> Option<Duration> {
        let mut so_far = self.so_far();
        let now = Instant::now();
        if let Some(gave_up) = so_far.gave_up.replace(now) {
            so_far.waited = so_far
                .waited
                .saturating_sub(now.saturating_duration_since(gave_up));
        }
        let of_total = self.patience.total.saturating_sub(so_far.waited);
        let of_call = so_far.deadline.map_or(self.patience.call, |deadline| {
            deadline.saturating_duration_since(now)
        });
        let left = of_total.min(of_call);
        (!left.is_zero()).then_some(left)
    }

    /// It has been since `begun`; what several requests waited for at once counts once.
    fn was_silent(&self, begun: Instant) {
        let mut so_far = self.so_far();
        let since = so_far.gave_up.map_or(begun, |gave_up| gave_up.max(begun));
        let waited = since.elapsed();
        so_far.waited = so_far.waited.saturating_add(waited);
        so_far.gave_up = Some(Instant::now());
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Calling<'_> {
    fn drop(&mut self) {
        let mut so_far = self.0.so_far();
        so_far.calls = so_far.calls.saturating_sub(1);
        if so_far.calls == 0 {
            so_far.deadline = None;
        }
    }
}

/// Requests over HTTP that end in time.
pub struct Sender {
    http: HttpSender,
    url: Endpoint,
    silence: Arc<Silence>,
}

impl Sender {
    /// Sends nothing yet.
    pub fn new(url: Endpoint, silence: Arc<Silence>) -> Self {
        // What ends a request is here, so that the library's pauses after a refusal count too.
        let never = silence.patience.call.saturating_mul(2);
        Self {
            http: HttpSender::new_with_timeout(url.expose(), never),
            url,
            silence,
        }
    }
}

#[async_trait]
impl RpcSender for Sender {
    async fn send(&self, request: RpcRequest, params: Value) -> Result<Value> {
        let patience = &self.silence.patience;
        let silent = |secs: Duration| {
            let url = &self.url;
            let text = format!("{url} did not answer {request} within {} s", secs.as_secs());
            ErrorKind::Custom(text)
        };
        let Some(left) = self.silence.left() else {
            return Err(silent(patience.total).into());
        };
        let begun = Instant::now();
        let mut answer = pin!(self.http.send(request, params));
        let quietly = patience.told_after.min(left);
        let answered = match timeout(quietly, &mut answer).await {
            Ok(answered) => Some(answered),
            Err(_) if quietly == left => None,
            Err(_) => {
                let why = format!("waiting for {} to answer {request}", self.url);
                patience.onlooker.stalls(&why);
                timeout(left.saturating_sub(quietly), answer).await.ok()
            }
        };
        let Some(answered) = answered else {
            self.silence.was_silent(begun);
            return Err(silent(begun.elapsed()).into());
        };
        answered.map(|mut value| {
            make_readable(&mut value);
            value
        })
    }

    fn get_transport_stats(&self) -> RpcTransportStats {
        self.http.get_transport_stats()
    }

    fn url(&self) -> String {
        self.url.to_string()
    }
}

/// Some nodes write the greatest `rentEpoch`, which says that no rent is due, as a number that only a float can hold: it is taken for
/// what is meant.
pub fn make_readable(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "rentEpoch" && !value.is_u64() {
                    *value = u64::MAX.into();
                } else {
                    make_readable(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_readable),
        _ => {}
    }
}
