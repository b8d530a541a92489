use {
    super::*,
    crate::wire::Finding,
    sluice_work::{evidence::Stop, undone::Undone},
    std::sync::atomic::Ordering,
};

impl World {
    fn letters(&self) -> Vec<(Address, Finding)> {
        let now = self.ledger.chain().now;
        let letters = self.attester().store.letters(now).unwrap();
        let read = letters.into_iter().map(|letter| {
            let finding = serde_json::from_str(&letter.finding).unwrap();
            (letter.member, finding)
        });
        read.collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_is_named_by_its_chunk_and_the_other_members_are_told() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(200);
    let sealed = world.lie(1, &[1, 2]).await;
    let refused = world.ask(&sealed).await;
    assert_eq!(code(&refused), "output");
    assert_eq!(read::<Told>(&refused.1).chunk, Some(5));
    let letters = world.letters();
    let told: Vec<_> = letters.iter().map(|(member, _)| *member).collect();
    assert_eq!(told, [world.member.pubkey(), world.other_member.pubkey()]);
    let expected = Finding {
        claim: world.submission(&sealed),
        evidence: hex::encode(sealed.evidence.to_bytes()),
        chunk: Some(5),
    };
    assert!(letters.iter().all(|(_, finding)| *finding == expected));
    // The same again costs nothing, and is told to nobody again.
    world.kernels.take_runs();
    assert_eq!(code(&world.ask(&sealed).await), "output");
    assert_eq!((world.kernels.take_runs(), world.letters().len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_that_no_kernel_does_cannot_be_claimed() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(200);
    let mut outputs = world.work.honest(1);
    outputs[3] = Some(world.work.output(7));
    let sealed = world.work.seal(1, outputs);
    let refused = world.ask(&sealed).await;
    assert_eq!(code(&refused), "undone");
    assert_eq!(read::<Told>(&refused.1).chunk, Some(7));
    assert_eq!(world.letters().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lie_that_window_and_the_next_are_computed_in_full() {
    let sampled = Policy {
        sample: Some(3),
        ..policy()
    };
    let mut world = World::admitted(Kind::Wasm, sampled).await;
    world.at(100);
    // Two lies of four: three chunks show one of them.
    let sealed = world.lie(0, &[0, 1]).await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
    for repaired in [0, 1] {
        world.kernels.take_runs();
        let sealed = world.lie(0, &[repaired]).await;
        assert_eq!(code(&world.ask(&sealed).await), "output");
    }
    world.kernels.take_runs();
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 4);
    world.at(300);
    assert_eq!(world.ask_honest(2).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_contradicts_itself_is_refused_by_what_is_wrong() {
    for (expected, is_provable) in [
        ("digest", false),
        ("count", true),
        ("remainder", true),
        ("too_many_chunks", true),
        ("other_window", false),
        ("stop", false),
        ("evidence", false),
    ] {
        let mut world = World::admitted(Kind::Wasm, policy()).await;
        world.at(100);
        let mut sealed = world.work.seal(0, world.work.honest(0));
        match expected {
            "digest" => sealed.claim.digest = [3; 32],
            "count" => sealed.claim.units -= UNITS,
            "remainder" => sealed.claim.units -= 1,
            "too_many_chunks" => sealed.claim.units += UNITS,
            "other_window" => sealed.evidence.window = 1,
            "stop" => {
                sealed.evidence.stop = Some(Stop {
                    index: 4,
                    reason: Undone::Trap,
                });
            }
            _ => {}
        }
        let mut submission = world.submission(&sealed);
        if expected == "evidence" {
            submission.evidence = *world.work.inputs.name(0).unwrap();
        } else {
            world.put(&sealed.evidence.to_bytes()).await;
        }
        let refused = world.submit(&submission).await;
        assert_eq!(code(&refused), expected);
        let told = if is_provable { 2 } else { 0 };
        assert_eq!(world.letters().len(), told, "{expected}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn judged_work_claims_a_prefix() {
    let mut world = World::admitted(Kind::Sbpf, policy()).await;
    world.at(100);
    let mut outputs = world.work.honest(0);
    outputs[1] = None;
    let sealed = world.work.seal(0, outputs);
    assert_eq!(code(&world.ask(&sealed).await), "gap");
    assert_eq!(world.letters().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_that_is_not_here_is_named_and_is_no_accusation() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let mut outputs = world.work.honest(0);
    let lie = hash::blob(b"never put");
    outputs[2] = Some(lie);
    let sealed = world.work.seal(0, outputs);
    let refused = world.ask(&sealed).await;
    assert_eq!(code(&refused), "blob_missing");
    let told: Told = read(&refused.1);
    assert_eq!((told.chunk, told.blob), (Some(2), Some(hex::encode(lie))));
    assert_eq!(world.letters().len(), 0);
    // Once it is here, it is looked at.
    world.put(b"never put").await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_machine_cannot_do_is_no_accusation() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    for reason in [
        Undone::Time,
        Undone::Memory,
        Undone::Died,
        Undone::Input,
        // A compiler's code takes another stack on another machine, and a process that is short of threads says that it takes no code.
        Undone::Stack,
        Undone::Code,
        Undone::Import,
    ] {
        *world.kernels.fails.lock().unwrap() = Some(reason);
        let refused = world.ask_honest(0).await;
        assert_eq!(code(&refused), "not_checked");
        assert!(read::<Told>(&refused.1).chunk.is_some());
    }
    assert_eq!(world.letters().len(), 0);
    *world.kernels.fails.lock().unwrap() = None;
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_where_two_engines_differ() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.kernels.differs.store(true, Ordering::SeqCst);
    world.at(100);
    let refused = world.ask_honest(0).await;
    assert_eq!(code(&refused), "engines");
    assert!(read::<Told>(&refused.1).chunk.is_some());
    assert_eq!(world.letters().len(), 0);
    // It stays so, after a restart too.
    world.kernels.differs.store(false, Ordering::SeqCst);
    world.open();
    assert_eq!(code(&world.ask_honest(0).await), "engines");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_does_not_fill_the_memory_with_claims_of_one_window() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let mut sealed = world.work.seal(0, world.work.honest(0));
    world.put(&sealed.evidence.to_bytes()).await;
    let right = sealed.claim.digest;
    let mut codes = vec![];
    for number in 0..10 {
        sealed.claim.digest = [number; 32];
        codes.push(code(&world.submit(&world.submission(&sealed)).await));
    }
    assert_eq!(codes[..8], ["digest"; 8]);
    assert_eq!(codes[8..], ["claims"; 2]);
    sealed.claim.digest = right;
    assert_eq!(
        code(&world.submit(&world.submission(&sealed)).await),
        "claims"
    );
}

/// A compiler that is wrong on this machine, or a machine that is: the interpreter gives what the worker claims.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_does_not_answer_for_an_engine_that_is_wrong_here() {
    for reason in [Undone::Trap, Undone::NoOutput] {
        let mut world = World::admitted(Kind::Wasm, policy()).await;
        world.at(100);
        *world.kernels.fails.lock().unwrap() = Some(reason);
        let honest = world.work.seal(0, world.work.honest(0));
        assert_eq!(code(&world.ask(&honest).await), "engines");
        assert_eq!(world.letters().len(), 0);
        let member = world.member.insecure_clone();
        let finding = Finding {
            claim: world.submission(&honest),
            evidence: hex::encode(honest.evidence.to_bytes()),
            chunk: Some(1),
        };
        let heard = world.post(&member, "/v1/findings", &finding).await;
        assert_eq!(code(&heard), "engines");
    }
}

/// A disk that forgets, or somebody who writes into the store: the kernel here is another than the worker ran.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_disk_changed_is_no_accusation_and_can_be_brought_again() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let spec = hash::blob(&world.work.spec.to_bytes());
    let inputs = hash::blob(&world.work.inputs.to_bytes());
    let input = *world.work.inputs.name(2).unwrap();
    for name in [world.work.spec.core.kernel, spec, inputs, input] {
        let file = world
            .folder
            .path()
            .join("state/blobs")
            .join(hex::encode(name));
        let mut bytes = fs::read(&file).unwrap();
        bytes.push(0);
        fs::write(&file, bytes).unwrap();
        let refused = world.ask_honest(0).await;
        assert_eq!(code(&refused), "blob_missing");
        assert_eq!(read::<Told>(&refused.1).blob, Some(hex::encode(name)));
        let blob = world.work.blobs[&name].clone();
        world.put(&blob).await;
    }
    assert_eq!(world.letters().len(), 0);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
}
