//! Uploads that never end, and strangers who come in numbers.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_now_and_then_is_no_upload_and_holds_nobody_up() {
    let bounds = Bounds {
        transfers: 1,
        silence: Duration::from_millis(200),
        ..Bounds::default()
    };
    let mut stage = Stage::new(bounds);
    let buyer = stage.buyer.insecure_clone();
    // One byte each tenth of a second, for ever.
    let drops = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<_, io::Error>(Bytes::from_static(b"w")), ()))
    });
    // And nothing at all.
    let silent = stream::pending::<Result<Bytes, io::Error>>();
    for body in [Body::from_stream(drops), Body::from_stream(silent)] {
        let began = Instant::now();
        let answer = stage.put(&buyer, &[b'w'; 900], 0, body).await;
        assert!(began.elapsed() < Duration::from_secs(3));
        assert!(matches!(
            answer.status(),
            StatusCode::ACCEPTED | StatusCode::CONFLICT
        ));
    }
    let done = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(done.status(), StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_transfers_than_there_is_room_for_are_told_to_come_again() {
    let bounds = Bounds {
        transfers: 0,
        ..Bounds::default()
    };
    let mut stage = Stage::new(bounds);
    let buyer = stage.buyer.insecure_clone();
    let refused = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(
        told(refused).await,
        (StatusCode::TOO_MANY_REQUESTS, "busy".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_fill_what_is_remembered() {
    let bounds = Bounds {
        remembered: 10,
        ..Bounds::default()
    };
    let mut stage = Stage::new(bounds);
    for _ in 0..20 {
        let refused = stage.ask(Method::GET, &Keypair::new(), BLOB).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
    let buyer = stage.buyer.insecure_clone();
    let kept = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(kept.status(), StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_cannot_be_read_is_told_without_its_words() {
    let mut stage = Stage::new(Bounds::default());
    let folder = TempDir::new().unwrap();
    let blobs = Blobs::open(folder.path()).unwrap();
    let clock = Arc::new(ChainClock::patient(Duration::ZERO));
    clock.read(NOW);
    let server = Server::new(
        stage.own,
        clock,
        Arc::new(blobs),
        Arc::new(Unknown),
        Bounds::default(),
    );
    stage.router = super::blobs(Arc::new(server));
    let buyer = stage.buyer.insecure_clone();
    let refused = stage.ask(Method::GET, &buyer, BLOB).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    let told = String::from_utf8(bytes(refused).await.to_vec()).unwrap();
    assert!(told.contains("chain") && !told.contains("secret"));
}

/// A stranger needs no more than a key of its own to sign an upload, and then says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_takes_no_place_of_an_upload() {
    let bounds = Bounds {
        transfers: 1,
        silence: Duration::from_secs(60),
        ..Bounds::default()
    };
    let mut stage = Stage::new(bounds);
    let (buyer, stranger) = (stage.buyer.insecure_clone(), Keypair::new());
    let silent = || Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
    let began = Instant::now();
    let refused = stage.put(&stranger, BLOB, 0, silent()).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    // Nor is a party waited for that has to begin elsewhere.
    let refused = stage.put(&buyer, BLOB, 5, silent()).await;
    assert_eq!(told(refused).await.1, "offset");
    assert!(began.elapsed() < Duration::from_secs(10));
    let kept = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(kept.status(), StatusCode::CREATED);
}
