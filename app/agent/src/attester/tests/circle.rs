//! A buyer that asks members by the network: what it brings, and what it learns of a window that was proven.

use {
    super::*,
    crate::{
        attester::serve::{self, serve},
        member::{Caller, Member},
        wire::{Claimed, OfWindow},
    },
    sluice_run::members::{Blobs, Circle, NotBrought, Waits},
    std::{collections::BTreeMap, io, sync::atomic::AtomicBool},
    tokio::{
        net::TcpListener,
        sync::oneshot,
        task::{JoinHandle, spawn_blocking},
    },
};

struct Folder(Vec<(Name, Vec<u8>)>);

impl Blobs for Folder {
    fn names(&self) -> Vec<Name> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(one, _)| one == name);
        Ok(found.unwrap().1.clone())
    }
}

impl World {
    /// Serves the attester on this machine.
    async fn listen(&self) -> (String, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bounds = serve::Bounds {
            connections: 16,
            silence: Duration::from_secs(10),
            requests_a_second: 1_000,
            is_behind_proxy: false,
        };
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let router = self.router.clone();
        let served = tokio::spawn(async move {
            serve(listener, router, bounds, stopped).await.unwrap();
        });
        (url, stop, served)
    }

    /// The circle of this attester at that URL, and one that nobody answers for, as `key` asks them.
    async fn circle(&self, key: &Keypair, url: &str) -> Arc<Circle<Caller>> {
        let key = Arc::new(key.insecure_clone());
        let clock = self.attester().clock();
        let places = [
            (self.own.pubkey(), url),
            (self.member.pubkey(), "http://127.0.0.1:1"),
        ];
        let members = places.map(|(key, url)| Member {
            key,
            url: url.to_owned(),
        });
        let waits = Waits {
            patience: Duration::from_millis(200),
            ..Waits::default()
        };
        let circle = move || {
            let caller = Caller::new(key, clock, true).unwrap();
            Arc::new(Circle::new(caller, members.into(), 1, waits))
        };
        spawn_blocking(circle).await.unwrap()
    }
}

/// Asks where it may wait.
async fn asks<T: Send + 'static>(
    circle: &Arc<Circle<Caller>>,
    does: impl FnOnce(&Circle<Caller>) -> T + Send + 'static,
) -> T {
    let circle = circle.clone();
    spawn_blocking(move || does(&circle)).await.unwrap()
}

/// What comes of bringing everything to the first member and to the second one.
fn bring(circle: &Circle<Caller>, folder: &Folder) -> [Result<(), NotBrought>; 2] {
    [0, 1].map(|place| {
        let member = &circle.members()[place];
        circle.bring_to(member, &JOB, folder, &AtomicBool::new(false))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_brings_a_job_and_finds_the_evidence_of_a_proven_window() {
    let mut world = World::new(Kind::Wasm, policy());
    let (url, _stop, _) = world.listen().await;
    let circle = world.circle(&world.buyer, &url).await;
    // A kernel that nobody runs, so long that it is asked first how much of it is there.
    let long = vec![5; 300_000];
    let mut blobs: BTreeMap<_, _> = world.work.blobs.clone().into_iter().collect();
    blobs.insert(hash::blob(&long), long.clone());
    let folder = Arc::new(Folder(blobs.into_iter().collect()));
    for _ in 0..2 {
        let folder = folder.clone();
        let [brought, silent] = asks(&circle, move |circle| bring(circle, &folder)).await;
        assert!(brought.is_ok(), "{brought:?}");
        assert!(matches!(silent, Err(NotBrought::Member(_))));
    }
    let asked = world.admission();
    let what = (asked.spec.unwrap(), asked.inputs.unwrap());
    let (own, again) = (circle.clone(), folder.clone());
    let admitted = move || own.brought(&JOB, &again, what, &Arc::default());
    spawn_blocking(admitted).await.unwrap().unwrap();

    world.at(100);
    let sealed = world.lie(0, &[1]).await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
    let (job, window) = (world.job(), 0);
    let Claim { units, digest, .. } = sealed.claim;
    let proven = Statement::of(&job, window, units, digest).hash();
    let asked = OfWindow {
        job: JOB,
        incarnation: 9,
        window,
    };
    let is_proven =
        move |one: &Claimed| Statement::of(&job, window, one.units, one.digest).hash() == proven;
    let claims = asks(&circle, move |circle| circle.claims(&asked, &is_proven)).await;
    let [claim] = claims[..] else {
        panic!("{claims:?}")
    };
    let evidence = asks(&circle, move |circle| circle.blob(&JOB, &claim.evidence)).await;
    assert_eq!(evidence, Some(sealed.evidence.to_bytes()));

    let stranger = world.circle(&Keypair::new(), &url).await;
    let claims = asks(&stranger, move |circle| circle.claims(&asked, &|_| true)).await;
    assert!(claims.is_empty());
    let [refused, _] = asks(&stranger, move |circle| bring(circle, &folder)).await;
    let Err(NotBrought::Member(error)) = &refused else {
        panic!()
    };
    assert_eq!(error.code(), Some("no_party"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_another_one_was_cut() {
    let mut world = World::new(Kind::Wasm, policy());
    let (url, _stop, _) = world.listen().await;
    let long: Vec<u8> = (0..300_000u32).map(|at| at.to_le_bytes()[0]).collect();
    let name = hash::blob(&long);
    let target = format!(
        "/v1/blobs/{}?job={JOB}&len=300000&from=0",
        hex::encode(name)
    );
    let buyer = world.buyer.insecure_clone();
    let signed = world.signed(&buyer, "PUT", &target, name);
    let part = long[..100_000].to_vec();
    let (status, _) = world.send(Method::PUT, &target, &signed, part).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let key = Arc::new(buyer);
    let clock = world.attester().clock();
    let member = Member {
        key: world.own.pubkey(),
        url,
    };
    let [before, after] = spawn_blocking(move || {
        let caller = Caller::new(key, clock, true).unwrap();
        let here = || caller.here(&member, &JOB, &name).unwrap();
        let before = here();
        caller.put(&member, &JOB, &name, &long).unwrap();
        caller.put(&member, &JOB, &name, &long).unwrap();
        let missing = caller.here(&member, &JOB, &[8; 32]).unwrap();
        assert_eq!((missing.received, missing.whole), (0, false));
        let elsewhere = caller.here(&member, &Address::new_unique(), &name);
        assert!(elsewhere.is_err());
        [before, here()]
    })
    .await
    .unwrap();
    assert_eq!((before.received, before.whole), (100_000, false));
    assert_eq!((after.received, after.whole), (300_000, true));
}
