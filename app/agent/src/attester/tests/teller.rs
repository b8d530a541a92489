use {
    super::*,
    crate::{attester::Teller, config::MemberAt, member::Caller, wire::Finding},
    axum::{Json, extract::State, response::IntoResponse, routing::post},
    std::sync::Mutex,
    tokio::net::TcpListener,
};

/// A member that answers as it is told to.
#[derive(Default)]
struct Played {
    answer: Mutex<&'static str>,
    heard: Mutex<Vec<Finding>>,
}

async fn hear(
    State(played): State<Arc<Played>>,
    Json(finding): Json<Finding>,
) -> axum::response::Response {
    played.heard.lock().unwrap().push(finding);
    match *played.answer.lock().unwrap() {
        "" => Json(serde_json::json!({})).into_response(),
        code => {
            let told = Told {
                code: code.to_owned(),
                message: "no".to_owned(),
                ..Told::default()
            };
            (StatusCode::CONFLICT, Json(told)).into_response()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_told_until_it_heard_and_not_again() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.lie(0, &[2]).await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
    let played = Arc::new(Played::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/v1/findings", post(hear))
        .with_state(played.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (attester, member) = (world.attester().clone(), world.member.pubkey());
    let (ledger, own) = (world.ledger.clone(), world.own.insecure_clone());
    let store = world.attester().clone();
    let left = move |secs: i64| {
        let letters = store.store.letters(START + secs).unwrap();
        let to = letters.into_iter().filter(|letter| letter.member == member);
        to.count()
    };
    // Clients that wait may not begin or end on a thread of the runtime.
    let told = tokio::task::spawn_blocking(move || {
        let caller = Caller::new(Arc::new(own), attester.clock(), true).unwrap();
        let teller = Teller {
            attester: attester.clone(),
            caller,
            at: vec![MemberAt { key: member, url }],
        };
        let tell = |secs: i64, answer| {
            *played.answer.lock().unwrap() = answer;
            ledger.chain().now = START + secs;
            attester.keep().unwrap();
            teller.tell().unwrap();
            played.heard.lock().unwrap().len()
        };
        assert_eq!(tell(100, "busy"), 1);
        // It is left alone for a while, and the one whose URL nobody knows stays.
        assert_eq!(tell(101, ""), 1);
        assert_eq!(left(200), 1);
        assert_eq!(tell(120, "chain"), 2);
        assert_eq!(tell(160, ""), 3);
        assert_eq!(left(300), 0);
        assert_eq!(tell(200, ""), 3);
        let heard = played.heard.lock().unwrap();
        (heard[0].clone(), heard[2].clone())
    });
    let (first, last) = told.await.unwrap();
    assert_eq!((first.chunk, &first), (Some(2), &last));
    assert_eq!(first.claim, world.submission(&sealed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_does_not_believe_it_is_not_told_again() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.lie(0, &[2]).await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
    let played = Arc::new(Played::default());
    *played.answer.lock().unwrap() = "no_fault";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/v1/findings", post(hear))
        .with_state(played.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (attester, own) = (world.attester().clone(), world.own.insecure_clone());
    let members = [world.member.pubkey(), world.other_member.pubkey()];
    tokio::task::spawn_blocking(move || {
        let caller = Caller::new(Arc::new(own), attester.clock(), true).unwrap();
        let at = members.map(|key| MemberAt {
            key,
            url: url.clone(),
        });
        let teller = Teller {
            attester: attester.clone(),
            caller,
            at: at.to_vec(),
        };
        teller.tell().unwrap();
        assert!(attester.store.letters(i64::MAX).unwrap().is_empty());
    })
    .await
    .unwrap();
    assert_eq!(played.heard.lock().unwrap().len(), 2);
}

/// A member that lets its connections hang keeps a lie from the others, if they wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_member_is_tried_once_in_a_turn() {
    let world = World::admitted(Kind::Wasm, policy()).await;
    let sealed = world.work.seal(0, world.work.honest(0));
    let finding = Finding {
        claim: world.submission(&sealed),
        evidence: String::new(),
        chunk: None,
    };
    let text = serde_json::to_string(&finding).unwrap();
    let now = world.ledger.chain().now;
    let (silent, member) = (world.member.pubkey(), world.other_member.pubkey());
    let to = [silent, silent, silent, member];
    let store = &world.attester().store;
    store.post(&to, &text, now, now + 10_000).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}", listener.local_addr().unwrap());
    let tries = Arc::new(Mutex::new(0));
    let counted = tries.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            *counted.lock().unwrap() += 1;
        }
    });
    let played = Arc::new(Played::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/v1/findings", post(hear))
        .with_state(played.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (attester, own) = (world.attester().clone(), world.own.insecure_clone());
    tokio::task::spawn_blocking(move || {
        let caller = Caller::new(Arc::new(own), attester.clock(), true).unwrap();
        let at = [(silent, silent_url), (member, url)];
        let at = at.map(|(key, url)| MemberAt { key, url });
        let teller = Teller {
            attester,
            caller,
            at: at.to_vec(),
        };
        teller.tell().unwrap();
    })
    .await
    .unwrap();
    assert_eq!(*tries.lock().unwrap(), 1);
    assert_eq!(played.heard.lock().unwrap().len(), 1);
    let store = &world.attester().store;
    assert!(store.letters(now).unwrap().is_empty());
    assert_eq!(store.letters(now + 600).unwrap().len(), 3);
}
