//! What an attester tells of the claims that it was shown.

use {
    super::*,
    crate::wire::{Claimed, Claims, OfWindow},
};

impl World {
    async fn claims_of(&mut self, key: &Keypair, asked: OfWindow) -> (StatusCode, Value) {
        self.post(key, "/v1/claims", &asked).await
    }

    /// What the buyer is told, in the order of the evidence.
    async fn claims(&mut self, window: u32) -> Vec<Claimed> {
        let buyer = self.buyer.insecure_clone();
        let (status, told) = self.claims_of(&buyer, of(window)).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let mut claims = read::<Claims>(&told).claims;
        claims.sort_by_key(|claim| claim.evidence);
        claims
    }
}

fn of(window: u32) -> OfWindow {
    OfWindow {
        job: JOB,
        incarnation: 9,
        window,
    }
}

/// What is told of these, in the order of the evidence.
fn told<const N: usize>(sealed: [&Sealed; N]) -> Vec<Claimed> {
    let mut claims: Vec<_> = sealed
        .iter()
        .map(|sealed| Claimed {
            units: sealed.claim.units,
            digest: sealed.claim.digest,
            evidence: hash::blob(&sealed.evidence.to_bytes()),
        })
        .collect();
    claims.sort_by_key(|claim| claim.evidence);
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn every_party_and_nobody_else_is_told_what_was_claimed_of_a_window() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let lie = world.lie(0, &[2]).await;
    let honest = world.work.seal(0, world.work.honest(0));
    assert_eq!(code(&world.ask(&lie).await), "output");
    assert_eq!(world.ask(&honest).await.0, StatusCode::OK);
    for key in [&world.buyer, &world.worker, &world.member].map(Keypair::insecure_clone) {
        let (status, _) = world.claims_of(&key, of(0)).await;
        assert_eq!(status, StatusCode::OK);
    }
    assert_eq!(world.claims(0).await, told([&honest, &lie]));
    assert_eq!(world.claims(1).await, vec![]);
    assert_eq!(world.claims(u32::MAX).await, vec![]);
    let registered = Keypair::new();
    world.register(&registered, SET);
    for state in [JobState::Active, JobState::Open] {
        world.change(|job| job.state = state.byte());
        for key in [&registered, &Keypair::new()] {
            assert_eq!(code(&world.claims_of(key, of(0)).await), "no_party");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_of_one_of_the_jobs_at_an_address() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    let buyer = world.buyer.insecure_clone();
    let next = OfWindow {
        incarnation: 10,
        ..of(0)
    };
    assert_eq!(code(&world.claims_of(&buyer, next).await), "incarnation");
    world.change(|job| job.incarnation = 10);
    assert_eq!(code(&world.claims_of(&buyer, of(0)).await), "incarnation");
    let (status, none) = world.claims_of(&buyer, next).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(read::<Claims>(&none).claims, vec![]);
    let elsewhere = OfWindow {
        job: Address::new_unique(),
        ..of(0)
    };
    assert_eq!(code(&world.claims_of(&buyer, elsewhere).await), "no_job");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_checked_is_told_too() {
    let mut world = World::new(Kind::Wasm, policy());
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    assert_eq!(code(&world.ask(&honest).await), "not_admitted");
    assert_eq!(world.claims(0).await, told([&honest]));
    // This attester signs one statement, and others may sign another.
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    let mut fewer = world.work.honest(0);
    fewer[3] = None;
    let fewer = world.work.seal(0, fewer);
    assert_eq!(code(&world.ask(&fewer).await), "contradiction");
    assert_eq!(world.claims(0).await, told([&honest, &fewer]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_is_not_live_any_more_tells_what_it_knows() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    assert_eq!(world.ask(&honest).await.0, StatusCode::OK);
    world.set(0b110);
    assert_eq!(world.claims(0).await, told([&honest]));
    world.change(|job| job.state = JobState::Released.byte());
    assert_eq!(world.claims(0).await, told([&honest]));
    world.open();
    assert_eq!(world.claims(0).await, told([&honest]));
}

#[tokio::test(flavor = "multi_thread")]
async fn few_claims_of_a_window_are_told_and_the_one_that_was_signed_stays_among_them() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    let signed = world.ask(&honest).await;
    assert_eq!(signed.0, StatusCode::OK);
    let mut codes = vec![];
    for number in 0..10 {
        let mut sealed = world.work.seal(0, world.work.honest(0));
        sealed.claim.digest = [number; 32];
        codes.push(code(&world.submit(&world.submission(&sealed)).await));
    }
    assert_eq!(codes, ["contradiction"; 10]);
    let claims = world.claims(0).await;
    assert_eq!(claims.len(), 8);
    assert!(claims.contains(&told([&honest])[0]));
    // And is signed again.
    assert_eq!(world.ask(&honest).await, signed);
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_told_for_as_long_as_the_jobs_blobs_are_kept() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    assert_eq!(world.ask(&honest).await.0, StatusCode::OK);
    let evidence = hash::blob(&honest.evidence.to_bytes());
    // The last window is over at 350, its ruling at 650.
    let over = 650 + 86_400;
    let has_blob = |world: &World| {
        let job = crate::blobs::JobId {
            job: JOB,
            incarnation: 9,
        };
        let found = world.attester().blobs().get(&job, &evidence).unwrap();
        found.is_some()
    };
    world.at(over);
    assert!(has_blob(&world));
    assert_eq!(world.claims(0).await, told([&honest]));
    // Who tops the job up has it kept for longer.
    world.change(|job| job.end_at = START + 600);
    world.at(over + 1);
    world.at(over + 300);
    assert!(has_blob(&world));
    assert_eq!(world.claims(0).await, told([&honest]));
    world.at(over + 301);
    assert!(!has_blob(&world));
    assert_eq!(world.claims(0).await, vec![]);
}
