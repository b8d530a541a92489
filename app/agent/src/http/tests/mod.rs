//! The store over HTTP: who may ask what, and what comes in parts.

mod bounds;
mod time;
mod who;

use {
    super::*,
    crate::{
        blobs::Blobs,
        clock::ChainClock,
        request::{self, Asked},
        wire::Told,
    },
    axum::{
        body::{Body, Bytes, to_bytes},
        http::{Method, Request, Response, StatusCode},
    },
    futures_util::stream,
    sha2::{Digest, Sha256},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{
        io,
        sync::{
            Mutex,
            atomic::{AtomicI64, AtomicUsize, Ordering},
        },
        time::Instant,
    },
    tempfile::TempDir,
    tower::ServiceExt,
};

const JOB: Address = Address::new_from_array([1; 32]);
const BLOB: &[u8] = b"what a kernel reads";

/// The chain's time when a test begins: years away from every machine's.
const NOW: i64 = 4_000_000_000;

/// One job, with the time of its chain.
struct One {
    known: Mutex<Known>,
    node: Address,
    registered: Address,
    chain: AtomicI64,
    readings: AtomicUsize,
    clock: Arc<ChainClock>,
}

impl Jobs for One {
    fn job(&self, job: &Address) -> Result<Option<Known>, Unread> {
        Ok((*job == JOB).then(|| self.known.lock().unwrap().clone()))
    }

    fn is_registered(&self, _: &Known, node: &Address, key: &Address) -> Result<bool, Unread> {
        Ok((*node, *key) == (self.node, self.registered))
    }

    fn shown(&self, _: &JobId) -> Result<Vec<Name>, Unread> {
        Ok(vec![Sha256::digest(BLOB).into()])
    }

    fn read_clock(&self) -> Result<(), Unread> {
        self.readings.fetch_add(1, Ordering::Relaxed);
        match self.chain.load(Ordering::Relaxed) {
            0 => Err(Unread::Failed("no node".to_owned())),
            now => {
                while !self.clock.read(now) {}
                Ok(())
            }
        }
    }
}

struct Unknown;

impl Jobs for Unknown {
    fn job(&self, _job: &Address) -> Result<Option<Known>, Unread> {
        Err(Unread::Failed("secret.example said 429".to_owned()))
    }

    fn is_registered(&self, _: &Known, _: &Address, _: &Address) -> Result<bool, Unread> {
        Ok(false)
    }

    fn shown(&self, _: &JobId) -> Result<Vec<Name>, Unread> {
        Ok(vec![])
    }

    fn read_clock(&self) -> Result<(), Unread> {
        Ok(())
    }
}

struct Stage {
    _folder: TempDir,
    own: Address,
    buyer: Keypair,
    worker: Keypair,
    registered: Keypair,
    jobs: Arc<One>,
    router: Router,
    time: i64,
    nonce: u8,
}

impl Stage {
    fn new(bounds: Bounds) -> Self {
        let folder = TempDir::new().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let [buyer, worker, member, registered] = [(); 4].map(|()| Keypair::new());
        let own = Keypair::new().pubkey();
        let known = Known {
            id: JobId {
                job: JOB,
                incarnation: 7,
            },
            buyer: buyer.pubkey(),
            worker: worker.pubkey(),
            set: Address::new_from_array([3; 32]),
            members: vec![member.pubkey()],
            is_open: false,
            quota: 1_000,
            until: i64::MAX,
        };
        let clock = Arc::new(ChainClock::patient(Duration::ZERO));
        clock.read(NOW);
        let jobs = Arc::new(One {
            known: Mutex::new(known),
            node: Address::new_from_array([4; 32]),
            registered: registered.pubkey(),
            chain: AtomicI64::new(NOW),
            readings: AtomicUsize::new(0),
            clock: clock.clone(),
        });
        let server = Server::new(own, clock, Arc::new(blobs), jobs.clone(), bounds);
        Self {
            router: super::blobs(Arc::new(server)),
            _folder: folder,
            own,
            buyer,
            worker,
            registered,
            jobs,
            time: NOW,
            nonce: 0,
        }
    }

    fn signed(
        &mut self,
        key: &Keypair,
        method: &Method,
        target: &str,
        what: [u8; 32],
    ) -> request::Signed {
        self.nonce += 1;
        let asked = Asked {
            to: &self.own,
            method: method.as_str(),
            target,
            body: what,
        };
        asked.sign(key, self.time, [self.nonce; 16]).unwrap()
    }

    async fn send(
        &self,
        method: Method,
        target: &str,
        signed: &request::Signed,
        body: Body,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        self.router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap()
    }

    async fn put(&mut self, key: &Keypair, blob: &[u8], from: usize, body: Body) -> Response<Body> {
        let target = put_target(blob, from);
        let signed = self.signed(key, &Method::PUT, &target, Sha256::digest(blob).into());
        self.send(Method::PUT, &target, &signed, body).await
    }

    async fn ask(&mut self, method: Method, key: &Keypair, blob: &[u8]) -> Response<Body> {
        self.ask_of(method, key, blob, "").await
    }

    async fn ask_of(
        &mut self,
        method: Method,
        key: &Keypair,
        blob: &[u8],
        more: &str,
    ) -> Response<Body> {
        let name = hex::encode(Sha256::digest(blob));
        let target = format!("/v1/blobs/{name}?job={JOB}{more}");
        let signed = self.signed(key, &method, &target, request::body(b""));
        self.send(method, &target, &signed, Body::empty()).await
    }
}

fn put_target(blob: &[u8], from: usize) -> String {
    let name = hex::encode(Sha256::digest(blob));
    format!("/v1/blobs/{name}?job={JOB}&len={}&from={from}", blob.len())
}

async fn bytes(response: Response<Body>) -> Bytes {
    to_bytes(response.into_body(), 1 << 20).await.unwrap()
}

async fn told(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    let told: Told = serde_json::from_slice(&bytes(response).await).unwrap();
    assert!(!told.message.is_empty());
    (status, told.code)
}

/// A body that ends with an error, as where a connection is cut.
fn cut(bytes: &'static [u8]) -> Body {
    let parts = [
        Ok(Bytes::from_static(bytes)),
        Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    ];
    Body::from_stream(stream::iter(parts))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_comes_in_parts_and_every_party_reads_it() {
    let mut stage = Stage::new(Bounds::default());
    let (buyer, worker) = (stage.buyer.insecure_clone(), stage.worker.insecure_clone());
    let part = stage.put(&buyer, BLOB, 0, cut(&BLOB[..6])).await;
    assert_eq!(part.status(), StatusCode::ACCEPTED);
    assert_eq!(&bytes(part).await[..], br#"{"received":"6","whole":false}"#);
    let missing = stage.ask(Method::HEAD, &worker, BLOB).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.headers()["sluice-received"], "6");
    assert_eq!(
        told(stage.ask(Method::GET, &worker, BLOB).await).await,
        (StatusCode::NOT_FOUND, "blob_missing".into())
    );
    let wrong = stage.put(&buyer, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(told(wrong).await, (StatusCode::CONFLICT, "offset".into()));
    let rest = stage.put(&worker, BLOB, 6, Body::from(&BLOB[6..])).await;
    assert_eq!(rest.status(), StatusCode::CREATED);
    let there = stage.ask(Method::HEAD, &buyer, BLOB).await;
    assert_eq!(
        (there.status(), &there.headers()["sluice-received"]),
        (StatusCode::OK, &"19".parse().unwrap())
    );
    let got = stage.ask(Method::GET, &worker, BLOB).await;
    assert_eq!(got.headers()["content-length"], "19");
    assert_eq!(&bytes(got).await[..], BLOB);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_parties_ask_and_only_once() {
    let mut stage = Stage::new(Bounds::default());
    let (buyer, stranger) = (stage.buyer.insecure_clone(), Keypair::new());
    for method in [Method::GET, Method::HEAD] {
        let refused = stage.ask(method, &stranger, BLOB).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
    let refused = stage.put(&stranger, BLOB, 0, Body::from(BLOB)).await;
    assert_eq!(
        told(refused).await,
        (StatusCode::FORBIDDEN, "no_party".into())
    );
    let target = put_target(BLOB, 0);
    let signed = stage.signed(&buyer, &Method::PUT, &target, Sha256::digest(BLOB).into());
    let first = stage
        .send(Method::PUT, &target, &signed, Body::from(BLOB))
        .await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let again = stage
        .send(Method::PUT, &target, &signed, Body::from(BLOB))
        .await;
    assert_eq!(told(again).await, (StatusCode::CONFLICT, "again".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_of_one_request_and_every_header_is_there_once() {
    let mut stage = Stage::new(Bounds::default());
    let buyer = stage.buyer.insecure_clone();
    let target = put_target(BLOB, 0);
    let name = Sha256::digest(BLOB).into();
    for other in [put_target(BLOB, 1), put_target(b"another blob", 0)] {
        let signed = stage.signed(&buyer, &Method::PUT, &target, name);
        let refused = stage
            .send(Method::PUT, &other, &signed, Body::from(BLOB))
            .await;
        assert_eq!(
            told(refused).await,
            (StatusCode::UNAUTHORIZED, "signature".into())
        );
    }
    let signed = stage.signed(&buyer, &Method::PUT, &target, name);
    for without in 0..4 {
        for twice in [false, true] {
            let mut request = Request::builder().method(Method::PUT).uri(&target);
            for (at, (header, value)) in signed.headers().into_iter().enumerate() {
                let times = match (at == without, twice) {
                    (false, _) => 1,
                    (true, false) => 0,
                    (true, true) => 2,
                };
                for _ in 0..times {
                    request = request.header(header, &value);
                }
            }
            let request = request.body(Body::from(BLOB)).unwrap();
            let refused = stage.router.clone().oneshot(request).await.unwrap();
            assert_eq!(
                told(refused).await,
                (StatusCode::UNAUTHORIZED, "unsigned".into())
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_told_and_nothing_is_kept() {
    let mut stage = Stage::new(Bounds::default());
    let buyer = stage.buyer.insecure_clone();
    let name = hex::encode(Sha256::digest(BLOB));
    for target in [
        format!("/v1/blobs/{name}"),
        format!("/v1/blobs/{name}?job=x&len=1&from=0"),
        format!("/v1/blobs/{name}?job={JOB}&len=19"),
        format!("/v1/blobs/{name}?job={JOB}&len=-1&from=0"),
        format!("/v1/blobs/{name}?job={JOB}&len=19&from=0&more=1"),
    ] {
        let signed = stage.signed(&buyer, &Method::PUT, &target, Sha256::digest(BLOB).into());
        let refused = stage
            .send(Method::PUT, &target, &signed, Body::from(BLOB))
            .await;
        assert_eq!(
            told(refused).await,
            (StatusCode::BAD_REQUEST, "malformed".into()),
            "{target}"
        );
    }
    for name in ["", "zz", "..%2f..%2fetc", &"ab".repeat(33)] {
        let target = format!("/v1/blobs/{name}?job={JOB}");
        let signed = stage.signed(&buyer, &Method::GET, &target, request::body(b""));
        let refused = stage
            .send(Method::GET, &target, &signed, Body::empty())
            .await;
        assert!(refused.status().is_client_error(), "{name}");
    }
    let other = format!("/v1/blobs/{name}?job={}", Address::new_from_array([2; 32]));
    let signed = stage.signed(&buyer, &Method::GET, &other, request::body(b""));
    let refused = stage
        .send(Method::GET, &other, &signed, Body::empty())
        .await;
    assert_eq!(
        told(refused).await,
        (StatusCode::NOT_FOUND, "no_job".into())
    );
    let lie = stage
        .put(&buyer, BLOB, 0, Body::from(&b"something else here"[..]))
        .await;
    assert_eq!(
        told(lie).await,
        (StatusCode::UNPROCESSABLE_ENTITY, "not_its_hash".into())
    );
    let large = vec![0; 1_001];
    let refused = stage
        .put(&buyer, &large, 0, Body::from(large.clone()))
        .await;
    assert_eq!(
        told(refused).await,
        (StatusCode::PAYLOAD_TOO_LARGE, "quota".into())
    );
}
