//! Nodes that are silent, hostile or sloppy, each a listener that gives every request the same answer.

use {
    super::*,
    crate::waiting::Onlooker,
    std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::{Duration, Instant},
    },
};

const KEY: &str = "SeCret-4242";

/// The host and port of a node that answers with `answer`; without one, it never does.
fn node(answer: Option<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut held = vec![];
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            match &answer {
                Some(answer) => drop(serve(&mut stream, answer)),
                None => held.push(stream),
            }
        }
    });
    host
}

fn serve(stream: &mut TcpStream, answer: &str) -> std::io::Result<()> {
    let mut asked = vec![];
    let mut part = [0; 4_096];
    // A body ends so, and a handshake is only a head.
    let is_whole = |asked: &[u8]| {
        asked.ends_with(b"}") || (asked.starts_with(b"GET") && asked.ends_with(b"\r\n\r\n"))
    };
    while !is_whole(&asked) {
        match stream.read(&mut part)? {
            0 => return Ok(()),
            len => asked.extend_from_slice(&part[..len]),
        }
    }
    stream.write_all(answer.as_bytes())
}

fn http(status: &str, more: &str, body: &str) -> Option<String> {
    let len = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: application/json\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n{body}"
    ))
}

fn rpc(url: &str, patience: Patience) -> Rpc {
    Rpc::patient(url, ws_url(url), CommitmentConfig::confirmed(), patience)
}

/// The forms in which a URL may carry a key.
fn with_key(host: &str) -> [String; 7] {
    [
        format!("http://{host}/?api-key={KEY}"),
        format!("http://{host}?api-key={KEY}"),
        format!(
            "HTTP://{}?api-key={KEY}",
            host.replace("127.0.0.1", "LOCALHOST")
        ),
        format!("http://{host}/?api-key={KEY} x"),
        format!("http://{host}/v2/{KEY}"),
        format!("http://user:{KEY}@{host}/"),
        format!("http://{host}?api-key={KEY}\u{202e}"),
    ]
}

#[test]
fn no_error_of_a_node_shows_the_key_in_its_url_or_moves_the_cursor() {
    let said = format!("\\u001b[2Jwho is {KEY}? \\u202e\\u200b\\u009b");
    let refused = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{{\"code\":-32000,\"message\":\"{said}\"}}}}"
    );
    let moved = format!("Location: http://127.0.0.1:1/?api-key={KEY}\r\n");
    let hosts = [
        node(http("200 OK", "", &refused)),
        node(http("401 Unauthorized", "", "no")),
        node(http("307 Temporary Redirect", &moved, "")),
        node(http("200 OK", "", &format!("\u{1b}[2J{KEY}"))),
        node(http("200 OK", "", &format!("\"\u{202e}{KEY}\""))),
        node(Some("nonsense".to_owned())),
    ];
    for url in hosts.iter().flat_map(|host| with_key(host)) {
        let rpc = rpc(
            &url,
            Patience {
                call: Duration::from_secs(1),
                ..Patience::default()
            },
        );
        let error = rpc.genesis().unwrap_err();
        assert!(matches!(error, ClientError::Rpc(_)), "{error:?}");
        for told in [error.to_string(), format!("{error:?}")] {
            assert!(!told.contains(KEY), "{url}: {told}");
            let deceives =
                |letter: char| letter.is_control() || "\u{202e}\u{200b}".contains(letter);
            assert!(!told.contains(deceives), "{url}: {told:?}");
        }
    }
}

#[test]
fn no_error_of_a_web_socket_shows_the_key_in_its_url() {
    let hosts = [
        node(http("403 Forbidden", "", KEY)),
        node(Some("nonsense".to_owned())),
        "127.0.0.1:1".to_owned(),
        "no.such.host.invalid".to_owned(),
        "a b".to_owned(),
    ];
    for url in hosts.iter().flat_map(|host| with_key(host)) {
        for url in [url.replace("http://", "ws://"), url] {
            let Err(error) = Socket::connect(&url) else {
                panic!("{url} is connected to");
            };
            for told in [error.to_string(), format!("{error:?}")] {
                assert!(!told.contains(KEY), "{url}: {told}");
            }
        }
    }
}

#[test]
fn a_silent_node_is_told_of_and_given_up_in_time() {
    #[derive(Default)]
    struct Told(AtomicUsize);
    impl Onlooker for Told {
        fn stalls(&self, why: &str) {
            assert!(why.starts_with("waiting for http://127.0.0.1:"), "{why}");
            assert!(why.ends_with(" to answer getGenesisHash"), "{why}");
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let onlooker = Arc::new(Told::default());
    let times = || onlooker.0.load(Ordering::Relaxed);
    let host = node(None);
    let rpc = rpc(
        &format!("http://{host}/?api-key={KEY}"),
        Patience {
            told_after: Duration::from_millis(100),
            call: Duration::from_millis(500),
            total: Duration::from_millis(800),
            onlooker: Arc::<Told>::clone(&onlooker),
        },
    );
    let begun = Instant::now();
    let told = rpc.genesis().unwrap_err().to_string();
    assert!(
        told.contains(&format!(
            "http://{host} did not answer getGenesisHash within"
        )),
        "{told}"
    );
    assert_eq!(times(), 1);
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    // A hundred calls of a command that goes on after a failure are no hundred waits.
    for _ in 0..100 {
        rpc.genesis().unwrap_err();
    }
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    // A while later it is asked again.
    thread::sleep(Duration::from_millis(900));
    let before = times();
    rpc.genesis().unwrap_err();
    assert!(times() > before);
}

#[test]
fn a_node_that_asks_for_patience_gets_no_more_than_a_call_may_take() {
    let busy = node(http("429 Too Many Requests", "Retry-After: 100\r\n", ""));
    let rpc = rpc(
        &format!("http://{busy}"),
        Patience {
            call: Duration::from_millis(300),
            ..Patience::default()
        },
    );
    let begun = Instant::now();
    rpc.genesis().unwrap_err();
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn an_account_whose_rent_epoch_only_a_float_holds_is_read() {
    for epoch in [
        "18446744073709551615",
        "18446744073709552000",
        "1.8446744073709552e19",
    ] {
        let account = format!(
            "{{\"data\":[\"AQID\",\"base64\"],\"executable\":false,\"lamports\":5,\"owner\":\"{}\",\"rentEpoch\":{epoch},\"space\":3}}",
            sluice::ID
        );
        let several = format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{{\"context\":{{\"slot\":1}},\"value\":[{account}]}}}}"
        );
        let url = format!("http://{}", node(http("200 OK", "", &several)));
        let read = rpc(&url, Patience::default())
            .account(&sluice::ID)
            .unwrap()
            .unwrap();
        assert_eq!((read.lamports, read.data), (5, vec![1, 2, 3]), "{epoch}");
        let listed = format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":[{{\"pubkey\":\"{}\",\"account\":{account}}}]}}",
            sluice::ID
        );
        let url = format!("http://{}", node(http("200 OK", "", &listed)));
        let all = rpc(&url, Patience::default())
            .program_accounts(&[])
            .unwrap();
        assert_eq!(all.len(), 1, "{epoch}");
        let told = Notification {
            subscription: 1,
            result: serde_json::from_str(&format!("{{\"value\":{account}}}")).unwrap(),
        };
        assert_eq!(told.account().unwrap().1.lamports, 5, "{epoch}");
    }
}

/// What the faucet of a node that answers with `body` says.
fn begged(status: &str, body: &str) -> ClientError {
    let host = node(http(status, "", body));
    let patience = Patience {
        call: Duration::from_secs(2),
        ..Patience::default()
    };
    let mut rpc = rpc(&format!("http://{host}/?api-key={KEY}"), patience);
    let to = Address::new_from_array([7; 32]);
    Service::airdrop(&mut rpc, &to, 1).unwrap_err()
}

#[test]
fn a_node_without_a_faucet_and_one_that_refuses_say_so() {
    let refusal = |code: i32, message: &str| {
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{{\"code\":{code},\"message\":\"{message}\"}}}}"
        )
    };
    let said = format!("airdrop limit of {KEY} reached\\u202e");
    for (status, body, says) in [
        (
            "200 OK",
            refusal(-32_601, "Method not found"),
            "it has no faucet",
        ),
        ("200 OK", refusal(-32_603, &said), "airdrop limit"),
        ("403 Forbidden", String::new(), "HTTP 403"),
    ] {
        let error = begged(status, &body);
        assert!(matches!(error, ClientError::NoFaucet { .. }), "{error:?}");
        let told = error.to_string();
        assert!(
            told.contains(says) && told.contains("gives no SOL away"),
            "{told}"
        );
        assert!(!told.contains(KEY) && !told.contains('\u{202e}'), "{told}");
    }
    let error = begged(
        "200 OK",
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":\"no signature\"}",
    );
    assert!(matches!(error, ClientError::Rpc(_)), "{error:?}");
}

#[test]
fn a_socket_that_tells_a_slot_is_reached_and_a_silent_one_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let ws = format!("ws://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let mut peer = tungstenite::accept(listener.accept().unwrap().0).unwrap();
        peer.read().unwrap();
        for told in [
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}",
            "{\"method\":\"slotNotification\",\"params\":{\"subscription\":7,\"result\":{\"slot\":1}}}",
        ] {
            peer.send(tungstenite::Message::text(told)).unwrap();
        }
        while peer.read().is_ok() {}
    });
    let at = |ws: &str| Rpc::new("http://127.0.0.1:1", ws, CommitmentConfig::confirmed());
    let patience = Duration::from_secs(5);
    assert!(at(&ws).subscription(patience).unwrap() < patience);
    serving.join().unwrap();
    let silent = format!("ws://{}/{KEY}", node(None));
    let begun = Instant::now();
    let told = at(&silent)
        .subscription(Duration::from_secs(1))
        .unwrap_err()
        .to_string();
    assert!(
        begun.elapsed() < patience && told.contains("told nothing"),
        "{told}"
    );
    assert!(!told.contains(KEY), "{told}");
    assert!(at("ws://127.0.0.1:1").subscription(patience).is_err());
}

#[test]
fn a_transaction_is_waited_for_no_longer_than_its_sender_will() {
    let host = node(http("200 OK", "", "{}"));
    let patience = Patience {
        call: Duration::from_millis(200),
        ..Patience::default()
    };
    let mut ledger = rpc(&format!("http://{host}"), patience);
    let (transaction, lifetime) = (
        Transaction::default(),
        Lifetime::given(Hash::default(), 1, 1),
    );
    let begin = Instant::now();
    let sent = ledger.submit_within(&transaction, &lifetime, Duration::from_secs(1));
    // It may have been taken: nobody can say.
    assert!(matches!(sent, Err(ClientError::Unknown { .. })), "{sent:?}");
    assert!(
        begin.elapsed() < Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
}
