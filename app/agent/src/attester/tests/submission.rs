use {super::*, crate::wire::Countersigned, std::sync::atomic::Ordering};

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_checked_before_its_end_and_signed_at_once_when_it_ended() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    assert_eq!(code(&world.ask_honest(0).await), "early");
    assert_eq!(world.kernels.take_runs(), 4);
    world.at(99);
    assert_eq!(code(&world.ask_honest(0).await), "early");
    world.at(100);
    let (status, signed) = world.ask_honest(0).await;
    assert_eq!(status, StatusCode::OK, "{signed}");
    assert_eq!(world.kernels.take_runs(), 0);
    let signed: Countersigned = read(&signed);
    let sealed = world.work.seal(0, world.work.honest(0));
    let statement = Statement::of(&world.job(), 0, sealed.claim.units, sealed.claim.digest);
    let message = statement.message(Path::Quorum);
    assert_eq!(signed.key, world.own.pubkey());
    assert!(signed.signature.verify(signed.key.as_ref(), &message));
    // Who asks again is told the same, and nothing is computed.
    let again = world.ask_honest(0).await;
    assert_eq!(read::<Countersigned>(&again.1), signed);
    assert_eq!(world.kernels.take_runs(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_statement_of_a_window_is_refused() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    let mut fewer = world.work.honest(0);
    fewer[3] = None;
    let sealed = world.work.seal(0, fewer);
    assert_eq!(code(&world.ask(&sealed).await), "contradiction");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_of_the_jobs_worker_and_of_a_window_that_can_be_proven() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(110);
    let sealed = world.work.seal(0, world.work.honest(0));
    let right = world.submission(&sealed);
    world.put(&sealed.evidence.to_bytes()).await;
    // Only the worker asks.
    for key in [
        world.buyer.insecure_clone(),
        world.member.insecure_clone(),
        Keypair::new(),
    ] {
        let refused = world.post(&key, "/v1/windows", &right).await;
        assert_eq!(code(&refused), "no_party");
    }
    let mut wrong = vec![
        (
            Submission {
                incarnation: 8,
                ..right.clone()
            },
            "incarnation",
        ),
        (
            Submission {
                units: 15,
                ..right.clone()
            },
            "claim",
        ),
        (
            Submission {
                digest: [0; 32],
                ..right.clone()
            },
            "claim",
        ),
        (
            Submission {
                window: 3,
                ..right.clone()
            },
            "no_window",
        ),
        (
            Submission {
                window: u32::MAX,
                ..right.clone()
            },
            "no_window",
        ),
        (
            Submission {
                evidence: [7; 32],
                ..right.clone()
            },
            "blob_missing",
        ),
    ];
    let third = world.work.seal(2, world.work.honest(2));
    wrong.push((world.submission(&third), "early"));
    for (submission, expected) in wrong {
        let refused = world.submit(&submission).await;
        assert_eq!(code(&refused), expected);
    }
    // The worker signed it for a cosigner: that is another path.
    let statement = Statement::of(&world.job(), 0, right.units, right.digest);
    let cosigned = Submission {
        signature: world
            .worker
            .sign_message(&statement.message(Path::Cosigned)),
        ..right.clone()
    };
    assert_eq!(code(&world.submit(&cosigned).await), "claim");
    assert_eq!(world.kernels.take_runs(), 0);
    for state in [JobState::Open, JobState::Released] {
        world.change(|job| job.state = state.byte());
        assert_eq!(code(&world.submit(&right).await), "not_active");
    }
    // Somebody else's job stands at the address now.
    world.change(|job| job.incarnation = 10);
    assert_eq!(code(&world.submit(&right).await), "incarnation");
    let other = Submission {
        incarnation: 10,
        ..right.clone()
    };
    assert_eq!(code(&world.submit(&other).await), "not_admitted");
    world.change(|_| {});
    world.at(150);
    assert_eq!(code(&world.submit(&right).await), "late");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cut_is_signed_to_its_last_window_and_no_further() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.change(|job| job.end_at = START + 101);
    world.at(205);
    assert_eq!(world.ask_honest(1).await.0, StatusCode::OK);
    assert_eq!(code(&world.ask_honest(2).await), "no_window");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_answered_once() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.work.seal(0, world.work.honest(0));
    world.put(&sealed.evidence.to_bytes()).await;
    let body = serde_json::to_vec(&world.submission(&sealed)).unwrap();
    let worker = world.worker.insecure_clone();
    let target = "/v1/windows";
    let signed = world.signed(&worker, "POST", target, request::body(&body));
    let first = world
        .send(Method::POST, target, &signed, body.clone())
        .await;
    assert_eq!(first.0, StatusCode::OK);
    let again = world
        .send(Method::POST, target, &signed, body.clone())
        .await;
    assert_eq!(
        code(&(again.0, serde_json::from_slice(&again.1).unwrap())),
        "again"
    );
    // Another body under the same signature.
    let other = [body, b" ".to_vec()].concat();
    let forged = world.send(Method::POST, target, &signed, other).await;
    assert_eq!(
        code(&(forged.0, serde_json::from_slice(&forged.1).unwrap())),
        "signature"
    );
    let long = vec![b' '; (256 << 10) + 1];
    let signed = world.signed(&worker, "POST", target, request::body(&long));
    let long = world.send(Method::POST, target, &signed, long).await;
    assert_eq!(
        code(&(long.0, serde_json::from_slice(&long.1).unwrap())),
        "malformed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_computes_a_window_and_what_takes_long_goes_on() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.bounds.answer = Duration::from_millis(100);
    world.open();
    world.at(100);
    world.kernels.millis.store(200, Ordering::SeqCst);
    // Four chunks on two processes take longer than an answer may.
    assert_eq!(code(&world.ask_honest(0).await), "busy");
    assert_eq!(code(&world.ask_honest(0).await), "busy");
    tokio::time::sleep(Duration::from_millis(600)).await;
    let (status, _) = world.ask_honest(0).await;
    assert_eq!((status, world.kernels.take_runs()), (StatusCode::OK, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_while_the_chain_cannot_be_read() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    world.ledger.chain().is_down = true;
    let sealed = world.work.seal(0, world.work.honest(0));
    let refused = world.submit(&world.submission(&sealed)).await;
    assert_eq!(code(&refused), "chain");
    assert!(!refused.1.to_string().contains("secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_is_computed_where_that_is_agreed_and_never_where_signers_answer() {
    let sampled = Policy {
        sample: Some(1),
        ..policy()
    };
    let mut world = World::admitted(Kind::Wasm, sampled).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 1);
    let mut world = World::admitted(Kind::Sbpf, sampled).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_claim_of_a_sampled_window_is_computed_in_full() {
    let sampled = Policy {
        sample: Some(1),
        ..policy()
    };
    let mut world = World::admitted(Kind::Wasm, sampled).await;
    assert_eq!(code(&world.ask_honest(0).await), "early");
    assert_eq!(world.kernels.take_runs(), 1);
    let mut fewer = world.work.honest(0);
    fewer[3] = None;
    let sealed = world.work.seal(0, fewer);
    assert_eq!(code(&world.ask(&sealed).await), "early");
    assert_eq!(world.kernels.take_runs(), 3);
    // And the first one again: its sample is not enough any more.
    assert_eq!(code(&world.ask_honest(0).await), "early");
    assert_eq!(world.kernels.take_runs(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reads_the_terms() {
    let world = World::new(Kind::Wasm, policy());
    let request = Request::get("/v1/terms").body(Body::empty()).unwrap();
    let answer = world.router.clone().oneshot(request).await.unwrap();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let terms: crate::wire::Terms = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((terms.key, terms.network), (world.own.pubkey(), NETWORK));
    assert_eq!((terms.free_bytes, terms.sample), (1 << 20, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_has_here_goes_a_day_after_its_last_ruling() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    let admitted = || world.attester().store.all_admitted().unwrap().len();
    let kernel = world.work.spec.core.kernel;
    let id = world.attester().store.all_admitted().unwrap()[0].id;
    // 300 s of windows, 50 of grace, 300 of disputes, and a day.
    world.at(650 + 86_400);
    assert!(
        world
            .attester()
            .blobs()
            .get(&id, &kernel)
            .unwrap()
            .is_some()
    );
    assert_eq!(admitted(), 1);
    world.at(651 + 86_400);
    assert!(
        world
            .attester()
            .blobs()
            .get(&id, &kernel)
            .unwrap()
            .is_none()
    );
    assert_eq!(admitted(), 0);
    assert_eq!(code(&world.admit().await), "blob_missing");
}
