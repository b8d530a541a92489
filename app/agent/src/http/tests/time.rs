//! Requests are held to the chain's time.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_held_to_the_chains_time_which_is_read_again_before_it_is_refused() {
    let mut stage = Stage::new(Bounds::default());
    let buyer = stage.buyer.insecure_clone();
    let ask = |stage: &mut Stage, time| {
        stage.time = time;
        let buyer = buyer.insecure_clone();
        let target = put_target(BLOB, 0);
        let name = Sha256::digest(BLOB).into();
        let signed = stage.signed(&buyer, &Method::PUT, &target, name);
        (target, signed)
    };
    // The chain went on by an hour since this process read its clock.
    stage.jobs.chain.store(NOW + 3_600, Ordering::Relaxed);
    let (target, signed) = ask(&mut stage, NOW + 3_600);
    let kept = stage.send(Method::PUT, &target, &signed, Body::from(BLOB));
    assert_eq!(kept.await.status(), StatusCode::CREATED);
    // The machine's own time is none of it.
    let machine = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let machine = i64::try_from(machine.unwrap().as_secs()).unwrap();
    for time in [machine, NOW, NOW + 7_200] {
        let (target, signed) = ask(&mut stage, time);
        let refused = stage.send(Method::PUT, &target, &signed, Body::from(BLOB));
        let refused = told(refused.await).await;
        assert_eq!(refused, (StatusCode::UNAUTHORIZED, "time".into()));
    }
    // Requests of the wrong time made the node be asked once a second at most.
    assert!(stage.jobs.readings.load(Ordering::Relaxed) <= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_signed_makes_nobody_read_the_chains_clock() {
    let mut stage = Stage::new(Bounds::default());
    let buyer = stage.buyer.insecure_clone();
    stage.time = NOW - 3_600;
    let target = put_target(BLOB, 0);
    let signed = stage.signed(&buyer, &Method::PUT, &target, [0; 32]);
    let refused = stage.send(Method::PUT, &target, &signed, Body::from(BLOB));
    assert_eq!(
        told(refused.await).await,
        (StatusCode::UNAUTHORIZED, "time".into())
    );
    assert_eq!(stage.jobs.readings.load(Ordering::Relaxed), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_answered_before_the_chains_time_is_known() {
    let mut stage = Stage::new(Bounds::default());
    let buyer = stage.buyer.insecure_clone();
    let folder = TempDir::new().unwrap();
    let blobs = Arc::new(Blobs::open(folder.path()).unwrap());
    let clock = Arc::new(ChainClock::patient(Duration::ZERO));
    let known = stage.jobs.known.lock().unwrap().clone();
    let jobs = Arc::new(One {
        known: Mutex::new(known),
        node: Address::default(),
        registered: Address::default(),
        chain: AtomicI64::new(0),
        readings: AtomicUsize::new(0),
        clock: clock.clone(),
    });
    let server = Server::new(stage.own, clock, blobs, jobs.clone(), Bounds::default());
    stage.router = super::blobs(Arc::new(server));
    let refused = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(
        told(refused).await,
        (StatusCode::SERVICE_UNAVAILABLE, "chain".into())
    );
    jobs.chain.store(NOW, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let kept = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(kept.status(), StatusCode::CREATED);
}
