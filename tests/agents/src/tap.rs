//! What passes between an attester and those who ask it, recorded: a proxy in front of it.
//!
//! An answer that left the attester's process is here even if the process died in the same instant.

use {
    anyhow::Result,
    serde_json::Value,
    std::{
        io::{Read, Write},
        net::{Shutdown, SocketAddr, TcpListener, TcpStream},
        sync::{Arc, Mutex, PoisonError, mpsc},
        thread,
    },
};

/// A question and its answer, both whole.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// `POST /v1/windows`.
    pub asked: String,
    /// The question's body.
    pub question: Vec<u8>,
    /// The answer's status.
    pub status: u16,
    /// The answer's body, where it is JSON.
    pub answer: Value,
}

/// A proxy that records; it listens as long as the process lives.
#[derive(Clone)]
pub struct Tap {
    /// Where it listens.
    pub at: SocketAddr,
    heard: Arc<Mutex<Vec<Exchange>>>,
}

impl Tap {
    /// In front of `behind`.
    ///
    /// # Errors
    /// If no port is free.
    pub fn new(behind: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let tap = Self {
            at: listener.local_addr()?,
            heard: Arc::default(),
        };
        let heard = Arc::clone(&tap.heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&heard);
                // Who cannot reach an attester that is down sees a connection that ends.
                thread::spawn(move || pass(stream, behind, &heard));
            }
        });
        Ok(tap)
    }

    /// Everything of which the answer was whole.
    pub fn heard(&self) -> Vec<Exchange> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }

    /// The same since it was last taken, and forgets it: a play of hours holds no more of it than it needs.
    pub fn take(&self) -> Vec<Exchange> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *heard)
    }
}

/// Carries one connection, and reads along.
fn pass(
    client: TcpStream,
    behind: SocketAddr,
    heard: &Mutex<Vec<Exchange>>,
) -> std::io::Result<()> {
    let server = TcpStream::connect(behind)?;
    let (questions, asked) = mpsc::channel();
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    let up = thread::spawn(move || {
        let mut messages = Messages::new(Kind::Request);
        copy(from, to, |bytes| {
            for message in messages.take(bytes) {
                let _ = questions.send(message);
            }
        });
    });
    let mut messages = Messages::new(Kind::Response);
    copy(server, client, |bytes| {
        for answer in messages.take(bytes) {
            let Ok(question) = asked.recv() else {
                return;
            };
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(Exchange {
                asked: question.line,
                question: question.body,
                status: answer.status,
                answer: serde_json::from_slice(&answer.body).unwrap_or_default(),
            });
        }
    });
    let _ = up.join();
    Ok(())
}

/// Copies until either side ends, and ends the other.
fn copy(mut from: TcpStream, mut to: TcpStream, mut sees: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(len) = from.read(&mut buffer) {
        let Some(bytes) = buffer.get(..len).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        // It has left the one who sent it, whether or not it arrives.
        sees(bytes);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Read);
    let _ = to.shutdown(Shutdown::Write);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Request,
    Response,
}

struct Message {
    line: String,
    status: u16,
    body: Vec<u8>,
}

/// Messages of HTTP/1.1 with lengths, one after the other.
struct Messages {
    kind: Kind,
    bytes: Vec<u8>,
}

impl Messages {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            bytes: vec![],
        }
    }

    /// What is whole now.
    fn take(&mut self, more: &[u8]) -> Vec<Message> {
        self.bytes.extend_from_slice(more);
        let mut whole = vec![];
        while let Some((message, len)) = self.first() {
            self.bytes.drain(..len);
            // A continuation is no answer yet.
            if message.status != 100 {
                whole.push(message);
            }
        }
        whole
    }

    fn first(&self) -> Option<(Message, usize)> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let (line, status, head, headers) = match self.kind {
            Kind::Request => {
                let mut request = httparse::Request::new(&mut headers);
                let head = request.parse(&self.bytes).ok()?;
                let line = format!("{} {}", request.method?, request.path?);
                (line, 0, head, &*request.headers)
            }
            Kind::Response => {
                let mut response = httparse::Response::new(&mut headers);
                let head = response.parse(&self.bytes).ok()?;
                (String::new(), response.code?, head, &*response.headers)
            }
        };
        let httparse::Status::Complete(head) = head else {
            return None;
        };
        let length = headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
            .and_then(|header| {
                std::str::from_utf8(header.value)
                    .ok()?
                    .parse::<usize>()
                    .ok()
            });
        let end = head.checked_add(length.unwrap_or_default())?;
        let body = self.bytes.get(head..end)?;
        let message = Message {
            line,
            status,
            body: body.to_vec(),
        };
        Some((message, end))
    }
}
