//! Who may look at a job before it is accepted.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_worker_reads_specification_and_kernel_of_an_open_job_and_nothing_else() {
    let mut stage = Stage::new(Bounds::default());
    let (buyer, worker) = (
        stage.buyer.insecure_clone(),
        stage.registered.insecure_clone(),
    );
    let other: &[u8] = b"an input of the job";
    for blob in [BLOB, other] {
        let kept = stage.put(&buyer, blob, 0, Body::from(blob)).await;
        assert_eq!(kept.status(), StatusCode::CREATED);
    }
    let node = format!("&node={}", Address::new_from_array([4; 32]));
    let stranger = Keypair::new();
    let forbidden = StatusCode::FORBIDDEN;
    for (is_open, key, blob, more, status) in [
        (true, &worker, BLOB, &node[..], StatusCode::OK),
        (true, &worker, other, &node, forbidden),
        (true, &worker, BLOB, "", forbidden),
        (true, &stranger, BLOB, &node, forbidden),
        (true, &worker, BLOB, "&node=x", StatusCode::BAD_REQUEST),
        (false, &worker, BLOB, &node, forbidden),
        (true, &buyer, other, "", StatusCode::OK),
    ] {
        stage.jobs.known.lock().unwrap().is_open = is_open;
        let answer = stage.ask_of(Method::GET, key, blob, more).await;
        assert_eq!(answer.status(), status, "{is_open} {more}");
    }
    // It puts nothing.
    stage.jobs.known.lock().unwrap().is_open = true;
    let target = format!("{}{node}", put_target(b"more", 0));
    let name = Sha256::digest(b"more").into();
    let signed = stage.signed(&worker, &Method::PUT, &target, name);
    let refused = stage.send(Method::PUT, &target, &signed, Body::from("more"));
    assert_eq!(refused.await.status(), forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_the_worker_of_a_job_that_has_none() {
    let known = Known {
        id: JobId {
            job: JOB,
            incarnation: 0,
        },
        buyer: Address::new_from_array([1; 32]),
        worker: Address::default(),
        set: Address::default(),
        members: vec![],
        is_open: true,
        quota: 0,
        until: 0,
    };
    assert!(!known.is_party(&Address::default()));
}
