//! Being told of a signature.

use {
    super::{Rpc, socket::Socket},
    serde_json::json,
    solana_signature::Signature,
    std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
            mpsc::{self, Receiver, RecvTimeoutError},
        },
        thread,
        time::{Duration, Instant},
    },
};

/// Between two looks at its status while no subscription tells.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// A subscription to a signature, which shortens the wait between two looks and decides nothing: it may be late, or not come.
pub struct Told {
    news: Receiver<()>,
    is_over: Arc<AtomicBool>,
}

impl Told {
    /// Subscribes beside the sending, which no slow connection shall hold up.
    pub fn of(rpc: &Rpc, signature: &Signature) -> Self {
        let (teller, news) = mpsc::channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&is_over);
        let url = rpc.ws_url.clone();
        let params =
            json!([signature.to_string(), { "commitment": rpc.client.commitment().commitment }]);
        thread::spawn(move || {
            let mut socket = Socket::connect(url).ok()?;
            socket.subscribe("signatureSubscribe", params).ok()?;
            while !ended.load(Ordering::Relaxed) {
                if socket.next(LOOK_EVERY).ok()?.is_some() {
                    return teller.send(()).ok();
                }
            }
            None
        });
        Self { news, is_over }
    }

    /// Waits for the news, or as long as is proper without one, and not beyond `until`.
    pub fn wait(&mut self, until: Instant) {
        let left = until.saturating_duration_since(Instant::now());
        if self.news.recv_timeout(left.min(LOOK_EVERY)) == Err(RecvTimeoutError::Disconnected) {
            thread::sleep(left.min(LOOK_EVERY));
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}
