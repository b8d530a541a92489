use {
    crate::attester::serve::{Bounds, serve},
    axum::{Router, routing::get},
    std::{
        net::SocketAddr,
        time::{Duration, Instant},
    },
    tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        sync::oneshot,
        task::JoinHandle,
        time::{sleep, timeout},
    },
};

const BOUNDS: Bounds = Bounds {
    connections: 8,
    silence: Duration::from_secs(30),
    requests_a_second: 1_000,
    is_behind_proxy: false,
};

async fn start(bounds: Bounds) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let slow = || async {
        sleep(Duration::from_millis(300)).await;
        "done"
    };
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/large", get(|| async { vec![7; 64 << 20] }))
        .route("/slow", get(slow));
    let served = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        serve(listener, router, bounds, stopped).await.unwrap();
    });
    (address, stop, served)
}

/// What the server answers to one request on a connection of its own.
async fn ask(address: SocketAddr, path: &str, header: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{header}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_asks_too_often_is_told_to_come_again() {
    let bounds = Bounds {
        requests_a_second: 1,
        ..BOUNDS
    };
    let (address, _stop, _) = start(bounds).await;
    let mut answers = vec![];
    for _ in 0..4 {
        // What a client says of itself is nothing where there is no proxy.
        answers.push(ask(address, "/", "x-forwarded-for: 8.8.8.8\r\n").await);
    }
    assert!(answers[0].starts_with("HTTP/1.1 200") && answers[1].starts_with("HTTP/1.1 200"));
    assert!(answers[3].starts_with("HTTP/1.1 429"), "{}", answers[3]);
    assert!(answers[3].contains(r#""code":"busy""#), "{}", answers[3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_the_last_address_counts() {
    let bounds = Bounds {
        requests_a_second: 1,
        is_behind_proxy: true,
        ..BOUNDS
    };
    let (address, _stop, _) = start(bounds).await;
    for number in 0..4 {
        let header = format!("x-forwarded-for: 9.9.9.9, 10.0.0.{number}\r\n");
        let answer = ask(address, "/", &header).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let mut last = String::new();
    for number in 0..4 {
        let header = format!("x-forwarded-for: 1.1.1.{number}, 2001:db8::{number}\r\n");
        last = ask(address, "/", &header).await;
    }
    assert!(last.starts_with("HTTP/1.1 429"), "{last}");
    let none = ask(address, "/", "").await;
    assert!(none.starts_with("HTTP/1.1 429"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_there_is_room_for_wait() {
    let bounds = Bounds {
        connections: 1,
        ..BOUNDS
    };
    let (address, _stop, _) = start(bounds).await;
    let first = TcpStream::connect(address).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let second = tokio::spawn(async move { ask(address, "/", "").await });
    sleep(Duration::from_millis(100)).await;
    assert!(!second.is_finished());
    drop(first);
    let answer = timeout(Duration::from_secs(5), second).await;
    assert!(answer.unwrap().unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_when_the_process_ends_is_answered() {
    let (address, stop, served) = start(BOUNDS).await;
    let idle = TcpStream::connect(address).await.unwrap();
    let asked = tokio::spawn(async move { ask(address, "/slow", "").await });
    sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    stop.send(()).unwrap();
    assert!(asked.await.unwrap().ends_with("done"));
    served.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_an_answer_keeps_no_connection() {
    let bounds = Bounds {
        connections: 1,
        silence: Duration::from_millis(200),
        ..BOUNDS
    };
    let (address, _stop, _) = start(bounds).await;
    let mut lazy = TcpStream::connect(address).await.unwrap();
    lazy.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .unwrap();
    sleep(Duration::from_millis(50)).await;
    let answer = timeout(Duration::from_secs(10), ask(address, "/", "")).await;
    assert!(answer.unwrap().starts_with("HTTP/1.1 200"));
    drop(lazy);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_does_not_hold_all_connections() {
    let (address, _stop, _) = start(BOUNDS).await;
    let mut held = vec![];
    for _ in 0..2 {
        held.push(TcpStream::connect(address).await.unwrap());
        sleep(Duration::from_millis(50)).await;
    }
    // A third is closed at once, with nothing said.
    let mut third = TcpStream::connect(address).await.unwrap();
    let ended = timeout(Duration::from_secs(5), third.read(&mut [0; 1])).await;
    assert!(matches!(ended.unwrap(), Ok(0) | Err(_)));
    held.clear();
    sleep(Duration::from_millis(100)).await;
    assert!(ask(address, "/", "").await.starts_with("HTTP/1.1 200"));
}
