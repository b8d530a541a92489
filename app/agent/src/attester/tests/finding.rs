use {super::*, crate::wire::Finding, std::sync::atomic::Ordering};

impl World {
    fn found(&self, sealed: &Sealed, chunk: Option<u32>) -> Finding {
        Finding {
            claim: self.submission(sealed),
            evidence: hex::encode(sealed.evidence.to_bytes()),
            chunk,
        }
    }

    async fn tell(&mut self, finding: &Finding) -> (StatusCode, Value) {
        let member = self.member.insecure_clone();
        self.post(&member, "/v1/findings", finding).await
    }
}

fn sampled() -> Policy {
    Policy {
        sample: Some(1),
        ..policy()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_finding_is_believed_once_it_was_seen_here() {
    let mut world = World::admitted(Kind::Wasm, sampled()).await;
    world.at(100);
    let sealed = world.lie(0, &[2]).await;
    let finding = world.found(&sealed, Some(2));
    assert_eq!(world.tell(&finding).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 1);
    // Told again, it costs nothing.
    assert_eq!(world.tell(&finding).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 0);
    // The claim is refused here, and the provider's next windows are computed in full.
    assert_eq!(code(&world.ask(&sealed).await), "output");
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 4);
    world.at(300);
    assert_eq!(world.ask_honest(2).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_tell() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.lie(0, &[2]).await;
    let finding = world.found(&sealed, Some(2));
    for key in [
        world.buyer.insecure_clone(),
        world.worker.insecure_clone(),
        Keypair::new(),
    ] {
        let refused = world.post(&key, "/v1/findings", &finding).await;
        assert_eq!(code(&refused), "no_party");
    }
    assert_eq!(world.kernels.take_runs(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_lies_about_an_honest_worker_changes_nothing() {
    let mut world = World::admitted(Kind::Wasm, sampled()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    let lie = world.lie(0, &[2]).await;
    let right = world.found(&honest, Some(2));
    // The worker signed none of this evidence.
    let mut swapped = world.found(&honest, Some(2));
    swapped.evidence = hex::encode(lie.evidence.to_bytes());
    let mut named = swapped.clone();
    named.claim.evidence = hash::blob(&lie.evidence.to_bytes());
    let mut window = honest.evidence.clone();
    window.window = 1;
    let mut other = world.found(&honest, None);
    other.claim.evidence = hash::blob(&window.to_bytes());
    other.evidence = hex::encode(window.to_bytes());
    let mut forged = world.found(&lie, Some(2));
    forged.claim.signature = world.found(&honest, None).claim.signature;
    let garbage = Finding {
        evidence: "zz".to_owned(),
        ..right.clone()
    };
    for (finding, expected) in [
        (right.clone(), "no_fault"),
        (world.found(&honest, None), "no_fault"),
        (world.found(&honest, Some(11)), "no_fault"),
        (world.found(&lie, Some(1)), "no_fault"),
        (swapped, "no_fault"),
        (named, "no_fault"),
        (other, "no_fault"),
        (forged, "claim"),
        (garbage, "malformed"),
    ] {
        let refused = world.tell(&finding).await;
        assert_eq!(code(&refused), expected);
    }
    world.kernels.take_runs();
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_contradicts_itself_is_seen_without_its_chunks() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    for units in [UNITS * 3, UNITS * 5, 7] {
        let mut sealed = world.work.seal(0, world.work.honest(0));
        sealed.claim.units = units;
        let finding = world.found(&sealed, None);
        assert_eq!(world.tell(&finding).await.0, StatusCode::OK, "{units}");
    }
    assert_eq!(world.kernels.take_runs(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_challenged_any_more_is_not_heard() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    let sealed = world.lie(0, &[2]).await;
    let finding = world.found(&sealed, Some(2));
    world.at(350);
    assert_eq!(code(&world.tell(&finding).await), "late");
    world.at(349);
    world.open();
    assert_eq!(world.tell(&finding).await.0, StatusCode::OK);
}

/// Each look takes as long as a chunk, and a member may tell whatever it likes as often as it likes.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_tells_again_and_again_does_not_hold_up_the_worker() {
    let mut world = World::admitted(Kind::Wasm, sampled()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    world.put(&honest.evidence.to_bytes()).await;
    let finding = world.found(&honest, Some(2));
    world.kernels.millis.store(1_500, Ordering::SeqCst);
    let router = world.router.clone();
    let body = serde_json::to_vec(&finding).unwrap();
    let member = world.member.insecure_clone();
    let signed = world.signed(&member, "POST", "/v1/findings", request::body(&body));
    let looks = tokio::spawn(async move {
        let mut request = Request::post("/v1/findings");
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body)).unwrap();
        router.oneshot(request).await.unwrap().status()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    // One at a time of each member; the worker is not kept waiting.
    let another = world.found(&honest, Some(1));
    assert_eq!(code(&world.tell(&another).await), "busy");
    world.kernels.millis.store(0, Ordering::SeqCst);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    assert_eq!(looks.await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY);
    world.kernels.take_runs();
    assert_eq!(code(&world.tell(&finding).await), "no_fault");
    assert_eq!(world.kernels.take_runs(), 0);
}

/// The worker asks with a lie that the sample misses, and a member tells of it while it is being looked at.
#[tokio::test(flavor = "multi_thread")]
async fn a_lie_that_is_told_while_its_sample_is_computed_is_not_signed() {
    let mut world = World::admitted(Kind::Wasm, sampled()).await;
    world.at(100);
    // Which of these the sample misses nobody knows: one of them, surely.
    for place in 0..4u32 {
        let sealed = world.lie(0, &[usize::try_from(place).unwrap()]).await;
        world.put(&sealed.evidence.to_bytes()).await;
        let submission = world.submission(&sealed);
        let body = serde_json::to_vec(&submission).unwrap();
        let worker = world.worker.insecure_clone();
        let signed = world.signed(&worker, "POST", "/v1/windows", request::body(&body));
        let router = world.router.clone();
        world.kernels.millis.store(700, Ordering::SeqCst);
        let asked = tokio::spawn(async move {
            let mut request = Request::post("/v1/windows");
            for (name, value) in signed.headers() {
                request = request.header(name, value);
            }
            let request = request.body(Body::from(body)).unwrap();
            router.oneshot(request).await.unwrap().status()
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.kernels.millis.store(0, Ordering::SeqCst);
        let finding = world.found(&sealed, Some(place));
        assert_eq!(world.tell(&finding).await.0, StatusCode::OK);
        assert_eq!(asked.await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(code(&world.submit(&submission).await), "output");
    }
}
