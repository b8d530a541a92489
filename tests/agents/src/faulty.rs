//! A node that drops, lags, lies and refuses: it stands between a daemon and a real one.

use {
    anyhow::Result,
    axum::{
        Router,
        body::{Body, Bytes},
        extract::State,
        http::StatusCode,
        response::{IntoResponse, Response},
        routing::post,
    },
    base64::{Engine, engine::general_purpose::STANDARD as BASE64},
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    serde_json::Value,
    std::{
        collections::{BTreeMap, HashMap},
        io::{Error, ErrorKind},
        net::{Ipv4Addr, SocketAddr},
        sync::{
            Arc, Mutex, MutexGuard, PoisonError,
            atomic::{AtomicBool, Ordering},
        },
        time::Duration,
    },
    tokio::{net::TcpListener, runtime::Runtime, time::sleep},
};

/// How often of a hundred calls each fault happens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The connection ends without an answer.
    pub drops: u32,
    /// It answers 429.
    pub refuses: u32,
    /// It answers after a second.
    pub is_slow: u32,
    /// It repeats what it answered to the same question the first time within the last minute.
    pub lags: u32,
    /// It says that it is an hour later.
    pub lies: u32,
}

/// The node's door; it closes when this is dropped.
pub struct FaultyNode {
    url: String,
    shared: Arc<Shared>,
    /// Ends with this.
    _runtime: Runtime,
}

struct Shared {
    to: String,
    http: reqwest::Client,
    faults: Mutex<Faults>,
    random: Mutex<ChaCha8Rng>,
    /// The first answer to each question.
    answers: Mutex<HashMap<String, Value>>,
    met: Mutex<HashMap<&'static str, u32>>,
    /// Calls by their methods.
    calls: Mutex<BTreeMap<String, u64>>,
    is_shut: AtomicBool,
}

impl FaultyNode {
    /// A door to the node at `to`, without faults yet.
    ///
    /// # Errors
    /// Where nobody can listen.
    pub fn before(to: &str, seed: u64) -> Result<Self> {
        let runtime = Runtime::new()?;
        let shared = Arc::new(Shared {
            to: to.to_owned(),
            http: reqwest::Client::new(),
            faults: Mutex::default(),
            random: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            answers: Mutex::default(),
            met: Mutex::default(),
            calls: Mutex::default(),
            is_shut: AtomicBool::new(false),
        });
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(TcpListener::bind(here))?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new()
            .route("/", post(answer))
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            url,
            shared,
            _runtime: runtime,
        })
    }

    /// Where it is asked.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on.
    pub fn set(&self, faults: Faults) {
        *locked(&self.shared.faults) = faults;
        locked(&self.shared.answers).clear();
    }

    /// While it is shut, calls wait at it.
    pub fn shut(&self, is_shut: bool) {
        self.shared.is_shut.store(is_shut, Ordering::Relaxed);
    }

    /// How often each method was called.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        locked(&self.shared.calls).clone()
    }

    /// How often each fault happened.
    pub fn met(&self) -> HashMap<&'static str, u32> {
        locked(&self.shared.met).clone()
    }

    /// How often it was asked anything.
    pub fn asked(&self) -> u64 {
        locked(&self.shared.calls).values().sum()
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What happens to one call.
enum Fate {
    Fine,
    Drop,
    Refuse,
    Slow,
    Lag,
    Lie,
}

impl Shared {
    fn fate(&self) -> Fate {
        let faults = *locked(&self.faults);
        let mut left = locked(&self.random).random_range(0..100);
        for (name, share, fate) in [
            ("drop", faults.drops, Fate::Drop),
            ("429", faults.refuses, Fate::Refuse),
            ("slow", faults.is_slow, Fate::Slow),
            ("lag", faults.lags, Fate::Lag),
            ("lie", faults.lies, Fate::Lie),
        ] {
            if left < share {
                let mut met = locked(&self.met);
                let count = met.entry(name).or_default();
                *count = count.saturating_add(1);
                return fate;
            }
            left = left.saturating_sub(share);
        }
        Fate::Fine
    }

    /// A batch is as many calls as are in it.
    fn count(&self, body: &[u8]) {
        let asked = serde_json::from_slice(body).unwrap_or_default();
        let asked = match asked {
            Value::Array(batch) => batch,
            one => vec![one],
        };
        let mut calls = locked(&self.calls);
        for method in asked.iter().filter_map(|one| one["method"].as_str()) {
            let count = calls.entry(method.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
    }

    async fn forward(&self, body: Bytes) -> reqwest::Result<Value> {
        let sent = self.http.post(&self.to).body(body);
        let sent = sent.header("content-type", "application/json").send();
        sent.await?.json().await
    }

    /// What was asked, without the number of the call.
    fn question(body: &[u8]) -> (String, Value) {
        let mut asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let id = asked["id"].take();
        (asked.to_string(), id)
    }
}

async fn answer(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    shared.count(&body);
    while shared.is_shut.load(Ordering::Relaxed) {
        sleep(Duration::from_millis(20)).await;
    }
    let (question, id) = Shared::question(&body);
    let fate = shared.fate();
    match fate {
        // A body that is cut off: the connection ends within the answer.
        Fate::Drop => {
            let cut = Err(Error::from(ErrorKind::ConnectionReset));
            let parts = [Ok(Bytes::from_static(b"{\"jsonrpc\":")), cut];
            return Body::from_stream(futures_util::stream::iter(parts)).into_response();
        }
        Fate::Refuse => return StatusCode::TOO_MANY_REQUESTS.into_response(),
        Fate::Slow => sleep(Duration::from_secs(1)).await,
        _ => {}
    }
    let is_sending = question.contains("sendTransaction");
    if matches!(fate, Fate::Lag) && !is_sending {
        let known = locked(&shared.answers).get(&question).cloned();
        if let Some(mut known) = known {
            known["id"] = id;
            return axum::Json(known).into_response();
        }
    }
    let Ok(mut told) = shared.forward(body).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    // Without lag nothing is repeated, and a play of hours asks much.
    if !is_sending && locked(&shared.faults).lags > 0 {
        let mut answers = locked(&shared.answers);
        answers.entry(question).or_insert_with(|| told.clone());
    }
    if matches!(fate, Fate::Lie) {
        an_hour_later(&mut told);
    }
    axum::Json(told).into_response()
}

/// Moves every account in the answer that looks like the clock an hour on.
fn an_hour_later(told: &mut Value) {
    match told {
        Value::Array(all) => all.iter_mut().for_each(an_hour_later),
        Value::Object(fields) => {
            let is_clock = fields.get("owner").and_then(Value::as_str) == Some(SYSVARS);
            if is_clock && let Some(Value::Array(data)) = fields.get_mut("data") {
                later(data);
            } else {
                fields.values_mut().for_each(an_hour_later);
            }
        }
        _ => {}
    }
}

/// Who owns the clock.
const SYSVARS: &str = "Sysvar1111111111111111111111111111111111111";

fn later(data: &mut [Value]) {
    let Some(text) = data.first().and_then(Value::as_str) else {
        return;
    };
    let Ok(mut bytes) = BASE64.decode(text) else {
        return;
    };
    let Some(place) = bytes.get_mut(32..40) else {
        return;
    };
    let mut time = [0; 8];
    time.copy_from_slice(place);
    let moved = i64::from_le_bytes(time).saturating_add(3_600);
    place.copy_from_slice(&moved.to_le_bytes());
    if let Some(first) = data.first_mut() {
        *first = Value::String(BASE64.encode(bytes));
    }
}
