//! An attester as others meet it: over its interface, with a chain in memory and the real engines.

mod admission;
mod circle;
mod claims;
mod engines;
mod faults;
mod finding;
mod guard;
mod ledger;
mod restart;
mod serve;
mod submission;
mod teller;
mod work;

use {
    super::{Attester, Parts, Policy, Room},
    crate::{
        chain::Chain,
        http::{Bounds, Server, router},
        request::{self, Asked},
        wire::{Admission, Submission, Told},
    },
    axum::{
        Router,
        body::{Body, to_bytes},
        http::{Method, Request, StatusCode},
    },
    bytemuck::Zeroable,
    engines::InProcess,
    ledger::Fake,
    serde::{Serialize, de::DeserializeOwned},
    serde_json::Value,
    sluice_client::{
        AttesterSet, Job, JobState, Keypair, Node, Signer,
        statement::{Path, Statement},
    },
    sluice_work::{check::Claim, core::Kind, hash, inputs::Inputs},
    solana_address::Address,
    std::{
        fs,
        path::{Path as FilePath, PathBuf},
        sync::Arc,
        time::Duration,
    },
    tempfile::TempDir,
    tower::ServiceExt,
    work::{Sealed, Work},
};

/// When the job's first window starts: years away from every machine's clock.
const START: i64 = 4_000_000_000;
const JOB: Address = Address::new_from_array([1; 32]);
const SET: Address = Address::new_from_array([2; 32]);
const NODE: Address = Address::new_from_array([3; 32]);
const NETWORK: Address = Address::new_from_array([4; 32]);
const PER_WINDOW: u32 = 4;
const UNITS: u64 = 5;

type Name = [u8; 32];

struct World {
    folder: TempDir,
    ledger: Fake,
    own: Keypair,
    member: Keypair,
    other_member: Keypair,
    buyer: Keypair,
    worker: Keypair,
    work: Work,
    kernels: Arc<InProcess>,
    policy: Policy,
    bounds: Bounds,
    attester: Option<Arc<Attester<Fake>>>,
    router: Router,
    nonce: u32,
}

/// In memory where the machine has that: a disk is waited for at every step of an attester.
fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap())
}

fn policy() -> Policy {
    Policy {
        processes: 2,
        sample: None,
        overcommit: 4,
        room: Room {
            free_bytes: 1 << 20,
            bytes_per_fee_unit: 1,
            most_bytes: 1 << 30,
        },
        fresh: Duration::ZERO,
    }
}

impl World {
    /// A job that is active and of which nothing is here.
    fn new(kind: Kind, policy: Policy) -> Self {
        let folder = folder();
        let keys = [(); 5].map(|()| Keypair::new());
        let [own, member, other_member, buyer, worker] = keys;
        let work = Work::new(kind);
        let mut world = Self {
            ledger: Fake::default(),
            kernels: Arc::new(InProcess::default()),
            policy,
            bounds: Bounds::default(),
            attester: None,
            router: Router::new(),
            nonce: 0,
            folder,
            own,
            member,
            other_member,
            buyer,
            worker,
            work,
        };
        world.ledger.chain().now = START + 10;
        world.set(0b111);
        let job = world.job();
        world.ledger.write(&JOB, &job);
        world.open();
        world
    }

    /// The same with everything here and admitted.
    async fn admitted(kind: Kind, policy: Policy) -> Self {
        let mut world = Self::new(kind, policy);
        world.put_all().await;
        let admitted = world.admit().await;
        assert_eq!(admitted.0, StatusCode::OK, "{:?}", admitted.1);
        world
    }

    fn job(&self) -> Job {
        let mut job = Job {
            network: NETWORK,
            buyer: self.buyer.pubkey(),
            worker: self.worker.pubkey(),
            provider: Address::new_from_array([5; 32]),
            node: NODE,
            context: [6; 32],
            spec_hash: self.work.spec.hash(),
            incarnation: 9,
            start_at: START,
            end_at: START + 300,
            state: JobState::Active.byte(),
            ..Job::zeroed()
        };
        let terms = &mut job.terms;
        (terms.set, terms.cap) = (SET, UNITS * u64::from(PER_WINDOW));
        (terms.price, terms.per, terms.challenge_bond) = (1, 1, 50);
        (terms.window_secs, terms.grace_secs) = (100, 50);
        (terms.challenge_secs, terms.ruling_secs) = (200, 100);
        job
    }

    fn change(&self, change: impl FnOnce(&mut Job)) {
        let mut job = self.job();
        change(&mut job);
        self.ledger.write(&JOB, &job);
    }

    /// The set, with these members live: this attester is the first.
    fn set(&self, live: u16) {
        let mut set = AttesterSet {
            network: NETWORK,
            live,
            entered: live,
            count: 3,
            threshold: 2,
            ..AttesterSet::zeroed()
        };
        let keys = [&self.own, &self.member, &self.other_member];
        for (place, key) in set.keys.iter_mut().zip(keys) {
            *place = key.pubkey();
        }
        self.ledger.write(&SET, &set);
    }

    fn register(&self, key: &Keypair, set: Address) {
        let node = Node {
            network: NETWORK,
            worker: key.pubkey(),
            set,
            ..Node::zeroed()
        };
        self.ledger.write(&NODE, &node);
    }

    fn try_open(&self, folder: &FilePath) -> anyhow::Result<Attester<Fake>> {
        let key_file = folder.join("key.json");
        fs::write(&key_file, "[]").unwrap();
        let chain = Chain {
            ledger: self.ledger.clone(),
            network: NETWORK,
            clock: Arc::new(crate::clock::ChainClock::patient(std::time::Duration::ZERO)),
        };
        chain.now().unwrap();
        Attester::open(Parts {
            key: self.own.insecure_clone(),
            key_file: Some(key_file),
            journal: folder.join("journal"),
            folder: folder.join("state"),
            chain,
            kernels: self.kernels.clone(),
            policy: self.policy,
        })
    }

    fn open_in(&mut self, folder: PathBuf) {
        self.router = Router::new();
        self.attester = None;
        let attester = Arc::new(self.try_open(&folder).unwrap());
        let server = Server::new(
            attester.own(),
            attester.clock(),
            attester.blobs(),
            attester.clone(),
            self.bounds,
        );
        self.router = router(Arc::new(server));
        self.attester = Some(attester);
    }

    /// The process anew, on the same folders.
    fn open(&mut self) {
        self.open_in(self.folder.path().to_owned());
    }

    fn attester(&self) -> &Arc<Attester<Fake>> {
        self.attester.as_ref().unwrap()
    }

    /// So late it is in the job.
    fn at(&self, secs: i64) {
        self.ledger.chain().now = START + secs;
        let clock = self.attester().clock();
        while !clock.read(START + secs) {}
        self.attester().keep().unwrap();
    }

    fn signed(&mut self, key: &Keypair, method: &str, target: &str, body: Name) -> request::Signed {
        self.nonce += 1;
        let mut nonce = [0; 16];
        nonce[..4].copy_from_slice(&self.nonce.to_le_bytes());
        let asked = Asked {
            to: &self.own.pubkey(),
            method,
            target,
            body,
        };
        let now = self.ledger.chain().now;
        asked.sign(key, now, nonce).unwrap()
    }

    async fn send(
        &self,
        method: Method,
        target: &str,
        signed: &request::Signed,
        body: Vec<u8>,
    ) -> (StatusCode, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body)).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, bytes.to_vec())
    }

    async fn post<B: Serialize>(
        &mut self,
        key: &Keypair,
        target: &str,
        body: &B,
    ) -> (StatusCode, Value) {
        let body = serde_json::to_vec(body).unwrap();
        let signed = self.signed(key, "POST", target, request::body(&body));
        let (status, bytes) = self.send(Method::POST, target, &signed, body).await;
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    async fn put(&mut self, bytes: &[u8]) -> Name {
        let name = hash::blob(bytes);
        let digits = hex::encode(name);
        let target = format!("/v1/blobs/{digits}?job={JOB}&len={}&from=0", bytes.len());
        let buyer = self.buyer.insecure_clone();
        let signed = self.signed(&buyer, "PUT", &target, name);
        let (status, told) = self
            .send(Method::PUT, &target, &signed, bytes.to_vec())
            .await;
        assert!(
            status.is_success(),
            "{status} {}",
            String::from_utf8_lossy(&told)
        );
        name
    }

    async fn put_all(&mut self) {
        let blobs: Vec<_> = self.work.blobs.values().cloned().collect();
        for blob in blobs {
            self.put(&blob).await;
        }
    }

    fn admission(&self) -> Admission {
        Admission {
            job: JOB,
            node: None,
            spec: Some(hash::blob(&self.work.spec.to_bytes())),
            inputs: Some(hash::blob(&self.work.inputs.to_bytes())),
        }
    }

    async fn admit(&mut self) -> (StatusCode, Value) {
        let (buyer, asked) = (self.buyer.insecure_clone(), self.admission());
        self.post(&buyer, "/v1/jobs", &asked).await
    }

    /// What the worker signs and sends.
    fn submission(&self, sealed: &Sealed) -> Submission {
        let Claim {
            window,
            units,
            digest,
        } = sealed.claim;
        let statement = Statement::of(&self.job(), window, units, digest);
        let message = statement.message(Path::Quorum);
        Submission {
            job: JOB,
            incarnation: 9,
            window,
            units,
            digest,
            signature: self.worker.sign_message(&message),
            evidence: hash::blob(&sealed.evidence.to_bytes()),
        }
    }

    async fn submit(&mut self, submission: &Submission) -> (StatusCode, Value) {
        let worker = self.worker.insecure_clone();
        self.post(&worker, "/v1/windows", submission).await
    }

    /// Puts the evidence, and asks.
    async fn ask(&mut self, sealed: &Sealed) -> (StatusCode, Value) {
        self.put(&sealed.evidence.to_bytes()).await;
        self.submit(&self.submission(sealed)).await
    }

    async fn ask_honest(&mut self, window: u32) -> (StatusCode, Value) {
        let sealed = self.work.seal(window, self.work.honest(window));
        self.ask(&sealed).await
    }

    /// A window with lies in these places.
    async fn lie(&mut self, window: u32, places: &[usize]) -> Sealed {
        let mut outputs = self.work.honest(window);
        let lie = self.put(b"a lie").await;
        for place in places {
            outputs[*place] = Some(lie);
        }
        self.work.seal(window, outputs)
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

fn code((status, value): &(StatusCode, Value)) -> String {
    assert!(!status.is_success(), "{value}");
    let told: Told = read(value);
    assert!(!told.message.is_empty());
    told.code
}
