//! A proxy in front of a node that answers each call as a bad network, or a bad node, might.

use {
    base64::{Engine, prelude::BASE64_STANDARD},
    serde_json::{Value, json},
    solana_signature::Signature,
    std::{
        io::{BufRead, BufReader, Write},
        net::{TcpListener, TcpStream},
        sync::{Arc, Mutex},
        thread,
        time::Duration,
    },
};

/// What becomes of a call.
#[derive(Clone)]
pub enum Fault {
    /// The node never sees it, and the caller hears nothing.
    CutBefore,
    /// The node does it, and the caller hears nothing.
    CutAfter,
    /// The node does it, and the caller waits.
    Slow(Duration),
    /// An answer without the node, with this HTTP status.
    Status(u16),
    /// An answer without the node, with this result.
    Answer(Value),
    /// The answer to a sending that the node takes and forgets.
    Forget,
    /// The node does it, and the caller gets this JSON-RPC error.
    ErrAfter(Value),
    /// The node's result, bent.
    Bend(Bend),
}

/// What a lie makes of a result.
pub type Bend = Arc<dyn Fn(&mut Value) + Send + Sync>;

impl Fault {
    /// The node's result, with this field of its value replaced.
    pub fn replace(field: &'static str, value: Value) -> Self {
        Self::Bend(Arc::new(move |result| {
            result["value"][field] = value.clone()
        }))
    }
}

/// The fault of the `nth` call of `method`, from 0; none if it goes through.
type Plan = dyn Fn(&str, usize) -> Option<Fault> + Send + Sync;

/// Listens until the process ends.
pub struct Proxy {
    pub url: String,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// In front of the node at `upstream`, as in `http://127.0.0.1:8899`.
    pub fn new(
        upstream: &str,
        plan: impl Fn(&str, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let plan: Arc<Plan> = Arc::new(plan);
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (plan, seen, upstream) =
                    (Arc::clone(&plan), Arc::clone(&seen), upstream.clone());
                // A connection that breaks is one of the faults.
                thread::spawn(move || serve(stream, &upstream, &*plan, &seen).ok());
            }
        });
        Self { url, calls }
    }

    /// The methods that were called so far, in order.
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    /// How often `method` was called.
    pub fn count(&self, method: &str) -> usize {
        self.calls().iter().filter(|call| *call == method).count()
    }
}

fn serve(
    stream: TcpStream,
    upstream: &str,
    plan: &Plan,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (_, body) = receive(&mut BufReader::new(stream.try_clone()?))?;
    let call: Value = serde_json::from_slice(&body)?;
    let method = call["method"].as_str().unwrap_or_default().to_owned();
    let nth = {
        let mut seen = seen.lock().unwrap();
        let nth = seen.iter().filter(|call| **call == method).count();
        seen.push(method.clone());
        nth
    };
    let answer = |result: &Value| {
        let body = json!({"jsonrpc": "2.0", "id": call["id"], "result": result}).to_string();
        respond(&stream, 200, body.as_bytes())
    };
    match plan(&method, nth) {
        None => respond(&stream, 200, &forward(upstream, &body)?),
        Some(Fault::CutBefore) => Ok(()),
        Some(Fault::CutAfter) => forward(upstream, &body).map(drop),
        Some(Fault::Slow(wait)) => {
            let text = forward(upstream, &body)?;
            thread::sleep(wait);
            respond(&stream, 200, &text)
        }
        Some(Fault::Status(status)) => respond(&stream, status, b"{}"),
        Some(Fault::Answer(result)) => answer(&result),
        Some(Fault::Forget) => {
            let wire = BASE64_STANDARD.decode(call["params"][0].as_str().unwrap());
            let first = Signature::try_from(&wire.unwrap()[1..65]).unwrap();
            answer(&json!(first.to_string()))
        }
        Some(Fault::ErrAfter(error)) => {
            forward(upstream, &body)?;
            let body = json!({"jsonrpc": "2.0", "id": call["id"], "error": error}).to_string();
            respond(&stream, 200, body.as_bytes())
        }
        Some(Fault::Bend(bend)) => {
            let mut text: Value = serde_json::from_slice(&forward(upstream, &body)?)?;
            bend(&mut text["result"]);
            answer(&text["result"])
        }
    }
}

/// The body of the node's answer.
fn forward(upstream: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut node = TcpStream::connect(upstream)?;
    write!(
        node,
        "POST / HTTP/1.1\r\nhost: {upstream}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )?;
    node.write_all(body)?;
    receive(&mut BufReader::new(node)).map(|(_, body)| body)
}

fn respond(mut stream: &TcpStream, status: u16, body: &[u8]) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

/// First line and body of a message of HTTP with a length, as both sides send them.
fn receive(from: &mut impl BufRead) -> std::io::Result<(String, Vec<u8>)> {
    let (mut first, mut length) = (String::new(), 0);
    from.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok((first, body))
}
