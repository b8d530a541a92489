//! Where a process tells of itself: `/metrics`, for Prometheus, and `/healthz`.

use {
    crate::clock::ChainClock,
    axum::{Router, extract::State, http::StatusCode, routing::get},
    metrics::{describe_counter, describe_gauge},
    metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle},
    std::{
        io,
        net::{SocketAddr, TcpListener},
        sync::{Arc, OnceLock},
        thread,
        time::Duration,
    },
    tokio::{runtime, time::sleep},
};

/// What is counted, and what it means. A name that ends in `_total` only grows.
pub const METRICS: [(&str, &str); 13] = [
    (
        "sluice_attester_jobs",
        "jobs that are admitted and can be proven still",
    ),
    (
        "sluice_attester_admissions_total",
        "jobs that were admitted",
    ),
    (
        "sluice_attester_refusals_total",
        "questions about jobs and windows that were refused, by code",
    ),
    (
        "sluice_attester_signatures_total",
        "statements that were signed, again ones included",
    ),
    (
        "sluice_attester_chunks_total",
        "chunks that were computed again and found true",
    ),
    (
        "sluice_attester_findings_total",
        "claims that were found false, by code",
    ),
    (
        "sluice_attester_engines_differ_total",
        "windows in which two engines differ: somebody has to look at the kernel",
    ),
    (
        "sluice_attester_lies_total",
        "looks at windows that others proved and that are false, by what was done: sent, there, no_room, failed, seen",
    ),
    (
        "sluice_worker_chunks_total",
        "chunks of which it was written down what became of them: done, undone",
    ),
    (
        "sluice_worker_windows_total",
        "windows that came to a stage: sealed, proven, matured, lost; one that the chain took back counts again",
    ),
    (
        "sluice_worker_countersignatures_total",
        "members' signatures that verified",
    ),
    (
        "sluice_worker_refusals_total",
        "refusals of members, for good or for now",
    ),
    (
        "sluice_worker_lamports_total",
        "lamports counted against the day's bound before something was sent",
    ),
];

/// One recorder for the process.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// A reading of the chain's clock that is older says that something is wrong, seconds.
const UNHEALTHY_SECS: u64 = 60;

/// Well while the chain's clock was read within the last minute.
pub fn of_clock(clock: Arc<ChainClock>) -> impl Fn() -> Result<(), String> + Send + Sync {
    move || match clock.age() {
        Some(age) if age <= UNHEALTHY_SECS => Ok(()),
        Some(age) => Err(format!("the chain's clock was last read {age} seconds ago")),
        None => Err("the chain's clock was never read".to_owned()),
    }
}

type Health = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// Tells at `listen`, on a thread of its own, as long as the process lives: `/healthz` is 200 while `health` is well, and else 503 with its
/// sentence. It gives the address, which matters where the port is 0.
///
/// # Errors
/// Where nobody can listen there, or a thread cannot begin.
pub fn serve(
    listen: SocketAddr,
    health: impl Fn() -> Result<(), String> + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    let recorder = recorder()?;
    let listener = TcpListener::bind(listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let router = router(recorder.clone(), Arc::new(health));
    let thread = thread::Builder::new().name("sluice-watch".to_owned());
    thread.spawn(move || {
        runtime.block_on(async move {
            tokio::spawn(async move {
                loop {
                    sleep(Duration::from_secs(5)).await;
                    recorder.run_upkeep();
                }
            });
            let served = match tokio::net::TcpListener::from_std(listener) {
                Ok(listener) => axum::serve(listener, router).await,
                Err(error) => Err(error),
            };
            if let Err(error) = served {
                tracing::error!(%error, "nothing is told at the address for watching any more");
            }
        });
    })?;
    Ok(address)
}

fn recorder() -> io::Result<PrometheusHandle> {
    if let Some(recorder) = RECORDER.get() {
        return Ok(recorder.clone());
    }
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // Another thread may have been first: its recorder stays.
    if metrics::set_global_recorder(recorder).is_ok() {
        let _ = RECORDER.set(handle);
        for (name, meaning) in METRICS {
            if name.ends_with("_total") {
                describe_counter!(name, meaning);
            } else {
                describe_gauge!(name, meaning);
            }
        }
    }
    let recorder = RECORDER.get().cloned();
    recorder.ok_or_else(|| io::Error::other("something else counts in this process"))
}

fn router(recorder: PrometheusHandle, health: Health) -> Router {
    let metrics = get(move || {
        let told = recorder.render();
        async move { told }
    });
    Router::new()
        .route("/metrics", metrics)
        .route("/healthz", get(healthz))
        .with_state(health)
}

async fn healthz(State(health): State<Health>) -> (StatusCode, String) {
    match health() {
        Ok(()) => (StatusCode::OK, "well\n".to_owned()),
        Err(sentence) => (StatusCode::SERVICE_UNAVAILABLE, format!("{sentence}\n")),
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        std::{
            collections::BTreeSet,
            fs,
            path::Path,
            sync::atomic::{AtomicBool, Ordering},
        },
    };

    /// Names of metrics in a text.
    fn named(text: &str) -> BTreeSet<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let ours = ["sluice_worker_", "sluice_attester_"];
        let words = words.filter(|word| ours.iter().any(|prefix| word.starts_with(prefix)));
        words.map(str::to_owned).collect()
    }

    fn in_folder(folder: &Path, all: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                in_folder(&path, all);
            } else if path.extension().is_some_and(|one| one == "rs") && !path.ends_with("watch.rs")
            {
                all.extend(named(&fs::read_to_string(path).unwrap()));
            }
        }
    }

    #[test]
    fn what_is_counted_is_explained_and_what_is_explained_is_counted() {
        let explained: BTreeSet<_> = METRICS.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut counted = BTreeSet::new();
        in_folder(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut counted,
        );
        assert_eq!(counted, explained);
    }

    #[test]
    fn a_process_tells_what_it_counted_and_whether_it_is_well() {
        let is_well = Arc::new(AtomicBool::new(true));
        let told = is_well.clone();
        let health = move || {
            let is_well = told.load(Ordering::Relaxed);
            is_well.then_some(()).ok_or_else(|| "no clock".to_owned())
        };
        let address = serve("127.0.0.1:0".parse().unwrap(), health).unwrap();
        metrics::counter!("sluice_attester_admissions_total").increment(1);
        let get = |path: &str| {
            let answer = reqwest::blocking::get(format!("http://{address}{path}")).unwrap();
            (answer.status().as_u16(), answer.text().unwrap())
        };
        assert_eq!(get("/healthz").0, 200);
        is_well.store(false, Ordering::Relaxed);
        assert_eq!(get("/healthz"), (503, "no clock\n".to_owned()));
        let (status, text) = get("/metrics");
        assert_eq!(status, 200);
        assert!(text.contains("sluice_attester_admissions_total"), "{text}");
        assert!(text.contains("jobs that were admitted"), "{text}");
    }
}
