//! Accounts by the hundred, several hundreds on their way at once.

use {
    super::{BATCH, Rpc},
    crate::{
        error::{ClientError, Result},
        ledger::AT_ONCE,
    },
    solana_account::Account,
    solana_account_decoder_client_types::UiAccount,
    solana_address::Address,
    std::{
        panic::resume_unwind,
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    },
};

impl Rpc {
    /// The accounts at `addresses`, in their order: one call for each [`BATCH`] of them. The first failure ends it.
    pub(super) fn in_batches(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let batches: Vec<&[Address]> = addresses.chunks(BATCH).collect();
        if let [batch] = batches.as_slice() {
            return self.batch(batch);
        }
        let next = AtomicUsize::new(0);
        let read = || -> Result<Vec<(usize, Vec<Option<Account>>)>> {
            let mut found = vec![];
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(batch) = batches.get(number) else {
                    return Ok(found);
                };
                let accounts = self.batch(batch).inspect_err(|_| {
                    next.store(batches.len(), Ordering::Relaxed);
                })?;
                found.push((number, accounts));
            }
        };
        let mut found = vec![];
        thread::scope(|scope| {
            let readers = (0..batches.len().min(AT_ONCE)).map(|_| scope.spawn(read));
            let readers: Vec<_> = readers.collect();
            for reader in readers {
                found.extend(reader.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            Ok::<(), ClientError>(())
        })?;
        found.sort_unstable_by_key(|(number, _)| *number);
        Ok(found
            .into_iter()
            .flat_map(|(_, accounts)| accounts)
            .collect())
    }

    fn batch(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        // Not the method for one account: the client library takes every failure of that for an account that is not there.
        let found = self.call(|client| {
            client.get_multiple_ui_accounts_with_config(addresses, self.reading())
        })?;
        if found.value.len() != addresses.len() {
            let (told, asked) = (found.value.len(), addresses.len());
            let text = format!("the node told of {told} accounts where it was asked for {asked}");
            return Err(ClientError::Rpc(text.into()));
        }
        let decode = |(address, found): (&Address, UiAccount)| {
            found.to_account().ok_or_else(|| {
                ClientError::Rpc(format!("the account {address} is not base64").into())
            })
        };
        addresses
            .iter()
            .zip(found.value)
            .map(|(address, found)| found.map(|found| decode((address, found))).transpose())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::ledger::{Ledger, ws_url},
        serde_json::{Value, json},
        solana_commitment_config::CommitmentConfig,
        std::{
            io::{BufRead, BufReader, Read, Write},
            net::{TcpListener, TcpStream},
            sync::Arc,
            time::Duration,
        },
    };

    /// What a node was asked.
    #[derive(Default)]
    struct Seen {
        calls: AtomicUsize,
        now: AtomicUsize,
        most: AtomicUsize,
    }

    /// A node on which each account has as many lamports as its address begins with, behind 20 ms; it refuses the calls that `refuses`
    /// says with a status.
    fn node(refuses: fn(usize) -> Option<u16>) -> (Rpc, Arc<Seen>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Seen>::default();
        let told = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, told) = (stream.unwrap(), Arc::clone(&told));
                thread::spawn(move || serve(&stream, &told, refuses));
            }
        });
        let rpc = Rpc::new(&url, ws_url(&url), CommitmentConfig::confirmed());
        (rpc, seen)
    }

    fn serve(mut stream: &TcpStream, seen: &Seen, refuses: fn(usize) -> Option<u16>) {
        let mut from = BufReader::new(stream);
        let mut length = 0;
        for line in from.by_ref().lines() {
            let line = line.unwrap().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).unwrap();
        let call: Value = serde_json::from_slice(&body).unwrap();
        let number = seen.calls.fetch_add(1, Ordering::SeqCst);
        let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
        seen.most.fetch_max(now, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(20));
        seen.now.fetch_sub(1, Ordering::SeqCst);
        let account = |key: &Value| {
            let key: Address = key.as_str().unwrap().parse().unwrap();
            let (lamports, _) = key.as_array().split_first_chunk().unwrap();
            json!({"lamports": u64::from_le_bytes(*lamports), "data": ["", "base64"],
                "owner": key.to_string(), "executable": false, "rentEpoch": 0, "space": 0})
        };
        let keys = call["params"][0].as_array().unwrap().iter();
        let result = json!({"context": {"slot": 1}, "value": keys.map(account).collect::<Value>()});
        let answer = json!({"jsonrpc": "2.0", "id": call["id"], "result": result}).to_string();
        let status = refuses(number).unwrap_or(200);
        write!(
            stream,
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{answer}",
            answer.len()
        )
        .unwrap();
    }

    fn addresses(count: u64) -> Vec<Address> {
        let address = |number: u64| {
            let mut bytes = [9; 32];
            bytes[..8].copy_from_slice(&number.to_le_bytes());
            Address::new_from_array(bytes)
        };
        (0..count).map(address).collect()
    }

    fn lamports(found: &[Option<Account>]) -> Vec<u64> {
        let found = found.iter().map(|account| account.as_ref().unwrap());
        found.map(|account| account.lamports).collect()
    }

    #[test]
    fn many_accounts_are_read_eight_calls_at_a_time_and_stay_in_order() {
        for count in [0, 1, 99, 100, 101, 3_210] {
            let (rpc, seen) = node(|_| None);
            let found = rpc.accounts(&addresses(count)).unwrap();
            assert_eq!(lamports(&found), (0..count).collect::<Vec<_>>());
            let calls = seen.calls.load(Ordering::SeqCst);
            assert_eq!(u64::try_from(calls).unwrap(), count.div_ceil(100));
            let most = seen.most.load(Ordering::SeqCst);
            assert!(most <= AT_ONCE, "{most}");
            assert!(count < 1_000 || most > 1, "{most}");
        }
    }

    #[test]
    fn what_a_busy_node_refuses_is_read_later() {
        let (rpc, seen) = node(|number| (number % 3 == 0).then_some(503));
        let found = rpc.accounts(&addresses(1_000)).unwrap();
        assert_eq!(lamports(&found), (0..1_000).collect::<Vec<_>>());
        assert!(seen.calls.load(Ordering::SeqCst) > 10);
    }

    #[test]
    fn a_node_that_refuses_for_good_is_asked_by_no_reader_again() {
        let (rpc, seen) = node(|_| Some(403));
        rpc.accounts(&addresses(10_000)).unwrap_err();
        let calls = seen.calls.load(Ordering::SeqCst);
        assert!(calls <= AT_ONCE, "{calls}");
    }
}
