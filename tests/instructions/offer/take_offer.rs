//! Taking an offer; what the parties could change between looking and taking is in `swap`, the bounds in `bounds`.
mod bounds;
mod identity;
mod swap;

use {
    sluice_client::{JobState, instruction as ix},
    sluice_tests::world::{DAY, Pull, Site, Stall, TOKEN, Tamper},
    solana_address::Address,
    solana_signer::Signer,
};

#[test]
fn a_taken_offer_is_an_active_job_under_its_whole_terms_at_once() {
    let mut stall = Stall::new();
    stall.world.advance(5_000);
    let args = stall.take_args(9);
    stall.take(9);
    let (job, offer, now) = (stall.job(9), stall.state(), stall.world.now());
    assert_eq!(job.terms, offer.terms);
    assert_eq!(job.state, JobState::Active.byte());
    assert_eq!((job.taken, job.cause), (1, 0));
    assert_eq!((job.start_at, job.end_at), (now, now + 36_000));
    assert_eq!((job.incarnation, job.id), (stall.world.slot(), 9));
    assert_eq!((job.funded, job.units_funded), (1_000 * TOKEN, 666));
    assert_eq!(job.buyer, stall.buyer.pubkey());
    assert_eq!(job.cosigner, stall.cosigner.pubkey());
    assert_eq!(job.spec_hash, args.spec_hash);
    assert_eq!(job.provider, stall.provider.address);
    assert_eq!(job.payee, stall.provider.owner.pubkey());
    assert_eq!(job.node, stall.node.address);
    assert_eq!(job.worker, stall.node.worker.pubkey());
    assert_eq!(job.attestation_owner, stall.set.fee_owner.pubkey());
    assert_eq!((job.fee_bps, job.attestation_bps), (250, 100));
    assert_eq!(job.rent_payer, stall.world.payer.pubkey());
    assert_ne!(job.context, [0; 32]);
}

#[test]
fn taking_an_offer_locks_slot_and_bond_and_leaves_it_one_slot_less() {
    let mut stall = Stall::new();
    let mint = stall.world.pay_mint;
    stall.take(1);
    assert_eq!(stall.state().slots_left, 1);
    assert_eq!(
        (stall.job(1).bond, stall.pool().locked),
        (500 * TOKEN, 500 * TOKEN)
    );
    assert_eq!(stall.world.node_state(&stall.node).slots_used, 1);
    assert_eq!(stall.world.vault(&stall.job_key(1)), 1_000 * TOKEN);
    stall.take(2);
    assert_eq!(
        (stall.state().slots_left, stall.state().slots_total),
        (0, 2)
    );
    assert_eq!(stall.pool().locked, 1_000 * TOKEN);
    assert_eq!(stall.world.node_state(&stall.node).slots_used, 2);
    let left = stall.world.tokens(&stall.buyer.pubkey(), &mint);
    assert_eq!(left, 998_000 * TOKEN);
}

#[test]
fn payer_and_buyer_sign_and_the_buyer_s_own_address_is_used() {
    let mut stall = Stall::new();
    let take = stall.take_ix(stall.take_args(1));
    let buyer = stall.buyer.insecure_clone();
    let without = take.unsigned(&buyer.pubkey());
    stall
        .world
        .refused(&[without], &[], "MissingRequiredSignature");
    let mallory = stall.world.party();
    let squat = take.with(&buyer.pubkey(), &mallory.pubkey());
    stall.world.refused(&[squat], &[&mallory], "InvalidSeeds");
    // Nor from somebody else's tokens.
    let rich = stall.world.buyer();
    let mint = stall.world.pay_mint;
    let tokens = |owner: &Address| {
        sluice_client::address::token_account(owner, &mint.address, &mint.token_program)
    };
    let bent = take.with(&tokens(&buyer.pubkey()), &tokens(&rich.pubkey()));
    stall.refused(bent, "Custom(4)");
    let payer = stall.world.party();
    let paid = take.with(&stall.world.payer.pubkey(), &payer.pubkey());
    stall.world.ok(&[paid], &[&payer, &buyer]);
    assert_eq!(stall.job(1).rent_payer, payer.pubkey());
}

#[test]
fn the_same_job_is_not_opened_twice() {
    let mut stall = Stall::new();
    stall.take(1);
    stall.take_refused(|args| args.id = 1, "Custom(0)");
    stall.take(2);
}

#[test]
fn a_taken_job_earns_refunds_and_closes_like_any_other() {
    let mut stall = Stall::new();
    let job = stall.take(1);
    let mut site = Site {
        world: stall.world,
        set: stall.set,
        provider: stall.provider,
        node: stall.node,
        job,
    };
    site.at(3_600);
    site.prove(0, 100);
    site.settle();
    site.release();
    assert_eq!(site.pull(Pull::Refund), 850 * TOKEN);
    site.pull_all();
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn an_offer_is_taken_until_the_second_before_it_expires() {
    let day = i64::from(DAY);
    let mut stall = Stall::new();
    stall.world.advance(day - 1);
    stall.take(1);
    stall.world.advance(1);
    stall.take_refused(|_| (), "OfferExpired");
    stall.world.advance(1);
    stall.take_refused(|_| (), "OfferExpired");
}

#[test]
fn an_offer_is_taken_as_often_as_it_says() {
    let mut stall = Stall::with(|args| args.slots = 1);
    stall.take(1);
    stall.take_refused(|_| (), "OfferUsedUp");
    // A job that ends gives the offer no slot back.
    let operator = stall.provider.operator.insecure_clone();
    let job = stall.job_key(1);
    let waive = ix::waive_job(&operator.pubkey(), &job, &stall.job(1));
    let release = ix::release_job(&job, &stall.job(1));
    stall.world.ok(&[waive], &[&operator]);
    stall.world.ok(&[release], &[]);
    stall.take_refused(|_| (), "OfferUsedUp");
}
