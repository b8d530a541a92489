//! The examples, run on the embedded engine.

use {
    crate::world::{CAP, FUNDS, HOUR, PRICE, World},
    sluice_client::{
        JobState, Ledger, OfferArgs, instruction as ix,
        statement::{Journal, Path, Statement},
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
};

#[allow(dead_code, reason = "the example's `main` needs a node")]
#[path = "../../examples/dapp.rs"]
mod dapp;
#[allow(dead_code, reason = "the example's `main` needs a node")]
#[path = "../../examples/open.rs"]
mod open;
#[allow(dead_code, reason = "the example's `main` needs a node")]
#[path = "../../examples/worker.rs"]
mod worker;

#[test]
fn the_example_worker_proves_every_window_and_pulls_all_of_the_pay() {
    let mut world = World::new();
    let job = world.active(1);
    let key = world.worker.insecure_clone();
    let stranger = world.owner.insecure_clone();
    let payer = key.pubkey();
    world.ledger.chain.airdrop(&payer, 1_000_000_000).unwrap();
    let attesters = world.attesters.each_ref().map(|key| key.insecure_clone());
    let mut countersign = |statement: &Statement| {
        let sign = |key: &Keypair| Ok(statement.sign(Path::Quorum, key)?);
        attesters.iter().map(sign).collect()
    };
    let mut worker = worker::Worker {
        job,
        key: &key,
        journal: Journal::in_memory(&key.pubkey()),
        // A unit less in every window.
        measure: &|job, window| (job.terms.cap - u64::from(window), [5; 32]),
        countersign: &mut countersign,
    };
    let mut looks = 0;
    while let Some(at) = worker.look(&mut world.ledger).unwrap() {
        assert!(at > world.ledger.chain.now());
        world.ledger.chain.set_time(at);
        looks += 1;
    }
    // The ends of three windows, and the dates on which they mature; the first matures when the third ends.
    assert_eq!(looks, 5);
    let units = 3 * CAP - 1 - 2;
    let earned = units * PRICE * 9_850 / 10_000;
    assert_eq!(world.held(&world.owner.pubkey()), earned);
    assert_eq!(world.job(&job).paid, earned);

    worker.key = &stranger;
    let refused = worker.look(&mut world.ledger).unwrap_err();
    assert!(refused.to_string().contains(&key.pubkey().to_string()));
}

#[test]
fn the_example_dapp_takes_the_best_offer_for_its_least_deposit() {
    let mut world = World::new();
    assert!(dapp::best(&world.ledger, &world.network).unwrap().is_none());
    let (owner, node) = (world.owner.insecure_clone(), world.node);
    let account = world.ledger.get(&node).unwrap();
    let mut posted = vec![];
    for (id, price) in [(1, PRICE), (2, PRICE - 1), (3, PRICE + 1)] {
        let mut terms = world.terms();
        terms.price = price;
        let args = OfferArgs {
            id,
            terms,
            slots: 1,
            expires_at: world.ledger.chain.now() + i64::from(HOUR),
        };
        let key = owner.pubkey();
        let post = ix::post_offer(&key, &key, &node, &account, args);
        world.send(&[post], &owner, &[]);
        posted.push(sluice_client::address::offer(&node, id));
    }
    let best = dapp::best(&world.ledger, &world.network).unwrap().unwrap();
    assert_eq!(best.address, posted[1]);
    let buyer = world.buyer.insecure_clone();
    let job = dapp::take(&mut world.ledger, &buyer, &best, 8).unwrap();
    let account = world.job(&job);
    assert_eq!(account.state, JobState::Active.byte());
    // The notice is a window long.
    assert_eq!(account.funded, 2 * CAP * (PRICE - 1));
    assert_eq!(world.held(&buyer.pubkey()), 4 * FUNDS - account.funded);
    let told = dapp::describe(&world.ledger, &job).unwrap();
    assert!(
        told.ends_with(": active, funded 1.9998, earned 0, pending 0, refundable 0"),
        "{told}"
    );
}

#[test]
fn the_example_buyer_opens_a_job_of_its_own_terms() {
    let mut world = World::new();
    let (buyer, set) = (world.buyer.insecure_clone(), world.set);
    let site = (world.network, set);
    let job = open::open(&mut world.ledger, &buyer, site, 3).unwrap();
    let account = world.job(&job);
    assert_eq!(account.state, JobState::Open.byte());
    assert_eq!((account.funded, account.length_secs), (2_400_000, 86_400));
    // A day's windows, filled to their cap, are paid for.
    assert_eq!(account.units_funded, 24 * 100);
    assert_eq!((account.terms.set, account.counts), (set, 0));
}
