use {
    sluice::state::EndCause,
    sluice_client::{Job, Ledger, Provider, instruction as ix},
    sluice_tests::world::{DAY, Pull, Site, TOKEN, Tamper, upheld, void},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

/// An open job beside the site's.
fn open(site: &mut Site) -> (Address, Keypair) {
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    (site.world.open(&buyer, args), buyer)
}

#[test]
fn an_open_job_ends_at_once_and_is_refunded_whole() {
    let mut site = Site::new();
    let (job, buyer) = open(&mut site);
    site.world.advance(100);
    let cancel = ix::cancel_job(&job, &site.world.job(&job));
    site.world.ok(from_ref(&cancel), &[&buyer]);
    assert_eq!(site.world.job(&job).end_at, site.world.now());
    site.world.refused(&[cancel], &[&buyer], "JobEnded");
    let refund = site.world.pull(&job, Pull::Refund);
    site.world.ok(&[refund], &[]);
    let mint = site.world.pay_mint;
    assert_eq!(site.world.tokens(&buyer.pubkey(), &mint), 1_000_000 * TOKEN);
    let close = ix::close_job(&job, &site.world.job(&job), &mint.token_program);
    site.world.ok(&[close], &[]);
}

#[test]
fn an_open_job_past_its_last_moment_has_ended_already() {
    let mut site = Site::new();
    let (job, buyer) = open(&mut site);
    let cancel = ix::cancel_job(&job, &site.world.job(&job));
    site.world.advance(i64::from(DAY));
    site.world.refused(&[cancel], &[&buyer], "JobEnded");
}

#[test]
fn an_active_job_ends_after_the_notice() {
    let mut site = Site::new();
    site.at(1_234);
    site.cancel();
    let job = site.state();
    assert_eq!(job.end_at, site.world.now() + 2 * HOUR);
    assert_eq!((job.refunded, site.vault()), (0, 1_000 * TOKEN));
}

#[test]
fn the_end_only_ever_moves_earlier() {
    let mut site = Site::new();
    site.at(8 * HOUR + 1);
    site.cancel_refused("EndNotMoved");
    let mut site = Site::new();
    site.at(HOUR);
    site.cancel();
    let end = site.state().end_at;
    assert_eq!(end, site.state().start_at + 3 * HOUR);
    // A second notice would run out later than the first; in the same second it would move nothing.
    for secs in [HOUR, HOUR + 1, 2 * HOUR, 3 * HOUR - 1] {
        site.at(secs);
        site.cancel_refused("EndNotMoved");
        assert_eq!(site.state().end_at, end);
    }
}

#[test]
fn a_job_is_cancelled_before_its_end_and_not_at_it() {
    let mut site = Site::new();
    let (cancel, buyer) = (site.cancel_ix(), site.job.buyer.insecure_clone());
    site.at(10 * HOUR);
    site.world.refused(from_ref(&cancel), &[&buyer], "JobEnded");
    site.settle();
    site.release();
    site.world.refused(&[cancel], &[&buyer], "JobEnded");
    let mut site = Site::with(|args| args.terms.notice_secs = 0);
    site.at(10 * HOUR - 1);
    site.cancel();
    assert_eq!(site.state().end_at, site.world.now());
}

#[test]
fn a_notice_that_just_reaches_the_end_is_refused_and_a_second_earlier_moves_it() {
    let mut site = Site::new();
    site.at(8 * HOUR);
    site.cancel_refused("EndNotMoved");
    let mut site = Site::new();
    let end = site.state().end_at;
    site.at(8 * HOUR - 1);
    site.cancel();
    assert_eq!(site.state().end_at, end - 1);
}

#[test]
fn only_the_buyer_cancels() {
    let mut site = Site::new();
    let (cancel, buyer) = (site.cancel_ix(), site.job.buyer.pubkey());
    let without = cancel.unsigned(&buyer);
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let owner = site.provider.owner.insecure_clone();
    let cosigner = site.job.cosigner.insecure_clone();
    let other = site.another(|_| ());
    for stranger in [owner, cosigner, other.buyer] {
        let bent = cancel.with(&buyer, &stranger.pubkey());
        site.world.refused(&[bent], &[&stranger], "NotBuyer");
    }
}

#[test]
fn another_incarnation_is_not_cancelled() {
    let mut site = Site::new();
    let mut seen: Job = site.state();
    let buyer = site.job.buyer.insecure_clone();
    for incarnation in [seen.incarnation - 1, seen.incarnation + 1] {
        seen.incarnation = incarnation;
        let cancel = ix::cancel_job(&site.job.address, &seen);
        site.world.refused(&[cancel], &[&buyer], "WrongIncarnation");
    }
}

#[test]
fn a_cancelled_job_pays_its_windows_and_writes_no_completion() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.cancel();
    site.wind_up();
    let job = site.state();
    let earned = job.paid + job.swept_treasury + job.swept_attesters;
    assert_eq!((earned, job.refunded), (150 * TOKEN, 850 * TOKEN));
    let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
    assert_eq!(
        (
            provider.record.windows_proven,
            provider.record.jobs_completed
        ),
        (1, 0)
    );
}

#[test]
fn pay_and_cancel_in_one_transaction_pay_what_was_earned() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 100);
    let all = [site.cancel_ix(), site.pull_ix(Pull::Pay)];
    let buyer = site.job.buyer.insecure_clone();
    let before = site.held(Pull::Pay);
    site.world.ok(&all, &[&buyer]);
    assert_eq!(site.held(Pull::Pay) - before, 146_250_000);
}

#[test]
fn a_lost_quorum_waives_the_notice() {
    let mut site = Site::new();
    site.at(5_400);
    site.world.leave(&site.set, 0);
    let enough = site.cancel_ix();
    let buyer = site.job.buyer.insecure_clone();
    site.world.leave(&site.set, 1);
    // The set may be withheld: then the notice is due as ever.
    let hidden = enough.with(&site.set.address, &sluice_client::ID);
    site.world.ok(&[hidden], &[&buyer]);
    assert_eq!(site.state().end_at, site.world.now() + 2 * HOUR);
    assert_eq!(site.state().cause, EndCause::Cancelled.byte());
    site.cancel();
    assert_eq!(site.state().end_at, site.world.now());
    assert_eq!(site.state().cause, EndCause::QuorumLost.byte());
    // The window that had begun may still be proven, for the part of it that ran.
    site.at(2 * HOUR);
    site.cosign(1, 100);
    assert_eq!(site.state().units_matured, 50);
}

#[test]
fn a_set_that_lost_members_but_not_its_quorum_waives_nothing() {
    let mut site = Site::new();
    site.at(HOUR);
    site.world.leave(&site.set, 0);
    site.cancel();
    assert_eq!(site.state().end_at, site.world.now() + 2 * HOUR);
    assert_eq!(site.state().cause, EndCause::Cancelled.byte());
}

#[test]
fn the_set_shown_is_the_jobs_own() {
    let mut site = Site::new();
    let dead = site.world.dormant_set(1, 1);
    let bent = site.cancel_ix().with(&site.set.address, &dead.address);
    let buyer = site.job.buyer.insecure_clone();
    site.world.refused(&[bent], &[&buyer], "WrongSet");
}

#[test]
fn a_void_window_waives_the_notice() {
    let (mut site, objection) = Site::with(|args| args.length_secs = 60 * 3_600).with_challenge();
    site.rule(&objection, void(0));
    assert_eq!(site.state().void_windows, 1);
    site.cancel();
    let job = site.state();
    assert_eq!(
        (job.end_at, job.cause),
        (site.world.now(), EndCause::Cancelled.byte())
    );
    site.wind_up();
    assert_eq!(site.record().jobs_voided, 1);
}

#[test]
fn an_upheld_window_waives_nothing() {
    let (mut site, objection) = Site::with(|args| args.length_secs = 60 * 3_600).with_challenge();
    site.rule(&objection, upheld());
    site.cancel();
    let notice = i64::from(site.state().terms.notice_secs);
    assert_eq!(site.state().end_at, site.world.now() + notice);
}
