//! A JSON-RPC node in front of the embedded chain, as slow as a test wants it.

use {
    base64::{Engine, prelude::BASE64_STANDARD},
    serde_json::{Value, json},
    sluice_client::{
        Ledger,
        ledger::{Embedded, Lifetime, from_wire},
    },
    solana_account::Account,
    solana_address::Address,
    solana_transaction::Transaction,
    std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        process::Child,
        thread,
        time::{Duration, Instant},
    },
};

/// A node that answers one request after another.
pub struct Node<'a> {
    pub chain: &'a mut Embedded,
    listener: TcpListener,
    /// Before each answer.
    pub delay: Duration,
    /// From a transaction's sending until its status is told.
    pub confirms_after: Duration,
    sent: Option<(Instant, String)>,
    /// What was sent.
    pub count: usize,
}

impl<'a> Node<'a> {
    pub fn before(chain: &'a mut Embedded) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self {
            chain,
            listener,
            delay: Duration::ZERO,
            confirms_after: Duration::ZERO,
            sent: None,
            count: 0,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// Answers until `child` is over or `is_done`.
    pub fn serve(&mut self, child: &mut Child, mut is_done: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_done() && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it hangs");
            match self.listener.accept() {
                Ok((stream, _)) => self.answer(stream),
                Err(_) => thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn answer(&mut self, mut stream: TcpStream) {
        stream.set_nonblocking(false).unwrap();
        let mut asked = vec![];
        let mut part = [0; 4_096];
        let body = loop {
            let text = String::from_utf8_lossy(&asked);
            if let Some((_, body)) = text.split_once("\r\n\r\n")
                && let Ok(body) = serde_json::from_str::<Value>(body)
            {
                break body;
            }
            match stream.read(&mut part) {
                Ok(len @ 1..) => asked.extend_from_slice(&part[..len]),
                _ => return,
            }
        };
        thread::sleep(self.delay);
        let result = self.result(body["method"].as_str().unwrap(), &body["params"]);
        let answer = json!({"jsonrpc": "2.0", "id": body["id"], "result": result}).to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}", answer.len());
        let whole = format!(
            "{head}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{answer}"
        );
        // Whoever asked may be gone.
        let _ = stream.write_all(whole.as_bytes());
    }

    fn result(&mut self, method: &str, params: &Value) -> Value {
        match method {
            "getMultipleAccounts" => {
                let keys = params[0].as_array().unwrap().iter();
                let keys: Vec<Address> = keys
                    .map(|key| key.as_str().unwrap().parse().unwrap())
                    .collect();
                let found = self.chain.accounts(&keys).unwrap();
                let found = found.iter().map(|found| found.as_ref().map(shown));
                self.in_context(json!(found.collect::<Vec<_>>()))
            }
            "getProgramAccounts" => {
                let filters = params[1]["filters"].as_array().unwrap();
                let found = self.chain.program_accounts(&[]).unwrap();
                let all = filters.iter().map(filter).collect::<Vec<_>>();
                let fits = |account: &Account| {
                    all.iter().all(|(at, bytes)| {
                        account
                            .data
                            .get(*at..)
                            .is_some_and(|data| data.starts_with(bytes))
                    })
                };
                let found = found.iter().filter(|(_, account)| fits(account)).map(
                    |(key, account)| json!({"pubkey": key.to_string(), "account": shown(account)}),
                );
                json!(found.collect::<Vec<_>>())
            }
            "getLatestBlockhash" => {
                let latest = self.latest();
                self.in_context(latest)
            }
            "simulateTransaction" => {
                let mut transaction = transaction(&params[0]);
                transaction.message.recent_blockhash = self.chain.latest().unwrap().hash();
                let receipt = self.chain.simulate(&transaction).unwrap();
                let latest = self.latest();
                self.in_context(json!({
                    "err": null,
                    "logs": receipt.logs,
                    "unitsConsumed": receipt.compute_units,
                    "accounts": null,
                    "returnData": null,
                    "innerInstructions": null,
                    "replacementBlockhash": latest,
                }))
            }
            "sendTransaction" => {
                let transaction = transaction(&params[0]);
                let signature = transaction.signatures[0].to_string();
                if self
                    .sent
                    .as_ref()
                    .is_none_or(|(_, sent)| *sent != signature)
                {
                    let latest = self.chain.latest().unwrap();
                    self.chain.submit(&transaction, &latest).unwrap();
                    self.count += 1;
                    self.sent = Some((Instant::now(), signature.clone()));
                }
                json!(signature)
            }
            "getSignatureStatuses" => {
                let status = self.sent.as_ref().filter(|(at, signature)| {
                    params[0][0] == *signature && at.elapsed() >= self.confirms_after
                });
                let status = status.map(|_| {
                    json!({
                        "slot": 1,
                        "confirmations": null,
                        "err": null,
                        "status": {"Ok": null},
                        "confirmationStatus": "finalized",
                    })
                });
                self.in_context(json!([status]))
            }
            "getEpochInfo" => json!({
                "absoluteSlot": 1, "blockHeight": 1, "epoch": 0, "slotIndex": 1, "slotsInEpoch": 432_000,
            }),
            "getGenesisHash" => json!(self.chain.genesis().unwrap().to_string()),
            "getMinimumBalanceForRentExemption" => {
                let len = usize::try_from(params[0].as_u64().unwrap()).unwrap();
                json!(self.chain.minimum_balance(len).unwrap())
            }
            other => panic!("the node does not know {other}"),
        }
    }

    fn latest(&self) -> Value {
        let Lifetime::Blockhash {
            hash,
            last_valid_block_height,
            ..
        } = self.chain.latest().unwrap()
        else {
            panic!("the chain gives a nonce");
        };
        json!({"blockhash": hash.to_string(), "lastValidBlockHeight": last_valid_block_height})
    }

    fn in_context(&self, value: Value) -> Value {
        json!({"context": {"slot": self.chain.clock().unwrap().slot}, "value": value})
    }
}

fn shown(account: &Account) -> Value {
    json!({
        "data": [BASE64_STANDARD.encode(&account.data), "base64"],
        "executable": account.executable,
        "lamports": account.lamports,
        "owner": account.owner.to_string(),
        "rentEpoch": u64::MAX,
        "space": account.data.len(),
    })
}

/// Offset and bytes of a filter, in the forms in which they are asked for.
fn filter(filter: &Value) -> (usize, Vec<u8>) {
    let asked = &filter["memcmp"];
    let bytes = match &asked["bytes"] {
        Value::Array(bytes) => bytes
            .iter()
            .map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap())
            .collect(),
        text if asked["encoding"] == "base64" => {
            BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap()
        }
        text => bs58::decode(text.as_str().unwrap()).into_vec().unwrap(),
    };
    let at = asked["offset"].as_u64().unwrap();
    (usize::try_from(at).unwrap(), bytes)
}

fn transaction(encoded: &Value) -> Transaction {
    let bytes = BASE64_STANDARD.decode(encoded.as_str().unwrap()).unwrap();
    from_wire(&bytes).unwrap()
}
