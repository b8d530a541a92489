//! A market of ten thousand offers on a node that takes fifty milliseconds for each call.
//!
//! ```console
//! cargo test -p sluice-cli --test cli -- far --nocapture   # prints the figures of docs/decisions/0025-reads.md
//! ```

use {
    crate::{bench::Ran, crowds::crowd, scene::Scene},
    base64::{Engine, prelude::BASE64_STANDARD},
    serde_json::{Value, json},
    sluice_cli::{Cluster, Exit, Terminal},
    sluice_client::{
        CommitmentConfig, Ledger, Offer,
        account::filter,
        ledger::{Rpc, ws_url},
    },
    solana_account::Account,
    solana_address::Address,
    solana_sdk_ids::sysvar,
    std::{
        collections::BTreeMap,
        io::{BufRead, BufReader, Read, Write},
        net::{TcpListener, TcpStream},
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        thread,
        time::{Duration, Instant},
    },
};

const AWAY: Duration = Duration::from_millis(50);

/// Seconds for a first page: one for the command as it is shipped, more for one that is not optimised and shares its cores with other tests.
const FIRST_PAGE: u64 = if cfg!(debug_assertions) { 3 } else { 1 };

/// What the node knows, each account as it is told of.
struct Node {
    accounts: BTreeMap<String, String>,
    offers: String,
    calls: AtomicUsize,
}

impl Node {
    /// A node with the accounts of the scene's chain; returns where it listens.
    fn with_accounts_of(s: &Scene) -> (Arc<Self>, String) {
        let chain = &s.bench.ledger.chain;
        let mut accounts: BTreeMap<Address, Account> =
            chain.program_accounts(&[]).unwrap().into_iter().collect();
        let others = [
            sluice_client::ID,
            sysvar::clock::ID,
            sysvar::rent::ID,
            s.bench.pay.address,
            sluice_client::address::token_account(
                &s.buyer,
                &s.bench.pay.address,
                &s.bench.pay.token_program,
            ),
            s.buyer,
        ];
        for (address, found) in others.iter().zip(chain.accounts(&others).unwrap()) {
            accounts.extend(found.map(|account| (*address, account)));
        }
        let offers = [filter::offer_network(&s.network.parse().unwrap())];
        let offers = chain.list::<Offer>(&offers).unwrap();
        let told = |address: &Address| told(&accounts[address]);
        let offers = offers
            .iter()
            .map(|(address, _)| format!(r#"{{"pubkey":"{address}","account":{}}}"#, told(address)));
        let offers = format!("[{}]", offers.collect::<Vec<_>>().join(","));
        let accounts = accounts.keys().map(|key| (key.to_string(), told(key)));
        let node = Arc::new(Self {
            accounts: accounts.collect(),
            offers,
            calls: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = Arc::clone(&node);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let node = Arc::clone(&serving);
                thread::spawn(move || while node.serve(&stream).is_some() {});
            }
        });
        (node, url)
    }

    /// Answers one request of a connection; none when the caller hung up.
    fn serve(&self, mut stream: &TcpStream) -> Option<()> {
        let mut from = BufReader::new(stream);
        let mut length = None;
        for line in from.by_ref().lines() {
            let line = line.ok()?.to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length?];
        from.read_exact(&mut body).ok()?;
        let call: Value = serde_json::from_slice(&body).unwrap();
        self.calls.fetch_add(1, Ordering::SeqCst);
        thread::sleep(AWAY);
        let result = self.answer(&call);
        let answer = format!(
            r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#,
            call["id"]
        );
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        stream.write_all((head + &answer).as_bytes()).ok()
    }

    fn answer(&self, call: &Value) -> String {
        let context = r#"{"slot":1}"#;
        match call["method"].as_str().unwrap() {
            "getMultipleAccounts" => {
                let keys = call["params"][0].as_array().unwrap().iter();
                let found = keys.map(|key| {
                    let found = self.accounts.get(key.as_str().unwrap());
                    found.map_or("null", String::as_str)
                });
                let found = found.collect::<Vec<_>>().join(",");
                format!(r#"{{"context":{context},"value":[{found}]}}"#)
            }
            "getProgramAccounts" => self.offers.clone(),
            "simulateTransaction" => json!({
                "context": {"slot": 1},
                "value": {
                    "err": null, "logs": [], "unitsConsumed": 50_000,
                    "replacementBlockhash": {
                        "blockhash": Address::new_unique().to_string(), "lastValidBlockHeight": 9,
                    },
                },
            })
            .to_string(),
            "getGenesisHash" => json!(Address::new_unique().to_string()).to_string(),
            method => panic!("{method}"),
        }
    }
}

fn told(account: &Account) -> String {
    json!({
        "lamports": account.lamports,
        "data": [BASE64_STANDARD.encode(&account.data), "base64"],
        "owner": account.owner.to_string(),
        "executable": account.executable,
        "rentEpoch": 0,
        "space": account.data.len(),
    })
    .to_string()
}

/// Runs `sluice` on the node at `url`; returns what it printed and how long it took.
fn run(s: &Scene, url: &str, terminal: Terminal, line: &str) -> (Ran, Duration) {
    let (config, profile, state) = (
        s.bench.path("config.yml"),
        s.bench.path("profile.toml"),
        s.bench.path("state"),
    );
    let options = format!(
        "sluice -C {config} --profile {profile} --state-dir {state} -k {}",
        s.bench.path("buyer")
    );
    let words = options.split_whitespace().chain(line.split_whitespace());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    let connect = |_: &Cluster, _| Rpc::new(url, ws_url(url), CommitmentConfig::confirmed());
    let words = words.map(Into::into);
    let exit = sluice_cli::run(words, terminal, connect, &mut out, &mut err);
    let [out, err] = [out, err].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(exit, Exit::Ok, "{err}");
    (Ran { exit, out, err }, begun.elapsed())
}

#[test]
fn a_far_market_of_ten_thousand_offers_is_there_in_seconds_and_its_first_page_sooner() {
    let mut s = Scene::new();
    let best = s.post(1, "0.123457");
    crowd(&mut s, &best, 123_457, 9_999);
    let (node, url) = Node::with_accounts_of(&s);
    let screen = Terminal {
        columns: Some(80),
        ..Terminal::default()
    };
    let network = &s.network;
    let place =
        format!("--output json --dry-run job place --network {network} --id 1 --length 3h --yes");
    for (what, terminal, line, most) in [
        (
            "first page",
            screen,
            format!("market --network {network}"),
            FIRST_PAGE,
        ),
        (
            "all as JSON",
            Terminal::default(),
            format!("--output json market --network {network}"),
            10,
        ),
        ("job place", Terminal::default(), place, 10),
    ] {
        let before = node.calls.load(Ordering::SeqCst);
        let (ran, took) = run(&s, &url, terminal, &line);
        let calls = node.calls.load(Ordering::SeqCst) - before;
        println!("{what}: {:.2} s, {calls} calls", took.as_secs_f32());
        assert!(ran.out.contains(&best), "{what}");
        assert!(took < Duration::from_secs(most), "{what}: {took:?}");
    }
}
