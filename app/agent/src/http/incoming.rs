//! The body of an upload, for a thread that writes it down.

use {
    axum::body::{Body, Bytes},
    http_body_util::BodyExt,
    std::{
        io::{self, Read},
        time::{Duration, Instant},
    },
    tokio::{
        sync::mpsc::{Receiver, Sender, channel},
        time::timeout,
    },
};

/// How quickly an upload has to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Longest silence.
    pub silence: Duration,
    /// Least bytes a second after that time.
    pub least: u64,
}

/// A reader of the body, and what has to run for something to be read: it ends with the body, a silence, or a pace that is too slow. What came
/// until then is read.
pub fn reader(body: Body, pace: Pace) -> (Incoming, impl Future<Output = ()>) {
    let (sender, receiver) = channel(8);
    let incoming = Incoming {
        receiver,
        rest: Bytes::new(),
    };
    (incoming, pump(body, pace, sender))
}

async fn pump(mut body: Body, pace: Pace, to: Sender<Option<Bytes>>) {
    let began = Instant::now();
    let mut came = 0u64;
    loop {
        let frame = match timeout(pace.silence, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            // The body's own end: said, so that it is told from a connection that was cut.
            Ok(None) => {
                let _ = to.send(None).await;
                return;
            }
            Ok(Some(Err(_))) | Err(_) => return,
        };
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        came = came.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if to.send(Some(bytes)).await.is_err() {
            return;
        }
        let elapsed = began.elapsed();
        if elapsed > pace.silence && came / elapsed.as_secs().max(1) < pace.least {
            return;
        }
    }
}

/// The body as it comes. Only for a thread that may wait.
pub struct Incoming {
    receiver: Receiver<Option<Bytes>>,
    rest: Bytes,
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.receiver.blocking_recv() {
                Some(Some(bytes)) => self.rest = bytes,
                Some(None) => return Ok(0),
                None => return Err(io::ErrorKind::ConnectionAborted.into()),
            }
        }
        let len = buffer.len().min(self.rest.len());
        let now = self.rest.split_to(len);
        if let Some(place) = buffer.get_mut(..len) {
            place.copy_from_slice(&now);
        }
        Ok(len)
    }
}
