use {super::*, crate::wire::Admitted};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_admitted_once_everything_is_here_and_stays_so() {
    let mut world = World::new(Kind::Wasm, policy());
    let (spec, list) = (world.work.spec.to_bytes(), world.work.inputs.to_bytes());
    let kernel = world.work.spec.core.kernel;
    let mut order = vec![hash::blob(&spec), hash::blob(&list), kernel];
    order.extend(world.work.inputs.names());
    // Each answer names the first blob that is missing.
    for name in order {
        let missing = world.admit().await;
        assert_eq!(code(&missing), "blob_missing");
        assert_eq!(read::<Told>(&missing.1).blob, Some(hex::encode(name)));
        let blob = world.work.blobs[&name].clone();
        world.put(&blob).await;
    }
    let (status, admitted) = world.admit().await;
    assert_eq!(status, StatusCode::OK);
    let admitted: Admitted = read(&admitted);
    assert_eq!(admitted.kernel, kernel);
    assert_eq!(admitted.spec, hash::blob(&spec));
    // Who asks later need not say what the blobs are, after a restart neither.
    world.open();
    let asked = Admission {
        spec: None,
        inputs: None,
        ..world.admission()
    };
    for key in [
        world.buyer.insecure_clone(),
        world.worker.insecure_clone(),
        world.member.insecure_clone(),
    ] {
        let (status, again) = world.post(&key, "/v1/jobs", &asked).await;
        assert_eq!(
            (status, read::<Admitted>(&again)),
            (StatusCode::OK, admitted.clone())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_jobs_is_refused() {
    let mut world = World::new(Kind::Wasm, policy());
    let unnamed = Admission {
        spec: None,
        inputs: None,
        ..world.admission()
    };
    let buyer = world.buyer.insecure_clone();
    let refused = world.post(&buyer, "/v1/jobs", &unnamed).await;
    assert_eq!(code(&refused), "unnamed");
    world.put_all().await;
    let mut other = world.work.spec.clone();
    other.rest.title = "another".to_owned();
    let other = world.put(&other.to_bytes()).await;
    let names = world.work.inputs.names().to_vec();
    let short = Inputs::of(names[1..].to_vec()).unwrap();
    let short = world.put(&short.to_bytes()).await;
    let mut turned = names;
    turned.swap(0, 1);
    let turned = world.put(&Inputs::of(turned).unwrap().to_bytes()).await;
    let blob = *world.work.inputs.name(0).unwrap();
    let right = world.admission();
    for (spec, inputs, expected) in [
        (Some(other), right.inputs, "spec"),
        (Some(blob), right.inputs, "spec"),
        (right.spec, Some(short), "inputs"),
        (right.spec, Some(turned), "inputs"),
        (right.spec, Some(blob), "inputs"),
    ] {
        let asked = Admission {
            spec,
            inputs,
            ..right.clone()
        };
        let refused = world.post(&buyer, "/v1/jobs", &asked).await;
        assert_eq!(code(&refused), expected);
    }
    world.change(|job| job.terms.cap += 1);
    assert_eq!(code(&world.admit().await), "shape");
    world.change(|job| job.spec_hash = [0; 32]);
    assert_eq!(code(&world.admit().await), "spec");
    world.change(|_| {});
    assert_eq!(world.admit().await.0, StatusCode::OK);
    let body = world
        .post(
            &buyer,
            "/v1/jobs",
            &serde_json::json!({ "job": JOB.to_string(), "more": 1 }),
        )
        .await;
    assert_eq!(code(&body), "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kernel_that_does_not_load_is_refused() {
    for (change, expected) in [
        (None, "kernel"),
        (Some(b"no module at all".to_vec()), "kernel"),
    ] {
        let mut world = World::new(Kind::Wasm, policy());
        let core = &mut world.work.spec.core;
        match &change {
            // Another length than its own.
            None => core.kernel_len += 1,
            Some(code) => {
                core.kernel = hash::blob(code);
                core.kernel_len = u32::try_from(code.len()).unwrap();
            }
        }
        let spec = world.work.spec.to_bytes();
        world.work.blobs.insert(hash::blob(&spec), spec);
        world
            .work
            .blobs
            .extend(change.map(|code| (hash::blob(&code), code)));
        world.change(|_| {});
        world.put_all().await;
        assert_eq!(code(&world.admit().await), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_admitted_than_can_be_checked() {
    let mut world = World::new(Kind::Wasm, policy());
    world.put_all().await;
    // Four chunks of a second take two processes two seconds.
    world.change(|job| job.terms.grace_secs = 1);
    assert_eq!(code(&world.admit().await), "too_much");
    world.change(|job| job.terms.grace_secs = 2);
    assert_eq!(world.admit().await.0, StatusCode::OK);
    // A window a second is four processes: two such jobs fit into eight.
    let mut world = World::new(Kind::Wasm, policy());
    world.put_all().await;
    let again = |world: &World, incarnation, secs| {
        world.change(|job| {
            job.incarnation = incarnation;
            job.terms.window_secs = 1;
            job.end_at = START + secs;
        });
    };
    for (incarnation, secs, fits) in [(1, 300, true), (2, 300, true), (3, 300, false)] {
        again(&world, incarnation, secs);
        world.put_all().await;
        let answer = world.admit().await;
        assert_eq!(answer.0 == StatusCode::OK, fits, "{incarnation}");
        if !fits {
            assert_eq!(code(&answer), "too_much");
        }
    }
    // The jobs before at that address are over: the process sees it when it looks at the chain.
    world.at(20);
    world.put_all().await;
    assert_eq!(world.admit().await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_party_may_ask_as_a_registered_worker_of_an_open_job_and_say_nothing() {
    let mut world = World::new(Kind::Wasm, policy());
    let (candidate, stranger) = (Keypair::new(), Keypair::new());
    world.register(&candidate, SET);
    let asks = Admission {
        node: Some(NODE),
        spec: None,
        inputs: None,
        ..world.admission()
    };
    let says = Admission {
        node: Some(NODE),
        ..world.admission()
    };
    // An active job has a worker.
    let refused = world.post(&candidate, "/v1/jobs", &asks).await;
    assert_eq!(code(&refused), "no_party");
    world.change(|job| {
        job.state = JobState::Open.byte();
        job.worker = Address::default();
        job.context = [0; 32];
    });
    for (key, asked) in [(&stranger, &asks), (&candidate, &says)] {
        let refused = world.post(key, "/v1/jobs", asked).await;
        assert_eq!(code(&refused), "no_party");
    }
    world.put_all().await;
    assert_eq!(world.admit().await.0, StatusCode::OK);
    let (status, admitted) = world.post(&candidate, "/v1/jobs", &asks).await;
    assert_eq!(status, StatusCode::OK);
    // It reads specification, kernel and list, and no input.
    let admitted: Admitted = read(&admitted);
    let input = *world.work.inputs.name(0).unwrap();
    for (name, status) in [
        (admitted.spec, StatusCode::OK),
        (admitted.kernel, StatusCode::OK),
        (admitted.inputs, StatusCode::OK),
        (input, StatusCode::FORBIDDEN),
    ] {
        let target = format!("/v1/blobs/{}?job={JOB}&node={NODE}", hex::encode(name));
        let signed = world.signed(&candidate, "GET", &target, request::body(b""));
        let got = world.send(Method::GET, &target, &signed, vec![]).await;
        assert_eq!(got.0, status);
    }
    world.register(&candidate, Address::new_from_array([8; 32]));
    let refused = world.post(&candidate, "/v1/jobs", &asks).await;
    assert_eq!(code(&refused), "no_party");
    // Something else may stand at the address that it names.
    let wrong = Admission {
        node: Some(JOB),
        ..asks
    };
    let refused = world.post(&candidate, "/v1/jobs", &wrong).await;
    assert_eq!(code(&refused), "no_party");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_left_its_set_signs_nothing_for_it() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.set(0b110);
    assert_eq!(code(&world.admit().await), "not_live");
    world.at(100);
    let refused = world
        .submit(&world.submission(&world.work.seal(0, vec![])))
        .await;
    assert_eq!(code(&refused), "not_live");
    world.change(|job| job.network = Address::default());
    world.set(0b111);
    assert_eq!(code(&world.admit().await), "no_job");
}
