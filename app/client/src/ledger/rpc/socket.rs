//! Solana's subscriptions over a WebSocket, blocking and without threads.
//!
//! The `PubsubClient` of Solana hangs when it is dropped until its next message; this one closes at once.

use {
    super::endpoint::{Endpoint, hosts_only},
    crate::error::{ClientError, Result},
    serde_json::{Value, json},
    std::{
        collections::VecDeque,
        fmt::Display,
        io::ErrorKind,
        net::{Shutdown, TcpStream},
        time::{Duration, Instant},
    },
    tungstenite::{Error, Message, WebSocket, stream::MaybeTlsStream},
    url::Url,
};

/// How long connecting, writing and the answer to a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// After this much silence the server is pinged, and after as much again it counts as gone.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest time that is waited at once: no clock is asked for a moment that it has not.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// What a subscription tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// As [`Socket::subscribe`] returned it.
    pub subscription: u64,
    /// As the node wrote it: for most subscriptions `{"context": {"slot": ...}, "value": ...}`.
    pub result: Value,
}

/// A connection to a node's subscriptions. It is closed when it is dropped.
pub struct Socket {
    url: Endpoint,
    stream: WebSocket<MaybeTlsStream<TcpStream>>,
    /// The connection below, whatever lies between.
    tcp: TcpStream,
    /// Told while an answer was waited for.
    told: VecDeque<Notification>,
    requests: u64,
    heard_at: Instant,
    pinged_at: Option<Instant>,
}

impl Socket {
    /// Connects to a `ws` or `wss` URL, within 10 seconds an address.
    pub fn connect(url: impl Into<Endpoint>) -> Result<Self> {
        let url = url.into();
        let failed = |cause: String| ClientError::Rpc(url.scrub(&format!("{url}: {cause}")).into());
        let parsed = Url::parse(url.expose()).map_err(|error| failed(error.to_string()))?;
        let addresses = parsed
            .socket_addrs(|| None)
            .map_err(|error| failed(error.to_string()))?;
        let mut cause = "the host has no address".to_owned();
        let connected = addresses.iter().find_map(|address| {
            TcpStream::connect_timeout(address, PATIENCE)
                .inspect_err(|error| cause = error.to_string())
                .ok()
        });
        let tcp = connected.ok_or_else(|| failed(cause))?;
        let wire = tcp
            .set_nodelay(true)
            .and_then(|()| tcp.set_read_timeout(Some(PATIENCE)))
            .and_then(|()| tcp.set_write_timeout(Some(PATIENCE)))
            .and_then(|()| tcp.try_clone())
            .map_err(|error| failed(error.to_string()))?;
        let (stream, _) = tungstenite::client_tls(url.expose(), wire)
            .map_err(|error| failed(format!("no WebSocket: {error}")))?;
        Ok(Self {
            url,
            stream,
            tcp,
            told: VecDeque::new(),
            requests: 0,
            heard_at: Instant::now(),
            pinged_at: None,
        })
    }

    /// Subscribes with a method as `accountSubscribe`; returns the number that its notifications carry.
    pub fn subscribe(&mut self, method: &str, params: Value) -> Result<u64> {
        self.requests += 1;
        let id = self.requests;
        let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.stream
            .send(Message::text(request.to_string()))
            .map_err(gone)?;
        let deadline = Instant::now() + PATIENCE;
        while let Some(message) = self.read_until(deadline)? {
            if message["id"] == id {
                return message["result"].as_u64().ok_or_else(|| {
                    let said = format!("{method} was refused: {}", message["error"]);
                    ClientError::Rpc(self.url.scrub(&said).into())
                });
            }
            self.told.extend(notification(message));
        }
        Err(ClientError::Rpc(
            format!("{} did not answer {method}", self.url).into(),
        ))
    }

    /// The next notification, or `None` after `timeout` without one. An error means that the connection is gone.
    pub fn next(&mut self, timeout: Duration) -> Result<Option<Notification>> {
        let deadline = Instant::now() + timeout.min(LONGEST_WAIT);
        if let Some(told) = self.told.pop_front() {
            return Ok(Some(told));
        }
        while let Some(message) = self.read_until(deadline)? {
            if let Some(told) = notification(message) {
                return Ok(Some(told));
            }
        }
        Ok(None)
    }

    /// The next JSON message, or `None` when there is none by `deadline`.
    fn read_until(&mut self, deadline: Instant) -> Result<Option<Value>> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // A timeout of zero would be none at all.
            let wait = left.clamp(Duration::from_millis(1), SILENCE);
            self.tcp.set_read_timeout(Some(wait)).map_err(gone)?;
            match self.stream.read() {
                Ok(message) => {
                    self.heard_at = Instant::now();
                    self.pinged_at = None;
                    match message {
                        Message::Text(text) => {
                            return serde_json::from_str(text.as_str())
                                .map(Some)
                                .map_err(|error| gone(format!("no JSON: {error}")));
                        }
                        // The pong is written already and waits to be sent.
                        Message::Ping(_) => self.stream.flush().map_err(gone)?,
                        Message::Close(_) => return Err(gone("the server closed it")),
                        _ => {}
                    }
                }
                Err(error) if is_timeout(&error) => self.require_life()?,
                Err(error) => return Err(gone(error)),
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
        }
    }

    /// Pings a silent server, and gives up one that stays silent.
    fn require_life(&mut self) -> Result<()> {
        match self.pinged_at {
            Some(at) if at.elapsed() >= SILENCE => Err(gone("the server went silent")),
            None if self.heard_at.elapsed() >= SILENCE => {
                self.pinged_at = Some(Instant::now());
                let ping = Message::Ping(Vec::new().into());
                self.stream.send(ping).map_err(gone)
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // A courtesy that must not wait; the server may be gone.
        let _ = self.tcp.set_nonblocking(true);
        let _ = self.stream.close(None);
        let _ = self.tcp.shutdown(Shutdown::Both);
    }
}

fn notification(mut message: Value) -> Option<Notification> {
    let params = message.get_mut("params")?;
    Some(Notification {
        subscription: params["subscription"].as_u64()?,
        result: params["result"].take(),
    })
}

fn is_timeout(error: &Error) -> bool {
    matches!(error, Error::Io(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

fn gone(cause: impl Display) -> ClientError {
    ClientError::Rpc(hosts_only(&format!("the WebSocket is gone: {cause}")).into())
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        std::{net::TcpListener, sync::mpsc, thread},
    };

    /// A node that subscribes whoever asks, tells `told` and does as `then` says with the connection.
    fn node(
        told: Vec<Message>,
        then: impl FnOnce(WebSocket<TcpStream>) + Send + 'static,
    ) -> (String, thread::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let serving = thread::spawn(move || {
            let mut peer = tungstenite::accept(listener.accept().unwrap().0).unwrap();
            let asked: Value =
                serde_json::from_str(peer.read().unwrap().to_text().unwrap()).unwrap();
            for message in told {
                peer.send(message).unwrap();
            }
            let answer = json!({"jsonrpc": "2.0", "id": asked["id"], "result": 7});
            peer.send(Message::text(answer.to_string())).unwrap();
            then(peer);
        });
        (url, serving)
    }

    fn change(slot: u64) -> Message {
        let params = json!({"subscription": 7, "result": {"context": {"slot": slot}}});
        Message::text(json!({"method": "accountNotification", "params": params}).to_string())
    }

    const SOON: Duration = Duration::from_millis(50);
    const LATE: Duration = Duration::from_secs(5);

    #[test]
    fn notifications_arrive_in_order_even_those_before_the_answer() {
        let ping = Message::Ping(vec![1].into());
        let (url, serving) = node(vec![change(1), ping], |mut peer| {
            assert!(matches!(peer.read().unwrap(), Message::Pong(_)));
            peer.send(change(2)).unwrap();
            // Until the client goes.
            while peer.read().is_ok() {}
        });
        let mut socket = Socket::connect(&url).unwrap();
        assert_eq!(socket.subscribe("accountSubscribe", json!([])).unwrap(), 7);
        let slots = [(); 2].map(|()| {
            let told = socket.next(LATE).unwrap().unwrap();
            assert_eq!(told.subscription, 7);
            told.result["context"]["slot"].as_u64().unwrap()
        });
        assert_eq!(slots, [1, 2]);
        assert_eq!(socket.next(SOON).unwrap(), None);
        let dropping = Instant::now();
        drop(socket);
        serving.join().unwrap();
        assert!(dropping.elapsed() < LATE);
    }

    #[test]
    fn a_connection_that_is_gone_is_an_error() {
        let (url, serving) = node(vec![], drop);
        let mut socket = Socket::connect(&url).unwrap();
        socket.subscribe("accountSubscribe", json!([])).unwrap();
        assert!(socket.next(LATE).is_err());
        serving.join().unwrap();
    }

    #[test]
    fn dropping_does_not_wait_for_a_silent_server() {
        let (release, held) = mpsc::channel::<()>();
        let (url, serving) = node(vec![], move |peer| {
            let _ = held.recv();
            drop(peer);
        });
        let mut socket = Socket::connect(&url).unwrap();
        socket.subscribe("accountSubscribe", json!([])).unwrap();
        assert_eq!(socket.next(SOON).unwrap(), None);
        let dropping = Instant::now();
        drop(socket);
        assert!(dropping.elapsed() < Duration::from_secs(1));
        release.send(()).unwrap();
        serving.join().unwrap();
    }

    #[test]
    fn what_does_not_answer_as_it_should_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let closing = thread::spawn(move || {
            for stream in listener.incoming().take(2) {
                drop(stream.unwrap());
            }
        });
        // The second is one without TLS: refused, not a panic for want of a provider of cryptography.
        for scheme in ["ws", "wss"] {
            assert!(Socket::connect(format!("{scheme}://localhost:{}", address.port())).is_err());
        }
        closing.join().unwrap();
        assert!(Socket::connect(format!("ws://{address}")).is_err());
        assert!(Socket::connect("not a url").is_err());
    }
}
